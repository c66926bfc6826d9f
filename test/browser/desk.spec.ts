/** The desk in real Chromium, with the shipped models: ask, judge, keep, and what must not be possible. */
import type { Page } from '@playwright/test';
import type { Answer } from '../../src/core/answer.ts';
import { expect, test } from './fixture.ts';

const TICKET = 'My card was stolen yesterday, please block it';

const input = (page: Page) => page.getByLabel('The request: a ticket, an e-mail, a command');
const card = (page: Page) => page.locator('#answer');

/** Opens the desk and waits for the example of the first visit, so that nothing runs behind the test. */
async function openDesk(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(card(page)).toBeVisible();
}

async function ask(page: Page, text: string): Promise<void> {
  await input(page).fill(text);
  await input(page).press('Enter');
  const row = page.locator('li', { hasText: text }).locator('[aria-current="true"]');
  await expect(row).toBeVisible();
}

test('the first visit shows an example that is already answered, and one example per kind of work', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  expect(await input(page).inputValue()).not.toBe('');
  const tasks = await page.evaluate(async () => {
    const cards = await window.flotilla.specialists();
    return new Set(cards.filter((one) => one.examples.length > 0).map((one) => one.task)).size;
  });
  await expect(
    page.getByRole('region', { name: 'Examples', exact: true }).getByRole('button'),
  ).toHaveCount(tasks);
  await expect(card(page)).toContainText('on this device');
  await expect(page.getByRole('link', { name: /0 bytes left this device/ })).toBeVisible();
});

test('Enter answers; the card says who, how sure, how long, where and why', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  await ask(page, TICKET);
  await expect(card(page)).toContainText(/\d+\.\d+\.\d+ · .*% sure · .*m?s · on this device/);
  await expect(card(page).getByRole('list', { name: 'Path through the tiers' })).toBeVisible();
  await expect(card(page).getByRole('list', { name: 'Other labels' })).not.toBeEmpty();
  await expect(card(page)).toContainText(/held-out rows|There is no certificate/);
});

test('what was typed is shown as text, never as markup', async ({ page, site }) => {
  await openDesk(page, site.url);
  await ask(page, '<img src=x onerror="document.title=1"><script>document.title=2</script> hello');
  expect(await page.locator('main img, main script').count()).toBe(0);
  expect(await page.title()).toBe('Desk · Flotilla');
});

test('reload keeps the draft, the answer and the place', async ({ page, site }) => {
  await openDesk(page, site.url);
  await ask(page, TICKET);
  const headline = await card(page).getByRole('heading').first().innerText();
  await input(page).fill('half a sen');
  await page.reload();
  await expect(input(page)).toHaveValue('half a sen');
  await expect(card(page).getByRole('heading', { name: headline })).toBeVisible();
});

test('a correction is chosen from the labels, kept, and survives a reload', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  await ask(page, TICKET);
  await card(page).focus();
  await page.keyboard.press('e');
  await expect(page.getByRole('combobox', { name: 'Right label' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(card(page)).toContainText('Corrected to');
  await expect(card(page)).toBeFocused();
  await page.reload();
  await expect(card(page)).toContainText('Corrected to');
  await page.goto(`${site.url}#/audit`);
  await expect(page.getByRole('table')).toContainText('corrected');
});

test('copy gives the whole answer as JSON', async ({ page, context, site }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openDesk(page, site.url);
  await ask(page, TICKET);
  await card(page).focus();
  await page.keyboard.press('c');
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('clipboard');
  const answer = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as Answer;
  expect(page.url()).toContain(answer.id);
  expect(answer.egress).toEqual({ bytes: 0, receipt: null });
});

test('without a server in the policy, escalating explains why not and sends nothing', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  const escalate = page.getByRole('button', { name: 'Escalate' });
  await expect(escalate).toHaveAttribute('aria-disabled', 'true');
  await card(page).focus();
  await page.keyboard.press('Shift+E');
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText(
    'The policy allows no server',
  );
  await page.getByRole('link', { name: /0 bytes left this device/ }).click();
  await expect(page.getByText('Nothing has left this device')).toBeVisible();
});

test('bad input gets a sentence with the next step, and nothing typed is lost', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  await input(page).fill('');
  await input(page).press('Enter');
  await expect(page.getByRole('alert')).toContainText('Type, paste or drop some text.');
  const long = 'x'.repeat(1_048_577);
  await input(page).fill(long);
  await input(page).press('Enter');
  await expect(page.getByRole('alert')).toContainText('Shorten the text');
  expect((await input(page).inputValue()).length).toBe(long.length);
  await page.locator('form input[type=file][aria-hidden]').setInputFiles({
    name: 'latin1.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65]),
  });
  await expect(page.getByRole('region', { name: 'Text of latin1.txt' })).toHaveText('Grüße');
  await page.getByRole('button', { name: 'Remove latin1.txt' }).click();
  expect((await input(page).inputValue()).length).toBe(long.length);
});

