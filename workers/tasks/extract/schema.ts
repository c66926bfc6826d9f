/** Output of task `extract`, and the input of `any-fields`. */
import * as v from 'valibot';

const Offset = v.pipe(v.number(), v.integer(), v.minValue(0));
const Field = v.strictObject({
  value: v.unknown(),
  confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  span: v.nullable(v.tuple([Offset, Offset])),
  page: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  box: v.optional(v.tuple([v.number(), v.number(), v.number(), v.number()])),
  valid: v.boolean(),
  problems: v.array(v.string()),
});

export const OutputSchema = v.strictObject({ fields: v.record(v.string(), Field) });

const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80));

/** Fields that a person names. */
const NamedFields = v.strictObject({
  fields: v.pipe(
    v.array(
      v.strictObject({
        name: Name,
        description: v.optional(v.pipe(v.string(), v.maxLength(500))),
        examples: v.optional(
          v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(20)),
        ),
      }),
    ),
    v.minLength(1),
    v.maxLength(60),
  ),
});

/** A JSON schema of an object; see any-fields/schema-fields.ts for what it may hold. */
const BySchema = v.strictObject({ schema: v.record(v.string(), v.unknown()) });

/** Input of `any-fields`: one of the two. */
export const AnyFieldsInput = v.union([NamedFields, BySchema]);
