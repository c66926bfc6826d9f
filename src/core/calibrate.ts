/** Fits what turns logits into probabilities, on rows that the head has not seen. */

/** Rows to calibrate on: features as in score.ts, and whether the label was right. Out-of-scope rows are wrong. */
export interface CalibrationRow {
  features: number[];
  right: boolean;
  inScope: boolean;
}

const RIDGE = 1e-3;
const NEWTON_STEPS = 30;

/**
 * Temperature that minimises the negative log-likelihood of the true labels (Guo et al. 2017).
 * `logits` [n × classes] row by row; golden-section search on log T in [-3, 3].
 */
export function fitTemperature(logits: readonly Float32Array[], labels: readonly number[]): number {
  const loss = (logT: number): number => {
    const t = Math.exp(logT);
    let sum = 0;
    logits.forEach((row, i) => {
      let top = -Infinity;
      for (const z of row) if (z > top) top = z;
      let total = 0;
      for (const z of row) total += Math.exp((z - top) / t);
      sum += Math.log(total) - ((row[labels[i] as number] as number) - top) / t;
    });
    return sum;
  };
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = -3;
  let high = 3;
  for (let i = 0; i < 40; i++) {
    const a = high - ratio * (high - low);
    const b = low + ratio * (high - low);
    if (loss(a) < loss(b)) high = b;
    else low = a;
  }
  return Math.exp((low + high) / 2);
}

/**
 * Logistic regression of "right" on standardised features by Newton's method with a small ridge.
 * In-scope rows weigh (1 − outOfScopeShare) together, out-of-scope rows outOfScopeShare.
 * Returns weights and bias for the raw features.
 */
export function fitConfidence(
  rows: readonly CalibrationRow[],
  outOfScopeShare: number,
): { weights: number[]; bias: number } {
  const width = rows[0]?.features.length ?? 0;
  const { mean, spread } = standardise(rows, width);
  const weight = rowWeights(rows, outOfScopeShare);
  const theta = new Array<number>(width + 1).fill(0);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const gradient = theta.map((t, i) => (i < width ? -RIDGE * rows.length * t : 0));
    const hessian = theta.map((_, i) =>
      theta.map((__, j) => (i === j && i < width ? RIDGE * rows.length : 0)),
    );
    rows.forEach((row, r) => {
      const x = [
        ...row.features.map((f, i) => (f - (mean[i] as number)) / (spread[i] as number)),
        1,
      ];
      const p = 1 / (1 + Math.exp(-x.reduce((sum, v, i) => sum + v * (theta[i] as number), 0)));
      const w = weight[r] as number;
      for (let i = 0; i <= width; i++) {
        gradient[i] = (gradient[i] as number) + w * ((row.right ? 1 : 0) - p) * (x[i] as number);
        for (let j = 0; j <= width; j++) {
          const line = hessian[i] as number[];
          line[j] =
            (line[j] as number) +
            w * Math.max(p * (1 - p), 1e-6) * (x[i] as number) * (x[j] as number);
        }
      }
    });
    const move = solve(hessian, gradient);
    move.forEach((m, i) => (theta[i] = (theta[i] as number) + m));
    if (Math.max(...move.map(Math.abs)) < 1e-8) break;
  }
  const weights = mean.map((_, i) => (theta[i] as number) / (spread[i] as number));
  return {
    weights,
    bias:
      (theta[width] as number) - weights.reduce((sum, w, i) => sum + w * (mean[i] as number), 0),
  };
}

/** Weight of each row so that the two groups have the assumed shares and all weights sum to the number of rows. */
export function rowWeights(
  rows: readonly { inScope: boolean }[],
  outOfScopeShare: number,
): number[] {
  const inside = rows.filter((row) => row.inScope).length;
  const outside = rows.length - inside;
  const share = outside === 0 ? 0 : inside === 0 ? 1 : outOfScopeShare;
  return rows.map((row) =>
    row.inScope ? ((1 - share) * rows.length) / inside : (share * rows.length) / outside,
  );
}

function standardise(
  rows: readonly CalibrationRow[],
  width: number,
): { mean: number[]; spread: number[] } {
  const n = rows.length;
  const mean = Array.from(
    { length: width },
    (_, i) => rows.reduce((sum, row) => sum + (row.features[i] as number), 0) / n,
  );
  const spread = mean.map(
    (m, i) =>
      Math.sqrt(rows.reduce((sum, row) => sum + ((row.features[i] as number) - m) ** 2, 0) / n) ||
      1,
  );
  return { mean, spread };
}

/** Solves a · x = b for a small symmetric positive-definite matrix (Gaussian elimination with pivoting). */
function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const m = a.map((row, i) => [...row, b[i] as number]);
  const n = b.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let r = column + 1; r < n; r++)
      if (Math.abs(m[r]?.[column] ?? 0) > Math.abs(m[pivot]?.[column] ?? 0)) pivot = r;
    [m[column], m[pivot]] = [m[pivot] as number[], m[column] as number[]];
    const top = m[column] as number[];
    for (let r = 0; r < n; r++) {
      const row = m[r] as number[];
      if (r === column || (top[column] as number) === 0) continue;
      const factor = (row[column] as number) / (top[column] as number);
      for (let c = column; c <= n; c++) row[c] = (row[c] as number) - factor * (top[c] as number);
    }
  }
  return m.map((row, i) => (row[n] as number) / (row[i] as number));
}
