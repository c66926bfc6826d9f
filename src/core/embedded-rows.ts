/** Rows embedded by both shared models, and how to split and join them. */
import { seeded, shuffled } from './random.ts';

/** Rows embedded by both shared models, [n × dims] each. `labels[i]` is -1 for an out-of-scope row. */
export interface EmbeddedRows {
  static: Float32Array;
  encoder: Float32Array;
  labels: Int32Array;
}

export interface Dims {
  static: number;
  encoder: number;
}

const pickFrom = (x: Float32Array, which: Int32Array, dims: number): Float32Array => {
  const out = new Float32Array(which.length * dims);
  which.forEach((row, i) => out.set(x.subarray(row * dims, (row + 1) * dims), i * dims));
  return out;
};

/** The rows numbered in `which`, in that order. */
export const pick = (rows: EmbeddedRows, which: Int32Array, dims: Dims): EmbeddedRows => ({
  static: pickFrom(rows.static, which, dims.static),
  encoder: pickFrom(rows.encoder, which, dims.encoder),
  labels: Int32Array.from(which, (i) => rows.labels[i] as number),
});

const joined = (a: Float32Array, b: Float32Array): Float32Array => {
  const out = new Float32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
};

export const concat = (a: EmbeddedRows, b: EmbeddedRows): EmbeddedRows => ({
  static: joined(a.static, b.static),
  encoder: joined(a.encoder, b.encoder),
  labels: Int32Array.from([...a.labels, ...b.labels]),
});

/** Splits rows at random in two, the first with `share` of them. */
export function splitRows(
  rows: EmbeddedRows,
  share: number,
  dims: Dims,
  seed: number,
): [EmbeddedRows, EmbeddedRows] {
  const order = shuffled(rows.labels.length, seeded(seed));
  const at = Math.round(order.length * share);
  return [pick(rows, order.subarray(0, at), dims), pick(rows, order.subarray(at), dims)];
}
