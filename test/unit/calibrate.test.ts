/** Calibration: known temperatures and weights are found again, and what is said is what happens. */
import { describe, expect, it } from 'vitest';
import {
  fitConfidence,
  fitTemperature,
  rowWeights,
  type CalibrationRow,
} from '../../src/core/calibrate.ts';
import { calibrateTier } from '../../src/core/calibrate-tier.ts';
import { judge, viewOf } from '../../src/core/judge.ts';
import { expectedCalibrationError } from '../../src/core/measure.ts';
import { seeded } from '../../src/core/random.ts';
import { confidenceOf, sigmoid, softmax } from '../../src/core/score.ts';
import { DEFAULTS, trainHead } from '../../src/core/train-head.ts';
import { DIMS, finish, LABELS, normals, world } from './doubles/clusters.ts';

/** Rows whose label is drawn from softmax(logits / temperature). */
function drawn(temperature: number, n: number, seed: number) {
  const random = seeded(seed);
  const normal = normals(random);
  const logits = Array.from({ length: n }, () =>
    Float32Array.from({ length: 6 }, () => 3 * normal()),
  );
  const labels = logits.map((z) => {
    let rest = random();
    const p = softmax(z, temperature);
    const k = p.findIndex((share) => (rest -= share) < 0);
    return k < 0 ? 5 : k;
  });
  return { logits, labels };
}

describe('temperature', () => {
  it.each([0.4, 1, 2.5, 6])('%f is found again', (temperature) => {
    const { logits, labels } = drawn(temperature, 4000, 5);
    expect(fitTemperature(logits, labels) / temperature).toBeCloseTo(1, 1);
  });

  it('stays within its range where every label is right', () => {
    const logits = Array.from({ length: 50 }, () => Float32Array.from([4, 0]));
    const t = fitTemperature(logits, new Array<number>(50).fill(0));
    expect(t).toBeGreaterThan(0);
    expect(t).toBeLessThan(0.5);
  });
});

/** Rows of a known logistic model on features of very different size. */
function logisticRows(n: number, seed: number): CalibrationRow[] {
  const random = seeded(seed);
  const normal = normals(random);
  return Array.from({ length: n }, () => {
    const features = [normal(), 10 + 5 * normal(), 0.01 * normal()];
    const p = sigmoid(
      0.5 + 1.2 * (features[0] ?? 0) - 0.2 * ((features[1] ?? 0) - 10) + 60 * (features[2] ?? 0),
    );
    return { features, right: random() < p, inScope: true };
  });
}

describe('confidence', () => {
  it('finds the weights of a known logistic model', () => {
    const { weights, bias } = fitConfidence(logisticRows(20_000, 3), 0);
    expect(weights[0]).toBeCloseTo(1.2, 1);
    expect(weights[1]).toBeCloseTo(-0.2, 1);
    expect((weights[2] ?? 0) / 60).toBeCloseTo(1, 1);
    expect(bias).toBeGreaterThan(2.3);
    expect(bias).toBeLessThan(2.7);
  });

  it('says on fresh rows what happens there', () => {
    const fit = fitConfidence(logisticRows(3000, 3), 0);
    const calibration = {
      ...fit,
      temperature: 1,
      staticShare: 0,
      outOfScopeBelow: 0,
      belongsFrom: 0,
    };
    const scored = logisticRows(20_000, 4).map((row) => ({
      score: confidenceOf(calibration, row.features),
      right: row.right,
    }));
    expect(expectedCalibrationError(scored)).toBeLessThan(0.02);
  });

  it('without features, it is the share of right rows in the assumed mix', () => {
    const rows: CalibrationRow[] = [
      ...Array.from({ length: 300 }, (_, i) => ({
        features: [],
        right: i % 10 > 0,
        inScope: true,
      })),
      ...Array.from({ length: 700 }, () => ({ features: [], right: false, inScope: false })),
    ];
    // 90 % right in scope. The rows are 70 % out of scope, the mix is not.
    for (const share of [0, 0.1, 0.5])
      expect(sigmoid(fitConfidence(rows, share).bias)).toBeCloseTo(0.9 * (1 - share), 4);
  });

  it.each([true, false])('stays finite where every row is %s', (right) => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ features: [i, 7], right, inScope: true }));
    const { weights, bias } = fitConfidence(rows, 0);
    expect([...weights, bias].every(Number.isFinite)).toBe(true);
    expect(sigmoid(bias + 15 * (weights[0] ?? 0) + 7 * (weights[1] ?? 0)) > 0.9).toBe(right);
  });

  it('stays finite where a feature tells right from wrong without fail', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      features: [i],
      right: i >= 30,
      inScope: true,
    }));
    const { weights, bias } = fitConfidence(rows, 0);
    expect(Number.isFinite(bias)).toBe(true);
    expect(sigmoid(bias + 59 * (weights[0] ?? 0))).toBeGreaterThan(0.95);
    expect(sigmoid(bias)).toBeLessThan(0.05);
  });
});

