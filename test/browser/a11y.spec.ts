/** WCAG 2.2 AA, as far as axe can see it, on every page and dialog; nothing scrolls sideways on a phone or at 200 %. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { generated, question, seed } from './conversation.ts';
import { expect, test } from './fixture.ts';

const PAGES = [
  'desk',
  'batch',
  'review',
  'workflows',
  'workflows/goods-in',
  'knowledge',
  'chat',
  'fleet',
  'fleet/banking-tickets',
  'models',
  'train',
  'audit',
  'settings',
  'receipts',
  'embed',
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
  await settled(page);
}

/** Until nothing on the page has changed for a while. The network says nothing: a shared worker's script never ends there. */
const settled = (page: Page): Promise<void> =>
  page.evaluate(
    (quietMs) =>
      new Promise((resolve) => {
        let timer = setTimeout(resolve, quietMs);
        new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(resolve, quietMs);
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
    500,
  );

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

test('every page passes axe, wide and light, and on a dark phone', async ({ page, site }) => {
  test.setTimeout(300_000);
  await page.goto(site.url);
  await expect(page.locator('#answer')).toBeVisible();
  for (const place of PAGES) {
    await openPage(page, `${site.url}#/${place}`);
    for (const look of LOOKS) {
      await page.setViewportSize(look);
      await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: 'reduce' });
      expect.soft(await problems(page), `${place}, ${look.name}`).toEqual([]);
      expect.soft(await overflow(page), `${place}, ${look.name}: sideways`).toBeLessThanOrEqual(0);
    }
  }
});

const MARKDOWN =
  '# A title\n\nWords with `code` and **weight**, [a link](https://example.org/very/long/address/that/wraps).\n\n' +
  '1. one\n2. two\n   - three\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nconst long = "a line that is longer than the phone is wide, surely";\n```\n\n> a quote\n';

test('a chat with messages and the whole catalogue pass axe', async ({ page, site }) => {
  test.setTimeout(300_000);
  const looksRight = async (place: string): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const { width, height } of LOOKS) {
        await page.setViewportSize({ width, height });
        const look = `${place}, ${colorScheme}, ${width} px`;
        expect.soft(await problems(page), look).toEqual([]);
        expect.soft(await overflow(page), `${look}: sideways`).toBeLessThanOrEqual(0);
      }
    }
  };
  await page.goto(`${site.url}#/chat`);
  await expect(page.getByRole('textbox', { name: 'Your message' })).toBeVisible();
  await seed(page, 'axe', [question('what is it?'), generated(MARKDOWN)]);
  await page.goto(`${site.url}#/chat/axe`);
  await expect(page.getByRole('article', { name: 'Answer' })).toContainText('A title');
  await page
    .getByRole('textbox', { name: 'Your message' })
    .fill('My card was stolen yesterday, please block it');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article', { name: 'Answer' }).last()).toContainText('sure');
  await page.getByText('Why this answer').last().click();
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  await looksRight('chat');
  await page.goto(`${site.url}#/models`);
  await page.locator('summary', { hasText: /fit this device/ }).click();
  await looksRight('models');
});

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
