/** From logits to features and confidence, held against plain double-precision arithmetic. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  belongsTo,
  confidenceOf,
  energyOf,
  FEATURES,
  featuresOf,
  logitsOf,
  mixLogits,
  similarityTo,
  softmax,
  topOf,
  type LinearHead,
} from '../../src/core/score.ts';

const f32 = (...values: number[]) => Float32Array.from(values);

const HEAD: LinearHead = {
  dims: 5,
  classes: 2,
  weight: f32(1, 0, 2, 0, -1, 0, 3, 0, 1, 2),
  bias: f32(0.5, -1),
  centroids: f32(1, 0, 0, 0, 0, 0, 0.6, 0, 0.8, 0),
  belongs: f32(1, 1, 1, 1, 1, -2),
};
const X = f32(0.5, 0.25, 0.5, 0.5, 0.25);

const logits = fc
  .array(fc.float({ min: -40, max: 40, noNaN: true }), { minLength: 2, maxLength: 200 })
  .map((values) => Float32Array.from(values));

describe('linear head', () => {
  it('by hand, with a width that is not a multiple of four', () => {
    expect([...logitsOf(HEAD, X)]).toEqual([0.5 + 1 - 0.25 + 0.5, 0.75 + 0.5 + 0.5 - 1]);
    expect(belongsTo(HEAD, X)).toBe(0);
    expect(similarityTo(HEAD, X, 0)).toBe(0.5);
    expect(similarityTo(HEAD, X, 1)).toBeCloseTo(0.55, 6);
  });
});

describe('softmax', () => {
  it('sums to one, keeps the order, survives large logits', () => {
    fc.assert(
      fc.property(logits, fc.double({ min: 0.05, max: 20, noNaN: true }), (z, temperature) => {
        const p = softmax(z, temperature);
        expect(p.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 4);
        expect(p[topOf(z, 1)[0] ?? -1]).toBe(Math.max(...p));
      }),
    );
    expect([...softmax(f32(1000, 0))]).toEqual([1, 0]);
  });

  it('a temperature above one makes it less sure', () => {
    const [sharp = 0] = softmax(f32(2, 0), 0.5);
    const [plain = 0] = softmax(f32(2, 0));
    const [soft = 0] = softmax(f32(2, 0), 2);
    expect(plain).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    expect(soft).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    expect(sharp).toBeGreaterThan(plain);
  });
});

describe('top', () => {
  it('is what sorting finds', () => {
    fc.assert(
      fc.property(logits, fc.integer({ min: 1, max: 12 }), (z, most) => {
        const expected = [...z].sort((a, b) => b - a).slice(0, most);
        const found = topOf(z, most);
        expect(found.map((k) => z[k])).toEqual(expected);
        expect(new Set(found).size).toBe(found.length);
      }),
    );
  });

  it('the earlier of two equals comes first', () => {
    expect(topOf(f32(1, 3, 3, 2), 3)).toEqual([1, 2, 3]);
  });
});

describe('features', () => {
  it('by hand', () => {
    const z = f32(2, 1, 0);
    const p = softmax(z);
    const [logOdds, margin, energy, similarity, belongs] = featuresOf(z, p, 0.7, 3);
    const total = Math.exp(2) + Math.exp(1) + 1;
    expect(logOdds).toBeCloseTo(Math.log(Math.exp(2) / (total - Math.exp(2))), 5);
    expect(margin).toBeCloseTo(1, 5);
    expect(energy).toBeCloseTo(Math.log(total), 5);
    expect([similarity, belongs]).toEqual([0.7, 3]);
    expect(FEATURES).toHaveLength(5);
  });

  it('stay finite however sure the head is', () => {
    const z = f32(500, -500, 0);
    expect(featuresOf(z, softmax(z), 1, 40).every(Number.isFinite)).toBe(true);
    const one = f32(3);
    expect(featuresOf(one, softmax(one), 1, 0).every(Number.isFinite)).toBe(true);
  });

  it('energy does not overflow', () => {
    expect(energyOf(f32(1000, 1000))).toBeCloseTo(1000 + Math.log(2), 3);
  });

  it('the static logits are added by their share, and left out where there are none', () => {
    expect([...mixLogits(f32(1, 2), f32(4, 8), 0.5)]).toEqual([3, 6]);
    expect([...mixLogits(f32(1, 2), f32(4, 8), 0)]).toEqual([1, 2]);
    expect([...mixLogits(f32(1, 2), null, 0.5)]).toEqual([1, 2]);
  });

  it('confidence is the logistic of the weighted features', () => {
    const calibration = {
      temperature: 1,
      staticShare: 0,
      weights: [1, 0.5, 0, 2, 0],
      bias: -1,
      outOfScopeBelow: 0,
      belongsFrom: 0,
    };
    const z = 1 * 2 + 0.5 * 1 + 2 * 0.25 - 1;
    expect(confidenceOf(calibration, [2, 1, 9, 0.25, 9])).toBeCloseTo(1 / (1 + Math.exp(-z)), 12);
  });
});
