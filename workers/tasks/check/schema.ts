/** Input and output of task `check`, as schemas that requests and answers are held against. */
import * as v from 'valibot';

/** `specification` is left out for e-invoices; `measurements` and `record` where the document itself is what is checked. */
export const InputSchema = v.strictObject({
  specification: v.optional(
    v.union([v.string(), v.boolean(), v.array(v.unknown()), v.looseObject({})]),
  ),
  measurements: v.optional(v.union([v.string(), v.array(v.looseObject({})), v.looseObject({})])),
  record: v.optional(v.unknown()),
});
export type CheckInput = v.InferOutput<typeof InputSchema>;

const Offset = v.pipe(v.number(), v.integer(), v.minValue(0));

export const OutputSchema = v.strictObject({
  verdict: v.picklist(['pass', 'fail', 'incomplete']),
  clauses: v.array(
    v.strictObject({
      id: v.string(),
      requirement: v.string(),
      found: v.nullable(v.string()),
      verdict: v.picklist(['pass', 'fail', 'missing', 'not_applicable', 'unclear']),
      evidence: v.nullable(v.strictObject({ start: Offset, end: Offset })),
      reason: v.optional(v.string()),
    }),
  ),
});
