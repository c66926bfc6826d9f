/** Which work a file asks for when nobody said: what carries an e-invoice is read, else its kind decides. */
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

/** What the router found out about a file before its work began. */
export interface FileRoute {
  classifications: LabelScore[];
  attempts: Attempt[];
}

/** Does the router have to find out what the file is? E-mails are sorted by what they say. */
export const asksForKind = ({ task, specialist }: RunRequest, document: ReadDocument): boolean =>
  task === undefined &&
  specialist === undefined &&
  document.kind !== 'text' &&
  document.email === null;

/** The specialist for a file of the kind that was found, or null where telling its kind is the answer. */
export function specialistOfKind(answer: Answer): string | null {
  const { label } = (answer.output ?? { label: null }) as ClassifyOutput;
  if (label === null || answer.confidence < SURE_OF_KIND) return null;
  return SPECIALIST_OF_KIND.get(label) ?? null;
}

export const routeOf = (answer: Answer): FileRoute => ({
  classifications: (answer.output as ClassifyOutput | null)?.scores ?? [],
  attempts: answer.decision.attempts,
});