describe('weights of a mix', () => {
  it('give both groups their share', () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({ inScope: i < 10 }));
    const weights = rowWeights(rows, 0.1);
    const sum = (inScope: boolean) =>
      weights.filter((_, i) => rows[i]?.inScope === inScope).reduce((a, b) => a + b, 0);
    expect(sum(true)).toBeCloseTo(45, 10);
    expect(sum(false)).toBeCloseTo(5, 10);
  });

  it('one group alone has all the weight', () => {
    expect(rowWeights([{ inScope: true }, { inScope: true }], 0.3)).toEqual([1, 1]);
    expect(rowWeights([{ inScope: false }], 0.3)).toEqual([1]);
    expect(rowWeights([], 0.3)).toEqual([]);
  });
});

describe('a tier', () => {
  const { inScope, outOfScope } = world(21);
  const train = inScope(400, 1);
  const set = (tier: 'static' | 'encoder') => ({
    x: train[tier],
    y: train.labels,
    dims: DIMS[tier],
    classes: LABELS.length,
  });
  const background = outOfScope(300, 2);
  const heads = {
    static: finish(trainHead(set('static'), background.static, DEFAULTS)),
    encoder: finish(trainHead(set('encoder'), background.encoder, DEFAULTS)),
  };
  const mixed = (seed: number, inside: number, outside: number) => {
    const [a, b] = [inScope(inside, seed), outOfScope(outside, seed + 1)];
    return {
      own: viewOf(heads.encoder, Float32Array.from([...a.encoder, ...b.encoder])),
      other: viewOf(heads.static, Float32Array.from([...a.static, ...b.static])),
      labels: Int32Array.from([...a.labels, ...b.labels]),
    };
  };
  const held = mixed(100, 1500, 700);
  const calibration = calibrateTier(held.own, held.other, held.labels, 0.1);

  it('is calibrated on fresh rows of the assumed mix', () => {
    const fresh = mixed(200, 9000, 1000);
    const judged = judge(fresh.own, fresh.other, fresh.labels, calibration);
    const scored = judged.map((row) => ({ score: row.confidence, right: row.right }));
    expect(expectedCalibrationError(scored)).toBeLessThan(0.025);
  });

  it('uses the static logits where they help, and cannot where there are none', () => {
    expect(calibration.staticShare).toBeGreaterThan(0);
    expect(calibrateTier(held.own, null, held.labels, 0.1).staticShare).toBe(0);
  });

  it('claims 98 % of its own texts', () => {
    const own = [...held.labels.keys()].filter((i) => (held.labels[i] ?? -1) >= 0);
    const claimed = own.filter((i) => (held.own.belongs[i] ?? 0) >= calibration.belongsFrom);
    expect(claimed.length / own.length).toBeCloseTo(0.98, 2);
  });

  it('calls strange texts out of scope more often than its own', () => {
    const fresh = mixed(300, 2000, 2000);
    const judged = judge(fresh.own, fresh.other, fresh.labels, calibration);
    const below = (inScopeRows: boolean) => {
      const group = judged.filter((row) => row.inScope === inScopeRows);
      return (
        group.filter((row) => row.confidence < calibration.outOfScopeBelow).length / group.length
      );
    };
    expect(below(false)).toBeGreaterThan(0.3);
    expect(below(true)).toBeLessThan(0.1);
  });
});
