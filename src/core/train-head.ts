/** Trains linear heads on embeddings: softmax regression by Adam on typed arrays. Runs in a worker, yields between steps. */
import { seeded, shuffled } from './random.ts';
import { dot, type LinearHead } from './score.ts';

/** Embeddings [n × dims] row by row, with one class per row. */
export interface TrainingSet {
  x: Float32Array;
  y: Int32Array;
  dims: number;
  classes: number;
}

export interface TrainOptions {
  epochs: number;
  rate: number;
  decay: number;
  batch: number;
  seed: number;
}

/** Embeddings have unit length, so the head needs large weights: a high rate and little decay. */
export const DEFAULTS: TrainOptions = { epochs: 24, rate: 0.1, decay: 2e-6, batch: 128, seed: 1 };

/** A class whose probability is off by less than this is not moved by a row: most of them, after a few epochs. */
const IGNORED_MISS = 1e-4;

interface Adam {
  m: Float32Array;
  v: Float32Array;
  t: number;
}

/**
 * Softmax regression with Adam (Kingma & Ba 2015) and a linearly falling rate.
 * Yields the share of work done after every few batches, so that the caller can report, pause or cancel.
 */
export function* trainSoftmax(
  set: TrainingSet,
  options: TrainOptions = DEFAULTS,
): Generator<number, { weight: Float32Array; bias: Float32Array }> {
  const { dims, classes } = set;
  const n = set.y.length;
  const width = dims + 1;
  const theta = new Float32Array(classes * width);
  const gradient = new Float32Array(theta.length);
  const adam: Adam = { m: new Float32Array(theta.length), v: new Float32Array(theta.length), t: 0 };
  const random = seeded(options.seed);
  const perEpoch = Math.ceil(n / options.batch);
  const steps = options.epochs * perEpoch;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const order = shuffled(n, random);
    for (let start = 0; start < n; start += options.batch) {
      gradient.fill(0);
      addGradient(set, theta, gradient, order.subarray(start, Math.min(n, start + options.batch)));
      step(theta, gradient, adam, options.rate * (1 - adam.t / steps), options.decay, width);
      if (adam.t % 16 === 0) yield adam.t / steps;
    }
  }
  const weight = new Float32Array(classes * dims);
  const bias = new Float32Array(classes);
  for (let k = 0; k < classes; k++) {
    weight.set(theta.subarray(k * width, k * width + dims), k * dims);
    bias[k] = theta[k * width + dims] as number;
  }
  return { weight, bias };
}

/** Adds the mean gradient of the cross-entropy over `rows` (Float32 accumulation, deterministic order). */
function addGradient(
  set: TrainingSet,
  theta: Float32Array,
  gradient: Float32Array,
  rows: Int32Array,
): void {
  const { dims, classes, x, y } = set;
  const width = dims + 1;
  const p = new Float32Array(classes);
  for (const row of rows) {
    const from = row * dims;
    let top = -Infinity;
    for (let k = 0; k < classes; k++) {
      const at = k * width;
      const z = dot(theta, at, x, from, dims) + (theta[at + dims] as number);
      p[k] = z;
      if (z > top) top = z;
    }
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += p[k] = Math.exp((p[k] as number) - top);
    for (let k = 0; k < classes; k++) {
      const miss = (p[k] as number) / sum - (y[row] === k ? 1 : 0);
      if (Math.abs(miss) < IGNORED_MISS) continue;
      const error = miss / rows.length;
      const at = k * width;
      for (let d = 0; d < dims; d++)
        gradient[at + d] = (gradient[at + d] as number) + error * (x[from + d] as number);
      gradient[at + dims] = (gradient[at + dims] as number) + error;
    }
  }
}

