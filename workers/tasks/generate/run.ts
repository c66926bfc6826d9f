/** Task `generate`: a template filled from records and extracted fields alone. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { GenerateOutput } from '../../../src/core/outputs.ts';
import type { Finding, Work, WorkPorts } from '../../../src/core/work.ts';
import { fillTemplate, OutputTooLong, type Filled } from './fill.ts';
import { readRecords, type Records } from './records.ts';
import { InputSchema, TemplatesSchema, type GenerateInput } from './schema.ts';
import { readTemplate, type TemplateNode } from './template.ts';

/** Longest output of all records together, in UTF-16 code units. */
const MAX_OUTPUT_UNITS = 4_194_304;
const MAX_OUTPUT_NODES = 1_000_000;
const MAX_DOUBTS = 20;

/** Fails with bad_request, empty_input and input_too_long. */
export async function run(work: Work, ports: WorkPorts): Promise<Result<Finding<GenerateOutput>>> {
  const startedAt = ports.now();
  const input = v.safeParse(InputSchema, work.input ?? {});
  if (!input.success)
    return fail('bad_request', `The input of “generate”: ${v.summarize(input.issues)}`);
  const template = await templateOf(input.output, work, ports);
  if (!template.ok) return template;
  const nodes = readTemplate(template.value);
  if (!nodes.ok) return nodes;
  const records = readRecords(input.output, work.document);
  if (!records.ok) return records;
  const filled = fillAll(nodes.value, records.value, input.output.locale);
  if (!filled.ok) return filled;
  const { missing, doubts } = filled.value;
  const isWhole = missing.length === 0;
  const attempt = {
    tier: 'rules' as const,
    specialist: `${work.manifest.id}@${work.manifest.version}`,
    ms: ports.now() - startedAt,
    outcome: isWhole ? 'filled' : `${missing.length} slots missing`,
    confidence: isWhole ? 1 : 0,
  };
  return ok({
    output: { text: filled.value.text, missing },
    basis: 'exact',
    confidence: isWhole ? 1 : 0,
    tier: 'rules',
    attempts: [attempt],
    doubts: cappedDoubts([...records.value.doubts, ...doubts]),
  });
}

/** From the input, from the specialist's shelf, or the text of the request itself. */
async function templateOf(
  { template, template_id: id }: GenerateInput,
  { document }: Work,
  ports: WorkPorts,
): Promise<Result<string>> {
  if (template !== undefined && id !== undefined)
    return fail('bad_request', 'Give either a template or the id of one, not both.');
  if (id === undefined) {
    const text = template ?? document.text;
    return text.trim() === '' ? fail('empty_input', 'There is no template.') : ok(text);
  }
  const bytes = await ports.file('templates.json');
  if (!bytes.ok) return bytes;
  const shelf = v.safeParse(TemplatesSchema, JSON.parse(new TextDecoder().decode(bytes.value)));
  if (!shelf.success) return fail('file_corrupt', 'templates.json is not as it should be.');
  const found = shelf.output.find((one) => one.id === id);
  const names = shelf.output.map((one) => one.id).join(', ');
  return found ? ok(found.template) : fail('bad_request', `There is no “${id}” among: ${names}.`);
}

/** One text per record, joined with form feeds: a new page for each. */
function fillAll(
  nodes: readonly TemplateNode[],
  { rows, withheld }: Records,
  locale: string,
): Result<Filled> {
  const budget = { nodes: MAX_OUTPUT_NODES, units: MAX_OUTPUT_UNITS };
  try {
    const all = rows.map((row) => fillTemplate(nodes, row, { locale, withheld, budget }));
    const named = (doubt: string, i: number): string =>
      rows.length === 1 ? doubt : `Record ${i + 1}: ${doubt}`;
    return ok({
      text: all.map(({ text }) => text).join('\f'),
      missing: [...new Set(all.flatMap(({ missing }) => missing))],
      doubts: all.flatMap(({ doubts }, i) => doubts.map((doubt) => named(doubt, i))),
    });
  } catch (cause) {
    if (cause instanceof OutputTooLong)
      return fail(
        'input_too_long',
        `The filled template is longer than ${MAX_OUTPUT_UNITS} characters or ${MAX_OUTPUT_NODES} parts. Give fewer records.`,
      );
    return fail('bad_request', `The template cannot be filled: ${String(cause)}.`);
  }
}

const cappedDoubts = (doubts: readonly string[]): string[] =>
  doubts.length <= MAX_DOUBTS
    ? [...doubts]
    : [...doubts.slice(0, MAX_DOUBTS), `And ${doubts.length - MAX_DOUBTS} more of this kind.`];
