/** How a field is compared with its gold value, and how figures are printed. */
import { upperBound, wilson } from '../../src/core/binomial.ts';
import { fitConfidence, type CalibrationRow } from '../../src/core/calibrate.ts';
import { certify, type CertifyRow } from '../../src/core/certify.ts';
import type { Certificate } from '../../src/core/answer.ts';
import { confidenceOf, type LinearCalibration } from '../../workers/tasks/extract/trees.ts';

export interface Judged {
  confidence: number;
  right: boolean;
}

/** Evidence of one row and whether the field was right. */
export interface EvidenceRow {
  evidence: number[];
  right: boolean;
  /** Part of the cross-validation. */
  fold: number;
}

const fit = (rows: readonly EvidenceRow[]): LinearCalibration =>
  fitConfidence(
    rows.map((row): CalibrationRow => ({
      features: row.evidence,
      right: row.right,
      inScope: true,
    })),
    0,
  );

/**
 * Confidences of each row by a calibration that was fitted without its fold; and the calibration on all rows. Fitted on the
 * rows that `fits` picks, so that no company outweighs the others.
 */
export function calibrateCrossed(
  rows: readonly EvidenceRow[],
  fits: (row: EvidenceRow) => boolean = () => true,
): { judged: Judged[]; calibration: LinearCalibration } {
  const fitting = rows.filter(fits);
  const folds = [...new Set(rows.map((row) => row.fold))];
  const without = new Map(
    folds.map((fold) => [fold, fit(fitting.filter((row) => row.fold !== fold))]),
  );
  const judged = rows.map(({ evidence, right, fold }) => ({
    confidence: confidenceOf(without.get(fold) as LinearCalibration, evidence),
    right,
  }));
  return { judged, calibration: fit(fitting) };
}

const PROMISED = [0.02, 0.05, 0.1];

/** Fixed before any row is looked at, most cautious first. */
const THRESHOLDS = Array.from({ length: 49 }, (_, i) => (98 - i) / 100);

/**
 * Certificates of one field. The rows must be independent: receipts of one company fail together, so the caller gives one
 * of each company. No row proposes a threshold, so all may certify.
 */
export function certificatesOf(judged: readonly Judged[]): {
  certificates: Certificate[];
  reason: string | null;
} {
  const rows = judged.map(({ confidence, right }): CertifyRow => ({
    confidence,
    right,
    inScope: true,
  }));
  const certificates: Certificate[] = [];
  let reason: string | null = null;
  for (const maxError of PROMISED) {
    const found = certify(rows, THRESHOLDS, { maxError, confidence: 0.95, outOfScopeShare: 0 });
    if (found.certificate) certificates.push(found.certificate);
    else reason ??= found.reason;
  }
  return { certificates, reason };
}

/** Share with its Wilson interval, for print. */
export function share(right: number, n: number): string {
  const [low, high] = wilson(right, n);
  return `${((100 * right) / Math.max(1, n)).toFixed(1)} % (${right}/${n}, 95 % ${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
}

/** Among those at or above a threshold: how many, how many wrong, and the upper bound of the error at 95 %. */
export function acceptedAt(
  judged: readonly Judged[],
  threshold: number,
): { n: number; wrong: number; bound: number } {
  const taken = judged.filter(({ confidence }) => confidence >= threshold);
  const wrong = taken.filter(({ right }) => !right).length;
  return { n: taken.length, wrong, bound: upperBound(wrong, taken.length, 0.05) };
}
