/** What `summarize` takes beside the text, and the shape of what it gives back. */
import * as v from 'valibot';

export const KINDS = ['call', 'consultation', 'meeting', 'text'] as const;
/** `text`: anything that is not spoken by several people, e.g. an e-mail or a report. */
export type Kind = (typeof KINDS)[number];

/** `RunRequest.input`; all of it may be left out. */
export const InputSchema = v.nullish(
  v.object({
    /** Left out: found from the text. */
    kind: v.optional(v.picklist(KINDS)),
    /** What the summary should be about, at most 500 characters. */
    query: v.optional(v.pipe(v.string(), v.maxLength(500))),
  }),
);

const OffsetSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

export const OutputSchema = v.object({
  /** The points under the headings of their sections; no heading where there is one section only. */
  summary: v.string(),
  points: v.array(
    v.object({
      text: v.pipe(v.string(), v.minLength(1)),
      section: v.optional(v.string()),
      /** What the point rests on: UTF-16 offsets in the text, in order. */
      evidence: v.pipe(
        v.array(v.object({ start: OffsetSchema, end: OffsetSchema })),
        v.minLength(1),
      ),
    }),
  ),
});
