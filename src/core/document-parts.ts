/** Documents out of what a request brings, and the part of a document that a sorter reads. */
import * as v from 'valibot';
import type { DocumentLine, DocumentPage, ReadDocument } from './document.ts';
import { fail, ok, type Result } from './failure.ts';
import type { RunRequest } from './request.ts';

const MOST_LINES = 100_000;
const Coordinate = v.pipe(v.number(), v.finite());
const Lines = v.pipe(
  v.array(
    v.object({
      text: v.string(),
      box: v.strictTuple([Coordinate, Coordinate, Coordinate, Coordinate]),
      page: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)), 1),
    }),
  ),
  v.maxLength(MOST_LINES),
);

/** A document of lines that another OCR has read. Fails with bad_request. */
export function documentOfLines(given: NonNullable<RunRequest['lines']>): Result<ReadDocument> {
  const parsed = v.safeParse(Lines, given);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const where = v.getDotPath(issue) ?? 'top';
    return fail('bad_request', `“lines” is not valid at “${where}”: ${issue.message}.`);
  }
  const lines: DocumentLine[] = [];
  let start = 0;
  for (const { text, box, page } of parsed.output) {
    const end = start + text.length;
    lines.push({ start, end, page, box, words: [], readingConfidence: null });
    start = end + 1;
  }
  const text = parsed.output.map((line) => line.text).join('\n');
  return ok({
    kind: 'lines',
    name: '',
    bytes: new TextEncoder().encode(text).length,
    text,
    lines,
    pages: pagesOf(lines),
    language: null,
    invoiceXml: null,
    email: null,
    notices: [],
  });
}

/** As large as what stands on them: the caller does not say how large they were. */
function pagesOf(lines: readonly DocumentLine[]): DocumentPage[] {
  const last = lines.reduce((most, { page }) => Math.max(most, page), 0);
  return Array.from({ length: last }, (_, index) => {
    const boxes = lines.flatMap(({ page, box }) => (page === index + 1 && box ? [box] : []));
    const width = boxes.reduce((most, box) => Math.max(most, box[2]), 0);
    const height = boxes.reduce((most, box) => Math.max(most, box[3]), 0);
    return { width, height, turned: 0, source: 'ocr' };
  });
}

/** What a classifier reads: of an e-mail the subject and what its sender wrote, else the whole text. */
export function textToSort({ text, email }: ReadDocument): string {
  if (!email) return text;
  const body = text.slice(...email.body).trim();
  return [email.subject, body].filter((part) => part !== '').join('\n');
}
