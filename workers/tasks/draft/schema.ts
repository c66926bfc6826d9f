/** Input and output of task `draft`, and the shape of the specialist's wording, as schemas. */
import * as v from 'valibot';
import { MAX_PASSAGES } from '../../../src/core/knowledge.ts';

const Short = v.pipe(v.string(), v.maxLength(200));
const Passage = v.object({
  id: v.string(),
  file: v.string(),
  title: v.array(v.string()),
  text: v.string(),
  start: v.number(),
  end: v.number(),
});
const Stored = v.object({
  base: v.object({
    id: v.string(),
    title: v.string(),
    files: v.array(v.unknown()),
    revision: v.string(),
  }),
  passages: v.pipe(v.array(Passage), v.maxLength(MAX_PASSAGES)),
  vectors: v.nullable(
    v.object({
      tier: v.picklist(['static', 'encoder']),
      dims: v.pipe(v.number(), v.integer(), v.minValue(1)),
      values: v.custom<Float32Array<ArrayBuffer>>((value) => value instanceof Float32Array),
    }),
  ),
});
/** Longest text of the files that come with a request; larger ones belong into a stored knowledge base. */
const MAX_INLINE_UNITS = 1_048_576;
const Inline = v.pipe(
  v.array(v.object({ name: v.pipe(Short, v.minLength(1)), text: v.string() })),
  v.maxLength(100),
  v.check(
    (files) => files.reduce((sum, { text }) => sum + text.length, 0) <= MAX_INLINE_UNITS,
    `the texts of “knowledge” are longer than ${MAX_INLINE_UNITS} characters together`,
  ),
);
const Names = v.pipe(v.array(v.pipe(Short, v.minLength(1))), v.maxLength(2000));

export const InputSchema = v.object({
  /** A stored base (the router puts it in place of its id), or texts. Left out: a draft without answers. */
  knowledge: v.optional(v.union([Stored, Inline])),
  /** 1–5 replies of the house: greeting, sign-off, form of address and length are taken from them. */
  tone: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(5000))), v.maxLength(5))),
  /** What may be named. With it, nothing but these names, passages and numbers is taken over from the message. */
  taxonomy: v.optional(v.object({ products: v.optional(Names), labels: v.optional(Names) })),
});
export type DraftInput = v.InferOutput<typeof InputSchema>;
export type Taxonomy = NonNullable<DraftInput['taxonomy']>;

/** `missing`: placeholders that stand as `[name]`, each once. `score`: rank in the retrieval, no probability. */
export const OutputSchema = v.strictObject({
  reply: v.pipe(v.string(), v.minLength(1)),
  sources: v.array(
    v.strictObject({
      id: v.string(),
      score: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
      title: v.optional(v.string()),
      text: v.optional(v.string()),
    }),
  ),
  missing: v.array(v.string()),
});

const Greeting = v.strictObject({ plain: v.string(), named: v.string() });
const Thanks = v.strictObject({ full: v.string(), about: v.string() });
const Asked = v.strictObject({
  quote: v.string(),
  wish: v.string(),
  help: v.string(),
  know: v.string(),
  how: v.string(),
  request: v.string(),
});
const Voices = v.strictObject({ we: v.string(), i: v.string() });
const Closing = v.strictObject({ full: v.string(), short: v.string() });
const Manner = {
  greeting: Greeting,
  thanks: Thanks,
  asked: Asked,
  between: v.string(),
  ask: Voices,
  closing: Closing,
  signOff: v.string(),
};
const Wording = v.strictObject({
  ...Manner,
  nothing: v.string(),
  /** Names of the open places. */
  open: v.strictObject({ name: v.string(), writer: v.string() }),
  identified: v.string(),
  unidentified: v.string(),
  and: v.string(),
  needs: v.array(
    v.strictObject({
      id: v.string(),
      phrases: v.array(v.string()),
      told: v.string(),
      value: v.picklist(['number', 'code', 'email', 'date', 'phone', 'none']),
    }),
  ),
  states: v.array(
    v.strictObject({
      things: v.array(v.string()),
      cues: v.array(v.string()),
      thing: v.string(),
      number: v.string(),
      state: v.string(),
    }),
  ),
  informal: v.optional(
    v.strictObject({
      ...Manner,
      /** What formal words of needs and states become. */
      you: v.array(v.strictTuple([v.string(), v.string()])),
    }),
  ),
});
export type Wording = v.InferOutput<typeof Wording>;

/** wording.json: by ISO 639-1 code. */
export const WordingSchema = v.strictObject({ en: Wording, de: Wording });
export type Language = keyof v.InferOutput<typeof WordingSchema>;
