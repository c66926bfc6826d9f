/** From a linear head's logits to a label and a calibrated confidence. Pure arithmetic on typed arrays. */
import type { Calibration } from './specialist.ts';

/**
 * A linear classifier on an embedding: logits = weight · x + bias.
 * `centroids` are the normalised class means; `belongs` tells texts of this specialist from all others.
 */
export interface LinearHead {
  dims: number;
  classes: number;
  /** [classes × dims] row by row. */
  weight: Float32Array;
  bias: Float32Array;
  /** [classes × dims], each row L2-normalised. */
  centroids: Float32Array;
  /** [dims + 1], the last number is the bias. */
  belongs: Float32Array;
}

/** Names of the features of a calibration, in the order of `Calibration.weights`. */
export const FEATURES = ['log_odds', 'margin', 'energy', 'similarity', 'belongs'] as const;

const CLAMP = 1e-6;
/** Dot product of two runs of numbers; four sums at once keep the processor busy. */
export const dot = (
  a: Float32Array,
  aStart: number,
  b: Float32Array,
  bStart: number,
  n: number,
): number => {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const end = n - (n % 4);
  for (let i = 0; i < end; i += 4) {
    s0 += (a[aStart + i] as number) * (b[bStart + i] as number);
    s1 += (a[aStart + i + 1] as number) * (b[bStart + i + 1] as number);
    s2 += (a[aStart + i + 2] as number) * (b[bStart + i + 2] as number);
    s3 += (a[aStart + i + 3] as number) * (b[bStart + i + 3] as number);
  }
  for (let i = end; i < n; i++) s0 += (a[aStart + i] as number) * (b[bStart + i] as number);
  return s0 + s1 + s2 + s3;
};

/** Logits [classes] of one embedding. */
export function logitsOf(head: LinearHead, x: Float32Array): Float32Array {
  const out = new Float32Array(head.classes);
  for (let k = 0; k < head.classes; k++)
    out[k] = dot(x, 0, head.weight, k * head.dims, head.dims) + (head.bias[k] as number);
  return out;
}

/** log-odds that a text belongs to this specialist at all. */
export const belongsTo = (head: LinearHead, x: Float32Array): number =>
  dot(x, 0, head.belongs, 0, head.dims) + (head.belongs[head.dims] as number);

/** Cosine between an L2-normalised embedding and the mean of a class. */
export const similarityTo = (head: LinearHead, x: Float32Array, label: number): number =>
  dot(x, 0, head.centroids, label * head.dims, head.dims);

export function softmax(logits: Float32Array, temperature = 1): Float32Array {
  let top = -Infinity;
  for (const z of logits) if (z > top) top = z;
  const out = new Float32Array(logits.length);
  let sum = 0;
  for (let k = 0; k < logits.length; k++)
    sum += out[k] = Math.exp(((logits[k] as number) - top) / temperature);
  for (let k = 0; k < out.length; k++) out[k] = (out[k] as number) / sum;
  return out;
}

/** log Σ exp(logits): low for texts that no label claims (Liu et al. 2020, energy score). */
export function energyOf(logits: Float32Array): number {
  let top = -Infinity;
  for (const z of logits) if (z > top) top = z;
  let sum = 0;
  for (const z of logits) sum += Math.exp(z - top);
  return top + Math.log(sum);
}

/** Indices of the largest values, best first. */
export function topOf(values: Float32Array, most: number): number[] {
  const best: number[] = [];
  for (let k = 0; k < values.length; k++) {
    const v = values[k] as number;
    if (best.length === most && v <= (values[best[most - 1] as number] as number)) continue;
    let at = best.length;
    while (at > 0 && (values[best[at - 1] as number] as number) < v) at--;
    best.splice(at, 0, k);
    if (best.length > most) best.pop();
  }
  return best;
}

/** The static tier's logits added to the encoder's, by the share that the calibration chose. */
export function mixLogits(
  logits: Float32Array,
  staticLogits: Float32Array | null,
  share: number,
): Float32Array {
  if (!staticLogits || share === 0) return logits;
  return logits.map((z, k) => z + share * (staticLogits[k] as number));
}

/** The features that a calibration weighs. `logits` are already mixed. */
export function featuresOf(
  logits: Float32Array,
  probabilities: Float32Array,
  similarity: number,
  belongs: number,
): number[] {
  const [first = 0, second = 0] = topOf(probabilities, 2);
  const p1 = Math.min(1 - CLAMP, probabilities[first] as number);
  const p2 = Math.max(CLAMP, second === first ? CLAMP : (probabilities[second] as number));
  return [Math.log(p1 / (1 - p1)), Math.log(p1 / p2), energyOf(logits), similarity, belongs];
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Calibrated P(label is right and the text is in scope). */
export function confidenceOf(calibration: Calibration, features: readonly number[]): number {
  return sigmoid(
    calibration.weights.reduce((sum, w, i) => sum + w * (features[i] as number), calibration.bias),
  );
}
