/** A JSON schema as a specification: one clause for each property of the record, one for the rest. */
import { Validator, type Schema } from '@cfworker/json-schema';
import type { ClauseResult } from '../../../../src/core/outputs.ts';

export const MAX_SCHEMA_DEPTH = 40;
export const MAX_SCHEMA_NODES = 20_000;
const LONGEST_PATTERN = 300;
const MAX_QUOTED = 160;
type Draft = '4' | '7' | '2019-09' | '2020-12';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A repeated group that itself repeats or branches can take for ever on a short text. */
export function isHeavyPattern(pattern: string): boolean {
  if (pattern.length > LONGEST_PATTERN) return true;
  const open: boolean[] = [];
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const sign = pattern[i] ?? '';
    if (sign === '\\') i++;
    else if (inClass) inClass = sign !== ']';
    else if (sign === '[') inClass = true;
    else if (sign === '(') open.push(false);
    else if (sign === ')') {
      const repeats = open.pop() ?? false;
      if (repeats && /^[*+{]/.test(pattern.slice(i + 1))) return true;
      if (repeats && open.length > 0) open[open.length - 1] = true;
    } else if (/[*+{|]/.test(sign) && open.length > 0) open[open.length - 1] = true;
  }
  return false;
}

/** Why a schema is not used; null where it may be. */
export function problemOfSchema(schema: unknown): string | null {
  const waiting: { value: unknown; depth: number }[] = [{ value: schema, depth: 0 }];
  for (let at = waiting.pop(), nodes = 0; at; at = waiting.pop()) {
    if (++nodes > MAX_SCHEMA_NODES) return `The schema has more than ${MAX_SCHEMA_NODES} parts.`;
    if (at.depth > MAX_SCHEMA_DEPTH)
      return `The schema is nested deeper than ${MAX_SCHEMA_DEPTH} levels.`;
    if (typeof at.value !== 'object' || at.value === null) continue;
    const patterns = isObject(at.value) ? patternsOf(at.value) : [];
    const heavy = patterns.find(isHeavyPattern);
    if (heavy !== undefined) return `The pattern "${heavy.slice(0, 40)}" could take for ever.`;
    for (const value of Object.values(at.value)) waiting.push({ value, depth: at.depth + 1 });
  }
  return null;
}

const patternsOf = (schema: Record<string, unknown>): string[] => [
  ...(typeof schema['pattern'] === 'string' ? [schema['pattern']] : []),
  ...(isObject(schema['patternProperties']) ? Object.keys(schema['patternProperties']) : []),
];

function draftOf(schema: Record<string, unknown>): Draft {
  const named = typeof schema['$schema'] === 'string' ? schema['$schema'] : '';
  if (named.includes('draft-04')) return '4';
  if (named.includes('draft-06') || named.includes('draft-07')) return '7';
  return named.includes('2019-09') ? '2019-09' : '2020-12';
}

interface SchemaError {
  instanceLocation: string;
  error: string;
}

/** Errors of one record; a schema that never ends or refers to nothing is told apart from one that is broken. */
export function errorsOf(
  schema: unknown,
  record: unknown,
  remotes: readonly object[] = [],
  draft?: Draft,
): SchemaError[] | string {
  try {
    const validator = new Validator(
      schema as Schema,
      draft ?? draftOf(isObject(schema) ? schema : {}),
      false,
    );
    for (const remote of remotes) validator.addSchema(remote as Schema);
    const { valid, errors } = validator.validate(record);
    return valid ? [] : errors;
  } catch (cause) {
    if (cause instanceof RangeError) return 'The schema refers to itself without an end.';
    return `The schema cannot be used: ${(cause instanceof Error ? cause.message : String(cause)).slice(0, 160)}`;
  }
}

const propertyOf = (location: string): string | null => {
  const step = /^#\/([^/]+)/.exec(location)?.[1];
  return step === undefined
    ? null
    : decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
};

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'null').slice(0, MAX_QUOTED);

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
    if (!has) tally.missing++;
    else if (!tally.seen) Object.assign(tally, { present: record[name], seen: true });
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

/** What the schema says of the record as a whole: everything but its properties and which of them it needs. */
function wholeClause(
  errors: readonly SchemaError[][],
  required: ReadonlySet<string>,
): ClauseResult {
  const clause = {
    id: '#',
    requirement: 'The record as a whole fits the schema.',
    found: null,
    evidence: null,
  };
  for (const [row, own] of errors.entries()) {
    const other = own.find(
      ({ instanceLocation, error }) =>
        instanceLocation === '#' &&
        !/^Property ".*" does not match|required property/i.test(error) &&
        !(required.size > 0 && /required/i.test(error)),
    );
    if (other)
      return {
        ...clause,
        verdict: 'fail',
        reason: `${errors.length > 1 ? `Row ${row + 1}: ` : ''}${other.error}`,
      };
  }
  return { ...clause, verdict: 'pass' };
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
  return [
    ...properties.map(([name, own]) =>
      clauseOf(name, own, required.has(name), tallyProperty(name, records, errors), records.length),
    ),
    wholeClause(errors, required),
  ];
}
