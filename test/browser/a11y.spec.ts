/** WCAG 2.2 AA, as far as axe can see it, on every page and dialog; nothing scrolls sideways on a phone or at 200 %. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixture.ts';

const PAGES = [
  'desk',
  'batch',
  'fleet',
  'fleet/banking-tickets',
  'train',
  'audit',
  'settings',
  'receipts',
];
const LOOKS = [
  { name: 'wide and light', width: 1440, height: 900, scheme: 'light' },
  { name: 'a phone, dark', width: 375, height: 740, scheme: 'dark' },
] as const;
/** 1280 px at 200 % zoom. */
const ZOOMED = { width: 640, height: 400 };

async function problems(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.flatMap((v) =>
    v.nodes.map((node) => `${v.id}: ${node.html} (${node.failureSummary ?? ''})`),
  );
}

async function openPage(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.locator('main h1')).toBeAttached();
  await page.waitForLoadState('networkidle');
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

for (const look of LOOKS) {
  test(`every page passes axe: ${look.name}`, async ({ page, site }) => {
    await page.setViewportSize(look);
    await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: 'reduce' });
    await page.goto(site.url);
    await expect(page.locator('#answer')).toBeVisible();
    for (const place of PAGES) {
      await openPage(page, `${site.url}#/${place}`);
      expect.soft(await problems(page), place).toEqual([]);
      expect.soft(await overflow(page), `${place} scrolls sideways`).toBeLessThanOrEqual(0);
    }
  });
}

test('nothing scrolls sideways at 200 % zoom', async ({ page, site }) => {
  await page.setViewportSize(ZOOMED);
  for (const place of PAGES) {
    await openPage(page, `${site.url}#/${place}`);
    expect.soft(await overflow(page), place).toBeLessThanOrEqual(0);
  }
});

test('dialogs pass axe and give the focus back', async ({ page, site }) => {
  await page.goto(site.url);
  await expect(page.locator('#answer')).toBeVisible();
  const opener = page.getByRole('button', { name: 'Correct' });
  await opener.click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await problems(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();
  for (const name of ['Open the palette', 'Show the shortcuts']) {
    await page.getByRole('button', { name }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await problems(page), name).toEqual([]);
    await page.keyboard.press('Escape');
  }
});

test('doubt and acceptance differ without colour', async ({ page, site }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto(site.url);
  const answer = page.locator('#answer');
  await expect(answer).toBeVisible();
  await page
    .getByLabel('The request: a ticket, an e-mail, a command')
    .fill('what is the capital of France?');
  await page.keyboard.press('Enter');
  await expect(answer).toContainText('Needs a person');
  expect(await answer.evaluate((element) => getComputedStyle(element).borderTopStyle)).toBe(
    'dashed',
  );
});
