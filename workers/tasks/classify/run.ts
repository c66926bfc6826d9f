/** Task `classify`: from the shared embeddings to a label with a calibrated confidence. */
import type { ClassifyOutput, LabelScore } from '../../../src/core/answer.ts';
import type { Embeddings, Opinion } from '../../../src/core/ports.ts';
import type { LocalTier } from '../../../src/core/route.ts';
import {
  belongsTo,
  confidenceOf,
  featuresOf,
  logitsOf,
  mixLogits,
  similarityTo,
  softmax,
  topOf,
} from '../../../src/core/score.ts';
import type { LoadedSpecialist } from '../../../src/core/specialist.ts';

const MOST_SCORES = 8;

/** Runs one specialist at one tier. The embedding of that tier must exist; the encoder may lean on the static one too. */
export function run(
  tier: LocalTier,
  specialist: LoadedSpecialist,
  embeddings: Embeddings,
): Opinion {
  const { manifest, heads } = specialist;
  const { calibration } = manifest.promises[tier];
  const x = embeddings[tier]?.vector;
  if (!x) throw new Error(`classify was called at tier ${tier} without its embedding`);
  const head = heads[tier];
  const staticVector = tier === 'encoder' ? embeddings.static?.vector : undefined;
  const logits = mixLogits(
    logitsOf(head, x),
    staticVector ? logitsOf(heads.static, staticVector) : null,
    calibration.staticShare,
  );
  const probabilities = softmax(logits, calibration.temperature);
  const best = topOf(probabilities, MOST_SCORES);
  const first = best[0] ?? 0;
  const confidence = confidenceOf(
    calibration,
    featuresOf(logits, probabilities, similarityTo(head, x, first), belongsTo(head, x)),
  );
  const scores = best.map((k): LabelScore => ({
    label: manifest.labels[k] as string,
    score: probabilities[k] as number,
  }));
  const bestLabel = manifest.labels[first] as string;
  const output: ClassifyOutput = {
    label: confidence < calibration.outOfScopeBelow ? null : bestLabel,
    scores,
  };
  const facets = facetsOf(tier, x, specialist);
  return { output: facets ? { ...output, facets } : output, bestLabel, confidence };
}

/** Further questions answered from the same embedding, e.g. the department. */
function facetsOf(
  tier: LocalTier,
  x: Float32Array,
  specialist: LoadedSpecialist,
): Record<string, LabelScore> | null {
  if (specialist.facetHeads.length === 0) return null;
  const entries = specialist.facetHeads.map((heads, i): [string, LabelScore] => {
    const facet = specialist.manifest.facets[i];
    const probabilities = softmax(logitsOf(heads[tier], x));
    const top = topOf(probabilities, 1)[0] ?? 0;
    return [
      facet?.name ?? `facet ${i}`,
      { label: facet?.labels[top] ?? '', score: probabilities[top] as number },
    ];
  });
  return Object.fromEntries(entries);
}
