/** Exact binomial bounds: the arithmetic under every promise that Flotilla makes. */

/** log P(X ≤ k) for X ~ Binomial(n, p), summed term by term in log space. */
export function logBinomialCdf(k: number, n: number, p: number): number {
  if (k >= n) return 0;
  if (p <= 0) return 0;
  if (p >= 1) return -Infinity;
  const logOdds = Math.log(p) - Math.log1p(-p);
  let logTerm = n * Math.log1p(-p);
  let top = logTerm;
  let sum = 1;
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i) + logOdds;
    if (logTerm > top) {
      sum = sum * Math.exp(top - logTerm) + 1;
      top = logTerm;
    } else {
      sum += Math.exp(logTerm - top);
    }
  }
  return Math.min(0, top + Math.log(sum));
}

/**
 * Clopper–Pearson upper bound of a proportion: the p at which `k` or fewer of `n` has probability `delta`.
 * P(true p > bound) ≤ delta. Clopper & Pearson 1934, Biometrika 26(4). Returns 1 when there are no rows.
 */
export function upperBound(k: number, n: number, delta: number): number {
  if (n <= 0 || k >= n) return 1;
  const target = Math.log(delta);
  let low = k / n;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (logBinomialCdf(k, n, middle) > target) low = middle;
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
