/** A JSON schema as a specification: one clause for each property of the record, one for the rest. */
import type { ClauseResult } from '../../../../src/core/outputs.ts';
import { errorsOf, isObject, problemOfSchema, type SchemaError } from './json-schema.ts';

const MAX_QUOTED = 160;

const propertyOf = (location: string): string | null => {
  const step = /^#\/([^/]+)/.exec(location)?.[1];
  return step === undefined
    ? null
    : decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
};

const shown = (value: unknown): string =>
  ((JSON.stringify(value) as string | undefined) ?? 'null').slice(0, MAX_QUOTED);

interface Tally {
  failed: { row: number; error: string; value: unknown } | null;
  failures: number;
  missing: number;
  present: unknown;
  seen: boolean;
}

function tallyProperty(
  name: string,
  records: readonly unknown[],
  errors: readonly SchemaError[][],
): Tally {
  const tally: Tally = { failed: null, failures: 0, missing: 0, present: undefined, seen: false };
  records.forEach((record, row) => {
    const has = isObject(record) && Object.hasOwn(record, name);
    // What is no object has no properties to miss.
    if (isObject(record) && !has) tally.missing++;
    else if (has && !tally.seen) Object.assign(tally, { present: record[name], seen: true });
    const own = (errors[row] ?? []).filter((error) => propertyOf(error.instanceLocation) === name);
    const deepest = own.at(-1);
    if (!has || !deepest) return;
    tally.failures++;
    tally.failed ??= { row, error: deepest.error, value: record[name] };
  });
  return tally;
}

function clauseOf(
  name: string,
  schema: unknown,
  required: boolean,
  tally: Tally,
  rows: number,
): ClauseResult {
  const clause = {
    id: `#/${name}`,
    requirement: `${name}${required ? ' (required)' : ''}: ${shown(schema)}`,
    evidence: null,
  };
  if (tally.failed) {
    const { row, error, value } = tally.failed;
    const where = rows > 1 ? `Row ${row + 1}, ${tally.failures} of ${rows} rows: ` : '';
    return { ...clause, verdict: 'fail', found: shown(value), reason: `${where}${error}` };
  }
  if (tally.missing > 0 && required)
    return {
      ...clause,
      verdict: 'missing',
      found: null,
      ...(rows > 1 ? { reason: `Missing in ${tally.missing} of ${rows} rows.` } : {}),
    };
  if (!tally.seen) return { ...clause, verdict: 'not_applicable', found: null };
  return { ...clause, verdict: 'pass', found: shown(tally.present) };
}

/** Keywords of the record itself that the clauses of its properties stand for. */
const OF_PROPERTIES = new Set(['properties', 'required']);

/** What is wrong with the record besides its own properties; never silent where the record does not fit. */
function wholeClause(
  errors: readonly SchemaError[][],
  properties: readonly ClauseResult[],
): ClauseResult {
  const clause = {
    id: '#',
    requirement: 'The record as a whole fits the schema.',
    found: null,
    evidence: null,
  };
  const failing = (row: number, error: string): ClauseResult => ({
    ...clause,
    verdict: 'fail',
    reason: `${errors.length > 1 ? `Row ${row + 1}: ` : ''}${error}`,
  });
  for (const [row, own] of errors.entries()) {
    const other = own.find(
      (error) => error.instanceLocation === '#' && !OF_PROPERTIES.has(error.keyword),
    );
    if (other) return failing(row, other.error);
  }
  const told = properties.some(({ verdict }) => verdict === 'fail' || verdict === 'missing');
  const row = errors.findIndex((own) => own.length > 0);
  if (row < 0 || told) return { ...clause, verdict: 'pass' };
  return failing(row, errors[row]?.at(-1)?.error ?? 'It does not fit.');
}

/** The clauses of a schema held against records; a string says why it cannot be used. */
export function judgeSchema(schema: unknown, records: readonly unknown[]): ClauseResult[] | string {
  const problem = problemOfSchema(schema);
  if (problem) return problem;
  const errors: SchemaError[][] = [];
  for (const record of records) {
    const found = errorsOf(schema, record);
    if (typeof found === 'string') return found;
    errors.push(found);
  }
  const properties =
    isObject(schema) && isObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  const listed =
    isObject(schema) && Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  const required = new Set(listed.filter((name) => typeof name === 'string'));
  for (const name of required)
    if (!properties.some(([own]) => own === name)) properties.push([name, true]);
  const clauses = properties.map(([name, own]) =>
    clauseOf(name, own, required.has(name), tallyProperty(name, records, errors), records.length),
  );
  return [...clauses, wholeClause(errors, clauses)];
}
