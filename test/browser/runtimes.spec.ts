/** The runtimes in real workers: what they load, what they refuse, and that a text has one vector. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test as base } from './fixture.ts';
import type { LoadOptions } from '../../workers/runtimes/contract.ts';
import type { Harness } from './runtimes/harness.ts';
import { buildHarness, modelOf, serveHarness, type Site } from './runtimes/site.ts';

declare const harness: Harness;
type Kind = 'static' | 'encoder';

const test = base.extend<{ fresh: Site; open: (site: Site) => Promise<Page> }, { bench: Site }>({
  bench: [
    async ({ browserName: _ }, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'flotilla-harness-'));
      await buildHarness(folder);
      const site = await serveHarness(folder);
      await use(site);
      await site.close();
      await rm(folder, { recursive: true });
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  fresh: async ({ bench }, use) => {
    Object.assign(bench, { isolated: true, slowBytes: null });
    bench.faults.clear();
    bench.requests.length = 0;
    await use(bench);
  },
  open: async ({ context }, use) => {
    await use(async (site) => {
      const page = await context.newPage();
      await page.goto(`${site.url}/harness.html`);
      await page.waitForFunction(() => 'harness' in globalThis);
      return page;
    });
  },
});

async function load(page: Page, kind: Kind, options: LoadOptions = { threads: 1 }) {
  const model = await modelOf(kind);
  return page.evaluate(([kind, model, options]) => harness.load(kind, model, options), [
    kind,
    model,
    options,
  ] as const);
}

async function loadOrThrow(page: Page, kind: Kind, options?: LoadOptions) {
  const result = await load(page, kind, options);
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

const embed = (page: Page, kind: Kind, texts: string[]) =>
  page.evaluate(([kind, texts]) => harness.embed(kind, texts), [kind, texts] as const);

const length = (row: number[]) => Math.hypot(...row);

const TEXTS = [
  'my card was declined at the supermarket',
  'turn off the kitchen lights',
  'x',
  'I would like to know when the invoice for the second quarter will be paid, because the supplier asks again',
  'مرحبا، أين طلبي؟',
  'what is the capital of France? '.repeat(20),
];
const HOSTILE = [
  '',
  'a'.repeat(100_000),
  '<script>alert(1)</script> '.repeat(40_000),
  '\u0000\u0000 NUL',
  '\ud800 lone \udc00 surrogates \ud83d',
  '🚚'.repeat(5000),
  '\u202e שלום עולם',
  'e\u0301\u0302\u0303'.repeat(30_000),
  '[CLS] [SEP] [MASK] [PAD]',
];

test.setTimeout(300_000);

for (const kind of ['static', 'encoder'] as const) {
  test.describe(kind, () => {
    test('loads with progress in bytes, passes its self-test, and starts from the cache without a network', async ({
      fresh,
      open,
    }) => {
      const page = await open(fresh);
      const model = await modelOf(kind);
      const total = model.files.reduce((sum, file) => sum + file.bytes, 0);
      const cold = await loadOrThrow(page, kind);
      expect(cold).toMatchObject({ fetchedBytes: total, cache: 'stored', dims: model.dims });
      expect(cold.selfTest.minCosine).toBeGreaterThanOrEqual(cold.selfTest.requiredCosine);
      const progress = await page.evaluate(() => harness.progress);
      expect(progress.at(-1)).toEqual([total, total]);
      const [before] = (await embed(page, kind, TEXTS.slice(0, 1))).rows;
      await page.evaluate((kind) => harness.dispose(kind), kind);

      for (const { path } of model.files) fresh.faults.set(`/fleet/${path}`, () => null);
      const warm = await loadOrThrow(page, kind);
      expect(warm).toMatchObject({ fetchedBytes: 0, cache: 'hit' });
      expect((await embed(page, kind, TEXTS.slice(0, 1))).rows[0]).toEqual(before);
    });

    test('a changed, cut, overlong or missing file is never used', async ({ fresh, open }) => {
      const page = await open(fresh);
      const flip = (bytes: Buffer) => {
        const changed = Buffer.from(bytes);
        changed[changed.length >> 1] = (changed[changed.length >> 1] as number) ^ 1;
        return changed;
      };
      const { files } = await modelOf(kind);
      const faults: [string, (bytes: Buffer) => Buffer | null][] = [
        ['hash_mismatch', flip],
        ['file_corrupt', (bytes) => bytes.subarray(0, bytes.length - 7)],
        ['file_corrupt', (bytes) => Buffer.concat([bytes, Buffer.from('x')])],
        ['file_missing', () => null],
      ];
      for (const { path } of files) {
        for (const [code, fault] of faults) {
          fresh.faults.clear();
          fresh.faults.set(`/fleet/${path}`, fault);
          const result = await load(page, kind);
          expect(result.ok ? 'loaded' : result.failure.code, `${path} ${code}`).toBe(code);
          const refused = await page.evaluate(
            (kind) => harness.runtime(kind).embed(['hello']),
            kind,
          );
          expect(refused.ok).toBe(false);
          await page.evaluate((kind) => harness.dispose(kind), kind);
          await page.evaluate(() => caches.delete('flotilla-models'));
        }
      }
    });

    test('a cached file that was changed is fetched again', async ({ fresh, open }) => {
      const page = await open(fresh);
      await loadOrThrow(page, kind);
      await page.evaluate((kind) => harness.dispose(kind), kind);
      await page.evaluate(async () => {
        const cache = await caches.open('flotilla-models');
        for (const key of await cache.keys()) await cache.put(key, new Response('nonsense'));
      });
      const again = await loadOrThrow(page, kind);
      expect(again.cache).toBe('stored');
      expect(again.fetchedBytes).toBeGreaterThan(0);
    });

    test('a text has the same vector alone, in a batch and in any order, on one thread and on several', async ({
      fresh,
      open,
    }) => {
      const threaded = await open(fresh);
      const info = await loadOrThrow(threaded, kind, { threads: 2 });
      if (kind === 'encoder') expect(info.backend).toBe('wasm, 2 threads');
      const batch = (await embed(threaded, kind, TEXTS)).rows;
      await threaded.close();

      fresh.isolated = false;
      const page = await open(fresh);
      const single = await loadOrThrow(page, kind, { threads: 2 });
      if (kind === 'encoder') expect(single.backend).toBe('wasm, 1 thread');
      const alone = [];
      for (const text of TEXTS) alone.push((await embed(page, kind, [text])).rows[0]);
      const backwards = (await embed(page, kind, [...TEXTS].reverse())).rows.reverse();
      expect(alone).toEqual(batch);
      expect(backwards).toEqual(batch);
      for (const row of batch) expect(length(row)).toBeCloseTo(1, 4);
    });

    test('hostile input gives vectors or zeros, and says what was cut', async ({ fresh, open }) => {
      const page = await open(fresh);
      await loadOrThrow(page, kind);
      const { rows, cut } = await embed(page, kind, HOSTILE);
      for (const row of rows)
        expect([0, 1].some((wanted) => Math.abs(length(row) - wanted) < 1e-4)).toBe(true);
      expect(cut).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0]);
    });

    test('dispose during the load answers with cancelled, and a new start works', async ({
      fresh,
      open,
    }) => {
      const page = await open(fresh);
      fresh.slowBytes = 2000;
      const model = await modelOf(kind);
      const code = await page.evaluate(
        async ([kind, model]) => {
          const loading = harness.load(kind, model);
          while (harness.progress.length === 0)
            await new Promise((resolve) => setTimeout(resolve, 20));
          await harness.dispose(kind);
          const result = await loading;
          return result.ok ? 'loaded' : result.failure.code;
        },
        [kind, model] as const,
      );
      expect(code).toBe('cancelled');
      fresh.slowBytes = null;
      await loadOrThrow(page, kind);
    });
  });
}

test('nothing but this server is asked, and the large engine is not fetched without a GPU', async ({
  fresh,
  open,
  context,
}) => {
  const foreign: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(fresh.url) && !request.url().startsWith('blob:'))
      foreign.push(request.url());
  });
  const page = await open(fresh);
  await loadOrThrow(page, 'encoder');
  expect(foreign).toEqual([]);
  expect(fresh.requests.filter((path) => /asyncify|jsep|jspi/.test(path))).toEqual([]);
});

test('the encoder gives a vector for every token, whose mean is close to the text; the static table has none', async ({
  fresh,
  open,
}) => {
  const page = await open(fresh);
  await loadOrThrow(page, 'encoder');
  const texts = ['Zoë paid €20 in Köln', 'turn off the kitchen lights', '', 'word '.repeat(400)];
  const all = await page.evaluate((texts) => harness.tokens('encoder', texts), texts);
  const pooled = await embed(page, 'encoder', texts);
  expect(all.map((one) => one.cut)).toEqual([false, false, false, true]);
  expect(all.map((one) => one.rows.length)).toEqual([6, 5, 0, 254]);
  expect(texts[0]?.slice(all[0]?.offsets[0], all[0]?.offsets[1])).toBe('Zoë');
  for (const [index, { rows }] of all.slice(0, 2).entries()) {
    const mean = (rows[0] ?? []).map((_, dim) =>
      rows.reduce((sum, row) => sum + (row[dim] ?? 0), 0),
    );
    const cosine = mean.reduce(
      (sum, value, dim) => sum + value * (pooled.rows[index]?.[dim] ?? 0),
      0,
    );
    expect(cosine / length(mean)).toBeGreaterThan(0.9);
  }
  await loadOrThrow(page, 'static');
  const none = await page.evaluate(() => harness.runtime('static').tokens(['x']));
  expect(none).toMatchObject({ ok: false, failure: { code: 'runtime_failed' } });
});
