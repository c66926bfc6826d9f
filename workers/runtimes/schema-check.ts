/** JSON schemas before generation: can the grammar enforce it? */
import { fail, ok, type Result } from '../../src/core/failure.ts';

type JsonObject = Record<string, unknown>;
/** `true` and `false` are schemas too. */
export type JsonSchema = JsonObject | boolean;

/** Keywords that the grammar enforces. Annotations bind nothing. Any other keyword is refused: it would be ignored. */
const CHECKED = new Set([
  ...['type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', '$ref', '$defs', 'definitions'],
  ...['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'],
  ...['items', 'prefixItems', 'minItems', 'maxItems'],
  ...['minLength', 'maxLength', 'pattern'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
]);
const ANNOTATIONS = new Set([
  ...['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['$schema', '$id', '$comment', 'format'],
]);
const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
/** Deeper schemas and values are refused: a reference that leads to itself would never end. */
const MAX_DEPTH = 64;

/** Fails with `schema_unsupported`, and says where. */
export function readSchema(text: string): Result<JsonSchema> {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    return fail('schema_unsupported', 'The schema is not JSON.');
  }
  const problem = schemaProblem(schema, schema, '#', 0);
  if (problem !== null)
    return fail('schema_unsupported', `The schema cannot be enforced: ${problem}.`);
  return ok(schema as JsonSchema);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function schemaProblem(schema: unknown, root: unknown, path: string, depth: number): string | null {
  if (typeof schema === 'boolean') return null;
  if (!isObject(schema)) return `${path} is not a schema`;
  if (depth > MAX_DEPTH) return `${path} is nested too deeply`;
  for (const [keyword, value] of Object.entries(schema)) {
    if (ANNOTATIONS.has(keyword)) continue;
    const here = `${path}/${keyword}`;
    if (!CHECKED.has(keyword)) return `${here} is not supported`;
    const problem = keywordProblem(keyword, value, root, here, depth);
    if (problem !== null) return problem;
  }
  return null;
}

function keywordProblem(
  keyword: string,
  value: unknown,
  root: unknown,
  path: string,
  depth: number,
): string | null {
  const inner = (schemas: [string, unknown][]) =>
    schemas
      .map(([name, schema]) => schemaProblem(schema, root, `${path}/${name}`, depth + 1))
      .find((problem) => problem !== null) ?? null;
  switch (keyword) {
    case 'type':
      return [value].flat().every((type) => TYPES.includes(type as string))
        ? null
        : `${path} names an unknown type`;
    case 'properties':
    case '$defs':
    case 'definitions':
      return isObject(value) ? inner(Object.entries(value)) : `${path} is not an object`;
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
    case 'prefixItems':
      return Array.isArray(value) && value.length > 0
        ? inner(value.map((schema, index) => [String(index), schema]))
        : `${path} is not a list of schemas`;
    case 'items':
    case 'additionalProperties':
      return schemaProblem(value, root, path, depth + 1);
    case 'enum':
      return Array.isArray(value) && value.length > 0 ? null : `${path} names no value`;
    case 'required':
      return Array.isArray(value) && value.every((name) => typeof name === 'string')
        ? null
        : `${path} is not a list of names`;
    case '$ref':
      return referenced(value, root) === undefined ? `${path} leads nowhere` : null;
    case 'pattern':
      return regExp(value) === null ? `${path} is not a regular expression` : null;
    case 'const':
      return null;
    default:
      return typeof value === 'number' ? null : `${path} is not a number`;
  }
}

/** The schema that a reference within the document names; undefined where there is none. */
export function referenced(reference: unknown, root: unknown): JsonSchema | undefined {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined;
  let at: unknown = root;
  for (const part of reference.split('/').slice(1)) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    at =
      isObject(at) && Object.hasOwn(at, name)
        ? at[name]
        : Array.isArray(at)
          ? at[Number(name)]
          : undefined;
  }
  return isObject(at) || typeof at === 'boolean' ? at : undefined;
}

function regExp(pattern: unknown): RegExp | null {
  try {
    return typeof pattern === 'string' ? new RegExp(pattern, 'u') : null;
  } catch {
    return null;
  }
}
