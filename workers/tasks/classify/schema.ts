/** Input and output of task `classify`, as schemas that answers are held against. */
import * as v from 'valibot';

const Score = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const LabelScore = v.strictObject({ label: v.string(), score: Score });

/** `label` is null where the request belongs to none of the specialist's labels. */
export const OutputSchema = v.strictObject({
  label: v.nullable(v.string()),
  scores: v.pipe(v.array(LabelScore), v.maxLength(8)),
  facets: v.optional(v.record(v.string(), LabelScore)),
});
