/** Task `code`: ICD-10-CM candidates for a clinical note, each with the words that it rests on. A person decides. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { CodeCandidate, CodeOutput } from '../../../src/core/outputs.ts';
import type { Finding, Work, WorkPorts } from '../../../src/core/work.ts';
import { codeNote, type CodedNote, type Coder } from './coder.ts';
import { isEnglish } from './english.ts';
import { loadCoder } from './load.ts';
import { InputSchema } from './schema.ts';

/** Longest part of a text that is read, in UTF-16 code units: some 15 pages, about half a second. */
export const MOST_UNITS = 50_000;
/** Codes that a doubt names. */
const MOST_NAMED = 5;

/** Fails with bad_request, empty_input, cancelled, deadline, and as WorkPorts.file does. */
export async function run(work: Work, ports: WorkPorts): Promise<Result<Finding<CodeOutput>>> {
  const startedAt = ports.now();
  const input = v.safeParse(InputSchema, work.input ?? {});
  if (!input.success)
    return fail('bad_request', `The input of “code”: ${v.summarize(input.issues)}`);
  const { text } = work.document;
  if (text.trim() === '') return fail('empty_input', 'There is no note to code.');
  const coder = await loadCoder(work, ports);
  if (!coder.ok) return coder;
  if (ports.signal?.aborted) return fail('cancelled', 'Coding was cancelled.');
  if (ports.now() > ports.deadlineAt) return fail('deadline', 'The time for coding is over.');
  const coded = codeNote(coder.value, text.slice(0, MOST_UNITS), input.output.max_codes);
  const attempt = {
    tier: 'rules' as const,
    specialist: `${work.manifest.id}@${work.manifest.version}`,
    ms: ports.now() - startedAt,
    outcome: `${coded.codes.length} candidates, ${coded.leftOut} denied`,
    confidence: null,
  };
  return ok({
    output: { codes: coded.codes },
    basis: 'draft',
    confidence: 0,
    tier: 'rules',
    attempts: [attempt],
    doubts: doubtsOf(work, coder.value, coded),
  });
}

function doubtsOf({ document }: Work, coder: Coder, { codes }: CodedNote): string[] {
  const doubts: string[] = [];
  const { text, language } = document;
  if (text.length > MOST_UNITS)
    doubts.push(`Only the first ${MOST_UNITS.toLocaleString('en-US')} characters were read.`);
  if (!isEnglish(text.slice(0, MOST_UNITS), language))
    doubts.push('The text does not look like English: findings in other languages are missed.');
  if (codes.length === 0) doubts.push('No finding of the code table was recognised in the text.');
  const headers = codes.filter((code) => isHeader(coder, code)).slice(0, MOST_NAMED);
  if (headers.length > 0) {
    const names = headers.map(({ code }) => code).join(', ');
    doubts.push(`No claim may name a header (${names}): choose one of its codes.`);
  }
  return doubts;
}

/** Is it rather right than wrong, and yet not fit for a claim? */
function isHeader({ table, trees }: Coder, { code, confidence }: CodeCandidate): boolean {
  return confidence >= trees.threshold && table.billable[table.rowOf.get(code) ?? -1] === 0;
}
