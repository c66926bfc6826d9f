/** The runtime `llama-wasm` in real Chromium, with and without threads: the shipped model, its reference, interruptions. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Result } from '../../src/core/failure.ts';
import type { ChatTurn, GenerateRequest } from '../../src/core/generation.ts';
import type { GenerationModel } from '../../src/core/generation-model.ts';
import { securityHeaders } from '../../.ci/security-headers.mjs';
import { FLEET } from '../contract/fleet-folder.ts';
import { expect, test as base, watch } from './fixture.ts';
import type { GenerationHarness, Interruption } from './runtimes/generation.ts';
import { buildHarness, serveHarness, type Site } from './runtimes/site.ts';

declare const generation: GenerationHarness;

const FOLDER = '/fleet/house-slm/1.0.0';
/** An interruption has to settle within this time. */
const INTERRUPTION_MS = 200;

interface Golden {
  prompts: { turns: ChatTurn[]; tokens: string[]; logprobs: number[] }[];
  schemaPrompts: { turns: ChatTurn[]; tokens: string[]; schema: string; forced: boolean[] }[];
  allowedLogprobGap: number;
}
const golden = JSON.parse(
  readFileSync(join(FLEET, 'house-slm/1.0.0/golden.json'), 'utf8'),
) as Golden;

interface Bench {
  /** A page of its own over the same server; `isolated` decides about threads. */
  open(isolated: boolean): Promise<{ page: Page; model: GenerationModel }>;
}

const test = base.extend<object, { bench: Bench }>({
  bench: [
    async ({ browser }, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'flotilla-llama-wasm-'));
      await buildHarness(folder, 'generation.html');
      const sites: Site[] = [];
      const problems: string[][] = [];
      await use({
        open: async (isolated) => {
          const site = await serveHarness(folder);
          sites.push(site);
          site.isolated = isolated;
          site.headers = Object.fromEntries(
            Object.entries(securityHeaders(null)).filter(
              ([name]) => isolated || !name.startsWith('Cross-Origin'),
            ),
          );
          const page = await browser.newPage();
          problems.push(watch(page, new URL(site.url).origin));
          await page.goto(`${site.url}/generation.html`);
          await page.waitForFunction(() => 'generation' in globalThis);
          const model = await page.evaluate((path) => generation.store(path), FOLDER);
          return { page, model };
        },
      });
      await Promise.all(sites.map((site) => site.close()));
      await rm(folder, { recursive: true });
      expect(problems.flat(), 'problems seen on the page').toEqual([]);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});
test.describe.configure({ mode: 'serial' });

const load = (page: Page, model: GenerationModel, threads?: number) =>
  page.evaluate(
    ([model, threads]) =>
      generation.load('llama-wasm', model, threads === undefined ? {} : { threads }),
    [model, threads] as const,
  );
const ask = (
  page: Page,
  turns: ChatTurn[] | string,
  changes: Partial<GenerateRequest> = {},
  interruption: Interruption | null = null,
) =>
  page.evaluate(
    ([turns, changes, interruption]) => generation.ask('llama-wasm', turns, changes, interruption),
    [turns, changes, interruption] as const,
  );

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

for (const isolated of [true, false]) {
  const where = isolated ? 'with two threads' : 'without cross-origin isolation';
  test.describe(where, () => {
    let page: Page;
    let model: GenerationModel;
    test.beforeAll(async ({ bench }) => {
      ({ page, model } = await bench.open(isolated));
    });
    test.afterAll(async () => {
      await page.evaluate(() => generation.dispose('llama-wasm'));
      await page.close();
    });

    test('loads, equals the reference, and says how fast it is', async () => {
      test.setTimeout(120_000);
      const info = valueOf(await load(page, model, 2));
      expect(info.backend).toBe(`WebAssembly, ${isolated ? '2 threads' : '1 thread'}`);
      expect(info.selfTest).toMatchObject({ equalTokens: 1 });
      const all = valueOf(await page.evaluate(() => generation.selfTest('llama-wasm')));
      expect(all).toMatchObject({ equalTokens: 1, prompts: golden.prompts.length });
      expect(info.selfTest?.decodePerSecond).toBeGreaterThan(0);
      console.log(`llama-wasm ${where}: ${JSON.stringify(info)}`);
    });

    test('streams the golden answer and keeps to a schema under our policy', async () => {
      const [first] = golden.prompts;
      const { result, deltas } = await ask(page, first?.turns ?? '');
      const answer = valueOf(result);
      expect(answer.tokens.map(({ text }) => text)).toEqual(first?.tokens);
      expect(deltas.join('')).toBe(answer.text);
      for (const { turns, schema, tokens, forced } of golden.schemaPrompts) {
        const chosen = valueOf((await ask(page, turns, { schema })).result);
        expect(chosen.tokens.map(({ text }) => text)).toEqual(tokens);
        expect(chosen.tokens.map((token) => token.forced)).toEqual(forced);
      }
    });

    test('is interrupted in time while it reads and while it writes', async () => {
      const long = 'The quick brown fox jumps over the lazy dog. '.repeat(150);
      const reading = await ask(page, long, {}, { afterMs: 100 });
      expect(valueOf(reading.result)).toMatchObject({ finish: 'interrupted', text: '' });
      expect(reading.settledMs).toBeLessThan(INTERRUPTION_MS);
      const writing = await ask(page, 'Tell a story.', { maxTokens: 400 }, { afterDeltas: 2 });
      expect(valueOf(writing.result).finish).toBe('interrupted');
      expect(writing.settledMs).toBeLessThan(INTERRUPTION_MS);
    });
  });
}

test('gives the same numbers with one, two and three threads', async ({ bench }) => {
  test.setTimeout(180_000);
  const { page, model } = await bench.open(true);
  const answers = [];
  for (const threads of [1, 2, 3]) {
    valueOf(await load(page, model, threads));
    const { result } = await ask(page, 'Write one sentence about the sea.', { maxTokens: 24 });
    answers.push(valueOf(result).tokens);
    await page.evaluate(() => generation.dispose('llama-wasm'));
  }
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  await page.close();
});

test('refuses a file that was changed on the disk', async ({ bench }) => {
  const { page, model } = await bench.open(true);
  await page.evaluate((model) => generation.spoil(model, 'weights.gguf.2', 'flip'), model);
  expect(await load(page, model)).toMatchObject({ ok: false, failure: { code: 'hash_mismatch' } });
  await page.close();
});
