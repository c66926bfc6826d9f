/** Input and output of task `redact`. */
import * as v from 'valibot';
import { ENTITY_TYPES } from '../../../src/core/outputs.ts';

const Type = v.picklist(ENTITY_TYPES);
const Place = v.pipe(v.number(), v.integer(), v.minValue(0));

/** `types`: only these are taken out (all where left out). `keep`: words and names that stay, e.g. the own company. */
export const InputSchema = v.nullish(
  v.strictObject({
    types: v.optional(v.pipe(v.array(Type), v.minLength(1), v.maxLength(ENTITY_TYPES.length))),
    keep: v.optional(
      v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(200))), v.maxLength(1000)),
    ),
  }),
);
export type RedactInput = v.InferOutput<typeof InputSchema>;

/** Entities are sorted by their start and do not overlap. */
export const OutputSchema = v.strictObject({
  text: v.string(),
  entities: v.array(
    v.strictObject({
      type: Type,
      start: Place,
      end: Place,
      confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
      placeholder: v.pipe(v.string(), v.regex(/^\[[A-Z_]{2,20}_\d{1,9}\]$/)),
    }),
  ),
});
