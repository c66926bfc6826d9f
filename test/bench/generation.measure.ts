/** The WASM tier on the same weights, in turns: our engine, wllama, transformers.js, and native llama.cpp as the yardstick. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BrowserContext } from '@playwright/test';
import type { ChatTurn } from '../../src/core/generation.ts';
import type { GenerationModel } from '../../src/core/generation-model.ts';
import { ROOT } from '../../.ci/project.mjs';
import { test } from '../browser/fixture.ts';
import { buildHarness, serveHarness } from '../browser/runtimes/site.ts';
import { FLEET } from '../contract/fleet-folder.ts';
import {
  nativeEngine,
  ourEngine,
  wllamaEngine,
  type BenchEngine,
  type Speed,
} from './generation-engines.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 7);
const DECODED = 48;
const HOUSE = 'house-slm/1.0.0';
/** Made by models/onnx_slm; left out where they were not. */
const ONNX = join(ROOT, 'models/build/onnx_slm');

const SHORT =
  'Explain in detail how a rainbow forms in the sky after the rain, step by step, for a curious child.';
const LONG = `${'The old lighthouse keeper walked down to the harbour every morning to look at the boats. '.repeat(12)}${SHORT}`;

/** A first turn that differs each time, so that no engine can reuse the keys of an earlier prompt. */
let numbered = 100;
const turns = (text: string): ChatTurn[] => [
  { role: 'system', content: `${numbered++} is the number of this lesson.` },
  { role: 'user', content: text },
];

async function joinShards(file: string): Promise<void> {
  const model = JSON.parse(
    await readFile(join(FLEET, HOUSE, 'model.json'), 'utf8'),
  ) as GenerationModel;
  const shards = model.files.filter(({ role }) => role === 'weights');
  await writeFile(
    file,
    Buffer.concat(await Promise.all(shards.map(({ path }) => readFile(join(FLEET, HOUSE, path))))),
  );
}

async function openEngines(
  threads: number,
  context: BrowserContext,
  url: string,
  gguf: string,
): Promise<BenchEngine[]> {
  const house = `/fleet/${HOUSE}`;
  const engines = [
    await nativeEngine(gguf, threads),
    await ourEngine('llama-wasm', 'llama-wasm', house, threads, context, url),
    await wllamaEngine(house, threads, context, url),
    existsSync(join(ONNX, 'fp32'))
      ? await ourEngine(
          'transformers-llm',
          'transformers.js fp32',
          '/onnx/fp32',
          threads,
          context,
          url,
        )
      : null,
  ];
  return engines.filter((engine) => engine !== null);
}

interface Series {
  short: Speed[];
  long: Speed[];
}

/** Every engine answers once a round, each round another one first. */
async function measure(engines: readonly BenchEngine[], rounds: number): Promise<Series[]> {
  const series = engines.map((): Series => ({ short: [], long: [] }));
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < engines.length; turn++) {
      const index = (turn + round + engines.length) % engines.length;
      const engine = engines[index] as BenchEngine;
      const [reference] = series[0]?.short ?? [];
      const short = await engine.ask(turns(SHORT), DECODED, reference?.promptTokens ?? NaN);
      const [longReference] = series[0]?.long ?? [];
      const long = await engine.ask(turns(LONG), 1, longReference?.promptTokens ?? NaN);
      // The first round warms up, and says how many tokens the prompts have.
      if (round === 0) series[index] = { short: [], long: [] };
      series[index]?.short.push(short);
      series[index]?.long.push(long);
    }
  }
  return series;
}

const percentile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ] ?? NaN;

/** Tokens per second: the median, and what 95 % of the answers reach. */
const spread = (values: number[]): string =>
  `${percentile(values, 0.5).toFixed(1)} / ${percentile(values, 0.05).toFixed(1)}`;

function rows(engines: readonly BenchEngine[], series: readonly Series[]) {
  const native = series[engines.findIndex(({ name }) => name.startsWith('native'))];
  const ratio = (
    mine: Speed[] | undefined,
    theirs: Speed[] | undefined,
    what: 'prefill' | 'decode',
  ) =>
    mine && theirs ? `${Math.round((100 * median(mine, what)) / median(theirs, what))} %` : '–';
  return engines.map(({ name, loadSeconds }, index) => {
    const { short = [], long = [] } = series[index] ?? {};
    return {
      engine: name,
      'load s': Number.isNaN(loadSeconds) ? '–' : loadSeconds.toFixed(1),
      [`prompt of ${short[0]?.promptTokens}`]: spread(short.map(({ prefill }) => prefill)),
      [`prompt of ${long[0]?.promptTokens}`]: spread(long.map(({ prefill }) => prefill)),
      decode: spread(short.map(({ decode }) => decode)),
      'of native: long prompt': ratio(long, native?.long, 'prefill'),
      'of native: decode': ratio(short, native?.short, 'decode'),
      answer: (short.at(-1)?.text ?? '').slice(0, 24),
    };
  });
}

