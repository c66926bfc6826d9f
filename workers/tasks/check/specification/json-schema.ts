/** A JSON schema held against a value: bounded, without patterns that could take for ever, and without inherited properties. */
import { Validator, type Schema } from '@cfworker/json-schema';

export const MAX_SCHEMA_DEPTH = 40;
export const MAX_SCHEMA_NODES = 20_000;
const LONGEST_PATTERN = 300;
type Draft = '4' | '7' | '2019-09' | '2020-12';

export const isObject = (value: unknown): value is Record<string, unknown> =>
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

export interface SchemaError {
  keyword: string;
  instanceLocation: string;
  error: string;
}

/** `toString` is no property of a record: the validator looks with `in`. */
function withoutPrototype(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototype);
  if (!isObject(value)) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, own] of Object.entries(value)) copy[name] = withoutPrototype(own);
  return copy;
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
    for (const remote of remotes) validator.addSchema(remote);
    const { valid, errors } = validator.validate(withoutPrototype(record));
    return valid ? [] : errors;
  } catch (cause) {
    if (cause instanceof RangeError) return 'The schema refers to itself without an end.';
    return `The schema cannot be used: ${(cause instanceof Error ? cause.message : String(cause)).slice(0, 160)}`;
  }
}
