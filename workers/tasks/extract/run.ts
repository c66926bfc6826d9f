/** Task `extract`: receipts, invoices (their XML first) and fields that the person names. The specialist's id says which. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { ExtractOutput } from '../../../src/core/outputs.ts';
import type { Finding, RunWork, Work, WorkPorts } from '../../../src/core/work.ts';
import { runAnyFields } from './any-fields/run-any-fields.ts';
import { fieldsOfXml } from './invoice-xml.ts';
import { extractInvoice } from './invoices.ts';
import { extractReceipt, type Extracted } from './receipts.ts';
import { readModel } from './trees.ts';
import { validate } from './validate.ts';

const MODEL = 'model.json';

export const run: RunWork<ExtractOutput> = async (work, ports) => {
  if (work.document.text.trim() === '' && !work.document.invoiceXml)
    return fail('empty_input', 'The document holds no text.');
  switch (work.manifest.id) {
    case 'invoices':
      return work.document.invoiceXml ? fromXml(work, ports) : learned(work, ports, extractInvoice);
    case 'receipts':
      return learned(work, ports, extractReceipt);
    default:
      return runAnyFields(work, ports);
  }
};

async function learned(
  work: Work,
  ports: WorkPorts,
  extract: (document: Work['document'], model: Parameters<typeof extractReceipt>[1]) => Extracted,
): Promise<Result<Finding<ExtractOutput>>> {
  const from = ports.now();
  const file = await ports.file(MODEL);
  if (!file.ok) return file;
  const model = readModel(file.value);
  if (!model.ok) return model;
  if (ports.signal?.aborted) return fail('cancelled', 'It was cancelled.');
  const { fields, confidence, doubts } = extract(work.document, model.value);
  const attempt = {
    tier: 'rules',
    specialist: work.manifest.id,
    ms: ports.now() - from,
    outcome: doubts.length > 0 ? 'doubts' : 'found',
    confidence,
  } as const;
  return ok({
    output: { fields },
    basis: 'measured',
    confidence,
    tier: 'rules',
    attempts: [attempt],
    doubts,
  });
}

/** Exact values; where the XML cannot be read, the page is read instead and the finding says so. */
async function fromXml(work: Work, ports: WorkPorts): Promise<Result<Finding<ExtractOutput>>> {
  const from = ports.now();
  const read = fieldsOfXml(work.document, work.document.invoiceXml ?? '');
  if (!read.ok) {
    if (work.document.kind === 'xml' || work.document.text.trim() === '') return read;
    const instead = await learned(work, ports, extractInvoice);
    if (instead.ok)
      instead.value.doubts.push(
        `The invoice carries XML that cannot be read (${read.failure.message}); its text was read instead.`,
      );
    return instead;
  }
  const { fields, doubts } = validate(read.value.fields, read.value.options);
  const attempt = {
    tier: 'rules',
    specialist: work.manifest.id,
    ms: ports.now() - from,
    outcome: 'xml',
    confidence: 1,
  } as const;
  return ok({
    output: { fields },
    basis: 'exact',
    confidence: 1,
    tier: 'rules',
    attempts: [attempt],
    doubts,
  });
}
