/** What fills the slots: rows of a table, a record, fields that `extract` read. Maps, so that no name has a meaning. */
import Papa from 'papaparse';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { ReadDocument } from '../../../src/core/document.ts';
import { MAX_RECORDS, type GenerateInput } from './schema.ts';

/** Numbers are text, as they were written. */
export type Value = string | boolean | null | Value[] | Cells;
export type Cells = ReadonlyMap<string, Value>;

export interface Records {
  rows: Cells[];
  /** Extracted fields that may not be used, with the reason. */
  withheld: ReadonlyMap<string, string>;
  doubts: string[];
}

const MAX_DEPTH = 8;

/** Undefined, functions and what lies too deep count as not given. */
export function valueOf(raw: unknown, depth = 0): Value {
  if (typeof raw === 'string' || typeof raw === 'boolean') return raw;
  if (typeof raw === 'number') return Number.isFinite(raw) ? String(raw) : null;
  if (typeof raw !== 'object' || raw === null || depth > MAX_DEPTH) return null;
  if (Array.isArray(raw)) return raw.map((one) => valueOf(one, depth + 1));
  return new Map(Object.entries(raw).map(([name, one]) => [name, valueOf(one, depth + 1)]));
}

const cellsOf = (record: Record<string, unknown>): Cells => valueOf(record) as Cells;

/** Rows from the input; where it names none, from the document, unless that is the template itself. */
export function readRecords(input: GenerateInput, document: ReadDocument): Result<Records> {
  const { records, record, fields } = input;
  const isData = input.template !== undefined || input.template_id !== undefined;
  const rows = ((): Result<{ rows: Cells[]; doubts: string[] }> => {
    if (typeof records === 'string') return rowsOfCsv(records);
    if (records) return ok({ rows: records.map(cellsOf), doubts: [] });
    if (record) return ok({ rows: [cellsOf(record)], doubts: [] });
    if (fields || !isData || document.text.trim() === '')
      return ok({ rows: [new Map()], doubts: [] });
    return /^\s*[[{]/u.test(document.text) ? rowsOfJson(document.text) : rowsOfCsv(document.text);
  })();
  if (!rows.ok) return rows;
  const read = readFields(input);
  return ok({
    rows: rows.value.rows.map((row) => new Map([...read.cells, ...row])),
    withheld: read.withheld,
    doubts: rows.value.doubts,
  });
}

function rowsOfCsv(text: string): Result<{ rows: Cells[]; doubts: string[] }> {
  const { data } = Papa.parse<string[]>(text.trim(), { skipEmptyLines: 'greedy' });
  const [header = [], ...lines] = data;
  const names = header.map((name) => name.trim());
  if (lines.length === 0)
    return fail('bad_request', 'The table needs a header line and at least one row.');
  if (lines.length > MAX_RECORDS)
    return fail('input_too_long', `The table has ${lines.length} rows; at most ${MAX_RECORDS}.`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    return fail('bad_request', `The table has two columns that are called “${twice}”.`);
  const doubts = lines.flatMap((cells, i) =>
    cells.length === names.length
      ? []
      : [`Row ${i + 1} has ${cells.length} cells, the header has ${names.length}.`],
  );
  const rows = lines.map(
    (cells): Cells => new Map(names.map((name, i) => [name, cells[i] ?? null])),
  );
  return ok({ rows, doubts });
}

function rowsOfJson(text: string): Result<{ rows: Cells[]; doubts: string[] }> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    return fail('bad_request', `The records are no JSON: ${(cause as Error).message}.`);
  }
  const rows = (Array.isArray(raw) ? raw : [raw]).map((one) => valueOf(one));
  const cells = rows.filter((row): row is Cells => row instanceof Map);
  if (cells.length === 0 || cells.length !== rows.length)
    return fail('bad_request', 'The records must be an object, or a list of objects.');
  if (cells.length > MAX_RECORDS)
    return fail('input_too_long', `There are ${cells.length} records; at most ${MAX_RECORDS}.`);
  return ok({ rows: cells, doubts: [] });
}

/** Values that are invalid or not sure enough are left out, with the reason. */
function readFields(input: GenerateInput): { cells: Cells; withheld: Map<string, string> } {
  const cells = new Map<string, Value>();
  const withheld = new Map<string, string>();
  for (const [name, field] of Object.entries(input.fields?.fields ?? {})) {
    const { confidence, valid, problems } = field;
    if (field.value === null || field.value === undefined) cells.set(name, null);
    else if (!valid)
      withheld.set(name, problems[0]?.replace(/\.$/u, '') ?? 'its value is not valid');
    else if (confidence < input.minimum_confidence)
      withheld.set(
        name,
        `its value is ${confidence.toFixed(2)} sure, less than ${input.minimum_confidence}`,
      );
    else cells.set(name, valueOf(field.value));
  }
  for (const name of withheld.keys()) cells.set(name, null);
  return { cells, withheld };
}
