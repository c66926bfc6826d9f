/** A ticket is labelled through the SDK wherever the widget may live, and each place says what it keeps and how it computes. */
import type { Page } from '@playwright/test';
import type { Answer, ClassifyOutput } from '../../src/core/answer.ts';
import type { Capabilities } from '../../src/core/threads.ts';
import { expect, test, type Places } from './everywhere-hosts.ts';

const TICKET = 'I am still waiting on my card?';
const LABEL = 'card_arrival';

test.setTimeout(240_000);

/** Goes to a host page and waits for its script. */
async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => 'connect' in window);
}

/** One more widget in the host page. */
const connect = (page: Page, options: object = {}) =>
  page.evaluate(async (given) => {
    window.flotillas.push(await window.connect(given));
    return window.flotillas.length - 1;
  }, options);

const label = (page: Page, index = 0, text = TICKET): Promise<Answer> =>
  page.evaluate(
    ([at, ticket]) => window.flotillas[at]!.run({ text: ticket, specialist: 'banking-tickets' }),
    [index, text] as const,
  );

const capabilities = (page: Page, index = 0): Promise<Capabilities> =>
  page.evaluate((at) => window.flotillas[at]!.capabilities(), index);

function expectLabelled(answer: Answer): void {
  expect(answer.status).toBe('accepted');
  expect((answer.output as ClassifyOutput).label).toBe(LABEL);
  expect(answer.egress.bytes).toBe(0);
}

interface Place {
  title: string;
  address: (places: Places) => string;
  options?: object;
  kind: 'lasting' | 'memory';
  isolated?: boolean;
}

const PLACES: Place[] = [
  {
    title: 'a page on another port',
    address: ({ samesite }) => samesite,
    kind: 'lasting',
  },
  {
    title: 'a page of another site, with storage of its own',
    address: ({ crosssite }) => crosssite,
    kind: 'lasting',
  },
  {
    title: 'a sandbox without an origin',
    address: ({ crosssite }) => crosssite,
    options: { sandbox: 'allow-scripts' },
    kind: 'memory',
  },
  {
    title: 'a sandbox without an origin, in an isolated page',
    address: ({ crosssite }) => `${crosssite}/isolated`,
    options: { sandbox: 'allow-scripts' },
    kind: 'memory',
  },
  {
    title: 'a sandbox with its origin',
    address: ({ crosssite }) => crosssite,
    options: { sandbox: 'allow-scripts allow-same-origin' },
    kind: 'lasting',
  },
  {
    title: 'an isolated page of another site',
    address: ({ crosssite }) => `${crosssite}/isolated`,
    kind: 'lasting',
    isolated: true,
  },
];

for (const { title, address, options = {}, kind, isolated = false } of PLACES)
  test(title, async ({ page, places }) => {
    await visit(page, address(places));
    await connect(page, options);
    expectLabelled(await label(page));
    const found = await capabilities(page);
    expect(found.storage.kind).toBe(kind);
    expect(found.threads > 1).toBe(isolated);
    expect(found.runtimes['static']?.state).toBe('ready');
    const { intact } = await page.evaluate(() => window.flotillas[0]!.audit.verify());
    expect(intact).toBe(true);
  });
