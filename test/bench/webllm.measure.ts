/** What our runtime costs beside WebLLM by itself: the same model and library on one page, answers by turns. */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession } from '@playwright/test';
import { expect, test } from '../browser/fixture.ts';
import type { GenerationHarness } from '../browser/runtimes/generation.ts';
import { writeMlcCopy } from '../browser/runtimes/mlc-copy.ts';
import { buildHarness, serveHarness } from '../browser/runtimes/site.ts';

declare const generation: GenerationHarness;

test.use({
  flags: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'],
});

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 8);
const TOKENS = 24;

interface Run {
  text: string;
  firstMs: number;
  /** Of the tokens after the first. */
  perSecond: number;
  /** Processor time of all of Chromium, in seconds: other load on the machine hardly touches it. */
  cpuSeconds: number;
}

const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
};

async function cpuSeconds(protocol: CDPSession): Promise<number> {
  const { processInfo } = await protocol.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

test('webllm: overhead', async ({ browser }) => {
  test.setTimeout(1_500_000);
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-bench-'));
  await buildHarness(folder, 'generation.html');
  await writeMlcCopy(join(folder, 'mlc/resolve/main'));
  const site = await serveHarness(folder);
  const page = await browser.newPage();
  const protocol = await browser.newBrowserCDPSession();
  await page.goto(`${site.url}/generation.html`);
  await page.waitForFunction(() => 'generation' in globalThis);
  const base = `${site.url}/mlc/resolve/main/`;
  const loaded = await page.evaluate(async (base) => {
    const model = await generation.store(base.slice(0, -1));
    await generation.askPeer({ base });
    return generation.load('webllm', model);
  }, base);
  if (!loaded.ok) throw new Error(loaded.failure.message);

  // A system turn that was never seen: nothing of the prompt lies in either cache.
  const turnsOf = (round: number) => [
    { role: 'system' as const, content: `${round} is the number of this exercise.` },
    { role: 'user' as const, content: 'Count from 1 to 100.' },
  ];
  const ours = async (round: number): Promise<Run> => {
    const before = await cpuSeconds(protocol);
    const { result, firstMs, tookMs } = await page.evaluate(
      ([turns, maxTokens]) => generation.ask('webllm', turns, { maxTokens }),
      [turnsOf(round), TOKENS] as const,
    );
    if (!result.ok) throw new Error(result.failure.message);
    const { text, tokens } = result.value;
    const perSecond = ((tokens.length - 1) / (tookMs - firstMs)) * 1000;
    return { text, firstMs, perSecond, cpuSeconds: (await cpuSeconds(protocol)) - before };
  };
  const theirs = async (round: number): Promise<Run> => {
    const before = await cpuSeconds(protocol);
    const { text, tokens, firstMs, tookMs } = await page.evaluate(
      ([messages, maxTokens]) => generation.askPeer({ messages, maxTokens }),
      [turnsOf(round), TOKENS] as const,
    );
    const perSecond = ((tokens - 1) / (tookMs - firstMs)) * 1000;
    return { text, firstMs, perSecond, cpuSeconds: (await cpuSeconds(protocol)) - before };
  };

  const pairs: { ours: Run; theirs: Run }[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const oursFirst = round % 2 === 0;
    const early = oursFirst ? await ours(round + 100) : null;
    const peer = await theirs(round + 100);
    const pair = { ours: early ?? (await ours(round + 100)), theirs: peer };
    expect(pair.ours.text).toBe(pair.theirs.text);
    if (round >= 0) pairs.push(pair);
  }
  const of = (pick: (pair: (typeof pairs)[number]) => number) => median(pairs.map(pick));
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; ${loaded.value.backend}; ${pairs.length} pairs of ${TOKENS} tokens, medians`,
  );
  console.table({
    'tokens/s': { ours: of((p) => p.ours.perSecond), WebLLM: of((p) => p.theirs.perSecond) },
    'first token, ms': { ours: of((p) => p.ours.firstMs), WebLLM: of((p) => p.theirs.firstMs) },
    'processor, s': { ours: of((p) => p.ours.cpuSeconds), WebLLM: of((p) => p.theirs.cpuSeconds) },
  });
  console.log(
    `tokens/s, ours of WebLLM's: ${(of((p) => p.ours.perSecond / p.theirs.perSecond) * 100).toFixed(1)} %; ` +
      `first token: ${of((p) => p.ours.firstMs - p.theirs.firstMs).toFixed(0)} ms later; ` +
      `processor: ${(of((p) => p.ours.cpuSeconds / p.theirs.cpuSeconds) * 100).toFixed(1)} %`,
  );
  await page.close();
  await site.close();
  await rm(folder, { recursive: true });
});
