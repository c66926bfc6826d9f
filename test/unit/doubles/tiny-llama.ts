/** A Llama in plain floats, written for clarity: what the compiled engine is compared with. */
import type { ModelShape } from '../../../workers/runtimes/llama-wasm/model-shape.ts';

/** Row-major; rows follow from the length. */
export interface Matrix {
  columns: number;
  values: Float64Array;
}

export interface FloatModel {
  embedding: Matrix;
  head: Matrix;
  finalNorm: Float32Array;
  layers: {
    attentionNorm: Float32Array;
    qkv: Matrix[];
    output: Matrix;
    ffnNorm: Float32Array;
    gateUp: Matrix[];
    down: Matrix;
  }[];
}

const BLOCK = 32;

/** Random blocks in ggml's formats, and the weights that they stand for. */
export function blocksOf(
  type: 'Q4_0' | 'Q4_1' | 'Q5_0' | 'Q5_1',
  count: number,
  random: () => number,
): { bytes: Uint8Array<ArrayBuffer>; values: Float64Array } {
  const high = type.startsWith('Q5');
  const hasOffset = type.endsWith('_1');
  const levels = high ? 32 : 16;
  const bytesPerBlock = 2 + (hasOffset ? 2 : 0) + (high ? 4 : 0) + 16;
  const bytes = new Uint8Array((count / BLOCK) * bytesPerBlock);
  const values = new Float64Array(count);
  for (let block = 0; block < count / BLOCK; block++) {
    const view = new DataView(bytes.buffer, block * bytesPerBlock, bytesPerBlock);
    const scale = halfFloat(view, 0, 0.004 + 0.02 * random());
    const offset = hasOffset ? halfFloat(view, 2, (random() - 0.8) * 0.2) : (-scale * levels) / 2;
    const nibbles = bytesPerBlock - 16;
    for (let index = 0; index < BLOCK; index++) {
      const q = Math.floor(random() * levels);
      values[block * BLOCK + index] = scale * q + offset;
      const at = nibbles + (index % 16);
      view.setUint8(at, view.getUint8(at) | ((q & 15) << (index < 16 ? 0 : 4)));
      const highAt = nibbles - 4 + (index >> 3);
      if (q > 15) view.setUint8(highAt, view.getUint8(highAt) | (1 << (index & 7)));
    }
  }
  return { bytes, values };
}

/** Writes a value as a half float, cut to its 11 bits, and answers what was written. */
function halfFloat(view: DataView, at: number, value: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const mantissa = Math.floor((Math.abs(value) / 2 ** exponent - 1) * 1024);
  view.setUint16(at, (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | mantissa, true);
  return Math.sign(value) * (1 + mantissa / 1024) * 2 ** exponent;
}

/** Logits after the last of `ids`. */
export function floatLogits(
  model: FloatModel,
  shape: ModelShape,
  ids: readonly number[],
): Float64Array {
  const rows = ids.map((id) => rowOf(model.embedding, id));
  for (const layer of model.layers) {
    const [q = [], k = [], v = []] = layer.qkv.map((matrix) =>
      rows.map((x) => times(matrix, normed(x, layer.attentionNorm, shape.eps))),
    );
    for (const [position, heads] of [...q.entries(), ...k.entries()])
      rotate(heads, position, shape);
    for (const [position, x] of rows.entries())
      addTo(x, times(layer.output, attended(q, k, v, position, shape)));
    for (const x of rows) {
      const n = normed(x, layer.ffnNorm, shape.eps);
      const [gate = new Float64Array(), up] = layer.gateUp.map((matrix) => times(matrix, n));
      addTo(
        x,
        times(
          layer.down,
          gate.map((g, index) => (g / (1 + Math.exp(-g))) * (up?.[index] ?? 0)),
        ),
      );
    }
  }
  return times(model.head, normed(rows.at(-1) ?? new Float64Array(), model.finalNorm, shape.eps));
}

function rowOf({ columns, values }: Matrix, row: number): Float64Array {
  return values.slice(row * columns, (row + 1) * columns);
}

function times({ columns, values }: Matrix, x: Float64Array): Float64Array {
  return Float64Array.from({ length: values.length / columns }, (_, row) =>
    x.reduce((sum, one, column) => sum + one * (values[row * columns + column] ?? NaN), 0),
  );
}

function normed(x: Float64Array, weight: Float32Array, eps: number): Float64Array {
  const meanSquare = x.reduce((sum, one) => sum + one * one, 0) / x.length;
  return x.map((one, index) => (one / Math.sqrt(meanSquare + eps)) * (weight[index] ?? NaN));
}

function addTo(x: Float64Array, more: Float64Array): void {
  for (const [index, one] of more.entries()) x[index] = (x[index] ?? NaN) + one;
}

/** Pairs (2i, 2i + 1) of every head: the order of GGUF. */
function rotate(heads: Float64Array, position: number, { headDim, ropeBase }: ModelShape): void {
  for (let index = 0; index < heads.length; index += 2) {
    const angle = position * ropeBase ** (-(index % headDim) / headDim);
    const [a = NaN, b = NaN] = heads.subarray(index, index + 2);
    heads[index] = a * Math.cos(angle) - b * Math.sin(angle);
    heads[index + 1] = a * Math.sin(angle) + b * Math.cos(angle);
  }
}

function attended(
  q: readonly Float64Array[],
  k: readonly Float64Array[],
  v: readonly Float64Array[],
  position: number,
  { heads, kvHeads, headDim }: ModelShape,
): Float64Array {
  const out = new Float64Array(heads * headDim);
  for (let head = 0; head < heads; head++) {
    const from = Math.floor(head / (heads / kvHeads)) * headDim;
    const scores = k.slice(0, position + 1).map((key) => {
      let dot = 0;
      for (let d = 0; d < headDim; d++)
        dot += (q[position]?.[head * headDim + d] ?? NaN) * (key[from + d] ?? NaN);
      return Math.exp(dot / Math.sqrt(headDim));
    });
    const sum = scores.reduce((total, score) => total + score, 0);
    for (const [index, score] of scores.entries())
      for (let d = 0; d < headDim; d++)
        out[head * headDim + d] =
          (out[head * headDim + d] ?? NaN) + (score / sum) * (v[index]?.[from + d] ?? NaN);
  }
  return out;
}
