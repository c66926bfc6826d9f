/** Hostile text on the desk: answered or refused in words, shown as text, kept, and never a frozen page. */
import type { Page } from '@playwright/test';
import { expect, test } from '../browser/fixture.ts';

const LIMIT = 1_048_576;

const CASES: [name: string, text: string][] = [
  ['1 MB of words', 'my card was stolen and I am angry '.repeat(Math.floor(LIMIT / 34))],
  ['100,000 characters without a space', 'a'.repeat(100_000)],
  ['100,000 emoji', '💳'.repeat(100_000)],
  ['NUL', 'my card\u0000was\u0000stolen'],
  ['lone surrogates', '\ud800 my card \udc00 was stolen \ud83d'],
  ['right to left', '\u202eأين بطاقتي؟ ضاعت أمس\u202c'],
  ['stacked accents', `e${'\u0301'.repeat(5_000)} card`],
  ['control characters', '\u0007\u001b[31m my card \u007f'],
  [
    'markup',
    '<script>document.title="owned"</script><img src=x onerror="document.title=1"> <b>card</b>',
  ],
  ['template', '{{constructor.constructor("document.title=1")()}} ${document.title=1}'],
  ['tokens of the model', '[CLS] [SEP] [MASK] [PAD] [UNK]'],
  ['only punctuation', '?!?!… — “”'],
];

const input = (page: Page) => page.getByLabel('The request: a ticket, an e-mail, a command');

test('the desk takes every hostile text, shows it as text and goes on', async ({ page, site }) => {
  test.setTimeout(300_000);
  await page.goto(site.url);
  await expect(page.locator('#answer')).toBeVisible();
  for (const [name, text] of CASES) {
    await test.step(name, async () => {
      const before = page.url();
      await input(page).fill(text);
      await input(page).press('Enter');
      await expect.poll(() => page.url(), { timeout: 30_000 }).not.toBe(before);
      await expect(page.getByRole('alert')).toHaveCount(0);
      await expect(page.locator('#answer')).toContainText(/Accepted|Needs a person/);
      expect(await page.title()).toBe('Desk · Flotilla');
      expect(await page.locator('main script, main img, main b').count()).toBe(0);
      expect((await input(page).inputValue()).length).toBe(text.length);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wider).toBeLessThanOrEqual(0);
    });
  }
  await input(page).fill('my new card has not arrived yet');
  await input(page).press('Enter');
  await expect(page.getByRole('heading', { name: 'Card arrival' })).toBeVisible();
});

test('thirty requests in a row: the last one wins', async ({ page, site }) => {
  await page.goto(site.url);
  await expect(page.locator('#answer')).toBeVisible();
  for (let i = 0; i < 30; i++) {
    await input(page).fill(`request ${i}: card lost`);
    await input(page).press('Enter');
  }
  await input(page).fill('my new card has not arrived yet');
  await input(page).press('Enter');
  await expect(page.getByRole('heading', { name: 'Card arrival' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});
