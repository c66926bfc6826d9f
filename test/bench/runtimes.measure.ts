/** Speed of the runtimes in real workers, alternating with transformers.js' own pipeline on the same model file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpus } from 'node:os';
import type { Page } from '@playwright/test';
import { expect, test } from '../browser/fixture.ts';
import type { Harness } from '../browser/runtimes/harness.ts';
import { buildHarness, modelOf, serveHarness, type Site } from '../browser/runtimes/site.ts';

declare const harness: Harness;

const SHORT =
  'please transfer two hundred dollars from my checking account to my savings account before the end of week';
const LONG = Array.from({ length: 10 }, () => SHORT).join(' ');
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 15);
const PER_ROUND = 6;

/** Different texts of the same number of tokens, so that no memory of vectors helps. */
let numbered = 100;
const fresh = (text: string, count: number): string[] =>
  Array.from(
    { length: count },
    () => `${text} ${(numbered = numbered < 999 ? numbered + 1 : 100)}`,
  );

const percentile = (values: number[], share: number): number =>
  [...values].sort((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ] ?? NaN;
const spread = (values: number[]): string =>
  `${percentile(values, 0.5).toFixed(1)} / ${percentile(values, 0.95).toFixed(1)} ms`;

async function open(page: Page, site: Site): Promise<void> {
  await page.goto(`${site.url}/harness.html`);
  await page.waitForFunction(() => 'harness' in globalThis);
}

async function measureEncoder(page: Page, threads: number): Promise<Record<string, string>> {
  const model = await modelOf('encoder');
  const load = () =>
    page.evaluate(([model, threads]) => harness.load('encoder', model, { threads }), [
      model,
      threads,
    ] as const);
  await page.evaluate(() => caches.delete('flotilla-models'));
  const cold = await load();
  const [first = NaN] = await page.evaluate(
    (texts) => harness.time('encoder', texts),
    fresh(SHORT, 1),
  );
  await page.evaluate(() => harness.dispose('encoder'));
  const warm = await load();
  if (!cold.ok || !warm.ok) throw new Error(JSON.stringify([cold, warm]));
  const peer = await page.evaluate((ask) => harness.askPeer(ask), {
    threads,
    texts: fresh(SHORT, 1),
  });
  expect(peer.error).toBeUndefined();
  const times: Record<string, number[]> = { ours: [], peer: [], oursLong: [], peerLong: [] };
  for (let round = -3; round < ROUNDS; round++) {
    const ours = await page.evaluate(
      (texts) => harness.time('encoder', texts),
      fresh(SHORT, PER_ROUND),
    );
    const theirs = await page.evaluate(
      (texts) => harness.askPeer({ texts }),
      fresh(SHORT, PER_ROUND),
    );
    const oursLong = await page.evaluate((texts) => harness.time('encoder', texts), fresh(LONG, 1));
    const theirsLong = await page.evaluate((texts) => harness.askPeer({ texts }), fresh(LONG, 1));
    if (round < 0) continue;
    times['ours']?.push(...ours);
    times['peer']?.push(...theirs.times);
    times['oursLong']?.push(...oursLong);
    times['peerLong']?.push(...theirsLong.times);
  }
  await page.evaluate(() => harness.endPeer());
  await page.evaluate(() => harness.dispose('encoder'));
  return {
    backend: warm.value.backend,
    '21 tokens, p50 / p95': spread(times['ours'] ?? []),
    'peer, 21 tokens': spread(times['peer'] ?? []),
    '192 tokens, p50 / p95': spread(times['oursLong'] ?? []),
    'peer, 192 tokens': spread(times['peerLong'] ?? []),
    'first call': `${first.toFixed(0)} ms`,
    'load cold': `${cold.value.loadMs.toFixed(0)} ms, ${cold.value.fetchedBytes} bytes`,
    'load cached': `${warm.value.loadMs.toFixed(0)} ms, ${warm.value.fetchedBytes} bytes`,
  };
}

test('runtimes: speed', async ({ context }) => {
  test.setTimeout(900_000);
  const page = await context.newPage();
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-bench-'));
  await buildHarness(folder);
  const site = await serveHarness(folder);
  await open(page, site);
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores, load ${(await import('node:os')).loadavg()[0]?.toFixed(1)}`,
  );

  const model = await modelOf('static');
  const load = () => page.evaluate((model) => harness.load('static', model), model);
  const cold = await load();
  await page.evaluate(() => harness.dispose('static'));
  const warm = await load();
  if (!cold.ok || !warm.ok) throw new Error(JSON.stringify([cold, warm]));
  const rates: number[] = [];
  for (let round = 0; round < 7; round++) {
    const texts = Array.from(
      { length: 10_000 },
      (_, index) => `where is my order ${index} and why is my card not working`,
    );
    rates.push(await page.evaluate((texts) => harness.rowsPerSecond('static', texts), texts));
  }
  console.table([
    {
      runtime: 'static',
      'texts/s with a 150 × 256 head': Math.round(percentile(rates, 0.5)),
      'load cold': `${cold.value.loadMs.toFixed(0)} ms, ${cold.value.fetchedBytes} bytes`,
      'load cached': `${warm.value.loadMs.toFixed(0)} ms`,
    },
  ]);
  console.table([await measureEncoder(page, 1), await measureEncoder(page, 2)]);
  await site.close();
  await rm(folder, { recursive: true });
});