function step(
  theta: Float32Array,
  gradient: Float32Array,
  adam: Adam,
  rate: number,
  decay: number,
  width: number,
): void {
  adam.t += 1;
  const c1 = 1 - 0.9 ** adam.t;
  const c2 = 1 - 0.999 ** adam.t;
  for (let i = 0; i < theta.length; i++) {
    const isBias = i % width === width - 1;
    const g = (gradient[i] as number) + (isBias ? 0 : decay * (theta[i] as number));
    const m = (adam.m[i] = 0.9 * (adam.m[i] as number) + 0.1 * g);
    const v = (adam.v[i] = 0.999 * (adam.v[i] as number) + 0.001 * g * g);
    theta[i] = (theta[i] as number) - (rate * (m / c1)) / (Math.sqrt(v / c2) + 1e-8);
  }
}

/** Normalised class means [classes × dims]. */
export function centroidsOf({ x, y, dims, classes }: TrainingSet): Float32Array {
  const out = new Float32Array(classes * dims);
  for (let r = 0; r < y.length; r++) {
    const at = (y[r] as number) * dims;
    for (let d = 0; d < dims; d++)
      out[at + d] = (out[at + d] as number) + (x[r * dims + d] as number);
  }
  for (let k = 0; k < classes; k++) {
    let norm = 0;
    for (let d = 0; d < dims; d++) norm += (out[k * dims + d] as number) ** 2;
    for (let d = 0; d < dims; d++)
      out[k * dims + d] = (out[k * dims + d] as number) / (Math.sqrt(norm) || 1);
  }
  return out;
}

/**
 * Tells texts of this specialist from background texts: logistic regression as a two-class softmax, both groups weighing
 * the same by repeating the smaller one. Returns [dims + 1].
 */
export function* trainBelongs(
  inside: Float32Array,
  outside: Float32Array,
  dims: number,
  seed: number,
): Generator<number, Float32Array> {
  const nIn = inside.length / dims;
  const nOut = outside.length / dims;
  if (nIn === 0 || nOut === 0) return new Float32Array(dims + 1);
  const half = Math.min(6000, Math.max(nIn, nOut));
  const x = new Float32Array(2 * half * dims);
  const y = new Int32Array(2 * half);
  const random = seeded(seed);
  const [inOrder, outOrder] = [shuffled(nIn, random), shuffled(nOut, random)];
  for (let i = 0; i < half; i++) {
    const [a, b] = [inOrder[i % nIn] as number, outOrder[i % nOut] as number];
    x.set(inside.subarray(a * dims, (a + 1) * dims), i * dims);
    x.set(outside.subarray(b * dims, (b + 1) * dims), (half + i) * dims);
    y[i] = 1;
  }
  const { weight, bias } = yield* trainSoftmax(
    { x, y, dims, classes: 2 },
    { ...DEFAULTS, epochs: 8, decay: 1e-5, seed },
  );
  const out = new Float32Array(dims + 1);
  for (let d = 0; d < dims; d++) out[d] = (weight[dims + d] as number) - (weight[d] as number);
  out[dims] = (bias[1] as number) - (bias[0] as number);
  return out;
}

/** The progress of `work` as the part of a larger job that goes from `from` to `to`. */
export function* scaled<T>(
  work: Generator<number, T>,
  from: number,
  to: number,
): Generator<number, T> {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
    yield from + (to - from) * next.value;
  }
}

/** Share of the work of a head that its classifier takes; the belongs row takes the rest. */
const CLASSIFIER_SHARE = 0.8;

/** A whole head: classifier, class means and the belongs row. */
export function* trainHead(
  set: TrainingSet,
  outside: Float32Array,
  options: TrainOptions = DEFAULTS,
): Generator<number, LinearHead> {
  const classifier = yield* scaled(trainSoftmax(set, options), 0, CLASSIFIER_SHARE);
  const belongs = yield* scaled(
    trainBelongs(set.x, outside, set.dims, options.seed),
    CLASSIFIER_SHARE,
    1,
  );
  return {
    dims: set.dims,
    classes: set.classes,
    ...classifier,
    centroids: centroidsOf(set),
    belongs,
  };
}
