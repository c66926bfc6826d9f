/** The installed app: a manifest without errors, shortcuts, the offer to install, the badge, and what is stored. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { findChromium } from '../../.ci/chromium.mjs';
import { DIST } from '../../.ci/project.mjs';
import { TITLES, isPage } from '../../src/ui/pages.ts';
import { CHROMIUM_FLAGS, expect, test } from './fixture.ts';

interface Manifest {
  icons: { src: string; purpose?: string; sizes: string }[];
  shortcuts: { url: string; name: string }[];
  screenshots: { src: string; sizes: string }[];
  share_target: { action: string };
  file_handlers: { accept: Record<string, string[]> }[];
}

const manifest = JSON.parse(readFileSync(join(DIST, 'flotilla.webmanifest'), 'utf8')) as Manifest;
const REQUEST = 'The request: a ticket, an e-mail, a command';
const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });

async function ask(page: Page, text: string): Promise<void> {
  await page.getByLabel(REQUEST).fill(text);
  await page.keyboard.press('Enter');
  await expect(page.locator('li', { hasText: text })).toBeVisible();
}

test('the browser finds no error in the manifest and nothing against installing', async ({
  site,
}) => {
  // A context of its own: nothing can be installed from an incognito window.
  const context = await chromium.launchPersistentContext(test.info().outputPath('profile'), {
    executablePath: findChromium() ?? '',
    args: CHROMIUM_FLAGS,
  });
  try {
    const page = await context.newPage();
    await page.goto(site.url);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const client = await context.newCDPSession(page);
    const found = await client.send('Page.getAppManifest');
    expect(found.errors).toEqual([]);
    expect(found.manifest).toMatchObject({ scope: site.url, startUrl: site.url });
    expect((await client.send('Page.getAppId')).appId).toBe(site.url);
    expect((await client.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([]);
  } finally {
    await context.close();
  }
});

test('every picture of the manifest is there and of its size; the screenshots are small', async ({
  page,
  site,
}) => {
  await page.goto(site.url);
  const pictures = [...manifest.icons, ...manifest.screenshots];
  for (const { src, sizes } of pictures) {
    const size = await page.evaluate(async (address) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, new URL(src, site.url).pathname);
    if (sizes !== 'any') expect(size, src).toBe(sizes);
  }
  expect(manifest.icons.map(({ purpose = 'any' }) => purpose)).toEqual(
    expect.arrayContaining(['any', 'maskable', 'monochrome']),
  );
  const bytes = manifest.screenshots.map(({ src }) => statSync(join(DIST, src)).size);
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(150_000);
});

test('each shortcut opens its page', async ({ page, site }) => {
  expect(manifest.shortcuts).toHaveLength(4);
  for (const { url } of manifest.shortcuts) {
    await page.goto('about:blank');
    await page.goto(new URL(url, site.url).href);
    const name = url.slice(url.lastIndexOf('/') + 1);
    await expect(page).toHaveTitle(`${isPage(name) ? TITLES[name] : 'no page'} · Flotilla`);
  }
});

test('the badge shows what waits for a person, and goes when nothing does', async ({ page }) => {
  await page.addInitScript(() => {
    const shown: number[] = [];
    Object.assign(window, { shown });
    const show = (count: number): Promise<void> => (shown.push(count), Promise.resolve());
    Object.assign(Navigator.prototype, { setAppBadge: show, clearAppBadge: () => show(0) });
  });
  const last = () => page.evaluate(() => (window as unknown as { shown: number[] }).shown.at(-1));
  await page.goto('/');
  await expect.poll(last).toBe(0);
  await ask(page, 'purple elephants sing about mathematics at midnight');
  await expect(page.locator('#answer')).toContainText('Needs');
  await expect.poll(last).toBe(1);
  await page.goto('/#/settings');
  await removeKind(page, 'History');
  await expect.poll(last).toBe(0);
});

test('installing is offered after real use on a second visit, and once', async ({ page }) => {
  await page.addInitScript(() => {
    if (localStorage.getItem('flotilla.visits') === null) {
      localStorage.setItem('flotilla.visits', '1');
      localStorage.setItem('flotilla.last-visit', '0');
    }
    const question = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
      prompt: () => {
        Object.assign(window, { asked: true });
        return Promise.resolve({ outcome: 'dismissed' });
      },
    });
    addEventListener('load', () => window.dispatchEvent(question));
  });
  await page.goto('/');
  await ask(page, 'My card was stolen yesterday, please block it');
  await expect(messages(page).filter({ hasText: 'can be installed' })).toHaveCount(0);
  for (const ticket of [
    'I still have not received my new card',
    'Why was I charged an extra fee for taking out cash',
    'How do I change my PIN',
    'My top up has not arrived yet',
    'Please activate my card',
  ])
    await ask(page, ticket);
  await expect(messages(page)).toContainText('Flotilla can be installed');
  await messages(page).getByRole('button', { name: 'Install' }).click();
  expect(await page.evaluate(() => 'asked' in window)).toBe(true);
  await expect(messages(page)).toContainText('It stays possible under Settings');

  await page.reload();
  await ask(page, 'Where can I see the exchange rate');
  await expect(messages(page).filter({ hasText: 'can be installed' })).toHaveCount(0);
  await page.goto('/#/settings');
  await page.getByRole('button', { name: 'Install', exact: true }).click();
  await expect(messages(page)).toContainText('It stays possible under Settings');
});

async function removeKind(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: `Delete: ${title}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(messages(page)).toContainText(`${title}: deleted.`);
}

const row = (page: Page, title: string) =>
  page.getByRole('region', { name: 'What is stored' }).getByRole('row').filter({ hasText: title });

test('the storage page counts what is kept and deletes what it says', async ({ page }) => {
  await page.goto('/');
  await ask(page, 'My card was stolen yesterday, please block it');
  await page
    .getByRole('button', { name: /^Accept/ })
    .first()
    .click();
  await expect(messages(page)).toContainText('Kept as right');
  await page.getByLabel(REQUEST).fill('a draft that was not sent');
  await page.goto('/#/settings');
  await expect(row(page, 'History')).toContainText(/[12] answers?/);
  await expect(row(page, 'Your verdicts')).toContainText('1 label');
  await expect(row(page, 'Audit log')).toContainText(/\d+ rows?/);
  await expect(row(page, 'The app itself')).toContainText('MB');

  await removeKind(page, 'History');
  await expect(row(page, 'History')).toContainText('0 answers');
  await messages(page).getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'History')).toContainText(/[12] answers?/);

  await removeKind(page, 'Your verdicts');
  expect(await page.evaluate(async () => (await window.flotilla.corrections()).length)).toBe(0);
  await removeKind(page, 'Audit log and receipts');
  expect(await page.evaluate(async () => window.flotilla.audit.verify())).toMatchObject({
    intact: true,
    rows: 0,
  });
  await removeKind(page, 'Drafts');
  await page.goto('/#/desk');
  await expect(page.getByLabel(REQUEST)).toHaveValue('');
  await page.reload();
  await expect(page.getByLabel(REQUEST)).not.toHaveValue('a draft that was not sent');
});

test.describe('a browser that keeps nothing', () => {
  test('the storage page says so in words', async ({ page }) => {
    await page.addInitScript(() => {
      const refuse = () => Promise.reject(new DOMException('refused', 'SecurityError'));
      Object.assign(IDBFactory.prototype, { databases: refuse });
    });
    await page.goto('/#/settings');
    await expect(page.getByText('keeps nothing for this site')).toBeVisible();
    await expect(page.getByText('Allow this site to store data').first()).toBeVisible();
  });
});
