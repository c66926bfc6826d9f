/** Training of heads: it learns, it is repeatable, it tells how far it is, and it can be dropped. */
import { describe, expect, it } from 'vitest';
import { seeded } from '../../src/core/random.ts';
import { belongsTo, logitsOf, topOf } from '../../src/core/score.ts';
import {
  centroidsOf,
  DEFAULTS,
  trainBelongs,
  trainHead,
  trainSoftmax,
  type TrainingSet,
} from '../../src/core/train-head.ts';
import { DIMS, finish, LABELS, normals, world } from './doubles/clusters.ts';

const { inScope, outOfScope } = world(7, { static: 0.12, encoder: 0.12 });
const setOf = (n: number, seed: number): TrainingSet => {
  const rows = inScope(n, seed);
  return { x: rows.encoder, y: rows.labels, dims: DIMS.encoder, classes: LABELS.length };
};
const background = outOfScope(400, 3).encoder;
const rowOf = (set: TrainingSet, i: number) => set.x.subarray(i * set.dims, (i + 1) * set.dims);

describe('trainHead', () => {
  const set = setOf(500, 1);
  const head = finish(trainHead(set, background));

  it('learns clusters and knows them again on fresh rows', () => {
    const fresh = setOf(2000, 2);
    const right = [...fresh.y].filter(
      (label, i) => topOf(logitsOf(head, rowOf(fresh, i)), 1)[0] === label,
    );
    expect(right.length / fresh.y.length).toBeGreaterThan(0.97);
  });

  it('tells its own texts from all others', () => {
    const fresh = setOf(1000, 4);
    const others = outOfScope(1000, 5).encoder;
    const own = [...fresh.y.keys()].filter((i) => belongsTo(head, rowOf(fresh, i)) > 0).length;
    const strange = Array.from({ length: 1000 }, (_, i) =>
      others.subarray(i * 16, (i + 1) * 16),
    ).filter((x) => belongsTo(head, x) > 0).length;
    // A linear row cannot do better on clusters all round; it must be clearly better than a coin.
    expect(own / 1000 + (1000 - strange) / 1000).toBeGreaterThan(1.3);
  });

  it('gives the same numbers for the same seed and others for another', () => {
    const again = finish(trainHead(set, background));
    expect(again).toEqual(head);
    const other = finish(trainHead(set, background, { ...DEFAULTS, seed: 2 }));
    expect(other.weight).not.toEqual(head.weight);
  });

  it('has finite numbers of the right shape', () => {
    expect(head.weight).toHaveLength(LABELS.length * DIMS.encoder);
    expect(head.bias).toHaveLength(LABELS.length);
    expect(head.belongs).toHaveLength(DIMS.encoder + 1);
    expect([...head.weight, ...head.bias, ...head.belongs].every(Number.isFinite)).toBe(true);
  });

  it('tells its progress, never backwards', () => {
    const shares = [...trainHead(set, background)];
    expect(shares.length).toBeGreaterThan(5);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBeGreaterThanOrEqual(0);
    expect(shares[0]).toBeLessThan(0.3);
    expect(shares.at(-1)).toBeGreaterThan(0.9);
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  });

  it('stops for good when it is dropped', () => {
    const work = trainHead(set, background);
    expect(work.next().done).toBe(false);
    expect(work.return(head).done).toBe(true);
    expect(work.next()).toEqual({ done: true, value: undefined });
  });

  it('does not touch its rows', () => {
    const before = Float32Array.from(set.x);
    finish(trainHead(set, background));
    expect(set.x).toEqual(before);
  });
});

describe('trainSoftmax', () => {
  it('finds the minimum: no small step along any weight is better', () => {
    const random = seeded(11);
    const normal = normals(random);
    const n = 300;
    const x = Float32Array.from({ length: n * 2 }, normal);
    // Labels overlap, so the minimum is finite; the truth is logits = 1.5·x₀ − x₁ + 0.5.
    const y = Int32Array.from({ length: n }, (_, i) => {
      const z = 1.5 * (x[2 * i] ?? 0) - (x[2 * i + 1] ?? 0) + 0.5;
      return random() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
    });
    const set = { x, y, dims: 2, classes: 2 };
    const fit = finish(trainSoftmax(set, { epochs: 200, rate: 0.05, decay: 0, batch: n, seed: 1 }));
    const loss = (w0: number, w1: number, b: number) => {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const z = w0 * (x[2 * i] ?? 0) + w1 * (x[2 * i + 1] ?? 0) + b;
        sum += Math.log1p(Math.exp(y[i] === 1 ? -z : z));
      }
      return sum / n;
    };
    const [a0 = 0, a1 = 0, c0 = 0, c1 = 0] = fit.weight;
    const [b0 = 0, b1 = 0] = fit.bias;
    const [w0, w1, b] = [c0 - a0, c1 - a1, b1 - b0];
    const here = loss(w0, w1, b);
    for (const [d0, d1, db] of [
      [0.15, 0, 0],
      [-0.15, 0, 0],
      [0, 0.15, 0],
      [0, -0.15, 0],
      [0, 0, 0.15],
      [0, 0, -0.15],
    ] as const)
      expect(loss(w0 + d0, w1 + d1, b + db)).toBeGreaterThan(here);
    expect(w0).toBeGreaterThan(0.9);
    expect(w1).toBeLessThan(-0.5);
  });
});

describe('class means', () => {
  it('by hand, of unit length', () => {
    const set = {
      x: Float32Array.from([1, 0, 0, 1, 0.6, 0.8]),
      y: Int32Array.from([0, 0, 1]),
      dims: 2,
      classes: 3,
    };
    const [a, b, c, d, e, f] = centroidsOf(set);
    expect(a).toBeCloseTo(Math.SQRT1_2, 6);
    expect(b).toBeCloseTo(Math.SQRT1_2, 6);
    expect([c, d].map((x) => x?.toFixed(4))).toEqual(['0.6000', '0.8000']);
    expect([e, f]).toEqual([0, 0]);
  });
});

describe('trainBelongs', () => {
  it('without background it says nothing either way', () => {
    const row = finish(trainBelongs(setOf(20, 1).x, new Float32Array(0), DIMS.encoder, 1));
    expect([...row]).toEqual(new Array<number>(DIMS.encoder + 1).fill(0));
  });

  it('groups of very different size weigh the same', () => {
    const inside = Float32Array.from([1, 0, 0.8, 0.6, 0.96, 0.28]);
    const outside = Float32Array.from({ length: 600 }, (_, i) => (i % 2 ? -0.1 : -1));
    const row = finish(trainBelongs(inside, outside, 2, 1));
    const score = (a: number, b: number) => a * (row[0] ?? 0) + b * (row[1] ?? 0) + (row[2] ?? 0);
    expect(score(0.8, 0.6)).toBeGreaterThan(1);
    expect(score(-1, -0.1)).toBeLessThan(-1);
  });
});
