/** The train page with the real engine: rows of a file become a specialist with its promise, usable on the desk. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '../../.ci/project.mjs';
import { expect, test } from './fixture.ts';

const ROWS = readFileSync(join(ROOT, 'test/browser/data/snips-rows.csv'));

test.beforeEach(async ({ page, site }) => {
  await page.goto(`${site.url}#/train`);
  await expect(page.getByText('Drop labelled rows')).toBeVisible();
});

const drop = async (page: Page, name: string, content: Buffer | string): Promise<void> =>
  page
    .locator('#main input[type=file]')
    .first()
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });

test('seven intents are trained in the tab, promised or honestly not, and used on the desk', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await drop(page, 'home assistant.csv', ROWS);
  await expect(page.getByText('7 labels')).toBeVisible();
  await page.getByLabel('Wrong among accepted, at most').selectOption('0.05');
  const startedAt = Date.now();
  await page.getByRole('button', { name: 'Train on this device' }).click();
  await expect(page.getByText("published to this browser's fleet")).toBeVisible({
    timeout: 540_000,
  });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);

  const card = await page.evaluate(async () =>
    (await window.flotilla.specialists()).find(({ id }) => id === 'home-assistant'),
  );
  expect(card).toMatchObject({ origin: 'local', task: 'classify' });
  expect(card?.labels).toHaveLength(7);
  const evaluation = card?.evaluation;
  expect(evaluation?.accuracy).toBeGreaterThan(0.85);
  const promise = page.getByRole('region', { name: '3. Promise' });
  if (card?.certificates.length)
    await expect(promise).toContainText(/Accepts .* is wrong in at most/);
  else await expect(promise).toContainText(card?.noCertificateReason ?? 'a reason is missing');
  await expect(promise).toContainText(/Right in .* held-out rows/);
  const figure = `770 rows trained in ${seconds} s; accuracy ${evaluation?.accuracy} of ${evaluation?.n}; certificates ${JSON.stringify(card?.certificates)}; ${card?.noCertificateReason}`;
  test.info().annotations.push({ type: 'figure', description: figure });
  console.log(figure);

  await page.getByRole('button', { name: 'Use it on the desk' }).click();
  await page.getByLabel(/The request/).fill('play some jazz by Miles Davis');
  await page.keyboard.press('Enter');
  await expect(page.locator('#answer')).toContainText('home-assistant', { timeout: 60_000 });
  await expect(page.locator('#answer')).toContainText(/play ?music/i);

  await page.goto(page.url().replace(/#.*/, '#/train/home-assistant'));
  await page.reload();
  await expect(page.getByRole('region', { name: '3. Promise' })).toContainText(
    "published to this browser's fleet",
  );
});

test('the chosen file, columns and name survive a reload', async ({ page }) => {
  await drop(page, 'rows.csv', ROWS);
  await page.getByLabel('Name of the specialist').fill('My intents');
  await expect(page.getByText('my-intents')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Name of the specialist')).toHaveValue('My intents');
  await expect(page.getByText('7 labels')).toBeVisible();
});

test('a training can be stopped; nothing is published and the rows are kept', async ({ page }) => {
  test.setTimeout(300_000);
  await drop(page, 'stop me.csv', ROWS);
  await page.getByRole('button', { name: 'Train on this device' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeHidden({ timeout: 60_000 });
  await expect(page.getByText('7 labels')).toBeVisible();
  const ids = await page.evaluate(async () =>
    (await window.flotilla.specialists()).map(({ id }) => id),
  );
  expect(ids).not.toContain('stop-me');
});

test('rows with problems are shown with their numbers before training', async ({ page }) => {
  const rows = [
    'text,label',
    ...Array.from({ length: 20 }, (_, i) => `good text ${i},a`),
    ...Array.from({ length: 20 }, (_, i) => `other text ${i},b`),
  ];
  await drop(
    page,
    'problems.csv',
    [...rows, 'same words,a', 'same words,b', 'alone,rare', ',a'].join('\n'),
  );
  const fixes = page.getByRole('region', { name: 'Rows to fix' });
  await expect(fixes).toContainText('different labels');
  await expect(fixes).toContainText('Rows 42, 43');
  await expect(fixes).toContainText('rare');
});

test('one label, or too few rows, is refused with what to do', async ({ page }) => {
  await drop(
    page,
    'one.csv',
    `text,label\n${Array.from({ length: 30 }, (_, i) => `text ${i},same`).join('\n')}\n`,
  );
  await expect(page.getByText('A specialist needs rows of at least two labels.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Train on this device' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await page.getByRole('button', { name: 'Choose another file' }).click();
  await drop(page, 'few.csv', 'text,label\na first text,one\na second text,two\n');
  await page.getByRole('button', { name: 'Train on this device' }).click();
  await expect(page.getByRole('alert')).toContainText('too_few_rows', { timeout: 60_000 });
});
