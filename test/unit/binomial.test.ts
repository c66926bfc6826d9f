/** Exact binomial bounds: known values, symmetry, monotony, coverage, large n. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logBinomialCdf, lowerBound, upperBound, wilson } from '../../src/core/binomial.ts';

/** One-sided Clopper–Pearson bounds from quantiles of the beta distribution (SciPy 1.x, `scipy.stats.beta.ppf`). */
const KNOWN: [k: number, n: number, delta: number, upper: number, lower: number][] = [
  [0, 300, 0.05, 0.009936081944457708, 0],
  [5, 100, 0.05, 0.1022533776432745, 0.019905563662171832],
  [1, 10, 0.025, 0.4450161170281954, 0.0025285785444617848],
  [50, 1000, 0.0225, 0.06575379164722085, 0.03708075429070674],
  [3, 20000, 0.05, 0.00038763675578637095, 4.088578088375139e-5],
  [400, 20000, 0.05, 0.021706022589480675, 0.018398534535994982],
  [19990, 20000, 0.05, 0.9997287054684337, 0.9991520366561334],
  [10000, 20000, 0.005, 0.50913105682925, 0.49086894317074997],
  [99, 100, 0.05, 0.9994871985837377, 0.9534401885464611],
];

/** k of n rows, and the failure that is permitted. */
const counts = fc
  .integer({ min: 1, max: 3000 })
  .chain((n) =>
    fc.tuple(
      fc.integer({ min: 0, max: n }),
      fc.constant(n),
      fc.double({ min: 0.001, max: 0.4, noNaN: true }),
    ),
  );

describe('Clopper–Pearson bounds', () => {
  it.each(KNOWN)('%i of %i at %f', (k, n, delta, upper, lower) => {
    expect(upperBound(k, n, delta)).toBeCloseTo(upper, 8);
    expect(lowerBound(k, n, delta)).toBeCloseTo(lower, 8);
  });

  it('no error in n rows has a closed form', () => {
    for (const n of [1, 20, 300, 20_000])
      expect(upperBound(0, n, 0.05)).toBeCloseTo(1 - 0.05 ** (1 / n), 10);
  });

  it('nothing seen means nothing known', () => {
    expect(upperBound(0, 0, 0.05)).toBe(1);
    expect(lowerBound(0, 0, 0.05)).toBe(0);
    expect(upperBound(7, 7, 0.05)).toBe(1);
    expect(lowerBound(0, 7, 0.05)).toBe(0);
  });

  it('the bound is the p at which k or fewer has probability delta', () => {
    fc.assert(
      fc.property(counts, ([k, n, delta]) => {
        fc.pre(k < n);
        expect(Math.exp(logBinomialCdf(k, n, upperBound(k, n, delta)))).toBeCloseTo(delta, 6);
      }),
      { numRuns: 60 },
    );
  });

  it('lies on the right side of the observed share, and lower mirrors upper', () => {
    fc.assert(
      fc.property(counts, ([k, n, delta]) => {
        const [low, high] = [lowerBound(k, n, delta), upperBound(k, n, delta)];
        expect(low).toBeLessThanOrEqual(k / n);
        expect(high).toBeGreaterThanOrEqual(k / n);
        expect(low).toBeCloseTo(1 - upperBound(n - k, n, delta), 12);
      }),
      { numRuns: 60 },
    );
  });

  it('rises with errors, falls with rows and with the permitted failure', () => {
    fc.assert(
      fc.property(counts, ([k, n, delta]) => {
        fc.pre(k < n);
        const bound = upperBound(k, n, delta);
        expect(upperBound(k + 1, n, delta)).toBeGreaterThan(bound);
        expect(upperBound(k, n + 1, delta)).toBeLessThan(bound);
        expect(upperBound(k, n, delta * 1.5)).toBeLessThan(bound);
      }),
      { numRuns: 60 },
    );
  });

  it('holds for every proportion: the chance of a bound below the truth is at most delta', () => {
    const n = 120;
    const delta = 0.1;
    const bounds = Array.from({ length: n + 1 }, (_, k) => upperBound(k, n, delta));
    for (const p of [0.002, 0.01, 0.03, 0.1, 0.25, 0.5, 0.9]) {
      const tooLow = bounds.filter((bound) => bound < p).length;
      const chance = tooLow === 0 ? 0 : Math.exp(logBinomialCdf(tooLow - 1, n, p));
      expect(chance, `p = ${p}`).toBeLessThanOrEqual(delta + 1e-9);
    }
  });
});

describe('log of the binomial distribution', () => {
  it.each([
    [5, 100, 0.03, -0.08429194588891033],
    [0, 20000, 0.0001, -2.000100006667167],
    [400, 20000, 0.0222, -4.061238025147842],
    [19999, 20000, 0.9999, -0.14539780596624757],
    [3, 10, 0.5, -1.7609878105613013],
  ])('P(X ≤ %i of %i at %f)', (k, n, p, log) => {
    expect(logBinomialCdf(k, n, p)).toBeCloseTo(log, 8);
  });

  it('neither overflows nor underflows at 20,000 rows', () => {
    const tail = logBinomialCdf(10, 20_000, 0.5);
    expect(Number.isFinite(tail)).toBe(true);
    expect(tail).toBeLessThan(-13_000);
    expect(logBinomialCdf(19_000, 20_000, 0.01)).toBeCloseTo(0, 12);
    expect(logBinomialCdf(5, 20_000, 1)).toBe(-Infinity);
    expect(logBinomialCdf(5, 20_000, 0)).toBe(0);
  });
});

describe('Wilson interval', () => {
  it('has the values of the textbook', () => {
    const [low, high] = wilson(5, 100);
    expect(low).toBeCloseTo(0.02154, 4);
    expect(high).toBeCloseTo(0.11175, 4);
    expect(wilson(0, 0)).toEqual([0, 1]);
  });

  it('stays within 0 and 1 and around the share', () => {
    fc.assert(
      fc.property(counts, ([k, n]) => {
        const [low, high] = wilson(k, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(k / n + 1e-12);
        expect(high).toBeGreaterThanOrEqual(k / n - 1e-12);
      }),
    );
  });
});
