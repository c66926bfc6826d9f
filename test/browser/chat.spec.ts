/** The chat in real Chromium with the shipped language model: download once, ask, stop, change, keep. */
import type { Page } from '@playwright/test';
import { generated, longConversation, question, seed } from './conversation.ts';
import { expect, test as base, watch } from './fixture.ts';

/** One page for all tests of a worker: the model is fetched and loaded once. */
const test = base.extend<object, { chat: Page }>({
  chat: [
    async ({ browser, site }, use) => {
      const context = await browser.newContext({
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      const problems = watch(page, new URL(site.url).origin);
      await page.goto(`${site.url}#/chat`);
      await use(page);
      expect(problems, 'problems seen on the page').toEqual([]);
      await context.close();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});
test.describe.configure({ mode: 'serial' });

const ANSWER_MS = 240_000;
const field = (page: Page) => page.getByRole('textbox', { name: 'Your message' });
const answers = (page: Page) => page.getByRole('article', { name: 'Answer' });
const last = (page: Page) => answers(page).last();
const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true });
const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });

async function ask(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press('Enter');
  await expect(page.getByRole('article', { name: 'Question' }).last()).toContainText(text);
}

/** Waits until nothing is being written any more. */
const ended = (page: Page): Promise<void> => expect(send(page)).toBeVisible({ timeout: ANSWER_MS });

async function startNew(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await expect(page.getByRole('region', { name: 'New conversation' })).toBeVisible();
}

test('a specialist answers before any model is here, and says how sure it is', async ({ chat }) => {
  await expect(page4Examples(chat)).toHaveCount(4);
  await ask(chat, 'My card was stolen yesterday, please block it');
  await ended(chat);
  await expect(last(chat)).toContainText(/\d+\.\d+\.\d+ · .*% sure · .*m?s · on this device/);
  await expect(last(chat)).not.toContainText('Draft');
  await last(chat).getByText('Why this answer').click();
  await expect(last(chat).getByRole('list', { name: 'Path through the tiers' })).toBeVisible();
});

const page4Examples = (page: Page) =>
  page.getByRole('region', { name: 'New conversation' }).getByRole('listitem');

test('the model is fetched once: exact size, progress, pause, going on', async ({ chat }) => {
  test.setTimeout(300_000);
  const card = await chat.evaluate(async () =>
    (await window.flotilla.models.list()).find(({ id }) => id === 'house-slm'),
  );
  const gate = chat.getByRole('region', { name: 'Language model' });
  const megabytes = ((card?.totalBytes ?? 0) / 1e6).toFixed(1);
  await gate.getByRole('button', { name: `Download ${megabytes}\u202FMB, once` }).click();
  await expect(gate.getByRole('progressbar')).toBeVisible();
  await gate.getByRole('button', { name: 'Pause' }).click();
  await gate.getByRole('button', { name: /^Go on: .* left$/ }).click();
  await expect(gate).toBeHidden({ timeout: 240_000 });
});

test('an open question is answered as a draft that says who wrote it, where and how fast', async ({
  chat,
}) => {
  test.setTimeout(ANSWER_MS + 60_000);
  await startNew(chat);
  await ask(chat, 'List three things to check before sending an invoice.');
  await ended(chat);
  await expect(last(chat)).toContainText('Draft · Check before use');
  await expect(last(chat)).toContainText(
    /house-slm \d+\.\d+\.\d+ · certainty not measured · WebAssembly, \d threads? · [\d.]+ tok\/s · on this device/,
  );
  const text = await last(chat).locator('.markdown').innerText();
  expect(text.trim().split(/\s+/).length).toBeGreaterThan(10);
  await chat.getByRole('button', { name: 'Copy this answer' }).last().click();
  expect((await chat.evaluate(() => navigator.clipboard.readText())).length).toBeGreaterThan(40);
});

