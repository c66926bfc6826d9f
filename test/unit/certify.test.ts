/** Certificates: over many draws of calibration rows the promise is broken no more often than it says. */
import { describe, expect, it } from 'vitest';
import {
  candidateThresholds,
  certify,
  riskBound,
  type CertifyRow,
} from '../../src/core/certify.ts';
import { seeded } from '../../src/core/random.ts';

/**
 * A population whose risk is known in closed form. In scope: confidence c uniform, wrong with chance 0.3·(1 − c).
 * Out of scope: P(confidence ≥ c) = 1 − c^(1/8), so most are far below.
 */
const SHARE = 0.1;
const acceptedInside = (t: number) => 1 - t;
const errorInside = (t: number) => 0.15 * (1 - t);
const acceptedOutside = (t: number) => 1 - t ** (1 / 8);

function trueRisk(t: number, share: number): number {
  const inside = (1 - share) * acceptedInside(t);
  const outside = share * acceptedOutside(t);
  return (inside * errorInside(t) + outside) / (inside + outside);
}

function draw(random: () => number, inside: number, outside: number): CertifyRow[] {
  const rows: CertifyRow[] = [];
  for (let i = 0; i < inside; i++) {
    const confidence = random();
    rows.push({ confidence, right: random() >= 0.3 * (1 - confidence), inScope: true });
  }
  for (let i = 0; i < outside; i++)
    rows.push({ confidence: random() ** 8, right: false, inScope: false });
  return rows;
}

/** The threshold at which the population's risk is exactly `risk`. */
function thresholdAt(risk: number, share: number): number {
  let [low, high] = [0, 0.9999];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (trueRisk(middle, share) > risk) low = middle;
    else high = middle;
  }
  return high;
}

/** Three standard deviations above the permitted number of broken promises. */
const permitted = (draws: number, delta: number) =>
  draws * delta + 3 * Math.sqrt(draws * delta * (1 - delta));

const DRAWS = 400;
const OPTIONS = { maxError: 0.1, confidence: 0.95, outOfScopeShare: SHARE };
const random = seeded(20261122);
const samples = Array.from({ length: DRAWS }, () => draw(random, 1500, 800));

describe('the promise', () => {
  it('is broken in at most one of twenty draws, and kept where it is of use', () => {
    const candidates = candidateThresholds(draw(random, 1500, 800), OPTIONS, 40);
    const certified = samples.flatMap(
      (rows) => certify(rows, candidates, OPTIONS).certificate ?? [],
    );
    const broken = certified.filter((c) => trueRisk(c.threshold, SHARE) > OPTIONS.maxError);
    expect(broken.length).toBeLessThanOrEqual(permitted(DRAWS, 0.05));
    expect(certified.length).toBeGreaterThan(0.9 * DRAWS);
    const coverage = certified.reduce((sum, c) => sum + c.coverage, 0) / certified.length;
    expect(coverage).toBeGreaterThan(0.5 * acceptedInside(thresholdAt(OPTIONS.maxError, SHARE)));
  });

  it('would be broken by the threshold that merely looks good (so this test can fail)', () => {
    const grid = Array.from({ length: 200 }, (_, i) => 1 - i / 200);
    const broken = samples.slice(0, 100).filter((rows) => {
      const naive = grid.findLast((t) => observedRisk(rows, t) <= OPTIONS.maxError) ?? 1;
      return trueRisk(naive, SHARE) > OPTIONS.maxError;
    });
    expect(broken.length).toBeGreaterThan(permitted(100, 0.05));
  });

  it.each([0, 0.02, SHARE, 0.5])(
    'one test at a share of %f fails to notice in one of twenty',
    (share) => {
      const options = { ...OPTIONS, maxError: 0.08, outOfScopeShare: share };
      const justTooBold = thresholdAt(options.maxError, share) - 1e-6;
      expect(trueRisk(justTooBold, share)).toBeGreaterThan(options.maxError);
      const passed = samples.filter((rows) => certify(rows, [justTooBold], options).certificate);
      expect(passed.length).toBeLessThanOrEqual(permitted(DRAWS, 0.05));
    },
  );

  it('is exact where only the error counts: it passes nearly as often as it may', () => {
    const options = { ...OPTIONS, maxError: 0.08, outOfScopeShare: 0 };
    const justTooBold = thresholdAt(options.maxError, 0) - 1e-6;
    const passed = samples.filter((rows) => certify(rows, [justTooBold], options).certificate);
    expect(passed.length / DRAWS).toBeGreaterThan(0.015);
  });
});

function observedRisk(rows: readonly CertifyRow[], t: number): number {
  const accepted = rows.filter((row) => row.confidence >= t);
  const inside = accepted.filter((row) => row.inScope);
  const insideAll = rows.filter((row) => row.inScope).length;
  const a = ((1 - SHARE) * inside.length) / insideAll;
  const q = (SHARE * (accepted.length - inside.length)) / (rows.length - insideAll);
  const e = inside.length ? inside.filter((row) => !row.right).length / inside.length : 0;
  return a + q === 0 ? 0 : (a * e + q) / (a + q);
}

