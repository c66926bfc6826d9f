/** The models page in real Chromium with the shipped model: device, catalogue, download, memory, folder, deletion. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '../../.ci/project.mjs';
import { expect, test } from './fixture.ts';

const LOAD_MS = 240_000;
const HOUSE = 'House model';

const row = (page: Page, name = HOUSE) =>
  page.getByRole('listitem').filter({ hasText: name }).first();
const action = (page: Page, name: RegExp) => row(page).getByRole('button', { name });

async function openModels(page: Page, url: string): Promise<void> {
  await page.goto(`${url}#/models`);
  await expect(row(page)).toBeVisible();
}

test('tells the device and the catalogue: what fits first, the rest folded with its reason', async ({
  page,
  site,
}) => {
  await openModels(page, site.url);
  const device = page.getByRole('region', { name: 'This device' });
  await expect(device).toContainText(/No WebGPU|WebGPU in software/);
  await expect(device).toContainText(/\d+ cores?/);
  await expect(device).toContainText(/used/);
  await expect(row(page)).toContainText('Recommended');
  await expect(row(page)).toContainText(/Comes with this app/);
  const folded = page.getByRole('list', { name: 'Models that do not fit this device' });
  await expect(folded).toBeHidden();
  await page.locator('summary', { hasText: /fit this device/ }).click();
  await expect(folded.getByRole('listitem').first()).toBeVisible();
  const llama = folded.getByRole('listitem').filter({ hasText: 'Llama 3.2 1B' }).first();
  await expect(llama).toContainText('not open: has terms of use');
  await expect(llama).toContainText(/WebGPU|shader-f16|memory/);
  await expect(llama.getByRole('button', { name: /Download/ })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
});

test('download, pause, resume, load with its self-test and speed, unload, delete', async ({
  page,
  site,
}) => {
  test.setTimeout(2 * LOAD_MS);
  await openModels(page, site.url);
  // What the specialists need comes first in the bar.
  await expect(page.getByRole('link', { name: 'Ready' })).toBeVisible({ timeout: 60_000 });
  await action(page, /^Download/).click();
  await action(page, /^Pause/).click();
  await expect(row(page)).toContainText('Paused');
  const kept = await page.evaluate(storedModelBytes);
  await action(page, /^Resume/).click();
  await expect(row(page).getByRole('progressbar')).toBeVisible();
  await expect(page.getByRole('banner')).toContainText(/Downloading/);
  await expect(row(page)).toContainText('On this disk', { timeout: LOAD_MS });
  expect(await page.evaluate(storedModelBytes)).toBeGreaterThan(Math.max(kept, 50_000_000));

  await action(page, /^Load/).click();
  await expect(page.getByRole('banner')).toContainText(/Loading the model/);
  await expect(row(page)).toContainText('In memory', { timeout: LOAD_MS });
  const measured = page.getByRole('group', { name: 'Run on' });
  await expect(measured).toContainText(
    /WebAssembly, \d threads? · loaded in .* · writes [\d.,]+ and reads [\d.,]+ tok\/s · self-test: 100\u202F% of \d+ tokens equal/,
  );
  console.log(await measured.getByText(/loaded in/).innerText());
  await expect(page.getByText(/MB in memory/)).toBeVisible();

  await action(page, /^Unload/).click();
  await expect(row(page)).toContainText('On this disk');
  await action(page, /^Delete/).click();
  const dialog = page.getByRole('dialog', { name: /^Delete/ });
  await expect(dialog).toContainText(/MB are deleted from this disk/);
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(row(page)).toContainText('Not here');
  expect(await page.evaluate(storedModelBytes)).toBe(0);
});

test('by keyboard alone: the palette loads a model that a folder brought', async ({
  page,
  site,
}) => {
  test.setTimeout(2 * LOAD_MS);
  await openModels(page, site.url);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add from a folder' }).focus();
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(join(ROOT, 'public/fleet/house-slm'));
  await expect(row(page)).toContainText('On this disk', { timeout: LOAD_MS });
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('load house');
  await page.keyboard.press('Enter');
  await expect(row(page)).toContainText('In memory', { timeout: LOAD_MS });
});

test('a folder with a changed shard is refused; one without a model says so', async ({
  page,
  site,
}) => {
  test.setTimeout(LOAD_MS);
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-models-'));
  try {
    cpSync(join(ROOT, 'public/fleet/house-slm/1.0.0'), join(folder, 'broken'), { recursive: true });
    writeFileSync(join(folder, 'broken/weights.gguf.1'), 'not the weights');
    await openModels(page, site.url);
    const picker = page.locator('#main input[type=file]');
    await picker.setInputFiles(join(folder, 'broken'));
    await expect(row(page).getByRole('alert')).toContainText(/weights\.gguf\.1/, {
      timeout: 60_000,
    });
    await expect(row(page)).not.toContainText('On this disk');
    rmSync(join(folder, 'broken/model.json'));
    await picker.setInputFiles(join(folder, 'broken'));
    await expect(page.getByRole('alert').first()).toContainText('There is no model.json');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a forced backend that is not there is refused with the way out', async ({ page, site }) => {
  test.setTimeout(LOAD_MS);
  await openModels(page, site.url);
  await action(page, /^Download/).click();
  await expect(row(page)).toContainText('On this disk', { timeout: LOAD_MS });
  await page.getByRole('radio', { name: /WebGPU/ }).check();
  await action(page, /^Load/).click();
  await expect(row(page).getByRole('alert')).toContainText('Use the WebAssembly backend', {
    timeout: 60_000,
  });

  await test.step('deleting all local data deletes models too', async () => {
    expect(await page.evaluate(storedModelBytes)).toBeGreaterThan(50_000_000);
    await page.goto(`${site.url}#/settings`);
    await page.getByRole('button', { name: 'Delete all local data' }).click();
    await page.getByLabel('Type “delete” to go on').fill('delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(page.locator('#answer')).toBeVisible({ timeout: 60_000 });
    expect(await page.evaluate(storedModelBytes)).toBe(0);
  });
});

/** Bytes of the house model's files in Cache Storage; runs on the page. */
async function storedModelBytes(): Promise<number> {
  const cache = await caches.open('flotilla-models');
  let bytes = 0;
  for (const request of await cache.keys()) {
    if (!request.url.includes('house-slm')) continue;
    bytes += (await (await cache.match(request))?.blob())?.size ?? 0;
  }
  return bytes;
}
