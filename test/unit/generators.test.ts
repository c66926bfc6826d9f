/** Models in memory: which backend is taken, what a lost device costs, who leaves when room is needed. */
import { describe, expect, it } from 'vitest';
import { backendsFor } from '../../src/core/choose-backend.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { Generated, GenerationInfo } from '../../src/core/generation.ts';
import type { DeviceProbe, GenerationModel } from '../../src/core/generation-model.ts';
import { loadModel } from '../../workers/router/generation/loaded-model.ts';
import { Generators } from '../../workers/router/generation/generators.ts';
import { onlyNew } from '../../workers/router/generation/only-new.ts';
import type { GenerationRuntime } from '../../workers/runtimes/generation-contract.ts';
import { generated } from './doubles/ports.ts';

const MODEL: GenerationModel = {
  schema: 1,
  id: 'm',
  version: '1.0.0',
  title: 'M',
  description: '',
  format: 'gguf',
  runtimes: ['webllm', 'llama-wasm'],
  contextTokens: 2048,
  memoryBytes: 3e9,
  needs: { shaderF16: false, maxBufferBytes: 1000 },
  files: [],
  passport: { source: '', licence: '', attribution: '', trainingData: '', recipe: '' },
};
const PROBE: DeviceProbe = {
  webgpu: 'hardware',
  adapter: 'a card',
  shaderF16: true,
  maxBufferBytes: 1e9,
  memoryBytes: 8 * 2 ** 30,
  cores: 4,
  crossOriginIsolated: true,
  promptApi: 'none',
  storage: { usedBytes: 0, quotaBytes: 1e9, persistent: false },
};

interface Says {
  load?: Result<GenerationInfo>;
  decodePerSecond?: number;
  generate?: (onDelta: ((delta: string) => void) | null) => Result<Generated>;
}

/** A runtime that says what a test wrote down; `log` hears of its life. */
function double(kind: string, says: Says, log: string[]): GenerationRuntime {
  const info: GenerationInfo = {
    runtime: kind as GenerationInfo['runtime'],
    backend: kind,
    contextTokens: 2048,
    loadMs: 1,
    selfTest: {
      prompts: 1,
      tokens: 8,
      equalTokens: 1,
      worstLogprobGap: 0,
      allowedLogprobGap: 0.3,
      decodePerSecond: says.decodePerSecond ?? 50,
      prefillPerSecond: 100,
    },
  };
  return {
    load: () => {
      log.push(`load ${kind}`);
      return Promise.resolve(says.load ?? ok(info));
    },
    generate: (_, __, onDelta) =>
      Promise.resolve(says.generate ? says.generate(onDelta) : generated(`by ${kind}`)),
    interrupt: () => Promise.resolve(),
    selfTest: () => Promise.resolve(fail('runtime_failed', 'Not asked for here.')),
    dispose: () => {
      log.push(`dispose ${kind}`);
      return Promise.resolve();
    },
  };
}

const load = async (
  says: Record<string, Says>,
  choice: 'auto' | 'webgpu' = 'auto',
  probe = PROBE,
) => {
  const log: string[] = [];
  const start = (kind: string) => double(kind, says[kind] ?? {}, log);
  return { log, result: await loadModel(MODEL, probe, choice, () => undefined, start) };
};

describe('the order of backends', () => {
  it('hardware first, a software adapter last, a choice alone', () => {
    expect(backendsFor(MODEL, PROBE, 'auto')).toEqual(['webllm', 'llama-wasm']);
    expect(backendsFor(MODEL, { ...PROBE, webgpu: 'software' }, 'auto')).toEqual([
      'llama-wasm',
      'webllm',
    ]);
    expect(backendsFor(MODEL, { ...PROBE, webgpu: 'none' }, 'auto')).toEqual(['llama-wasm']);
    expect(backendsFor(MODEL, PROBE, 'wasm')).toEqual(['llama-wasm']);
    expect(backendsFor(MODEL, { ...PROBE, webgpu: 'none' }, 'webgpu')).toEqual([]);
  });

  it('an adapter that lacks what the model needs is none', () => {
    const needs = { shaderF16: true, maxBufferBytes: 1000 };
    expect(backendsFor({ ...MODEL, needs }, { ...PROBE, shaderF16: false }, 'auto')).toEqual([
      'llama-wasm',
    ]);
    expect(backendsFor(MODEL, { ...PROBE, maxBufferBytes: 10 }, 'auto')).toEqual(['llama-wasm']);
  });
});

