/** The report of a specialist on labelled rows: what `evaluate` returns. */
import {
  accuracyOf,
  areaUnderRiskCoverage,
  expectedCalibrationError,
  perLabel,
  reliabilityBins,
  riskCoverage,
  type Scored,
} from './measure.ts';
import { checkRows } from './data-checks.ts';
import type { Report, TrainRow } from './threads.ts';

const CURVE_POINTS = 200;

/** `predicted[i]` is the best label for `rows[i]` with its confidence. Rows with an unknown label count as wrong. */
export function reportOf(
  rows: readonly TrainRow[],
  predicted: readonly { label: string; confidence: number }[],
  tookMs: number,
): Report {
  const scored = rows.map((row, i): Scored => ({
    score: predicted[i]?.confidence ?? 0,
    right: predicted[i]?.label === row.label,
  }));
  const curve = riskCoverage(scored);
  const step = Math.max(1, Math.ceil(curve.length / CURVE_POINTS));
  return {
    n: rows.length,
    ...accuracyOf(scored),
    ece: expectedCalibrationError(scored),
    aurc: areaUnderRiskCoverage(scored),
    perLabel: perLabel(
      rows.map((row) => row.label),
      predicted.map((p) => p.label),
    ),
    dataProblems: checkRows(rows).slice(0, 50),
    trainMs: tookMs,
    riskCoverage: curve.filter((_, i) => i % step === 0 || i === curve.length - 1),
    reliability: reliabilityBins(scored).map(({ confidence, accuracy, n }) => ({
      confidence,
      accuracy,
      n,
    })),
  };
}
