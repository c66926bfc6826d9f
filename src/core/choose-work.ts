/** Which specialist does a request that is not a classification: the one it names, else the one that its document fits. */
import type { ReadDocument } from './document.ts';
import { fail, ok, type Result } from './failure.ts';
import type { RunRequest } from './request.ts';
import type { WorkManifest, WorkTask } from './work.ts';

const has = (input: unknown, key: string): boolean =>
  typeof input === 'object' && input !== null && Object.hasOwn(input, key);

/** Words that head an invoice, in the languages that the invoice specialist knows. */
const INVOICE =
  /\b(?:invoice|credit note|rechnung|gutschrift|facture|avoir|fattura|factura|factuur|faktura)/iu;

/** Ids of the shipped specialists of a task, best fitting first; the first that the fleet has is taken. */
const PREFERRED: Record<WorkTask, (document: ReadDocument, input: unknown) => readonly string[]> = {
  extract: (document, input) => {
    if (has(input, 'schema') || has(input, 'fields')) return ['any-fields'];
    const isInvoice = document.invoiceXml !== null || INVOICE.test(document.text.slice(0, 20_000));
    return isInvoice ? ['invoices', 'receipts'] : ['receipts', 'invoices'];
  },
  check: (document, input) =>
    has(input, 'specification') || document.invoiceXml === null
      ? ['specifications', 'en16931']
      : ['en16931', 'specifications'],
  summarize: () => ['transcripts'],
  draft: () => ['replies'],
  code: () => ['icd10-codes'],
  generate: () => ['templates'],
  redact: () => ['personal-data'],
};

/**
 * Null where the request is a classification or a chat. Fails with unknown_specialist and unknown_task, and with
 * bad_request where task and specialist do not belong together.
 */
export function chooseWork(
  { task, specialist, input }: RunRequest,
  document: ReadDocument,
  works: readonly WorkManifest[],
): Result<WorkManifest | null> {
  const [id, version] = typeof specialist === 'string' ? specialist.split('@') : [];
  const named = works.find((work) => work.id === id);
  if (named) {
    if (task !== undefined && task !== named.task)
      return fail('bad_request', `“${named.id}” does “${named.task}”, not “${task}”.`);
    if (version !== undefined && version !== 'champion' && version !== named.version)
      return fail('unknown_specialist', `There is no specialist “${specialist}” in this fleet.`);
    return ok(named);
  }
  if (task === undefined || task === 'classify' || task === 'chat') return ok(null);
  if (!Object.hasOwn(PREFERRED, task)) return fail('unknown_task', `There is no task “${task}”.`);
  if (id !== undefined)
    return fail('unknown_specialist', `There is no specialist “${specialist}” for “${task}”.`);
  const ofTask = works.filter((work) => work.task === task);
  const preferred = PREFERRED[task](document, input)
    .map((wanted) => ofTask.find((work) => work.id === wanted))
    .find((work) => work !== undefined);
  const found = preferred ?? ofTask[0];
  return found ? ok(found) : fail('unknown_task', `No specialist of this fleet does “${task}”.`);
}
