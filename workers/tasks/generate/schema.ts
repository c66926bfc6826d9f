/** Input and output of task `generate`, as schemas. */
import * as v from 'valibot';

/** Longest template, in UTF-16 code units. */
export const MAX_TEMPLATE_UNITS = 50_000;
/** Most rows of one mail-merge; more go through batch, one at a time. */
export const MAX_RECORDS = 10_000;
/** Longest table that is given as text. */
const MAX_TABLE_UNITS = 8_388_608;

const Cells = v.record(v.string(), v.unknown());

const Field = v.looseObject({
  value: v.unknown(),
  confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  valid: v.boolean(),
  problems: v.array(v.string()),
});

export const InputSchema = v.object({
  /** Left out: the text of the request is the template. */
  template: v.optional(v.pipe(v.string(), v.maxLength(MAX_TEMPLATE_UNITS))),
  /** One of the templates that the specialist ships, by its id. */
  template_id: v.optional(v.pipe(v.string(), v.maxLength(100))),
  record: v.optional(Cells),
  /** Rows, or a CSV with a header line. */
  records: v.optional(
    v.union([
      v.pipe(v.array(Cells), v.maxLength(MAX_RECORDS)),
      v.pipe(v.string(), v.maxLength(MAX_TABLE_UNITS)),
    ]),
  ),
  /** What `extract` gave. */
  fields: v.optional(v.object({ fields: v.record(v.string(), Field) })),
  /** Extracted values below it count as missing. */
  minimum_confidence: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.9),
  /** BCP 47, for dates and amounts. */
  locale: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/iu)), 'en-GB'),
});
export type GenerateInput = v.InferOutput<typeof InputSchema>;

/** `missing`: slots that stand as `[name]`, each once, in the order of the template. */
export const OutputSchema = v.strictObject({ text: v.string(), missing: v.array(v.string()) });

/** templates.json of the specialist. */
export const TemplatesSchema = v.array(
  v.strictObject({
    id: v.string(),
    title: v.string(),
    language: v.string(),
    template: v.pipe(v.string(), v.maxLength(MAX_TEMPLATE_UNITS)),
  }),
);
