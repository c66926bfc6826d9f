/** What a trained head says about many rows: labels, features and calibrated confidences. */
import {
  belongsTo,
  confidenceOf,
  featuresOf,
  logitsOf,
  mixLogits,
  similarityTo,
  softmax,
  topOf,
  type LinearHead,
} from './score.ts';
import type { Calibration } from './specialist.ts';

/** Everything a head says about held-out rows. */
export interface TierView {
  logits: Float32Array[];
  similarity: (row: number, label: number) => number;
  belongs: Float32Array;
}

const rowOf = (x: Float32Array, dims: number, row: number): Float32Array =>
  x.subarray(row * dims, (row + 1) * dims);

/** Scores every row with one head. */
export function viewOf(head: LinearHead, x: Float32Array): TierView {
  const n = x.length / head.dims;
  const rows = Array.from({ length: n }, (_, i) => rowOf(x, head.dims, i));
  return {
    logits: rows.map((row) => logitsOf(head, row)),
    similarity: (row, label) => similarityTo(head, rows[row] as Float32Array, label),
    belongs: Float32Array.from(rows, (row) => belongsTo(head, row)),
  };
}

export interface Judged {
  label: number;
  right: boolean;
  inScope: boolean;
  features: number[];
  confidence: number;
}

/** Applies a calibration to a view. */
export function judge(
  view: TierView,
  other: TierView | null,
  labels: Int32Array,
  calibration: Calibration,
): Judged[] {
  return view.logits.map((own, i) => {
    const logits = mixLogits(own, other?.logits[i] ?? null, calibration.staticShare);
    const probabilities = softmax(logits, calibration.temperature);
    const label = topOf(probabilities, 1)[0] ?? 0;
    const features = featuresOf(
      logits,
      probabilities,
      view.similarity(i, label),
      view.belongs[i] as number,
    );
    const truth = labels[i] as number;
    return {
      label,
      right: label === truth,
      inScope: truth >= 0,
      features,
      confidence: confidenceOf(calibration, features),
    };
  });
}
