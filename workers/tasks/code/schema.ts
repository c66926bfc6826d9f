/** Input and output of task `code`, as schemas. */
import * as v from 'valibot';

/** Most candidates of one note. */
export const MOST_CODES = 30;

export const InputSchema = v.object({
  /** Fewer candidates than 30. */
  max_codes: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_CODES)),
    MOST_CODES,
  ),
});

const Offset = v.pipe(v.number(), v.integer(), v.minValue(0));

export const OutputSchema = v.strictObject({
  codes: v.pipe(
    v.array(
      v.strictObject({
        code: v.pipe(v.string(), v.regex(/^[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?$/)),
        description: v.pipe(v.string(), v.minLength(1)),
        confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
        evidence: v.nullable(v.strictObject({ start: Offset, end: Offset })),
      }),
    ),
    v.maxLength(MOST_CODES),
  ),
});
