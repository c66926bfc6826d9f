/** Parts of the runtime `webllm` that need no device: files it may see, chunks of a prompt, bytes of tokens, layouts. */
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../src/core/failure.ts';
import type { Gguf } from '../../workers/runtimes/gguf.ts';
import { readLayout } from '../../workers/runtimes/webllm/layout.ts';
import type { Pipeline, Tensor } from '../../workers/runtimes/webllm/engine.ts';
import { serveFiles } from '../../workers/runtimes/webllm/served-files.ts';
import { bytesOfTokens } from '../../workers/runtimes/webllm/token-bytes.ts';
import { createWriter } from '../../workers/runtimes/webllm/writer.ts';

describe('files that WebLLM may see', () => {
  interface Cache {
    match(url: unknown): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | undefined>;
    add(url: unknown): Promise<void>;
    keys(): Promise<{ url: string }[]>;
  }
  const opened = async (files: Parameters<typeof serveFiles>[0]) => {
    const served = serveFiles(files);
    const cache = await (served.caches as { open(name: string): Promise<Cache> }).open('x');
    return { served, cache };
  };
  const good = 'https://m.flotilla.invalid/a.bin';

  test('a checked file is read when its body is wanted, and is exactly its bytes', async () => {
    let reads = 0;
    const file = () => {
      reads++;
      return Promise.resolve(ok(Uint8Array.of(9, 1, 2, 3).subarray(1)));
    };
    const { cache, served } = await opened(new Map([[good, file]]));
    expect(await cache.keys()).toEqual([{ url: good }]);
    const found = await cache.match(new Request(good));
    expect(reads).toBe(0);
    expect(new Uint8Array((await found?.arrayBuffer()) ?? [])).toEqual(Uint8Array.of(1, 2, 3));
    expect(served.failure()).toBeNull();
  });

  test('a file that fails its check is not handed out', async () => {
    const bad = () => Promise.resolve(fail('hash_mismatch', 'other bytes'));
    const { cache, served } = await opened(new Map([[good, bad]]));
    await expect((await cache.match(good))?.arrayBuffer()).rejects.toThrow('other bytes');
    expect(served.failure()).toMatchObject({ code: 'hash_mismatch' });
  });

  test('anything else is refused, by cache and by fetch', async () => {
    const { cache, served } = await opened(new Map());
    expect(await cache.match(good)).toBeUndefined();
    await expect(cache.add(good)).rejects.toThrow('not part of the model');
    await expect(served.fetch()).rejects.toThrow('not part of the model');
    expect(served.failure()).toMatchObject({ code: 'file_missing' });
  });
});

describe('reading a prompt', () => {
  /** A pipeline that keeps the tokens it was given and answers with the length of what it has read. */
  function pipelineDouble(chunk: number) {
    const cache: number[] = [];
    const passes: number[][] = [];
    const tensor = (): Tensor => ({
      dispose: () => undefined,
      toArray: () => Float32Array.from({ length: 8 }, (_, id) => (id === cache.length % 8 ? 9 : 0)),
    });
    const forward = (ids: number[]) => {
      passes.push(ids);
      cache.push(...ids);
      double.filledKVCacheLength = cache.length;
      return Promise.resolve(tensor());
    };
    const double = {
      prefillChunkSize: chunk,
      kvStateKind: 'kv_cache',
      slidingWindowSize: -1,
      filledKVCacheLength: 0,
      kvCache: null,
      device: { sync: () => Promise.resolve() },
      tvm: { beginScope: () => 0, endScope: () => 0, scalar: (value: number) => value },
      resetKVCache: () => (cache.length = 0),
      forwardKnownTokens: forward,
      forwardDecodeToken: (id: number) => forward([id]),
      updateLogitsOnCPU: (logits: Tensor) => logits,
      getKVCheckpointFunc: () => (_cache: unknown, _sequence: number, count: number) =>
        cache.splice(cache.length - count),
    };
    return { pipeline: double as unknown as Pipeline, cache, passes };
  }
  const options = () => ({
    temperature: 0,
    topP: 1,
    random: () => 0,
    grammar: null,
    signal: new AbortController().signal,
  });
  const take = async (
    writer: ReturnType<typeof createWriter>,
    ids: number[],
    count: number,
    changes: Partial<ReturnType<typeof options>> = {},
  ) => {
    const taken: number[] = [];
    for await (const { id } of writer.write(ids, { ...options(), ...changes })) {
      taken.push(id);
      if (taken.length === count) break;
    }
    return taken;
  };

  test('in chunks on a fixed grid; equal whole chunks of an earlier prompt are kept', async () => {
    const { pipeline, passes } = pipelineDouble(4);
    const writer = createWriter(pipeline, true);
    const ids = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const first = await take(writer, ids, 3);
    expect(passes.slice(0, 3)).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]]);
    passes.length = 0;
    expect(await take(writer, ids, 3)).toEqual(first);
    expect(passes[0]).toEqual([9]);
    passes.length = 0;
    await take(writer, [1, 2, 3, 4, 5, 0, 7, 8, 9], 1);
    expect(passes).toEqual([[5, 0, 7, 8], [9]]);
    passes.length = 0;
    await take(writer, [1, 2, 3, 4], 1);
    expect(passes).toEqual([[1, 2, 3, 4]]);
  });

  test('the written tokens are never kept, also where the next prompt goes on with them', async () => {
    const { pipeline, passes } = pipelineDouble(4);
    const writer = createWriter(pipeline, true);
    const answer = await take(writer, [1, 2, 3, 4, 5], 4);
    passes.length = 0;
    await take(writer, [1, 2, 3, 4, 5, ...answer, 6], 1);
    expect(passes).toEqual([
      [5, ...answer.slice(0, 3)],
      [answer[3], 6],
    ]);
  });

  test('an interruption in the prompt ends it, and the next answer is the same as ever', async () => {
    const { pipeline } = pipelineDouble(2);
    const writer = createWriter(pipeline, true);
    const expected = await take(writer, [1, 2, 3, 4, 5], 3);
    const stop = new AbortController();
    const { device } = pipeline;
    const sync = device.sync.bind(device);
    pipeline.device.sync = () => {
      stop.abort();
      return sync();
    };
    expect(await take(writer, [9, 8, 7, 6, 5], 3, { signal: stop.signal })).toEqual([]);
    pipeline.device.sync = sync;
    expect(await take(writer, [1, 2, 3, 4, 5], 3)).toEqual(expected);
  });

  test('after a pass that failed the cache starts anew', async () => {
    const { pipeline, passes } = pipelineDouble(2);
    const writer = createWriter(pipeline, true);
    const expected = await take(writer, [1, 2, 3], 2);
    const forward = pipeline.forwardDecodeToken.bind(pipeline);
    pipeline.forwardDecodeToken = () => Promise.reject(new Error('lost'));
    await expect(take(writer, [1, 2, 3], 2)).rejects.toThrow('lost');
    pipeline.forwardDecodeToken = forward;
    passes.length = 0;
    expect(await take(writer, [1, 2, 3], 2)).toEqual(expected);
    expect(passes[0]).toEqual([1, 2]);
  });
});

