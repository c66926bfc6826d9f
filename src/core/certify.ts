/**
 * Certificates: "error among accepted ≤ maxError with probability ≥ confidence".
 *
 * [Note: The promise] Learn-then-Test (Angelopoulos et al. 2021) with fixed-sequence testing. Candidate thresholds come
 * from other rows than those that certify, so they are fixed in advance; they are tried from the most cautious to the
 * boldest and testing stops at the first that fails, which needs no correction for having tried several.
 * One test asks: is the risk of the assumed mix above maxError? With share s of out-of-scope requests
 *   risk = ((1−s)·a·e + s·q) / ((1−s)·a + s·q),   a = P(accept | in scope), e = P(wrong | accepted, in scope),
 *   q = P(accept | out of scope),
 * which rises in e and q and falls in a (for e < 1). Each is replaced by its exact Clopper–Pearson bound, and the three
 * bounds share the permitted failure δ = 1 − confidence (45 % for e, 45 % for q, 10 % for a; all of it for e when s = 0).
 */
import type { Certificate } from './answer.ts';
import { lowerBound, upperBound } from './binomial.ts';

export interface CertifyRow {
  confidence: number;
  right: boolean;
  inScope: boolean;
}

export interface CertifyOptions {
  maxError: number;
  confidence: number;
  outOfScopeShare: number;
}

/** Upper bound of the risk among accepted at a threshold, valid with probability ≥ 1 − delta. */
export function riskBound(
  rows: readonly CertifyRow[],
  threshold: number,
  delta: number,
  outOfScopeShare: number,
): number {
  let inside = 0;
  let accepted = 0;
  let wrong = 0;
  let outside = 0;
  let outsideAccepted = 0;
  for (const row of rows) {
    const accept = row.confidence >= threshold;
    if (row.inScope) {
      inside++;
      if (accept) accepted++;
      if (accept && !row.right) wrong++;
    } else {
      outside++;
      if (accept) outsideAccepted++;
    }
  }
  if (accepted === 0) return 1;
  if (outOfScopeShare === 0) return upperBound(wrong, accepted, delta);
  const e = upperBound(wrong, accepted, 0.45 * delta);
  const q = upperBound(outsideAccepted, outside, 0.45 * delta);
  const a = lowerBound(accepted, inside, 0.1 * delta);
  const s = outOfScopeShare;
  return ((1 - s) * a * e + s * q) / ((1 - s) * a + s * q);
}

/**
 * Candidate thresholds from rows that do not certify: quantiles of their confidences, starting at the one whose own bound
 * is lowest there (the likeliest to pass) and going on to ever bolder ones.
 */
export function candidateThresholds(
  rows: readonly CertifyRow[],
  options: CertifyOptions,
  steps = 200,
): number[] {
  const sorted = rows.map((row) => row.confidence).sort((a, b) => b - a);
  const picks = Array.from(
    { length: steps },
    (_, i) => sorted[Math.floor(((i + 1) * (sorted.length - 1)) / steps)] ?? 1,
  );
  const distinct = [...new Set(picks)];
  const bounds = distinct.map((t) =>
    riskBound(rows, t, 1 - options.confidence, options.outOfScopeShare),
  );
  return distinct.slice(Math.max(0, bounds.indexOf(Math.min(...bounds))));
}

/**
 * The boldest threshold whose promise can be kept, or null with the reason in words.
 */
export function certify(
  rows: readonly CertifyRow[],
  candidates: readonly number[],
  { maxError, confidence, outOfScopeShare }: CertifyOptions,
): { certificate: Certificate | null; reason: string | null } {
  const delta = 1 - confidence;
  const inside = rows.filter((row) => row.inScope);
  const outsideN = rows.length - inside.length;
  const needed = Math.ceil(Math.log(delta * 0.45) / Math.log1p(-maxError / 2));
  const percent = (x: number): string => `${Number((x * 100).toPrecision(2))} %`;
  if (inside.length < needed || (outOfScopeShare > 0 && outsideN === 0)) {
    const why =
      inside.length < needed
        ? `it needs at least ${needed} held-out rows and has ${inside.length}`
        : 'it has no out-of-scope rows';
    return {
      certificate: null,
      reason: `No promise of at most ${percent(maxError)} error: ${why}.`,
    };
  }
  let best: number | null = null;
  for (const threshold of candidates) {
    if (riskBound(rows, threshold, delta, outOfScopeShare) > maxError) break;
    best = threshold;
  }
  if (best === null)
    return {
      certificate: null,
      reason: `No promise of at most ${percent(maxError)} error: ${inside.length} held-out rows do not show it, even where it is surest.`,
    };
  const threshold = best;
  const coverage = inside.filter((row) => row.confidence >= threshold).length / inside.length;
  return {
    certificate: {
      maxError,
      confidence,
      threshold,
      coverage,
      n: inside.length,
      outOfScopeN: outsideN,
      outOfScopeShare,
    },
    reason: null,
  };
}
