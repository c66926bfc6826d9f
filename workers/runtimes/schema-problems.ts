/** Does a value satisfy a JSON schema? Checks the keywords that `readSchema` lets through. */
import { referenced, type JsonSchema } from './schema-check.ts';

type Values = Record<string, unknown>;

/** Deeper values count as wrong: a reference that leads to itself would never end. */
const MAX_DEPTH = 64;

/** One sentence for each way in which `value` misses `schema`; none if it satisfies it. */
export function problemsOf(
  schema: JsonSchema,
  value: unknown,
  root: JsonSchema = schema,
  path = 'value',
  depth = 0,
): string[] {
  if (schema === true) return [];
  if (schema === false || depth > MAX_DEPTH) return [`${path} is not allowed`];
  const inner = (one: unknown, at: unknown, where: string): string[] =>
    problemsOf(one as JsonSchema, at, root, where, depth + 1);
  const problems = [
    ...typeProblems(schema, value, path),
    ...choiceProblems(schema, value, path, (one) => inner(one, value, path)),
  ];
  if (typeof value === 'string') problems.push(...stringProblems(schema, value, path));
  if (typeof value === 'number') problems.push(...numberProblems(schema, value, path));
  if (Array.isArray(value)) problems.push(...listProblems(schema, value, path, inner));
  else if (typeof value === 'object' && value !== null)
    problems.push(...objectProblems(schema, value as Values, path, inner));
  if (schema.$ref !== undefined) {
    const target = referenced(schema.$ref, root);
    problems.push(
      ...(target === undefined ? [`${path} cannot be checked`] : inner(target, value, path)),
    );
  }
  return problems;
}

type Inner = (schema: unknown, value: unknown, path: string) => string[];

function typeProblems(schema: Values, value: unknown, path: string): string[] {
  if (schema.type === undefined) return [];
  const types = [schema.type].flat() as string[];
  const is = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const right = types.some(
    (type) => type === is || (type === 'integer' && Number.isInteger(value)),
  );
  return right ? [] : [`${path} is ${is}, not ${types.join(' or ')}`];
}

function choiceProblems(
  schema: Values,
  value: unknown,
  path: string,
  inner: (schema: unknown) => string[],
): string[] {
  const problems: string[] = [];
  if (schema.enum !== undefined && !(schema.enum as unknown[]).some((one) => isEqual(one, value)))
    problems.push(`${path} is none of the allowed values`);
  if ('const' in schema && !isEqual(schema.const, value))
    problems.push(`${path} is not the only allowed value`);
  const matches = (schemas: unknown) =>
    (schemas as unknown[]).filter((one) => inner(one).length === 0).length;
  if (schema.anyOf !== undefined && matches(schema.anyOf) === 0)
    problems.push(`${path} fits none of the alternatives`);
  if (schema.oneOf !== undefined && matches(schema.oneOf) !== 1)
    problems.push(`${path} does not fit exactly one of the alternatives`);
  for (const one of (schema.allOf as unknown[] | undefined) ?? []) problems.push(...inner(one));
  return problems;
}

/** One problem if `wrong`. A bound that the schema does not name is undefined, and compares false. */
const when = (wrong: boolean, problem: string): string[] => (wrong ? [problem] : []);
const bound = (schema: Values, name: string): number => schema[name] as number;

function stringProblems(schema: Values, value: string, path: string): string[] {
  const length = Array.from(value).length;
  return [
    ...when(length < bound(schema, 'minLength'), `${path} is too short`),
    ...when(length > bound(schema, 'maxLength'), `${path} is too long`),
    ...when(
      schema.pattern !== undefined && !new RegExp(schema.pattern as string, 'u').test(value),
      `${path} does not match its pattern`,
    ),
  ];
}

function numberProblems(schema: Values, value: number, path: string): string[] {
  return [
    ...when(value < bound(schema, 'minimum'), `${path} is too small`),
    ...when(value <= bound(schema, 'exclusiveMinimum'), `${path} is too small`),
    ...when(value > bound(schema, 'maximum'), `${path} is too large`),
    ...when(value >= bound(schema, 'exclusiveMaximum'), `${path} is too large`),
  ];
}

function listProblems(schema: Values, value: unknown[], path: string, inner: Inner): string[] {
  const first = (schema.prefixItems as unknown[] | undefined) ?? [];
  return [
    ...when(value.length < bound(schema, 'minItems'), `${path} has too few entries`),
    ...when(value.length > bound(schema, 'maxItems'), `${path} has too many entries`),
    ...value.flatMap((one, index) =>
      inner(first[index] ?? schema.items ?? true, one, `${path}[${index}]`),
    ),
  ];
}

function objectProblems(schema: Values, value: Values, path: string, inner: Inner): string[] {
  const known = (schema.properties as Values | undefined) ?? {};
  const names = Object.keys(value);
  const missing = ((schema.required as string[] | undefined) ?? []).filter(
    (name) => !Object.hasOwn(value, name),
  );
  return [
    ...missing.map((name) => `${path}.${name} is missing`),
    ...when(names.length < bound(schema, 'minProperties'), `${path} has too few properties`),
    ...when(names.length > bound(schema, 'maxProperties'), `${path} has too many properties`),
    ...names.flatMap((name) =>
      inner(
        Object.hasOwn(known, name) ? known[name] : (schema.additionalProperties ?? true),
        value[name],
        `${path}.${name}`,
      ),
    ),
  ];
}

/** Equality of JSON values; the order of properties does not matter. */
function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every(
      (name) => Object.hasOwn(b, name) && isEqual((a as Values)[name], (b as Values)[name]),
    )
  );
}