describe('loading', () => {
  it('takes the first that is right and fast enough, and starts no other', async () => {
    const { log, result } = await load({});
    expect(result).toMatchObject({ ok: true, value: { info: { runtime: 'webllm' } } });
    expect(log).toEqual(['load webllm']);
  });

  it('a wrong one is refused with its reason, and the next is taken', async () => {
    const wrong = { load: fail('self_test_failed', 'Other tokens than expected.') };
    const { log, result } = await load({ webllm: wrong });
    expect(result).toMatchObject({
      ok: true,
      value: {
        info: { runtime: 'llama-wasm' },
        others: [{ kind: 'webllm', why: 'Other tokens than expected.' }],
      },
    });
    expect(log).toEqual(['load webllm', 'dispose webllm', 'load llama-wasm']);
  });

  it('a slow one is measured against the next, and the faster one stays', async () => {
    const { log, result } = await load({
      webllm: { decodePerSecond: 3 },
      'llama-wasm': { decodePerSecond: 40 },
    });
    expect(result).toMatchObject({ ok: true, value: { info: { runtime: 'llama-wasm' } } });
    expect(log.at(-1)).toBe('dispose webllm');
    if (result.ok) expect(result.value.others[0]?.why).toMatch(/3\.0 .* 40\.0/);
  });

  it('a file that is wrong is wrong for every backend', async () => {
    const { log, result } = await load({ webllm: { load: fail('hash_mismatch', 'Changed.') } });
    expect(result).toMatchObject({ ok: false, failure: { code: 'hash_mismatch' } });
    expect(log).toEqual(['load webllm', 'dispose webllm']);
  });

  it('none that could work is said in words', async () => {
    const { result } = await load({}, 'webgpu', { ...PROBE, webgpu: 'none' });
    expect(result).toMatchObject({ ok: false, failure: { code: 'no_webgpu' } });
  });
});

describe('told once', () => {
  it('a second run of the same text tells only what is new', () => {
    const told: string[] = [];
    const tell = onlyNew((delta) => void told.push(delta));
    tell.take('The s');
    tell.take('ea');
    tell.again();
    for (const delta of ['The', ' sea', ' is wide']) tell.take(delta);
    expect(told).toEqual(['The s', 'ea', ' is wide']);
  });
});

describe('generating', () => {
  const REQUEST = {
    turns: [{ role: 'user' as const, content: 'x' }],
    maxTokens: 8,
    temperature: 0,
    topP: 1,
    seed: null,
    stop: [],
    schema: null,
  };
  const OPTIONS = { deadlineAt: Date.now() + 60_000 };
  const generatorsWith = (says: () => Says, log: string[]) =>
    new Generators(
      { manifestOf: (id) => Promise.resolve(ok({ ...MODEL, id })) },
      () => Promise.resolve(PROBE),
      () => undefined,
      (kind) => double(kind, says(), log),
    );

  it('a lost device is loaded again and the request run again, once', async () => {
    const log: string[] = [];
    const lost: Says = {
      generate: (onDelta) => {
        onDelta?.('by we');
        return fail('device_lost', 'Lost.');
      },
    };
    const well: Says = {
      generate: (onDelta) => {
        onDelta?.('by webllm');
        return generated('by webllm');
      },
    };
    const lives = [lost, well];
    const generators = generatorsWith(() => lives.shift() ?? well, log);
    const told: string[] = [];
    const result = await generators.generate('m', REQUEST, {
      ...OPTIONS,
      onEvent: (event) => {
        if (event.type === 'draft') told.push(event.delta);
      },
    });
    expect(result).toMatchObject({ ok: true, value: { text: 'by webllm' } });
    expect(told.join('')).toBe('by webllm');
    expect(log).toEqual(['load webllm', 'dispose webllm', 'load webllm']);
    const always = generatorsWith(() => lost, []);
    expect(await always.generate('m', REQUEST, OPTIONS)).toMatchObject({
      ok: false,
      failure: { code: 'device_lost' },
    });
  });

  it('what was used longest ago leaves when memory is short', async () => {
    const log: string[] = [];
    const generators = generatorsWith(() => ({}), log);
    await generators.load('a');
    await generators.load('b'); // 2 × 3 GB of the 4 GiB that models may take: a leaves
    expect(generators.state('a')).toBeNull();
    expect(generators.state('b')?.phase).toBe('ready');
    expect(generators.memoryBytes()).toBe(3e9);
    expect(log).toContain('dispose webllm');
  });

  it('two calls at once load once', async () => {
    const log: string[] = [];
    const generators = generatorsWith(() => ({}), log);
    await Promise.all([1, 2, 3].map(() => generators.generate('m', REQUEST, OPTIONS)));
    expect(log).toEqual(['load webllm']);
  });

  it('a cancelled request does not wait for the load', async () => {
    const generators = generatorsWith(() => ({}), []);
    const signal = AbortSignal.abort();
    expect(await generators.generate('m', REQUEST, { ...OPTIONS, signal })).toMatchObject({
      ok: false,
      failure: { code: 'cancelled' },
    });
  });
});
