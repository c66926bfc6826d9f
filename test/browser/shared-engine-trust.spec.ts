/** Pages that share an engine do not share what they may do, whom it asks, and what it may show to a server. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { SessionLimits } from '../../src/core/door.ts';
import { answerOf, auditOf, countThreads, ownerAmong, TEXT } from './engine-pages.ts';
import { test } from './engine-site.ts';
import { expect } from './fixture.ts';

declare global {
  interface Window {
    /** Questions that the page was asked before something leaves. */
    questions: string[];
    previews: number;
    agree: (yes: boolean) => void;
    sent: Promise<string>;
  }
}

const TOKEN = 'token-of-the-portal-0123456789';

test.setTimeout(300_000);

/** Notes every question; agrees at once, or when the test says so. */
async function answerQuestions(page: Page, when: 'at once' | 'later'): Promise<void> {
  await page.evaluate((now) => {
    window.questions = [];
    window.flotilla.onConsent(({ masked }) => {
      window.questions.push(masked);
      return now ? Promise.resolve(true) : new Promise((agree) => (window.agree = agree));
    });
  }, when === 'at once');
}

/** Begins to send one text to the server; `window.sent` becomes who answered, or the code of the failure. */
async function beginSending(page: Page): Promise<void> {
  await page.evaluate((text) => {
    window.previews = 0;
    const request = { text, specialist: 'banking-tickets' };
    const onEvent = ({ type }: { type: string }): void => {
      if (type === 'egress_preview') window.previews += 1;
    };
    window.sent = window.flotilla.escalate(request, { onEvent }).then(
      ({ decision }) => `${decision.tier} ${decision.reason}`,
      (error: unknown) => (error as { code: string }).code,
    );
  }, TEXT);
}

async function send(page: Page): Promise<string> {
  await beginSending(page);
  return page.evaluate(() => window.sent);
}

const questionsOf = (page: Page): Promise<number> => page.evaluate(() => window.questions.length);

async function openTwo(openTab: () => Promise<Page>): Promise<[Page, Page]> {
  const pages: [Page, Page] = [await openTab(), await openTab()];
  for (const page of pages) expect(await answerOf(page)).toBe('card_arrival');
  return pages;
}

function codeOf(page: Page, request: object): Promise<string> {
  return page.evaluate(
    (asked) =>
      window.flotilla.run(asked).then(
        ({ status }) => status,
        (error: unknown) => (error as { code: string }).code,
      ),
    request,
  );
}

test('limits hold for one page, also at the next engine', async ({ openTab, upstairs }) => {
  const { owner, others } = ownerAmong(await openTwo(openTab));
  const [page] = others as [Page];
  await answerQuestions(owner, 'at once');
  await answerQuestions(page, 'at once');
  const limits: SessionLimits = {
    policy: { mode: 'only_on_device', defaults: {}, tasks: {} },
    tasks: ['classify'],
  };
  expect(await page.evaluate((to) => window.flotilla.limit(to), limits)).toMatchObject({
    ok: true,
  });
  const wider: SessionLimits = { tasks: ['classify', 'redact'] };
  await page.evaluate((to) => window.flotilla.limit(to), wider);
  const redact = { text: 'Call +49 30 9018200.', task: 'redact' };

  expect(await codeOf(page, redact)).toBe('policy_denied');
  expect(await codeOf(page, { text: TEXT, specialist: 'personal-data' })).toBe('policy_denied');
  expect(await codeOf(owner, redact)).not.toBe('policy_denied');
  expect(await send(page)).not.toMatch(/^server/);
  expect(upstairs.tokens).toEqual([]);
  expect(await send(owner)).toMatch(/^server/);
  expect(upstairs.tokens).toHaveLength(1);

  await owner.close();
  expect(await answerOf(page)).toBe('card_arrival');
  expect(await codeOf(page, redact)).toBe('policy_denied');
  expect(await send(page)).not.toMatch(/^server/);
  expect(upstairs.tokens).toHaveLength(1);
});

test('a policy that became tighter binds every open page as soon as another one comes', async ({
  openTab,
  upstairs,
  policyFile,
}) => {
  if (policyFile === null) throw new Error('The site has no policy file of its own.');
  const before = await readFile(policyFile, 'utf8');
  const page = await openTab();
  await answerQuestions(page, 'at once');
  expect(await send(page)).toMatch(/^server/);
  expect(upstairs.tokens).toHaveLength(1);
  try {
    await writeFile(policyFile, JSON.stringify({ version: 1, mode: 'only_on_device' }));
    expect(await answerOf(await openTab())).toBe('card_arrival');
    expect(await send(page)).not.toMatch(/^server/);
    expect(upstairs.tokens).toHaveLength(1);
  } finally {
    await writeFile(policyFile, before);
  }
});