const perfect = (inside: number, outside: number): CertifyRow[] => [
  ...Array.from({ length: inside }, () => ({ confidence: 0.99, right: true, inScope: true })),
  ...Array.from({ length: outside }, () => ({ confidence: 0.01, right: false, inScope: false })),
];

describe('certify', () => {
  it('tells what it counted', () => {
    const rows = [
      ...perfect(800, 600),
      ...perfect(200, 0).map((row) => ({ ...row, confidence: 0.3 })),
    ];
    const { certificate, reason } = certify(rows, [0.9], OPTIONS);
    expect(reason).toBeNull();
    expect(certificate).toEqual({
      maxError: 0.1,
      confidence: 0.95,
      threshold: 0.9,
      coverage: 0.8,
      n: 1000,
      outOfScopeN: 600,
      outOfScopeShare: SHARE,
    });
  });

  it('takes the boldest candidate before the first that fails, not one behind it', () => {
    // Wrong between .5 and .6, right everywhere else: at .2 the risk is low again, but .5 stopped the test.
    const rows = perfect(400, 0).map((row, i) => ({ ...row, confidence: i < 200 ? 0.9 : 0.7 }));
    const bad = perfect(60, 0).map((row) => ({ ...row, confidence: 0.55, right: false }));
    const rest = perfect(4000, 0).map((row) => ({ ...row, confidence: 0.3 }));
    const options = { ...OPTIONS, outOfScopeShare: 0 };
    const all = [...rows, ...bad, ...rest];
    expect(certify(all, [0.2], options).certificate?.threshold).toBe(0.2);
    expect(certify(all, [0.8, 0.65, 0.5, 0.2], options).certificate?.threshold).toBe(0.65);
  });

  it('too few rows: no certificate, and how many are needed', () => {
    const { certificate, reason } = certify(perfect(40, 40), [0.9], { ...OPTIONS, maxError: 0.02 });
    expect(certificate).toBeNull();
    expect(reason).toMatch(/at most 2 % error: it needs at least \d+ held-out rows and has 40\./);
  });

  it('no out-of-scope rows: no certificate for a mix that has some', () => {
    const { certificate, reason } = certify(perfect(5000, 0), [0.9], OPTIONS);
    expect(certificate).toBeNull();
    expect(reason).toMatch(/no out-of-scope rows/);
    expect(
      certify(perfect(5000, 0), [0.9], { ...OPTIONS, outOfScopeShare: 0 }).certificate,
    ).not.toBeNull();
  });

  it('wrong too often: no certificate, and why', () => {
    const rows = perfect(1000, 500).map((row, i) => ({ ...row, right: row.right && i % 5 > 0 }));
    const { certificate, reason } = certify(rows, [0.9, 0.5], OPTIONS);
    expect(certificate).toBeNull();
    expect(reason).toMatch(/\d+ held-out rows do not show it/);
  });

  it('out-of-scope requests that are accepted count as errors', () => {
    const rows = perfect(2000, 600);
    const fooled = rows.map((row, i) => ({
      ...row,
      confidence: i % 2 === 0 ? 0.99 : row.confidence,
    }));
    expect(certify(rows, [0.9], { ...OPTIONS, maxError: 0.05 }).certificate).not.toBeNull();
    expect(certify(fooled, [0.9], { ...OPTIONS, maxError: 0.05 }).certificate).toBeNull();
  });

  it('no candidates, no rows: no certificate', () => {
    expect(certify(perfect(1000, 500), [], OPTIONS).certificate).toBeNull();
    expect(certify([], [0.5], OPTIONS).certificate).toBeNull();
  });
});

describe('risk bound', () => {
  it('is never below the observed risk, and falls with more of the same rows', () => {
    const rows = samples[0] ?? [];
    for (const t of [0.5, 0.7, 0.9]) {
      const bound = riskBound(rows, t, 0.05, SHARE);
      expect(bound).toBeGreaterThan(observedRisk(rows, t));
      expect(riskBound([...rows, ...rows, ...rows], t, 0.05, SHARE)).toBeLessThan(bound);
      expect(riskBound(rows, t, 0.01, SHARE)).toBeGreaterThan(bound);
    }
  });

  it('accepting nothing promises nothing', () => {
    expect(riskBound(samples[0] ?? [], 2, 0.05, SHARE)).toBe(1);
  });
});

describe('candidate thresholds', () => {
  it('go from cautious to bold, each once, none above what was seen', () => {
    const rows = samples[1] ?? [];
    const candidates = candidateThresholds(rows, OPTIONS);
    expect(candidates.length).toBeGreaterThan(10);
    expect(candidates).toEqual([...new Set(candidates)].sort((a, b) => b - a));
    expect(candidates[0]).toBeLessThanOrEqual(Math.max(...rows.map((row) => row.confidence)));
    expect(candidates.at(-1)).toBeLessThan(0.05);
  });
});
