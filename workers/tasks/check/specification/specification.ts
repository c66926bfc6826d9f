/** Which form a specification has: a table, JSON rules, a JSON schema, or text with numbered clauses. */
import { fail, ok, type Result } from '../../../../src/core/failure.ts';
import { MAX_CLAUSES, type Clause } from './clause.ts';
import { rowsOfCsv, rowsOfJson } from './rows.ts';
import { clausesOfTable } from './table.ts';
import { clausesOfText } from './text-clauses.ts';

export type Specification =
  { kind: 'clauses'; clauses: Clause[] } | { kind: 'schema'; schema: unknown };

export const MAX_SPECIFICATION_CHARS = 5_000_000;
const SCHEMA_KEYS = [
  '$schema',
  'type',
  'properties',
  'required',
  'allOf',
  'anyOf',
  'oneOf',
  '$ref',
  'items',
  'enum',
  'const',
  'pattern',
  'not',
  '$defs',
  'definitions',
  'additionalProperties',
  'patternProperties',
  'minimum',
  'maximum',
];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const tooMany = (count: number) =>
  fail(
    'bad_request',
    `The specification has ${count} clauses; at most ${MAX_CLAUSES} are checked. Split it.`,
  );

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** `{ id?, requirement?, rule }`: a rule with a name, or a bare rule of JSON logic. */
function logicClause(value: unknown, index: number): Clause {
  const named: Record<string, unknown> =
    isObject(value) && isObject(value['rule']) ? value : { rule: value };
  const { id, requirement, description, rule } = named;
  const words = [requirement, description].find((text) => typeof text === 'string');
  return {
    id: typeof id === 'string' || typeof id === 'number' ? String(id) : String(index + 1),
    requirement: (typeof words === 'string' ? words : JSON.stringify(rule)).slice(0, 2_000),
    demand: { kind: 'logic', rule },
  };
}

function ofList(list: readonly unknown[]): Result<Specification> {
  if (list.length > MAX_CLAUSES) return tooMany(list.length);
  if (list.length === 0) return fail('bad_request', 'The specification has no clause.');
  if (!list.every(isObject))
    return fail('bad_request', 'The specification is a list of something else than rows or rules.');
  const table = clausesOfTable(rowsOfJson(list));
  return ok({ kind: 'clauses', clauses: table ?? list.map(logicClause) });
}

function ofObject(value: Record<string, unknown>): Result<Specification> {
  for (const key of ['rules', 'clauses', 'rows'])
    if (Array.isArray(value[key])) return ofList(value[key] as unknown[]);
  if (SCHEMA_KEYS.some((key) => Object.hasOwn(value, key)))
    return ok({ kind: 'schema', schema: value });
  return ofList([value]);
}

function ofText(text: string): Result<Specification> {
  if (text.length > MAX_SPECIFICATION_CHARS)
    return fail(
      'bad_request',
      `The specification has ${text.length} characters; at most ${MAX_SPECIFICATION_CHARS} are read.`,
    );
  const json = /^\s*[[{]/.test(text) ? jsonOf(text) : undefined;
  if (json !== undefined) return readSpecification(json);
  const rows = rowsOfCsv(text);
  if (rows && rows.length > MAX_CLAUSES) return tooMany(rows.length);
  const table = rows && clausesOfTable(rows);
  if (table) return ok({ kind: 'clauses', clauses: table });
  const clauses = clausesOfText(text);
  if (clauses.length > 0) return ok({ kind: 'clauses', clauses });
  return fail(
    'bad_request',
    'The specification cannot be read: give a table with the columns parameter, nominal, tolerance, unit; a JSON schema or rules; or text whose clauses are numbered.',
  );
}

/** Fails with bad_request where it has none of the forms, or too many clauses. */
export function readSpecification(specification: unknown): Result<Specification> {
  if (typeof specification === 'string') return ofText(specification);
  if (Array.isArray(specification)) return ofList(specification);
  if (typeof specification === 'boolean') return ok({ kind: 'schema', schema: specification });
  if (isObject(specification)) return ofObject(specification);
  return fail(
    'bad_request',
    'Send the specification as input.specification: a table, a JSON schema, rules or text with numbered clauses.',
  );
}
