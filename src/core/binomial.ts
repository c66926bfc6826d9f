/** Exact binomial bounds: the arithmetic under every promise that Flotilla makes. */

/** log of the number of ways to choose k of n. */
function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= Math.min(k, n - k); i++) sum += Math.log((n - i + 1) / i);
  return sum;
}

/** Far below the largest double, so that a sum can grow by another factor before it is scaled down. */
const HUGE = 1e200;

/**
 * log P(X ≤ k) for X ~ Binomial(n, p). The terms are summed from k downwards, relative to the one at k, until they no
 * longer count: above the observed share that is soon.
 */
export function logBinomialCdf(k: number, n: number, p: number, logWays = logChoose(n, k)): number {
  if (k >= n || p <= 0) return 0;
  if (p >= 1) return -Infinity;
  let term = 1;
  let sum = 1;
  let shift = 0;
  for (let i = k; i > 0 && term > sum * 1e-17; i--) {
    term *= (i / (n - i + 1)) * ((1 - p) / p);
    sum += term;
    if (sum > HUGE) {
      term /= HUGE;
      sum /= HUGE;
      shift += Math.log(HUGE);
    }
  }
  const atK = logWays + k * Math.log(p) + (n - k) * Math.log1p(-p);
  return Math.min(0, atK + Math.log(sum) + shift);
}

/**
 * Clopper–Pearson upper bound of a proportion: the p at which `k` or fewer of `n` has probability `delta`.
 * P(true p > bound) ≤ delta. Clopper & Pearson 1934, Biometrika 26(4). Returns 1 when there are no rows.
 */
export function upperBound(k: number, n: number, delta: number): number {
  if (n <= 0 || k >= n) return 1;
  const target = Math.log(delta);
  const logWays = logChoose(n, k);
  let low = k / n;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (logBinomialCdf(k, n, middle, logWays) > target) low = middle;
    else high = middle;
  }
  return high;
}

/** Clopper–Pearson lower bound: P(true p < bound) ≤ delta. */
export const lowerBound = (k: number, n: number, delta: number): number =>
  1 - upperBound(n - k, n, delta);

/** Wilson score interval of a proportion at 95 %. Wilson 1927, JASA 22. */
export function wilson(k: number, n: number): [low: number, high: number] {
  if (n === 0) return [0, 1];
  const z = 1.959964;
  const p = k / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
