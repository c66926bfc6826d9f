/** The runtime `webllm` in real Chromium with WebGPU in software: the shipped model, its reference, and what it refuses. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Result } from '../../src/core/failure.ts';
import type { ChatTurn, Generated, GenerateRequest } from '../../src/core/generation.ts';
import type { GenerationModel } from '../../src/core/generation-model.ts';
import { securityHeaders } from '../../.ci/security-headers.mjs';
import { FLEET } from '../contract/fleet-folder.ts';
import { expect, test as base, watch } from './fixture.ts';
import type { GenerationHarness, Interruption } from './runtimes/generation.ts';
import { writeMlcCopy } from './runtimes/mlc-copy.ts';
import { buildHarness, serveHarness, type Site } from './runtimes/site.ts';

declare const generation: GenerationHarness;

/** Chromium's own WebGPU on the processor, so that the test needs no graphics card. */
const WEBGPU_FLAGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  // Two lost devices within a minute would close WebGPU to this page.
  '--disable-domain-blocking-for-3d-apis',
  '--disable-gpu-process-crash-limit',
];
/** WebLLM's own words for the device that these tests take away. */
const EXPECTED_PROBLEMS = /Device lost, calling Instance\.dispose\(\)|Failed to pop error scopes/;
const FOLDER = '/fleet/house-slm/1.0.0';
/** An interruption has to settle within this time. */
const INTERRUPTION_MS = 200;

interface Golden {
  prompts: GoldenAnswer[];
  schemaPrompts: (GoldenAnswer & { schema: string; forced: boolean[] })[];
  allowedLogprobGap: number;
}
interface GoldenAnswer {
  turns: ChatTurn[];
  promptIds: number[];
  tokens: string[];
  logprobs: number[];
}
const golden = JSON.parse(
  readFileSync(join(FLEET, 'house-slm/1.0.0/golden.json'), 'utf8'),
) as Golden;

interface Bench {
  page: Page;
  site: Site;
  model: GenerationModel;
}

const test = base.extend<object, { bench: Bench }>({
  bench: [
    async ({ browser }, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'flotilla-webllm-'));
      await buildHarness(folder, 'generation.html');
      await writeMlcCopy(join(folder, 'mlc'));
      const site = await serveHarness(folder);
      site.headers = securityHeaders(null);
      const page = await browser.newPage();
      const problems = watch(page, new URL(site.url).origin);
      await page.goto(`${site.url}/generation.html`);
      await page.waitForFunction(() => 'generation' in globalThis);
      const model = await page.evaluate((path) => generation.store(path), FOLDER);
      await use({ page, site, model });
      await page.close();
      await site.close();
      await rm(folder, { recursive: true });
      const unexpected = problems.filter((problem) => !EXPECTED_PROBLEMS.test(problem));
      expect(unexpected, 'problems seen on the page').toEqual([]);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});
test.use({ flags: WEBGPU_FLAGS });
// SwiftShader on a busy machine reads three tokens a second and writes one.
test.describe.configure({ mode: 'serial', timeout: 240_000 });

const load = ({ page, model }: Bench) =>
  page.evaluate((model) => generation.load('webllm', model), model);

const ask = (
  { page }: Bench,
  turns: ChatTurn[] | string,
  changes: Partial<GenerateRequest> = {},
  interruption: Interruption | null = null,
) =>
  page.evaluate(
    ([turns, changes, interruption]) => generation.ask('webllm', turns, changes, interruption),
    [turns, changes, interruption] as const,
  );

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

function expectGolden({ tokens, promptTokens }: Generated, answer: GoldenAnswer): void {
  expect(promptTokens).toBe(answer.promptIds.length);
  expect(tokens.map(({ text }) => text)).toEqual(answer.tokens);
  for (const [index, { logprob }] of tokens.entries())
    expect(Math.abs(logprob - (answer.logprobs[index] as number)), `token ${index}`).toBeLessThan(
      golden.allowedLogprobGap,
    );
}

test.describe('a file that is not what the manifest says', () => {
  for (const [path, how, code] of [
    ['weights.gguf.2', 'flip', 'hash_mismatch'],
    ['weights.gguf.3', 'cut', 'hash_mismatch'],
    ['weights.gguf.0', 'remove', 'file_missing'],
    ['software.wasm.gzip', 'flip', 'hash_mismatch'],
    ['tokenizer.json.gzip', 'flip', 'hash_mismatch'],
  ] as const) {
    test(`${path}, ${how}: refused before the device sees a byte`, async ({ bench }) => {
      const { page, model } = bench;
      await page.evaluate(([model, path, how]) => generation.spoil(model, path, how), [
        model,
        path,
        how,
      ] as const);
      const result = await load(bench);
      expect(result).toMatchObject({ ok: false, failure: { code } });
      expect(result.ok ? '' : result.failure.message).toContain(path);
      expect(await page.evaluate(() => generation.steps)).not.toContain('compiling');
      await page.evaluate(([model, path]) => generation.forget(model, path), [
        model,
        path,
      ] as const);
      await page.evaluate((path) => generation.store(path), FOLDER);
    });
  }
});