describe('bytes of tokens', () => {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

  test('byte-level letters, and added tokens as they are', () => {
    const bytesOf = bytesOfTokens('byte_level');
    expect(text(bytesOf('Ġhello'))).toBe(' hello');
    expect(bytesOf('Ã')).toEqual(Uint8Array.of(0xc3));
    expect(bytesOf('¤')).toEqual(Uint8Array.of(0xa4));
    expect(text(bytesOf('Ċ'))).toBe('\n');
    expect(text(bytesOf('<|im_end|>'))).toBe('<|im_end|>');
    expect(text(bytesOf('日'))).toBe('日');
  });

  test('SentencePiece: bytes and spaces', () => {
    const bytesOf = bytesOfTokens('byte_fallback');
    expect(text(bytesOf('▁hello'))).toBe(' hello');
    expect(bytesOf('<0xE2>')).toEqual(Uint8Array.of(0xe2));
    expect(text(bytesOfTokens('raw')('hi'))).toBe('hi');
  });
});

describe('a layout that does not fit is refused', () => {
  const gguf: Gguf = {
    version: 3,
    metadata: new Map(),
    tensors: new Map([
      ['w', { name: 'w', type: 'Q4_1', shape: [64, 8], offset: 0, bytes: 2 * 8 * 20 }],
      ['n', { name: 'n', type: 'F32', shape: [64], offset: 320, bytes: 256 }],
    ]),
  };
  const param = (changes: object) => ({
    ...{ name: 'w.q', shape: [8, 8], dtype: 'uint32', layout: 'q4-words' },
    ...{ source: ['w'], rotated: [], nbytes: 256 },
    ...changes,
  });
  const read = (...params: object[]) =>
    readLayout(new TextEncoder().encode(JSON.stringify({ schema: 1, headDim: 4, params })), gguf);

  test('the right one is read', () => {
    const norm = { name: 'n', shape: [64], dtype: 'float32', layout: 'floats', source: ['n'] };
    expect(read(param({}), param(norm))).toMatchObject({ ok: true });
  });

  test.each([
    ['no parameters', []],
    ['an unknown tensor', [param({ source: ['x'] })]],
    ['another block format', [param({ layout: 'q8-words', shape: [16, 8], nbytes: 512 })]],
    ['another shape', [param({ shape: [8, 9], nbytes: 288 })]],
    ['another length', [param({ nbytes: 255 })]],
    ['an unknown layout', [param({ layout: 'q3-words' })]],
  ])('%s', (_, params) => {
    expect(read(...params)).toMatchObject({ ok: false, failure: { code: 'file_corrupt' } });
  });
});
