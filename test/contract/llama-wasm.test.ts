/** The runtime llama-wasm with the shipped weights: golden answers, same text twice, schemas, interrupts, bad files. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { compileFunction, constants } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ok } from '../../src/core/failure.ts';
import type { GenerateRequest, Generated } from '../../src/core/generation.ts';
import type { GenerationModel } from '../../src/core/generation-model.ts';
import type { GenerationRuntime } from '../../workers/runtimes/generation-contract.ts';
import type { GrammarLibrary } from '../../workers/runtimes/llama-wasm/grammar.ts';
import {
  createLlamaRuntime,
  type RuntimeDoors,
} from '../../workers/runtimes/llama-wasm/runtime.ts';

const BUILDS = new URL('../../workers/runtimes/llama-wasm/', import.meta.url);
const MODEL = new URL('../../public/fleet/house-slm/1.0.0/', import.meta.url);

// Node 20 knows relaxed SIMD, but behind a flag.
setFlagsFromString('--experimental-wasm-relaxed-simd');

const buildBytes = (name: string) => readFileSync(new URL(`${name}.wasm`, BUILDS));

/** Node cannot import the library as a module: it is a script that is marked as one. */
function grammarLibrary(): Promise<GrammarLibrary> {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@mlc-ai/web-xgrammar');
  const library = { exports: {} as GrammarLibrary };
  const run = compileFunction(
    readFileSync(path, 'utf8'),
    ['exports', 'module', 'require', '__filename', '__dirname'],
    { importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
  ) as (...scope: unknown[]) => void;
  run(library.exports, library, require, path, dirname(path));
  return Promise.resolve(library.exports);
}

/** Cache Storage that holds the shipped files under their hashes; `change` may spoil one. */
function storageOf(model: GenerationModel, change: (path: string, bytes: Buffer) => Buffer | null) {
  const match = (url: string) => {
    const file = model.files.find(({ sha256 }) => url.endsWith(`/${sha256}`));
    const bytes = file ? change(file.path, readFileSync(new URL(file.path, MODEL))) : null;
    return Promise.resolve(bytes ? new Response(new Uint8Array(bytes)) : undefined);
  };
  return { open: () => Promise.resolve({ match }) } as unknown as CacheStorage;
}

function doorsFor(
  model: GenerationModel,
  relaxed: boolean,
  change: (path: string, bytes: Buffer) => Buffer | null = (_path, bytes) => bytes,
): RuntimeDoors {
  return {
    caches: storageOf(model, change),
    baseUrl: 'http://127.0.0.1/',
    isolated: false,
    cores: 1,
    now: () => performance.now(),
    compile: async () =>
      ok({
        module: await WebAssembly.compile(buildBytes(relaxed ? 'relaxed' : 'plain')),
        relaxed,
        threads: false,
      }),
    lanes: { start: () => Promise.reject(new Error('one thread only')), end: () => undefined },
    grammarLibrary,
  };
}

const ask = (content: string, more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  turns: [{ role: 'user', content }],
  maxTokens: 16,
  temperature: 0,
  topP: 1,
  seed: null,
  stop: [],
  schema: null,
  ...more,
});

describe('the builds of the engine', () => {
  const hashes = JSON.parse(readFileSync(new URL('wasm-hashes.json', BUILDS), 'utf8')) as Record<
    string,
    string
  >;
  it.each(Object.entries(hashes))('%s is the one that the recipe made', (name, sha256) => {
    const bytes = readFileSync(new URL(name, BUILDS));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect(bytes.length).toBeLessThan(100_000);
    expect(WebAssembly.validate(bytes)).toBe(true);
  });
});