test('odd text is answered: no spaces, right-to-left, emoji, a lone surrogate', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  for (const text of ['a'.repeat(100_000), 'أين بطاقتي؟', '💳❓', 'card \uD800 lost']) {
    const before = page.url();
    await input(page).fill(text);
    await input(page).press('Enter');
    await expect.poll(() => page.url()).not.toBe(before);
    await expect(page.getByRole('alert')).toHaveCount(0);
  }
});

test('history: search, reopen, delete with undo', async ({ page, site }) => {
  await openDesk(page, site.url);
  await ask(page, TICKET);
  await ask(page, 'play some jazz in the kitchen');
  const row = page.getByRole('button', { name: TICKET });
  await page.getByRole('searchbox', { name: 'Search the history' }).fill('stolen');
  await expect(page.getByRole('button', { name: /play some jazz/ })).toHaveCount(0);
  await row.click();
  await expect(input(page)).toHaveValue(TICKET);
  await page.getByRole('button', { name: 'Delete this answer' }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
});

test('keyboard alone: palette, shortcuts, and single keys that can be turned off', async ({
  page,
  site,
}) => {
  await openDesk(page, site.url);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('settings');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await expect(page.locator('#main')).toBeFocused();
  await page.getByLabel(/Shortcuts of a single key/).uncheck();
  await page.locator('#main').focus();
  await page.keyboard.press('Shift+?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.reload();
  await expect(page.getByLabel(/Shortcuts of a single key/)).not.toBeChecked();
  await page.getByLabel(/Shortcuts of a single key/).check();
  await page.locator('#main').focus();
  await page.keyboard.press('Shift+?');
  await expect(page.getByRole('dialog', { name: 'Shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('fleet, audit and settings tell what is there', async ({ page, site }) => {
  await openDesk(page, site.url);
  await page.goto(`${site.url}#/fleet`);
  await page.getByRole('link', { name: /bank/i }).first().click();
  await expect(page.getByRole('heading', { name: 'What it promises' })).toBeVisible();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export file' }).click();
  expect((await saved).suggestedFilename()).toMatch(/^banking-tickets-.*\.flotilla$/);
  await page.goto(`${site.url}#/audit`);
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText(/^Intact:/)).toBeVisible();
  await page.goto(`${site.url}#/settings`);
  await expect(page.getByText('Nothing may leave')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Runtimes' })).toContainText('ready');
});

test('deleting all local data needs the word, and leaves nothing', async ({ page, site }) => {
  await openDesk(page, site.url);
  await ask(page, TICKET);
  await page.goto(`${site.url}#/settings`);
  await page.getByRole('button', { name: 'Delete all local data' }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true });
  await expect(confirm).toHaveAttribute('aria-disabled', 'true');
  await page.getByLabel('Type “delete” to go on').fill('delete');
  await confirm.click();
  await expect(page.getByRole('button', { name: TICKET })).toHaveCount(0);
  await expect(card(page)).toBeVisible();
  await page.goto(`${site.url}#/audit`);
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText(/^Intact:/)).toBeVisible();
});