test('loads and proves itself without asking the network for a model file', async ({ bench }) => {
  bench.site.requests.length = 0;
  const info = valueOf(await load(bench));
  expect(info).toMatchObject({
    runtime: 'webllm',
    contextTokens: 2048,
    selfTest: { prompts: 1, equalTokens: 1 },
  });
  expect(info.backend).toMatch(/^WebGPU in software \(.*swiftshader.*\)$/);
  // WebLLM itself is a script of this origin; nothing else is fetched.
  expect(bench.site.requests.filter((path) => !/^\/assets\/[^/]+\.js$/.test(path))).toEqual([]);
});

test('the golden answer, token by token, with its probabilities', async ({ bench }) => {
  const [first] = golden.prompts as [GoldenAnswer];
  const answer = await ask(bench, first.turns);
  const generated = valueOf(answer.result);
  expectGolden(generated, first);
  expect(generated.tokens.length).toBeGreaterThanOrEqual(16);
  expect(answer.deltas.join('')).toBe(generated.text);
  expect(generated.firstTokenMs).toBeGreaterThan(0);
  expect(generated.tookMs).toBeGreaterThan(generated.firstTokenMs);
});

test('a second turn is read as if nothing had come before', async ({ bench }) => {
  const conversation = golden.prompts.find(({ turns }) => turns.length > 2) as GoldenAnswer;
  const changes = { maxTokens: conversation.tokens.length };
  const first = valueOf((await ask(bench, conversation.turns, changes)).result);
  expectGolden(first, conversation);
  // Now its beginning lies in the cache.
  const again = valueOf((await ask(bench, conversation.turns, changes)).result);
  expect(again.tokens).toEqual(first.tokens);
});

test('a schema: only its values, forced tokens told apart, probabilities after the mask', async ({
  bench,
}) => {
  const [first] = golden.schemaPrompts as [Golden['schemaPrompts'][number]];
  const generated = valueOf((await ask(bench, first.turns, { schema: first.schema })).result);
  expect(generated.finish).toBe('stop');
  const { enum: values } = JSON.parse(first.schema) as { enum: string[] };
  expect(values).toContain(JSON.parse(generated.text));
  expectGolden(generated, first);
  expect(generated.tokens.map(({ forced }) => forced)).toEqual(first.forced);
  for (const { forced, logprob } of generated.tokens) if (forced) expect(logprob).toBe(0);
});

test('sampling: the same seed the same text, another seed another one', async ({ bench }) => {
  const sample = async (seed: number) =>
    valueOf((await ask(bench, 'Hi', { temperature: 1.5, seed, maxTokens: 4 })).result);
  const [first, same, other] = [await sample(7), await sample(7), await sample(8)];
  expect(same.tokens).toEqual(first.tokens);
  expect(other.text).not.toBe(first.text);
});

test('a stop text ends the answer and is not shown', async ({ bench }) => {
  const [first] = golden.prompts as [GoldenAnswer];
  const whole = first.tokens.join('');
  const stop = whole.slice(6, 8);
  const answer = await ask(bench, first.turns, { stop: [stop] });
  const generated = valueOf(answer.result);
  expect(generated).toMatchObject({ finish: 'stop', text: whole.slice(0, whole.indexOf(stop)) });
  expect(answer.deltas.join('')).toBe(generated.text);
});

test('what cannot be done is told at once', async ({ bench }) => {
  const unsupported = await ask(bench, 'Hi', { schema: '{"not": {}}' });
  expect(unsupported.result).toMatchObject({ failure: { code: 'schema_unsupported' } });
  const long = await ask(bench, 'word '.repeat(2300));
  expect(long.result).toMatchObject({ failure: { code: 'input_too_long' } });
});