describe.skipIf(!existsSync(new URL('model.json', MODEL)))(
  'llama-wasm with the shipped model',
  () => {
    const model = JSON.parse(readFileSync(new URL('model.json', MODEL), 'utf8')) as GenerationModel;
    const golden = JSON.parse(readFileSync(new URL('golden.json', MODEL), 'utf8')) as {
      schemaPrompts: {
        turns: GenerateRequest['turns'];
        schema: string;
        tokens: string[];
        logprobs: number[];
        forced: boolean[];
      }[];
      allowedLogprobGap: number;
    };
    let runtime: GenerationRuntime;
    const steps: string[] = [];

    beforeAll(async () => {
      runtime = createLlamaRuntime(doorsFor(model, true));
      const info = await runtime.load(model, ({ stage, loadedBytes, totalBytes }) =>
        steps.push(`${stage} ${loadedBytes}/${totalBytes}`),
      );
      if (!info.ok) throw new Error(info.failure.message);
      expect(info.value).toMatchObject({
        runtime: 'llama-wasm',
        backend: 'WebAssembly, 1 thread',
        contextTokens: model.contextTokens,
        selfTest: { equalTokens: 1 },
      });
    }, 120_000);
    afterAll(() => runtime.dispose());

    const generate = async (
      request: GenerateRequest,
      id = 'one',
      onDelta: ((delta: string) => void) | null = null,
    ): Promise<Generated> => {
      const result = await runtime.generate(request, id, onDelta);
      if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
      return result.value;
    };

    it('tells how much of the files it has read', () => {
      const reading = steps.filter((step) => step.startsWith('reading'));
      const total = reading.at(-1)?.split('/')[1];
      expect(reading.at(-1)).toBe(`reading ${total}/${total}`);
      expect(steps.at(-1)).toBe('testing 0/0');
    });

    it('gives the same text and numbers twice, whatever was asked between', async () => {
      const request = ask('Name three colours.');
      const first = await generate(request);
      await generate(ask('Name three colours and a number, please.', { maxTokens: 3 }));
      const second = await generate(request);
      expect(second.tokens).toEqual(first.tokens);
      expect(second.text).toBe(first.text);
      expect(first.tokens.map(({ text }) => text).join('')).toBe(first.text);
      for (const { logprob } of first.tokens) expect(logprob).toBeLessThanOrEqual(0);
    });

    it('streams what it returns, and samples by seed', async () => {
      let streamed = '';
      const request = ask('Write a line about rain.', { temperature: 1, topP: 0.95, seed: 7 });
      const first = await generate(request, 'a', (delta) => (streamed += delta));
      expect(streamed).toBe(first.text);
      expect((await generate(request)).text).toBe(first.text);
      expect((await generate({ ...request, seed: 8 })).text).not.toBe(first.text);
    });

    it('ends before a stop string', async () => {
      const whole = await generate(ask('Count from 1 to 10.'));
      const stopped = await generate(ask('Count from 1 to 10.', { stop: ['3'] }));
      expect(whole.text).toContain('3');
      expect(stopped).toMatchObject({ finish: 'stop', text: whole.text.split('3')[0] });
      expect(whole.finish).toBe('length');
    });

    it('keeps to a schema, with the probabilities of the reference', async () => {
      for (const prompt of golden.schemaPrompts) {
        const { turns, schema, tokens, logprobs, forced } = prompt;
        const answer = await generate(ask('', { turns, schema }));
        expect(answer.finish).toBe('stop');
        expect(answer.tokens.map(({ text }) => text)).toEqual(tokens);
        expect(answer.tokens.map((token) => token.forced)).toEqual(forced);
        for (const [index, { logprob }] of answer.tokens.entries())
          expect(Math.abs(logprob - (logprobs[index] ?? NaN))).toBeLessThan(
            golden.allowedLogprobGap,
          );
      }
    });

    it('refuses a schema that it cannot enforce', async () => {
      const result = await runtime.generate(ask('x', { schema: '{"not": {}}' }), 's', null);
      expect(result).toMatchObject({ ok: false, failure: { code: 'schema_unsupported' } });
    });

    it('is interrupted while it reads, while it writes and while it waits', async () => {
      const long = ask('The quick brown fox jumps over the lazy dog. '.repeat(120));
      const reading = runtime.generate(long, 'reading', null);
      const waiting = runtime.generate(ask('Hello'), 'waiting', null);
      await new Promise((done) => setTimeout(done, 60));
      const startedAt = performance.now();
      await runtime.interrupt('waiting');
      expect(await waiting).toMatchObject({ ok: true, value: { finish: 'interrupted', text: '' } });
      await runtime.interrupt('reading');
      expect(await reading).toMatchObject({ ok: true, value: { finish: 'interrupted', text: '' } });
      expect(performance.now() - startedAt).toBeLessThan(1000);
      const writing = generate(ask('Tell a story.', { maxTokens: 500 }), 'writing', () => {
        void runtime.interrupt('writing');
      });
      const { finish, tokens } = await writing;
      expect(finish).toBe('interrupted');
      expect(tokens.length).toBeLessThan(5);
    });

    it('leaves out the oldest turns of a long conversation, and refuses one turn that is too long', async () => {
      const small = createLlamaRuntime(doorsFor(model, true));
      await small.load({ ...model, contextTokens: 160 }, () => undefined);
      const turns = [1, 2, 3, 4].flatMap((count): GenerateRequest['turns'] => [
        { role: 'user', content: `${'All work and no play. '.repeat(4)}${count}` },
        { role: 'assistant', content: 'Yes.' },
      ]);
      const last: GenerateRequest['turns'] = [{ role: 'user', content: 'Say hello.' }];
      const answer = await small.generate(ask('', { turns: [...turns, ...last] }), 'a', null);
      if (!answer.ok) throw new Error(answer.failure.message);
      expect(answer.value.droppedTurns).toBeGreaterThan(0);
      expect(answer.value.droppedTurns % 2).toBe(0);
      expect(answer.value.promptTokens).toBeLessThanOrEqual(160 - 16);
      const toTheEnd = await small.generate(ask('word '.repeat(110), { maxTokens: 99 }), 'b', null);
      if (!toTheEnd.ok) throw new Error(toTheEnd.failure.message);
      const { promptTokens, tokens } = toTheEnd.value;
      expect(promptTokens + tokens.length).toBeLessThanOrEqual(160);
      const tooLong = await small.generate(ask('word '.repeat(160)), 'c', null);
      expect(tooLong).toMatchObject({ ok: false, failure: { code: 'input_too_long' } });
      await small.dispose();
    }, 120_000);

    it('passes its self-test again with the other build', async () => {
      const plain = createLlamaRuntime(doorsFor(model, false));
      const loaded = await plain.load(model, () => undefined);
      expect(loaded).toMatchObject({ ok: true, value: { selfTest: { equalTokens: 1 } } });
      const [a, b] = [await runtime.selfTest(), await plain.selfTest()];
      if (!a.ok || !b.ok) throw new Error('a self-test failed');
      // Both builds sum the same integers and round in the same order.
      expect(b.value.worstLogprobGap).toBe(a.value.worstLogprobGap);
      await plain.dispose();
      expect(await plain.generate(ask('Hi'), 'x', null)).toMatchObject({
        ok: false,
        failure: { code: 'cancelled' },
      });
    }, 120_000);

    it.each([
      ['a missing shard', 'file_missing', () => null],
      ['a flipped bit', 'hash_mismatch', (bytes: Buffer) => (bytes.writeUInt8(99, 1000), bytes)],
      ['a truncated shard', 'hash_mismatch', (bytes: Buffer) => bytes.subarray(0, 1000)],
    ])('does not load %s', async (_what, code, spoil) => {
      const broken = createLlamaRuntime(
        doorsFor(model, true, (path, bytes) => (path === 'weights.gguf.1' ? spoil(bytes) : bytes)),
      );
      expect(await broken.load(model, () => undefined)).toMatchObject({
        ok: false,
        failure: { code },
      });
    });
  },
);
