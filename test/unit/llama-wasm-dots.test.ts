/** The engine's arithmetic against plain floats: a tiny random Llama in GGUF blocks, every build, every cut of the prompt. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GgufTensor, GgufTensorType } from '../../workers/runtimes/gguf.ts';
import { openEngine, type LlamaEngine } from '../../workers/runtimes/llama-wasm/engine.ts';
import type { ModelShape, ModelTensors } from '../../workers/runtimes/llama-wasm/model-shape.ts';
import { chooseToken } from '../../workers/runtimes/next-token.ts';
import { joinShards } from '../../workers/runtimes/shard-bytes.ts';
import { seeded } from '../../src/core/random.ts';
import { blocksOf, floatLogits, type FloatModel, type Matrix } from './doubles/tiny-llama.ts';

// Node 20 knows relaxed SIMD, but behind a flag.
setFlagsFromString('--experimental-wasm-relaxed-simd');

const SHAPE: ModelShape = {
  layers: 2,
  dim: 64,
  heads: 4,
  kvHeads: 2,
  headDim: 32,
  ffn: 96,
  vocab: 72,
  eps: 1e-5,
  ropeBase: 10_000,
};
const IDS = Array.from({ length: 75 }, (_, index) => (index * 31 + 7) % SHAPE.vocab);

/** One file of tensors, and the same weights as floats. */
function tinyModel(): { tensors: ModelTensors; file: Uint8Array<ArrayBuffer>; floats: FloatModel } {
  const random = seeded(11);
  const parts: Uint8Array[] = [];
  let end = 0;
  const add = (name: string, type: GgufTensorType, shape: number[], bytes: Uint8Array) => {
    const tensor: GgufTensor = { name, type, shape, offset: end, bytes: bytes.length };
    parts.push(bytes);
    end += bytes.length;
    return tensor;
  };
  const matrix = (type: 'Q4_0' | 'Q4_1' | 'Q5_0' | 'Q5_1', columns: number, rows: number) => {
    const { bytes, values } = blocksOf(type, rows * columns, random);
    return { tensor: add(type, type, [columns, rows], bytes), floats: { columns, values } };
  };
  const norm = () => {
    const values = Float32Array.from({ length: SHAPE.dim }, () => 0.5 + random());
    return { tensor: add('norm', 'F32', [SHAPE.dim], new Uint8Array(values.buffer)), values };
  };
  const heads = SHAPE.heads * SHAPE.headDim;
  const keys = SHAPE.kvHeads * SHAPE.headDim;
  const layers = Array.from({ length: SHAPE.layers }, (_, index) => {
    const type = index === 0 ? 'Q4_1' : 'Q4_0';
    return {
      attentionNorm: norm(),
      qkv: [heads, keys, keys].map((rows) => matrix(type, SHAPE.dim, rows)),
      output: matrix(type, heads, SHAPE.dim),
      ffnNorm: norm(),
      gateUp: [0, 1].map(() => matrix(type, SHAPE.dim, SHAPE.ffn)),
      down: matrix(type, SHAPE.ffn, SHAPE.dim),
    };
  });
  const embedding = matrix('Q5_0', SHAPE.dim, SHAPE.vocab);
  const head = matrix('Q5_1', SHAPE.dim, SHAPE.vocab);
  const finalNorm = norm();
  const file = new Uint8Array(end);
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  const tensorsOf = (matrices: { tensor: GgufTensor }[]) => matrices.map(({ tensor }) => tensor);
  const floatsOf = (matrices: { floats: Matrix }[]) => matrices.map(({ floats }) => floats);
  return {
    file,
    tensors: {
      embedding: embedding.tensor,
      head: head.tensor,
      finalNorm: finalNorm.tensor,
      layers: layers.map((layer) => ({
        attentionNorm: layer.attentionNorm.tensor,
        qkv: tensorsOf(layer.qkv),
        output: [layer.output.tensor],
        ffnNorm: layer.ffnNorm.tensor,
        gateUp: tensorsOf(layer.gateUp),
        down: [layer.down.tensor],
      })),
    },
    floats: {
      embedding: embedding.floats,
      head: head.floats,
      finalNorm: finalNorm.values,
      layers: layers.map((layer) => ({
        attentionNorm: layer.attentionNorm.values,
        qkv: floatsOf(layer.qkv),
        output: layer.output.floats,
        ffnNorm: layer.ffnNorm.values,
        gateUp: floatsOf(layer.gateUp),
        down: layer.down.floats,
      })),
    },
  };
}

function open(relaxed: boolean): Promise<LlamaEngine> {
  const { tensors, file } = tinyModel();
  const url = new URL(
    `../../workers/runtimes/llama-wasm/${relaxed ? 'relaxed' : 'plain'}.wasm`,
    import.meta.url,
  );
  const build = { module: new WebAssembly.Module(readFileSync(url)), relaxed, threads: false };
  return openEngine(build, SHAPE, tensors, joinShards([file.slice(0, 999), file.slice(999)]), {
    contextTokens: 128,
    lanes: 1,
    startLane: () => Promise.reject(new Error('one lane only')),
    onLayer: () => Promise.resolve(),
  });
}

/** Logits after all of IDS, read in passes of these lengths (the last one as long as it takes, one by one). */
function read(engine: LlamaEngine, lengths: readonly number[]): Float32Array {
  let done = 0;
  for (let pass = 0; done < IDS.length; pass++) {
    const part = IDS.slice(done, done + (lengths[pass] ?? 1));
    engine.pass(part, done, done + part.length === IDS.length);
    done += part.length;
  }
  return engine.logits().slice();
}

describe('the compiled engine', () => {
  let relaxed: LlamaEngine;
  let plain: LlamaEngine;
  beforeAll(async () => {
    [relaxed, plain] = [await open(true), await open(false)];
  });

  it('computes what plain floats compute, but for rounding activations to 8 bits', () => {
    const expected = floatLogits(tinyModel().floats, SHAPE, IDS);
    const mine = read(relaxed, [32, 32, 11]);
    const spread = Math.max(...expected) - Math.min(...expected);
    for (const [id, logit] of mine.entries())
      expect(Math.abs(logit - (expected[id] ?? NaN)) / spread).toBeLessThan(0.03);
  });

  it('gives the same bits in both builds and however the prompt is cut', () => {
    const whole = read(relaxed, [32, 32, 11]);
    for (const lengths of [[], [1, 31, 4, 9, 30], [32, 32, 10], [7, 7, 7, 7, 7, 7, 7]]) {
      expect(read(relaxed, lengths)).toEqual(whole);
      expect(read(plain, lengths)).toEqual(whole);
    }
  });

  it('chooses the likeliest token as next-token.ts does', () => {
    const logits = read(relaxed, [32, 32, 11]);
    const chosen = relaxed.likeliest();
    const expected = chooseToken(logits, null, { temperature: 0, topP: 1, random: () => 0 });
    expect(chosen?.id).toBe(expected?.id);
    expect(chosen?.logprob).toBeCloseTo(expected?.logprob ?? NaN, 5);
  });

  it('refuses a pass that has no place', () => {
    expect(() => relaxed.pass([], 0, true)).toThrow(RangeError);
    expect(() => relaxed.pass(IDS.slice(0, 33), 0, true)).toThrow(RangeError);
  });
});