test('a question is put to the page that asked, and to no other', async ({ openTab }) => {
  const [one, two] = await openTwo(openTab);
  await answerQuestions(one, 'at once');
  await answerQuestions(two, 'at once');
  expect(await send(one)).toMatch(/^server/);
  expect([await questionsOf(one), await questionsOf(two)]).toEqual([1, 0]);
  expect(await send(two)).toMatch(/^server/);
  expect([await questionsOf(one), await questionsOf(two)]).toEqual([1, 1]);
});

test('an access token goes to its server for its page only, and is written nowhere', async ({
  browser,
  openTab,
  upstairs,
}) => {
  const { owner, others } = ownerAmong(await openTwo(openTab));
  const [page] = others as [Page];
  for (const one of [owner, page]) await answerQuestions(one, 'at once');
  const give = (tokens: Record<string, string>) =>
    page.evaluate((given) => window.flotilla.giveAccessTokens(given), tokens);
  expect(await give({ elsewhere: TOKEN })).toMatchObject({ failure: { code: 'bad_request' } });
  expect(await give({ onprem: TOKEN })).toMatchObject({ ok: true });
  await send(page);
  await send(owner);
  expect(upstairs.tokens).toEqual([`Bearer ${TOKEN}`, undefined]);

  await owner.close();
  // The dying engine could still take the call, and the page would not know whether it left.
  await expect
    .poll(() => page.workers().filter((one) => one.url().includes('router')).length)
    .toBe(1);
  await expect.poll(async () => (await countThreads(browser))['router']).toBe(1);
  expect(await send(page)).toMatch(/^server/);
  expect(upstairs.tokens.at(-1)).toBe(`Bearer ${TOKEN}`);
  const kept = await page.evaluate(async () => {
    const records = [await window.flotilla.audit.export(), await window.flotilla.receipts()];
    return JSON.stringify([records, localStorage, sessionStorage]);
  });
  expect(kept).not.toContain(TOKEN);
});

test('the engine ends while a server works: nothing is sent again, and the call says so', async ({
  openTab,
  upstairs,
}) => {
  const { owner, others } = ownerAmong(await openTwo(openTab));
  const [page] = others as [Page];
  await answerQuestions(page, 'at once');
  upstairs.hold();
  await beginSending(page);
  await expect.poll(() => upstairs.tokens.length).toBe(1);
  await owner.close();
  expect(await page.evaluate(() => window.sent)).toBe('engine_lost');
  expect(await answerOf(page)).toBe('card_arrival');
  expect(upstairs.tokens).toHaveLength(1);
  const leaving = (await auditOf(page)).filter(({ kind }) => kind === 'leaving');
  expect(leaving).toHaveLength(1);
});

test('the engine ends while the person reads the question: it stays, and is asked once', async ({
  openTab,
  upstairs,
}) => {
  const { owner, others } = ownerAmong(await openTwo(openTab));
  const [page] = others as [Page];
  await answerQuestions(page, 'later');
  await beginSending(page);
  await expect.poll(() => questionsOf(page)).toBe(1);
  await owner.close();
  await page.waitForFunction(() => window.previews === 2); // the next engine has come as far
  await page.waitForTimeout(300);
  expect(await questionsOf(page)).toBe(1);
  expect(upstairs.tokens).toEqual([]);
  await page.evaluate(() => window.agree(true));
  expect(await page.evaluate(() => window.sent)).toMatch(/^server/);
  expect(upstairs.tokens).toHaveLength(1);
});

test('a page that goes away takes its question with it: nothing leaves', async ({
  openTab,
  upstairs,
}) => {
  const { owner, others } = ownerAmong(await openTwo(openTab));
  const [page] = others as [Page];
  await answerQuestions(page, 'later');
  await beginSending(page);
  await expect.poll(() => questionsOf(page)).toBe(1);
  await page.close();
  await expect.poll(async () => (await auditOf(owner)).map(({ kind }) => kind)).toContain('denied');
  expect(upstairs.tokens).toEqual([]);
});