test('an interruption settles within 200 ms, in the answer and in the prompt', async ({
  bench,
}) => {
  const inAnswer = await ask(bench, 'Tell a long story.', { maxTokens: 60 }, { afterDeltas: 2 });
  const kept = valueOf(inAnswer.result);
  expect(kept.finish).toBe('interrupted');
  expect(kept.text).toBe(inAnswer.deltas.join(''));
  expect(kept.tokens.length).toBeGreaterThanOrEqual(2);
  expect(inAnswer.settledMs).toBeLessThan(INTERRUPTION_MS);
  const inPrompt = await ask(bench, 'word '.repeat(400), {}, { afterMs: 700 });
  expect(valueOf(inPrompt.result)).toMatchObject({ finish: 'interrupted', text: '', tokens: [] });
  expect(inPrompt.settledMs).toBeLessThan(INTERRUPTION_MS);
});

test('after an interruption, and beside a waiting call, the golden answer is the same', async ({
  bench,
}) => {
  const [first] = golden.prompts as [GoldenAnswer];
  const [answer, waiting] = await Promise.all([
    ask(bench, first.turns, { maxTokens: 4 }),
    ask(bench, 'I wait.', {}, { afterMs: 300 }),
  ]);
  expect(waiting.settledMs).toBeLessThan(INTERRUPTION_MS);
  expect(valueOf(waiting.result).finish).toBe('interrupted');
  expect(valueOf(answer.result).text).toBe(first.tokens.slice(0, 4).join(''));
});

test('an MLC model of the catalogue: each shard is checked before it goes to the device', async ({
  bench,
}) => {
  const [first] = golden.prompts as [GoldenAnswer];
  const model = await bench.page.evaluate(() => generation.store('/mlc'));
  const copy = { ...bench, model };
  const shards = model.files.filter(({ role }) => role === 'weights').map(({ path }) => path);
  const last = shards.at(-1) ?? '';
  await bench.page.evaluate(([model, path]) => generation.spoil(model, path, 'flip'), [
    model,
    last,
  ] as const);
  const refused = await load(copy);
  expect(refused).toMatchObject({ ok: false, failure: { code: 'hash_mismatch' } });
  expect(refused.ok ? '' : refused.failure.message).toContain(last);
  await bench.page.evaluate(([model, path]) => generation.forget(model, path), [
    model,
    last,
  ] as const);
  expect(await load(copy)).toMatchObject({ ok: false, failure: { code: 'file_missing' } });
  await bench.page.evaluate(() => generation.store('/mlc'));
  bench.site.requests.length = 0;
  expect(valueOf(await load(copy)).selfTest).toBeNull();
  const answer = valueOf((await ask(bench, first.turns, { maxTokens: 3 })).result);
  expect(answer.text).toBe(first.tokens.slice(0, 3).join(''));
  expect(bench.site.requests).toEqual([]);
});

test('a device lost while the model is loaded is told, and the next load works', async ({
  bench,
  browser,
}) => {
  const protocol = await browser.newBrowserCDPSession();
  const loading = load(bench);
  await bench.page.waitForFunction(() => generation.steps.includes('testing'), null, {
    timeout: 120_000,
    polling: 50,
  });
  const startedAt = Date.now();
  await protocol.send('Browser.crashGpuProcess').catch(() => undefined);
  expect(await loading).toMatchObject({ ok: false, failure: { code: 'device_lost' } });
  expect(Date.now() - startedAt).toBeLessThan(10_000);
});

test('a lost device is told within 10 s, and the next load works', async ({ bench, browser }) => {
  const [first] = golden.prompts as [GoldenAnswer];
  valueOf(await load(bench));
  const protocol = await browser.newBrowserCDPSession();
  const asked = ask(bench, 'Count from 1 to 100.', { maxTokens: 100 });
  await new Promise((done) => setTimeout(done, 3_000));
  const startedAt = Date.now();
  await protocol.send('Browser.crashGpuProcess').catch(() => undefined);
  expect((await asked).result).toMatchObject({ ok: false, failure: { code: 'device_lost' } });
  expect(Date.now() - startedAt).toBeLessThan(10_000);
  expect((await ask(bench, 'Hi')).result).toMatchObject({ failure: { code: 'device_lost' } });
  valueOf(await load(bench));
  const answer = valueOf((await ask(bench, first.turns, { maxTokens: 4 })).result);
  expect(answer.text).toBe(first.tokens.slice(0, 4).join(''));
});

test('a disposed runtime answers what is open with `cancelled`', async ({ bench }) => {
  const asked = ask(bench, 'Tell a long story.', { maxTokens: 60 });
  await new Promise((done) => setTimeout(done, 500));
  await bench.page.evaluate(() => generation.dispose('webllm'));
  expect((await asked).result).toMatchObject({ failure: { code: 'cancelled' } });
});