test('Esc stops at once and keeps what was written; another answer can be undone', async ({
  chat,
}) => {
  test.setTimeout(ANSWER_MS + 60_000);
  await startNew(chat);
  await ask(chat, 'Write a long story about a lighthouse and a ship.');
  await expect
    .poll(async () => (await last(chat).innerText()).length, { timeout: 60_000 })
    .toBeGreaterThan(60);
  const stoppedAt = Date.now();
  await chat.keyboard.press('Escape');
  await expect(send(chat)).toBeVisible();
  const stopMs = Date.now() - stoppedAt;
  console.log(`Esc until the chat takes the next message: ${stopMs} ms`);
  await expect(last(chat)).toContainText('Stopped by you');
  const kept = await last(chat).locator('.markdown').innerText();
  expect(kept.length).toBeGreaterThan(20);

  await chat.locator('#main').focus();
  await chat.keyboard.press('r');
  await expect(chat.getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect.poll(() => last(chat).locator('.markdown').count(), { timeout: 60_000 }).toBe(1);
  await chat.keyboard.press('Escape');
  await expect(send(chat)).toBeVisible();
});

test('the last message is changed and sent again; undo brings both back', async ({ chat }) => {
  test.setTimeout(2 * ANSWER_MS);
  await startNew(chat);
  await ask(chat, 'Say hello in one word.');
  await ended(chat);
  const before = await last(chat).locator('.markdown').innerText();
  await field(chat).fill('a draft that waits');
  await chat.getByRole('button', { name: 'Change this message and send it again' }).click();
  await expect(field(chat)).toHaveValue('Say hello in one word.');
  await field(chat).fill('Say goodbye in one word.');
  await field(chat).press('Enter');
  await ended(chat);
  await expect(chat.getByRole('article', { name: 'Question' })).toHaveText(/goodbye/);
  await expect(field(chat)).toHaveValue('a draft that waits');
  await messages(chat).getByRole('button', { name: 'Undo' }).first().click();
  await expect(chat.getByRole('article', { name: 'Question' })).toHaveText(/hello/);
  await expect(last(chat).locator('.markdown')).toHaveText(before);
});

test('reload keeps the conversation, the place and the draft', async ({ chat }) => {
  const texts = await answers(chat).allInnerTexts();
  await field(chat).fill('half a sen');
  await chat.reload();
  await expect(field(chat)).toHaveValue('half a sen');
  await expect(answers(chat)).toHaveCount(texts.length);
  await expect(last(chat).locator('.markdown')).not.toBeEmpty();
  await chat.goto(chat.url().replace(/#.*/, '#/fleet'));
  await expect(chat.getByRole('heading', { name: 'Fleet', level: 1 })).toBeVisible();
  await chat.goto(chat.url().replace(/#.*/, '#/chat'));
  await expect(field(chat)).toHaveValue('half a sen');
  await field(chat).fill('');
});

test('a JSON schema is kept to, and a broken one is refused before anything is asked', async ({
  chat,
}) => {
  test.setTimeout(ANSWER_MS + 60_000);
  await startNew(chat);
  await chat.getByRole('button', { name: 'JSON', exact: true }).click();
  const schema = chat.getByRole('textbox', { name: 'JSON schema' });
  await schema.fill('{"type": ');
  await field(chat).fill('Sort this: the invoice is wrong, please call me today.');
  await field(chat).press('Enter');
  await expect(chat.getByRole('alert')).toContainText('The schema is not JSON');
  await schema.fill(
    '{"type":"object","properties":{"topic":{"enum":["billing","delivery"]},"urgent":{"type":"boolean"}},"required":["topic","urgent"],"additionalProperties":false}',
  );
  await field(chat).press('Enter');
  await expect(answers(chat)).toHaveCount(1);
  await ended(chat);
  await expect(last(chat)).toContainText('Satisfies the schema');
  const object = JSON.parse(await last(chat).locator('pre').innerText()) as Record<string, unknown>;
  expect(['billing', 'delivery']).toContain(object['topic']);
  expect(typeof object['urgent']).toBe('boolean');
  await chat.getByRole('button', { name: 'JSON', exact: true }).click();
});

test('conversations: several, reopened, deleted with undo', async ({ chat }) => {
  const list = chat.getByRole('region', { name: 'Conversations' });
  const shown = await list.getByRole('link').count();
  expect(shown).toBeGreaterThan(3);
  const hello = list.getByRole('link', { name: /Say hello/ });
  await hello.click();
  await expect(chat.getByRole('article', { name: 'Question' })).toHaveText(/hello/);
  await list.getByRole('button', { name: 'Delete “Say hello in one word.”' }).click();
  await expect(hello).toHaveCount(0);
  await messages(chat).getByRole('button', { name: 'Undo' }).last().click();
  await expect(hello).toBeVisible();
  await expect(chat.getByRole('article', { name: 'Question' })).toHaveText(/hello/);
});

test('a chosen specialist answers, whatever is asked', async ({ chat }) => {
  await startNew(chat);
  await chat.getByRole('combobox', { name: 'Who answers' }).selectOption('home-commands');
  await ask(chat, 'turn the lights in the kitchen off');
  await ended(chat);
  await expect(last(chat)).toContainText('home-commands');
  await chat.getByRole('combobox', { name: 'Who answers' }).selectOption('auto');
});

test('hostile text of a model stays text: no markup, no link, no request', async ({ chat }) => {
  const text =
    '<img src=x onerror="document.title=1"><script>document.title=2</script>\n\n[click](https://example.org/?q=secret) ' +
    '![pixel](https://example.org/p.png) <a href="javascript:alert(1)">a</a>\n\n```html\n<iframe src="//example.org"></iframe>\n```\n\n' +
    '| <b>x</b> | y |\n|---|---|\n| <svg onload=alert(1)> | 2 |\n';
  await seed(chat, 'hostile', [question('q'), generated(text)]);
  await chat.goto(chat.url().replace(/#.*/, '#/chat/hostile'));
  await expect(last(chat)).toContainText('<script>document.title=2</script>');
  await expect(last(chat)).toContainText('https://example.org/?q=secret');
  expect(await last(chat).locator('img, script, a, iframe, b, article svg[onload]').count()).toBe(
    0,
  );
  expect(await chat.title()).toBe('Chat · Flotilla');
});

/** How fast the page stays is measured by test/bench/chat.measure.ts. */
test('writing changes the last answer alone, and a person can type meanwhile', async ({ chat }) => {
  test.setTimeout(ANSWER_MS + 120_000);
  await seed(chat, 'long', longConversation(400));
  await chat.goto(chat.url().replace(/#.*/, '#/chat/long'));
  await expect(chat.getByRole('button', { name: /Show earlier messages/ })).toBeVisible();
  await ask(chat, 'Write a long story about a lighthouse and a ship.');
  await expect(last(chat).locator('.markdown')).not.toBeEmpty({ timeout: 120_000 });
  expect(await answers(chat).count(), 'messages in the page').toBeLessThan(200);
  const before = (await last(chat).innerText()).length;
  await answers(chat).evaluateAll((all) => {
    const changes: MutationRecord[] = [];
    const observer = new MutationObserver((records) => changes.push(...records));
    const what = { subtree: true, childList: true, characterData: true, attributes: true };
    for (const earlier of all.slice(0, -1)) observer.observe(earlier, what);
    Object.assign(window, { changes });
  });
  await field(chat).pressSequentially('typing while it writes');
  await expect
    .poll(async () => (await last(chat).innerText()).length, { timeout: 60_000 })
    .toBeGreaterThan(before + 40);
  await expect(chat.getByRole('button', { name: 'Stop' }), 'it still writes').toBeVisible();
  await expect(field(chat)).toHaveValue('typing while it writes');
  const changes = await chat.evaluate(() => (window as unknown as { changes: [] }).changes.length);
  expect(changes, 'changes of earlier answers').toBe(0);
  await chat.keyboard.press('Escape');
  await ended(chat);
  await field(chat).fill('');
});

test('without storage for conversations the chat goes on and says so', async ({
  browser,
  site,
}) => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    const open = indexedDB.open.bind(indexedDB);
    indexedDB.open = (name: string, version?: number) => {
      if (name === 'flotilla-chats') throw new DOMException('refused', 'SecurityError');
      return open(name, version);
    };
  });
  const page = await context.newPage();
  await page.goto(`${site.url}#/chat`);
  await ask(page, 'My card was stolen yesterday, please block it');
  await ended(page);
  await expect(page.getByRole('alert')).toContainText(
    'What you typed is kept while this page is open',
  );
  await expect(last(page)).toContainText('sure');
  await context.close();
});
