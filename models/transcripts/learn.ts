/** Logistic regression by full-batch Adam on standardised features: the same rows give the same head. */
import type { Head } from '../../workers/tasks/summarize/scorer.ts';

export interface LearnRow {
  x: Float32Array;
  y: number;
  weight: number;
}

interface Scale {
  mean: Float64Array;
  spread: Float64Array;
}

const STEPS = 150;
const RATE = 0.05;

/** `ridge` pulls the weights of the standardised features to zero. */
export function learn(rows: readonly LearnRow[], ridge: number): Head {
  const width = rows[0]?.x.length ?? 0;
  const scale = scaleOf(rows, width);
  const z = new Float32Array(rows.length * width);
  rows.forEach(({ x }, r) => {
    for (let f = 0; f < width; f++)
      z[r * width + f] =
        ((x[f] as number) - (scale.mean[f] as number)) / (scale.spread[f] as number);
  });
  const theta = descend(rows, z, width, ridge);
  return unscaled(theta, scale, width);
}

function scaleOf(rows: readonly LearnRow[], width: number): Scale {
  const mean = new Float64Array(width);
  const spread = new Float64Array(width);
  for (const { x } of rows)
    for (let f = 0; f < width; f++) mean[f] = (mean[f] as number) + (x[f] as number) / rows.length;
  for (const { x } of rows)
    for (let f = 0; f < width; f++)
      spread[f] =
        (spread[f] as number) + ((x[f] as number) - (mean[f] as number)) ** 2 / rows.length;
  return { mean, spread: spread.map((value) => Math.sqrt(value) || 1) };
}

function descend(
  rows: readonly LearnRow[],
  z: Float32Array,
  width: number,
  ridge: number,
): Float64Array {
  const theta = new Float64Array(width + 1);
  const first = new Float64Array(width + 1);
  const second = new Float64Array(width + 1);
  for (let step = 1; step <= STEPS; step++) {
    const slope = gradient(rows, z, width, theta);
    const rate = RATE * Math.min(1, 3 * (1 - step / (STEPS + 1)));
    for (let f = 0; f <= width; f++) {
      const g = (slope[f] as number) + (f < width ? ridge * (theta[f] as number) : 0);
      first[f] = 0.9 * (first[f] as number) + 0.1 * g;
      second[f] = 0.99 * (second[f] as number) + 0.01 * g * g;
      const size = Math.sqrt((second[f] as number) / (1 - 0.99 ** step)) + 1e-8;
      theta[f] = (theta[f] as number) - (rate * (first[f] as number)) / (1 - 0.9 ** step) / size;
    }
  }
  return theta;
}

function gradient(
  rows: readonly LearnRow[],
  z: Float32Array,
  width: number,
  theta: Float64Array,
): Float64Array {
  const slope = new Float64Array(width + 1);
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  rows.forEach(({ y, weight }, r) => {
    const at = r * width;
    let sum = theta[width] as number;
    for (let f = 0; f < width; f++) sum += (theta[f] as number) * (z[at + f] as number);
    const off = ((1 / (1 + Math.exp(-sum)) - y) * weight) / total;
    for (let f = 0; f < width; f++) slope[f] = (slope[f] as number) + off * (z[at + f] as number);
    slope[width] = (slope[width] as number) + off;
  });
  return slope;
}

/** Weights for the raw features, four significant digits. */
function unscaled(theta: Float64Array, { mean, spread }: Scale, width: number): Head {
  const weights = Array.from(
    { length: width },
    (_, f) => (theta[f] as number) / (spread[f] as number),
  );
  const bias = weights.reduce((sum, w, f) => sum - w * (mean[f] as number), theta[width] as number);
  const short = (value: number): number => Number(value.toPrecision(4));
  return { bias: short(bias), weights: weights.map(short) };
}
