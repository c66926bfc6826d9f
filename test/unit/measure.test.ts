/** Figures of a classifier against examples worked out by hand, and what must not depend on the order of rows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accuracyOf,
  areaUnderRiskCoverage,
  auroc,
  coverageAtRisk,
  equalWidthCalibrationError,
  expectedCalibrationError,
  outsideRecall,
  perLabel,
  reliabilityBins,
  riskCoverage,
  type Scored,
} from '../../src/core/measure.ts';

const rows = (...pairs: [score: number, right: boolean][]): Scored[] =>
  pairs.map(([score, right]) => ({ score, right }));

const FIVE = rows([0.6, true], [0.9, true], [0.7, false], [0.8, true], [0.5, false]);

const scoredRows = fc.array(
  fc.record({
    score: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
    right: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

describe('AUROC', () => {
  it('counts pairs, a tie as half', () => {
    expect(auroc([3, 4], [1, 2])).toBe(1);
    expect(auroc([1, 2], [3, 4])).toBe(0);
    expect(auroc([1], [1])).toBe(0.5);
    // Pairs of {.9, .5, .5} with {.5, .1}: 1, 1, ½, 1, ½, 1 = 5 of 6.
    expect(auroc([0.9, 0.5, 0.5], [0.5, 0.1])).toBeCloseTo(5 / 6, 12);
  });

  it('equals the count over all pairs', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(scores, scores, (inside, outside) => {
        const pairs = inside.flatMap((a) => outside.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
        const expected = pairs.reduce<number>((sum, x) => sum + x, 0) / pairs.length;
        expect(auroc(inside, outside)).toBeCloseTo(expected, 10);
      }),
    );
  });
});

describe('risk and coverage', () => {
  it('follows the surest rows', () => {
    const curve = riskCoverage(FIVE);
    expect(curve.map((point) => point.coverage)).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    expect(curve.map((point) => point.threshold)).toEqual([0.9, 0.8, 0.7, 0.6, 0.5]);
    [0, 0, 1 / 3, 1 / 4, 2 / 5].forEach((risk, i) => expect(curve[i]?.risk).toBeCloseTo(risk, 12));
  });

  it('area: the mean risk over all coverages', () => {
    expect(areaUnderRiskCoverage(FIVE)).toBeCloseTo((1 / 3 + 1 / 4 + 2 / 5) / 5, 12);
    expect(areaUnderRiskCoverage(rows([0.9, true], [0.1, true]))).toBe(0);
  });

  it('coverage at a risk is the largest share that keeps it', () => {
    expect(coverageAtRisk(FIVE, 0)).toBeCloseTo(0.4, 12);
    expect(coverageAtRisk(FIVE, 0.25)).toBeCloseTo(0.8, 12);
    expect(coverageAtRisk(FIVE, 0.5)).toBe(1);
    expect(coverageAtRisk(rows([0.9, false]), 0.1)).toBe(0);
  });

  it('a threshold cannot tell rows of the same score apart', () => {
    const tied = rows([0.9, true], [0.9, false], [0.9, true], [0.9, true]);
    expect(coverageAtRisk(tied, 0)).toBe(0);
    expect(coverageAtRisk(tied, 0.25)).toBe(1);
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(scoredRows, (some) => {
        const other = [...some].reverse();
        expect(areaUnderRiskCoverage(other)).toBeCloseTo(areaUnderRiskCoverage(some), 10);
        expect(coverageAtRisk(other, 0.2)).toBeCloseTo(coverageAtRisk(some, 0.2), 10);
      }),
    );
  });

  it('weights stand for so many rows', () => {
    const weighted: Scored[] = [
      { score: 0.9, right: true, weight: 3 },
      { score: 0.5, right: false, weight: 1 },
    ];
    expect(riskCoverage(weighted).map((point) => [point.coverage, point.risk])).toEqual([
      [0.75, 0],
      [1, 0.25],
    ]);
  });
});

describe('weights', () => {
  it('give the figures of so many equal rows', () => {
    const weighted = fc.array(
      fc.record({
        score: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
        right: fc.boolean(),
        weight: fc.integer({ min: 1, max: 4 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(weighted, (some) => {
        const repeated = some.flatMap(({ weight, ...row }) =>
          Array.from({ length: weight }, () => row),
        );
        expect(areaUnderRiskCoverage(some)).toBeCloseTo(areaUnderRiskCoverage(repeated), 10);
        expect(coverageAtRisk(some, 0.2)).toBeCloseTo(coverageAtRisk(repeated, 0.2), 10);
        expect(expectedCalibrationError(some, 1)).toBeCloseTo(
          expectedCalibrationError(repeated, 1),
          10,
        );
      }),
    );
  });
});

describe('calibration error', () => {
  it('by hand, two bins of equal mass', () => {
    const four = rows([0.9, true], [0.8, false], [0.3, false], [0.1, false]);
    // Bins {.1, .3}: said .2, right 0. {.8, .9}: said .85, right .5.
    expect(expectedCalibrationError(four, 2)).toBeCloseTo(0.5 * 0.2 + 0.5 * 0.35, 12);
    expect(reliabilityBins(four, 2).map((bin) => bin.n)).toEqual([2, 2]);
  });

  it('by hand, two bins of equal width', () => {
    const three = rows([0.9, true], [0.6, false], [0.2, false]);
    // {.2}: |.2 − 0|. {.6, .9}: |1.5 − 1|. Over three rows.
    expect(equalWidthCalibrationError(three, 2)).toBeCloseTo((0.2 + 0.5) / 3, 12);
    expect(equalWidthCalibrationError(rows([1, true]), 10)).toBe(0);
  });

  it('is 0 where what is said is what happens, and the full gap where it is not', () => {
    const honest = Array.from({ length: 300 }, (_, i): Scored => ({
      score: 0.7,
      right: i % 10 < 7,
    }));
    expect(expectedCalibrationError(honest, 1)).toBeCloseTo(0, 12);
    const boastful = honest.map((row): Scored => ({ score: 1, right: row.right }));
    expect(expectedCalibrationError(boastful, 1)).toBeCloseTo(0.3, 12);
  });

  it('every row is in one bin', () => {
    fc.assert(
      fc.property(scoredRows, fc.integer({ min: 1, max: 20 }), (some, bins) => {
        const found = reliabilityBins(some, bins);
        expect(found.reduce((sum, bin) => sum + bin.n, 0)).toBe(some.length);
        expect(found.reduce((sum, bin) => sum + bin.mass, 0)).toBeCloseTo(1, 9);
        expect(found.length).toBeLessThanOrEqual(Math.min(bins, some.length));
      }),
    );
  });
});

describe('counts', () => {
  it('accuracy with its interval', () => {
    const { accuracy, ci95 } = accuracyOf(FIVE);
    expect(accuracy).toBe(0.6);
    expect(ci95[0]).toBeCloseTo(0.2307, 3);
    expect(ci95[1]).toBeCloseTo(0.8824, 3);
    expect(accuracyOf([])).toEqual({ accuracy: 0, ci95: [0, 1] });
  });

  it('out-of-scope rows found while 95 % of the others are kept', () => {
    const inside = Array.from({ length: 100 }, (_, i) => i / 100);
    expect(outsideRecall(inside, [0.01, 0.04, 0.06, 0.9])).toBe(0.5);
    expect(outsideRecall(inside, [])).toBe(0);
  });

  it('precision and recall of each label, also of one that was only guessed', () => {
    expect(perLabel(['a', 'a', 'b', 'b'], ['a', 'b', 'b', 'c'])).toEqual([
      { label: 'a', n: 2, precision: 1, recall: 0.5 },
      { label: 'b', n: 2, precision: 0.5, recall: 0.5 },
      { label: 'c', n: 0, precision: 0, recall: 0 },
    ]);
  });
});