const median = (speeds: Speed[], what: 'prefill' | 'decode'): number =>
  percentile(
    speeds.map((speed) => speed[what]),
    0.5,
  );

function printEngineBytes(): void {
  const binaries = {
    'llama-wasm': 'workers/runtimes/llama-wasm/relaxed-threads.wasm',
    wllama: 'node_modules/@wllama/wllama/esm/multi-thread/wllama.wasm',
    onnxruntime: 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm',
  };
  console.table(
    Object.entries(binaries).map(([engine, path]) => {
      const bytes = readFileSync(join(ROOT, path));
      return { engine, 'wasm bytes': bytes.length, gzip: gzipSync(bytes).length };
    }),
  );
}

const shell = (): string =>
  `${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`;

test('WASM tier: tokens per second on the same weights', async ({ context }) => {
  test.skip(!existsSync(join(FLEET, HOUSE, 'model.json')), 'house-slm was not built');
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-bench-generation-'));
  await buildHarness(folder, 'generation-bench.html');
  if (existsSync(ONNX)) await symlink(ONNX, join(folder, 'onnx'));
  const gguf = join(folder, 'house.gguf');
  await joinShards(gguf);
  const site = await serveHarness(folder);
  printEngineBytes();
  for (const threads of [1, 2]) {
    const engines = await openEngines(threads, context, site.url, gguf);
    console.log(`${threads} thread(s), ${ROUNDS} rounds, tokens per second p50 / p95; ${shell()}`);
    const series = await measure(engines, ROUNDS);
    console.table(rows(engines, series));
    console.log(`load after: ${loadavg()[0]?.toFixed(1)}`);
    for (const engine of engines) await engine.stop();
  }
  await site.close();
  await rm(folder, { recursive: true });
});

test('transformers.js with 4-bit weights on WASM', async ({ context }) => {
  test.skip(!existsSync(join(ONNX, 'q4')), 'models/build/onnx_slm/q4 was not built');
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-bench-onnx-'));
  await buildHarness(folder, 'generation-bench.html');
  await symlink(ONNX, join(folder, 'onnx'));
  const site = await serveHarness(folder);
  const engine = await ourEngine('transformers-llm', 'q4', '/onnx/q4', 2, context, site.url);
  const speed = await engine.ask(turns(SHORT), 6, NaN);
  console.log(
    `${engine.name}: prompt ${speed.prefill.toFixed(1)}, decode ${speed.decode.toFixed(1)} tokens/s; ${shell()}`,
  );
  await site.close();
  await rm(folder, { recursive: true });
});

test('chat through the app on WASM: time to the first token', async ({ page, site }) => {
  await page.goto(site.url);
  await page.waitForFunction(() => 'flotilla' in window);
  await page.evaluate(() => window.flotilla.models.chooseBackend('wasm'));
  const loadStartedAt = Date.now();
  const info = await page.evaluate(async () => {
    await window.flotilla.models.download('house-slm');
    return window.flotilla.models.load('house-slm');
  });
  const loadedMs = Date.now() - loadStartedAt;
  const first: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const timed = await page.evaluate(async (messages) => {
      const startedAt = performance.now();
      let firstAt = 0;
      const stream = window.flotilla.chat.completions.create({
        model: 'house-slm',
        messages: messages as never,
        max_tokens: 16,
        stream: true,
      });
      for await (const chunk of stream)
        if (chunk.choices[0]?.delta.content) firstAt ||= performance.now() - startedAt;
      return [firstAt, performance.now() - startedAt] as const;
    }, turns(SHORT));
    first.push(timed[0]);
    whole.push(timed[1]);
  }
  const ms = (values: number[]) =>
    `${percentile(values, 0.5).toFixed(0)} ms p50, ${percentile(values, 0.95).toFixed(0)} ms p95`;
  console.log(
    `chat through the app, ${info.backend}: from the server to ready ${loadedMs} ms; first token ${ms(first)}; 16 tokens ${ms(whole)}; ${shell()}`,
  );
});
