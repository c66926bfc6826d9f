/** Fits one tier's calibration: temperature, static share, confidence and the out-of-scope threshold. */
import { fitConfidence, fitTemperature, rowWeights } from './calibrate.ts';
import { judge, type Judged, type TierView } from './judge.ts';
import { confidenceOf, mixLogits, softmax } from './score.ts';
import type { Calibration } from './specialist.ts';

/** Shares of static logits that the encoder tier may add; the one with the best likelihood is taken. */
const STATIC_SHARES = [0, 0.15, 0.3, 0.5, 0.75, 1];

/** Fits temperature, static share, confidence and the out-of-scope threshold on calibration rows. */
export function calibrateTier(
  view: TierView,
  other: TierView | null,
  labels: Int32Array,
  outOfScopeShare: number,
): Calibration {
  const inside = [...labels.keys()].filter((i) => (labels[i] as number) >= 0);
  const truth = inside.map((i) => labels[i] as number);
  let best = { staticShare: 0, temperature: 1, loss: Infinity };
  for (const share of other ? STATIC_SHARES : [0]) {
    const logits = inside.map((i) =>
      mixLogits(view.logits[i] as Float32Array, other?.logits[i] ?? null, share),
    );
    const temperature = fitTemperature(logits, truth);
    const loss = logits.reduce(
      (sum, z, i) =>
        sum - Math.log(Math.max(softmax(z, temperature)[truth[i] as number] as number, 1e-12)),
      0,
    );
    if (loss < best.loss) best = { staticShare: share, temperature, loss };
  }
  const blank: Calibration = {
    temperature: best.temperature,
    staticShare: best.staticShare,
    weights: [0, 0, 0, 0, 0],
    bias: 0,
    outOfScopeBelow: 0,
    belongsFrom: 0,
  };
  const judged = judge(view, other, labels, blank);
  const fitted = { ...blank, ...fitConfidence(judged, outOfScopeShare) };
  const sure = judged.map((row) => ({ ...row, confidence: confidenceOf(fitted, row.features) }));
  const belongs = inside.map((i) => view.belongs[i] as number).sort((a, b) => a - b);
  return {
    ...fitted,
    outOfScopeBelow: bestNullThreshold(sure, outOfScopeShare),
    belongsFrom: belongs[Math.floor(belongs.length * 0.02)] ?? 0,
  };
}

/** The confidence below which "none of the labels" is the better answer, in the assumed mix. */
function bestNullThreshold(rows: readonly Judged[], outOfScopeShare: number): number {
  const weights = rowWeights(rows, outOfScopeShare);
  const sorted = rows
    .map((row, i) => ({ ...row, weight: weights[i] as number }))
    .sort((a, b) => a.confidence - b.confidence);
  let gain = 0;
  let best = { gain: 0, threshold: 0 };
  sorted.forEach((row, i) => {
    gain += row.inScope ? (row.right ? -row.weight : 0) : row.weight;
    const next = sorted[i + 1]?.confidence ?? 1;
    if (gain > best.gain) best = { gain, threshold: (row.confidence + next) / 2 };
  });
  return best.threshold;
}
