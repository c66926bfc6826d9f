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

test('a page of Flotilla’s own origin', async ({ page, places }) => {
  const address = `${places.flotilla}portal-of-the-same-origin.html`;
  const html = await (await fetch(places.samesite)).text();
  await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await visit(page, address);
  await connect(page);
  expectLabelled(await label(page));
  expect((await capabilities(page)).storage.kind).toBe('lasting');
});

for (const storage of ['third parties blocked', 'all sites blocked'] as const)
  test.describe(storage, () => {
    test.use({ storage });

    test('the widget works in memory, in a page of another site', async ({ page, places }) => {
      await visit(page, places.crosssite);
      await connect(page);
      expectLabelled(await label(page));
      const { kind, usedBytes, persistent } = (await capabilities(page)).storage;
      expect([kind, usedBytes, persistent]).toEqual(['memory', null, false]);
      const { intact, rows } = await page.evaluate(() => window.flotillas[0]!.audit.verify());
      expect(intact).toBe(true);
      expect(rows).toBeGreaterThan(0);
    });

    test('the form says that nothing is kept', async ({ page, places }) => {
      await visit(page, places.crosssite);
      await page.evaluate(async (text) => {
        const container = document.getElementById('place')!;
        window.flotillas.push(await window.connect({ container, layout: 'card', text }));
      }, TICKET);
      const widget = page.frameLocator('iframe');
      await widget.getByRole('textbox').first().press('Control+Enter');
      await expect(widget.getByText(/nothing is kept after closing/)).toBeVisible();
      await expect(widget.getByText(/card arrival/i).first()).toBeVisible();
    });
  });

test.describe('the app itself, where all storage is blocked', () => {
  test.use({ storage: 'all sites blocked' });

  test('answers, keeps its history until it is closed, and says so', async ({ page, places }) => {
    await page.goto(places.flotilla);
    const messages = page.getByRole('region', { name: 'Messages' });
    await expect(messages.getByText(/This browser stores nothing for this page/)).toBeVisible();
    const answer = await page.evaluate(
      (text) => window.flotilla.run({ text, specialist: 'banking-tickets' }),
      TICKET,
    );
    expectLabelled(answer);
    const { storage } = await page.evaluate(() => window.flotilla.capabilities());
    expect(storage.kind).toBe('memory');
    for (const name of ['Batch', 'Models', 'Settings', 'Audit']) {
      await page.goto(`${places.flotilla}#/${name.toLowerCase()}`);
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    }
  });
});

test('several widgets in one page, each with its own answer', async ({ page, places }) => {
  await visit(page, places.crosssite);
  const texts = [TICKET, 'my card was stolen', 'what is the exchange rate'];
  await Promise.all(texts.map(() => connect(page)));
  const answers = await Promise.all(texts.map((text, index) => label(page, index, text)));
  const labels = answers.map(({ output }) => (output as ClassifyOutput | null)?.label);
  expect(labels).toEqual([LABEL, 'lost_or_stolen_card', 'exchange_rate']);
});

test('a portal that navigates takes the widget out of the page and puts it back', async ({
  page,
  places,
}) => {
  await visit(page, places.crosssite);
  await page.evaluate(async () => {
    const container = document.getElementById('place')!;
    window.flotillas.push(await window.connect({ container }));
  });
  expectLabelled(await label(page));
  await page.evaluate(() => {
    const place = document.getElementById('place')!;
    place.remove();
    history.pushState(null, '', '/tickets/2');
    document.body.append(place);
  });
  expectLabelled(await label(page));
  await page.evaluate(() => window.flotillas[0]!.close());
  await expect(page.locator('iframe')).toHaveCount(0);
  await connect(page);
  expectLabelled(await label(page, 1));
});

test('a widget that was used goes on without a network', async ({ page, context, places }) => {
  await visit(page, places.crosssite);
  await connect(page);
  expectLabelled(await label(page));
  await context.setOffline(true);
  expectLabelled(await label(page, 0, 'my new card has not arrived yet'));
});

test.describe('with its server away', () => {
  test.use({ expected: /ERR_(CONNECTION_REFUSED|FAILED)/ });

  test('a second widget comes out of the storage of its site', async ({ page, places }) => {
    await visit(page, places.crosssite);
    await connect(page);
    expectLabelled(await label(page));
    await page.frames()[1]!.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const models = ['router', 'banking-tickets'].map(
        (id) => `fleet/${id}/1.0.0/head.safetensors`,
      );
      for (const path of ['policy.json', 'fleet/encoder/1.0.0/model.onnx.gzip', ...models])
        while (!(await caches.match(new URL(path, location.href))))
          await new Promise((resolve) => setTimeout(resolve, 200));
    });
    await page.evaluate(() => window.flotillas[0]!.close());
    await places.closeFlotilla();
    await connect(page);
    expectLabelled(await label(page, 1));
  });
});

test('printing the host page prints the answer', async ({ page, places }) => {
  await visit(page, places.crosssite);
  await page.evaluate(async (text) => {
    const container = document.getElementById('place')!;
    window.flotillas.push(await window.connect({ container, layout: 'card', text }));
  }, TICKET);
  const widget = page.frameLocator('iframe');
  await widget.getByRole('textbox').first().focus();
  await widget.getByRole('textbox').first().press('Control+Enter');
  const answer = widget.getByText(/card arrival/i).first();
  await expect(answer).toBeVisible({ timeout: 60_000 });
  await page.emulateMedia({ media: 'print' });
  await expect(answer).toBeVisible();
  const paper = await page.pdf({ format: 'A4' });
  expect(paper.byteLength).toBeGreaterThan(1000);
  await page.emulateMedia({ media: 'screen' });
  await expect(answer).toBeVisible();
});
