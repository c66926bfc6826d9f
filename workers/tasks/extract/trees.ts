/** Gradient-boosted trees: reads the file of a specialist and scores candidates. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../src/core/failure.ts';

/** One tree as columns: node i asks x[feature[i]] ≤ threshold[i]; feature −1 is a leaf with `value[i]`. */
const TreeSchema = v.strictObject({
  feature: v.array(v.pipe(v.number(), v.integer())),
  threshold: v.array(v.number()),
  left: v.array(v.pipe(v.number(), v.integer())),
  right: v.array(v.pipe(v.number(), v.integer())),
  value: v.array(v.number()),
});
const ScorerSchema = v.strictObject({
  width: v.pipe(v.number(), v.integer()),
  base: v.number(),
  trees: v.array(TreeSchema),
});
/** Confidence = sigmoid(bias + Σ weights·features) of what `evidenceOf` tells about a choice. */
const CalibrationSchema = v.strictObject({ weights: v.array(v.number()), bias: v.number() });
const ModelSchema = v.strictObject({
  scorers: v.record(v.string(), ScorerSchema),
  calibrations: v.record(v.string(), CalibrationSchema),
});

export type Scorer = v.InferOutput<typeof ScorerSchema>;
export type LinearCalibration = v.InferOutput<typeof CalibrationSchema>;
export type ScoringModel = v.InferOutput<typeof ModelSchema>;

/** Reads model.json of a specialist. Fails with file_corrupt. */
export function readModel(bytes: Uint8Array): Result<ScoringModel> {
  try {
    const read = v.safeParse(ModelSchema, JSON.parse(new TextDecoder().decode(bytes)));
    if (!read.success || !Object.values(read.output.scorers).every(isSound))
      return fail(
        'file_corrupt',
        'The scoring model of the specialist does not have the shape that it must have.',
      );
    return ok(read.output);
  } catch {
    return fail('file_corrupt', 'The scoring model of the specialist is no JSON.');
  }
}

/** Children come after their parents, so that every walk ends. */
function isSound({ trees, width }: Scorer): boolean {
  return trees.every(
    ({ feature, threshold, left, right, value }) =>
      [threshold, left, right, value].every((column) => column.length === feature.length) &&
      feature.every((f, i) => {
        const [l = 0, r = 0] = [left[i], right[i]];
        return f < 0 || (f < width && l > i && r > i && l < feature.length && r < feature.length);
      }),
  );
}

/** Log-odds that the candidate is the field. */
export function scoreOf(scorer: Scorer, features: readonly number[]): number {
  if (features.length !== scorer.width)
    throw new Error(`The scorer takes ${scorer.width} figures and got ${features.length}.`);
  let sum = scorer.base;
  for (const { feature, threshold, left, right, value } of scorer.trees) {
    let node = 0;
    for (let f = feature[0] as number; f >= 0; f = feature[node] as number)
      node = (
        (features[f] as number) <= (threshold[node] as number) ? left[node] : right[node]
      ) as number;
    sum += value[node] as number;
  }
  return sum;
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export const confidenceOf = (
  { weights, bias }: LinearCalibration,
  evidence: readonly number[],
): number => sigmoid(weights.reduce((sum, w, i) => sum + w * (evidence[i] ?? 0), bias));
