/** Several pages of one site share one engine, and go on when the page that runs it is gone. */
import type { Browser, BrowserContext, Page } from '@playwright/test';
import {
  answeredIn,
  answerOf,
  countThreads,
  manyAnswersOf,
  ownerAmong,
  TEXT,
} from './engine-pages.ts';
import { test } from './engine-site.ts';
import { expect } from './fixture.ts';

test.setTimeout(400_000);

async function openTabs(openTab: () => Promise<Page>, n: number): Promise<Page[]> {
  const pages: Page[] = [];
  for (let i = 0; i < n; i++) {
    const page = await openTab();
    expect(await answerOf(page)).toBe('card_arrival');
    pages.push(page);
  }
  return pages;
}

/** Three hidden widgets on a page of another port of the same host. */
async function openPortal(context: BrowserContext, portal: string, site: string): Promise<Page> {
  const host = await context.newPage();
  await host.goto(portal);
  await host.evaluate(async (base) => {
    const sdk = (await import(`${base}sdk.js`)) as Pick<Window, 'connect'>;
    const src = `${base}widget.html`;
    window.flotillas = await Promise.all([1, 2, 3].map(() => sdk.connect({ src })));
  }, site);
  return host;
}

/** In the end: a thread of a page that was closed may take a moment to stop. */
const expectThreads = (browser: Browser, counts: Record<string, number>): Promise<void> =>
  expect.poll(() => countThreads(browser)).toMatchObject(counts);

test('eight tabs and three widgets of another port have one engine', async ({
  browser,
  context,
  openTab,
  portal,
  site,
}) => {
  const pages = await openTabs(openTab, 8);
  const host = await openPortal(context, portal, site.url);
  const labels = await host.evaluate(async (text) => {
    const runs = window.flotillas.map((one) => one.run({ text, specialist: 'banking-tickets' }));
    return (await Promise.all(runs)).map(({ output }) => (output as { label: string }).label);
  }, TEXT);
  expect(labels).toEqual(Array(3).fill('card_arrival'));
  expect(await Promise.all(pages.map((page) => answerOf(page)))).toEqual(
    Array(8).fill('card_arrival'),
  );
  await expectThreads(browser, { router: 1, static: 1, encoder: 1, 'engine-broker': 1 });
});

test('the page of the engine is closed in the middle of runs: each has its answer, once', async ({
  browser,
  openTab,
}) => {
  const pages = await openTabs(openTab, 4);
  const { owner, others } = ownerAmong(pages);
  const asked = others.map((page) => manyAnswersOf(page, 40));
  await owner.waitForTimeout(200);
  await owner.close();
  const answers = (await Promise.all(asked)).flat();
  expect(answers).toHaveLength(120);
  const ids = answers.map((answer) => answer.split(' ')[1] ?? '');
  expect(answers.filter((answer) => answer.startsWith('accepted'))).toHaveLength(120);

  const answered = await answeredIn(others[0] as Page);
  expect(answered).toEqual([...new Set(answered)]);
  expect(ids.filter((id) => !answered.includes(id))).toEqual([]);
  expect(await others[0]?.evaluate(() => window.flotilla.audit.verify())).toMatchObject({
    intact: true,
  });
  await expectThreads(browser, { router: 1, static: 1, encoder: 1 });
});

test('… in the middle of a batch: every row comes once, in its order', async ({ openTab }) => {
  const { owner, others } = ownerAmong(await openTabs(openTab, 3));
  const [page] = others as [Page];
  const before = await answeredIn(page);
  const batch = page.evaluate(async (text) => {
    const requests = Array.from({ length: 640 }, (_, i) => ({
      text: `${text} Ticket ${i}.`,
      specialist: 'banking-tickets',
    }));
    const read: string[] = [];
    for await (const answer of window.flotilla.runBatch(requests)) {
      read.push(answer.status);
      document.title = `${read.length}`;
    }
    return read;
  }, TEXT);
  await page.waitForFunction(() => Number(document.title) >= 128);
  await owner.close();
  expect(await batch).toEqual(Array(640).fill('accepted'));
  const answered = (await answeredIn(page)).slice(before.length);
  expect(answered).toEqual([...new Set(answered)]);
  expect(answered).toHaveLength(5); // chunks of 128
});

test.describe('a crash', () => {
  test.use({ allowedProblems: /the page crashed/ });

  test('of the page of the engine: the others go on', async ({ browser, context, openTab }) => {
    const pages = await openTabs(openTab, 4);
    const { owner, others } = ownerAmong(pages);
    const crashed = new Set<Page>();
    for (const page of pages) page.on('crash', () => crashed.add(page));
    const asked = others.map((page) => manyAnswersOf(page, 10));
    const session = await context.newCDPSession(owner);
    void session.send('Page.crash').catch(() => undefined);
    await expect.poll(() => crashed.has(owner)).toBe(true);
    // Pages of one process crash together.
    const left = others.filter((page) => !crashed.has(page));
    expect(left.length).toBeGreaterThan(0);
    for (const [i, page] of others.entries()) {
      if (crashed.has(page)) asked[i]?.catch(() => undefined);
      else expect(await asked[i]).toHaveLength(10);
    }
    const answered = await answeredIn(left[0] as Page);
    expect(answered).toEqual([...new Set(answered)]);
    await expectThreads(browser, { router: 1, encoder: 1 });
  });
});

test.describe('another build', () => {
  test.use({ serviceWorkers: 'block' });

  test('does not share: its page has an engine of its own', async ({
    browser,
    openTab,
    context,
  }) => {
    const [first] = await openTabs(openTab, 2);
    await expectThreads(browser, { router: 1 });
    // The same code from other addresses, which is what another build is.
    await context.route(/\/assets\/(?![^/]*worker)[^/]+\.js$/, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/router\.worker-[\w-]+\.js/g, '$&?build=2');
      await route.fulfill({ response, body });
    });
    await openTabs(openTab, 2);
    await expectThreads(browser, { router: 2, encoder: 2 });
    expect(await answerOf(first as Page)).toBe('card_arrival');
  });
});
