/**
 * Figures of one specialist over repeated random halves of its held-out rows: calibrated and certified on one half,
 * measured on the other. The shipped certificates use all rows; this shows what they are worth on rows they did not see.
 */
import { concat, splitRows, type EmbeddedRows } from '../../src/core/embedded-rows.ts';
import { gate } from '../../src/core/gate.ts';
import { judge, viewOf, type Judged } from '../../src/core/judge.ts';
import {
  areaUnderRiskCoverage,
  auroc,
  coverageAtRisk,
  equalWidthCalibrationError,
  expectedCalibrationError,
  outsideRecall,
} from '../../src/core/measure.ts';
import { promise } from '../../src/core/promise.ts';
import { PROMISED_ERRORS } from '../../src/core/train-job.ts';
import type { Shipped } from '../../models/heads/held-out.ts';

export interface HalfFigures {
  accuracy: number;
  staticAccuracy: number;
  ece: number;
  eceEqualWidth: number;
  aurc: number;
  auroc: number;
  oosRecall: number;
  coverageAtRisk: Record<string, number>;
  /** Per promised error: share of in-scope rows accepted, error among accepted in the assumed mix; null without certificate. */
  certified: Record<string, { coverage: number; error: number } | null>;
  /** In scope, where at most 5 % error is promised (the default policy). */
  settledByStatic: number;
  settledPrecision: number;
}

/** Error among accepted in a mix with `share` out-of-scope requests. */
function mixedError(
  rows: { accept: boolean; right: boolean; inScope: boolean }[],
  share: number,
): number {
  const rate = (inScope: boolean, what: (row: (typeof rows)[number]) => boolean): number => {
    const group = rows.filter((row) => row.inScope === inScope);
    return group.length ? group.filter(what).length / group.length : 0;
  };
  const s = rows.some((row) => !row.inScope) ? share : 0;
  const accepted = (1 - s) * rate(true, (r) => r.accept) + s * rate(false, (r) => r.accept);
  const wrong =
    (1 - s) * rate(true, (r) => r.accept && !r.right) + s * rate(false, (r) => r.accept);
  return accepted ? wrong / accepted : 0;
}

export function measureHalf(
  { heads }: Shipped,
  heldOut: EmbeddedRows,
  outOfScope: EmbeddedRows,
  share: number,
  seed: number,
): HalfFigures {
  const dims = { static: heads.static.dims, encoder: heads.encoder.dims };
  const [calIn, testIn] = splitRows(heldOut, 0.5, dims, seed);
  const [calOut, testOut] = splitRows(outOfScope, 0.5, dims, seed + 1000);
  const { promises } = promise(
    heads,
    calIn,
    calOut,
    { maxErrors: PROMISED_ERRORS, confidence: 0.95, outOfScopeShare: share },
    seed,
  );
  const test = concat(testIn, testOut);
  const [onStatic, onEncoder] = [
    viewOf(heads.static, test.static),
    viewOf(heads.encoder, test.encoder),
  ];
  const quick = judge(onStatic, null, test.labels, promises.static.calibration);
  const full = judge(onEncoder, onStatic, test.labels, promises.encoder.calibration);
  const cascade = (maxError: number) =>
    full.map((row, i) => {
      const first = quick[i] as Judged;
      const early = gate(promises.static, first.confidence, maxError).accept;
      const used = early ? first : row;
      return {
        accept: early || gate(promises.encoder, row.confidence, maxError).accept,
        right: used.right,
        inScope: row.inScope,
        early,
      };
    });
  const inside = full.filter((row) => row.inScope);
  const outside = full.filter((row) => !row.inScope);
  const scores = [inside.map((r) => r.confidence), outside.map((r) => r.confidence)] as const;
  const scored = inside.map((row) => ({ score: row.confidence, right: row.right }));
  const s = outside.length ? share : 0;
  const mixed = full.map((row) => ({
    score: row.confidence,
    right: row.right,
    weight: row.inScope ? (1 - s) / inside.length : s / Math.max(outside.length, 1),
  }));
  const usual = cascade(0.05);
  const settled = usual.filter((row) => row.early && row.inScope);
  return {
    accuracy: inside.filter((r) => r.right).length / inside.length,
    staticAccuracy: quick.filter((r) => r.inScope && r.right).length / inside.length,
    ece: expectedCalibrationError(mixed),
    eceEqualWidth: equalWidthCalibrationError(mixed),
    aurc: areaUnderRiskCoverage(scored),
    auroc: outside.length ? auroc(...scores) : NaN,
    oosRecall: outside.length ? outsideRecall(...scores) : NaN,
    coverageAtRisk: Object.fromEntries(
      [0.01, 0.02, 0.05].map((risk) => [risk, coverageAtRisk(scored, risk)]),
    ),
    certified: Object.fromEntries(
      [0.01, 0.02, 0.05].map((maxError) => {
        if (!promises.encoder.certificates.some((c) => c.maxError <= maxError))
          return [maxError, null];
        const rows = cascade(maxError);
        return [
          maxError,
          {
            coverage: rows.filter((r) => r.inScope && r.accept).length / inside.length,
            error: mixedError(rows, share),
          },
        ];
      }),
    ),
    settledByStatic: settled.length / inside.length,
    settledPrecision: settled.length ? settled.filter((r) => r.right).length / settled.length : NaN,
  };
}

/** Mean and the 5th to 95th percentile over the halves. */
export function spread(values: number[], percent = true): string {
  const known = values.filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
  if (known.length === 0) return '–';
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  const at = (share: number): number =>
    known[Math.min(known.length - 1, Math.floor(share * known.length))] as number;
  const show = (v: number): string => (percent ? (v * 100).toFixed(1) : v.toFixed(4));
  return `${show(mean)} (${show(at(0.05))}–${show(at(0.95))})`;
}
