/** Which work a file, or a document that was pasted, asks for when nobody said: what carries an e-invoice is read, else its kind decides. */
import type { Answer, ClassifyOutput, Attempt, LabelScore } from './answer.ts';
import type { ReadDocument } from './document.ts';
import type { RunRequest } from './request.ts';

/** The specialist that tells kinds of documents apart. */
export const KINDS_OF_DOCUMENTS = 'documents';

/** Specialists for the kinds that are worked on; a file of another kind is told its kind. */
const SPECIALIST_OF_KIND: ReadonlyMap<string, string> = new Map([
  ['invoice', 'invoices'],
  ['receipt', 'receipts'],
  ['transcript', 'transcripts'],
  ['clinical_note', 'icd10-codes'],
]);
/** From this calibrated confidence on a kind is taken as right: the work itself is gated again. */
const SURE_OF_KIND = 0.8;

/** Lines with words from which a typed text can be a document: a request is a sentence or a few. */
const LINES_OF_A_DOCUMENT = 5;
/** Lines that are looked at for that. */
const MOST_LINES = 100;

/** What a pasted text of a kind has in so many lines at least: letters with a request are often told as another kind. */
const SHAPES: ReadonlyMap<string, { line: RegExp; lines: number }> = new Map([
  ['invoice', { line: /\d[.,]\d{2}(?!\d)/u, lines: 1 }],
  ['receipt', { line: /\d[.,]\d{2}(?!\d)/u, lines: 1 }],
  ['transcript', { line: /^\s*\p{L}[\p{L}\d .'’()-]{0,30}:\s*\S/u, lines: 3 }],
]);

/** What the router found out about a file before its work began. */
export interface FileRoute {
  classifications: LabelScore[];
  attempts: Attempt[];
}

/** Does the router have to find out what the file or text is? E-mails are sorted by what they say. */
export const asksForKind = ({ task, specialist }: RunRequest, document: ReadDocument): boolean =>
  task === undefined &&
  specialist === undefined &&
  (document.kind !== 'text' || mayBeDocument(document.text)) &&
  document.email === null;

/** Has a typed or pasted text so many lines that it can be more than a request? */
export const mayBeDocument = (text: string): boolean =>
  countLines(text, /\p{L}/u) >= LINES_OF_A_DOCUMENT;

const countLines = (text: string, fits: RegExp): number =>
  text.split('\n', MOST_LINES).filter((line) => fits.test(line)).length;

/** The specialist for a document of the kind that was found; null where there is none, or where a text only reads like one. */
export function specialistOfKind(answer: Answer, { kind, text }: ReadDocument): string | null {
  const { label } = (answer.output ?? { label: null }) as ClassifyOutput;
  if (label === null || answer.confidence < SURE_OF_KIND) return null;
  if (kind === 'text' && !hasShapeOf(label, text)) return null;
  return SPECIALIST_OF_KIND.get(label) ?? null;
}

function hasShapeOf(label: string, text: string): boolean {
  const shape = SHAPES.get(label);
  return shape === undefined || countLines(text, shape.line) >= shape.lines;
}

export const routeOf = (answer: Answer): FileRoute => ({
  classifications: (answer.output as ClassifyOutput | null)?.scores ?? [],
  attempts: answer.decision.attempts,
});

/** Is a label all that the request asks for, unless its specialist does other work? Such requests are quick. */
export const onlySorts = ({ file, task, specialist, text }: RunRequest): boolean =>
  file === undefined &&
  (task === 'classify' ||
    (task === undefined && (specialist !== undefined || !mayBeDocument(text ?? ''))));
