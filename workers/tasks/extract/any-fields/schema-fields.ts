/** What a JSON schema asks for, as a flat list of fields; what it may not hold is refused with a message. */
import { fail, ok, type Result } from '../../../../src/core/failure.ts';

export type FieldType = 'string' | 'number' | 'integer' | 'boolean';

export interface AskedField {
  /** Names from the root, joined by a point: `address.city`. */
  name: string;
  type: FieldType;
  /** True where a list of such values is asked for. */
  list: boolean;
  format: string | null;
  choices: string[] | null;
  description: string;
  examples: string[];
  required: boolean;
}

/** Deepest object inside objects, most fields, longest schema in characters. */
const MOST_DEPTH = 4;
const MOST_FIELDS = 60;
const MOST_SCHEMA = 20_000;

const KNOWN = new Set([
  '$schema',
  '$id',
  'title',
  'description',
  'type',
  'properties',
  'required',
  'items',
  'enum',
  'format',
  'examples',
  'additionalProperties',
  'default',
  '$comment',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minItems',
  'maxItems',
  'uniqueItems',
  'multipleOf',
  'readOnly',
  'writeOnly',
  'deprecated',
]);
const TYPES = new Set(['string', 'number', 'integer', 'boolean']);

type Schema = Record<string, unknown>;
const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fails with schema_unsupported. */
export function fieldsOfSchema(schema: unknown): Result<AskedField[]> {
  if (!isSchema(schema)) return unsupported('The schema must be an object.');
  let size = 0;
  try {
    size = JSON.stringify(schema).length;
  } catch {
    return unsupported('The schema refers to itself.');
  }
  if (size > MOST_SCHEMA)
    return unsupported(`The schema has ${size} characters; at most ${MOST_SCHEMA} are read.`);
  const out: AskedField[] = [];
  const problem = walk(schema, '', true, 0, out);
  if (problem) return unsupported(problem);
  if (out.length === 0) return unsupported('The schema names no properties.');
  if (out.length > MOST_FIELDS)
    return unsupported(
      `The schema names ${out.length} fields; at most ${MOST_FIELDS} are looked for at once.`,
    );
  return ok(out);
}

const unsupported = (message: string) => fail('schema_unsupported', message);

function walk(
  schema: Schema,
  path: string,
  required: boolean,
  depth: number,
  out: AskedField[],
): string | null {
  const place = path || 'the root';
  const strange = Object.keys(schema).find((key) => !KNOWN.has(key));
  if (strange)
    return strange === '$ref' || strange === '$defs' || strange === 'definitions'
      ? `“${strange}” at ${place}: references and recursion are not supported. Write the properties out.`
      : `“${strange}” at ${place} is not supported.`;
  if (depth > MOST_DEPTH) return `Objects inside objects at ${place} go deeper than ${MOST_DEPTH}.`;
  const type = typeOf(schema);
  if (type === 'object') return walkObject(schema, path, required, depth, out);
  if (path === '') return 'The root of the schema must be of type object.';
  if (type === 'array') {
    if (!isSchema(schema['items'])) return `The list ${place} does not say what its items are.`;
    const before = out.length;
    const inner = typeOf(schema['items']);
    if (inner === 'object' || inner === 'array')
      return `The list ${place}: only lists of single values are supported.`;
    const problem = walk(schema['items'], path, required, depth + 1, out);
    for (const field of out.slice(before)) field.list = true;
    return problem;
  }
  if (!TYPES.has(type))
    return `The type of ${place} must be string, number, integer, boolean, a list or an object.`;
  out.push(fieldOf(schema, path, type as FieldType, required));
  return null;
}

function walkObject(
  schema: Schema,
  path: string,
  required: boolean,
  depth: number,
  out: AskedField[],
): string | null {
  const properties = schema['properties'];
  if (!isSchema(properties)) return `${path || 'The root'} is an object without properties.`;
  if (isSchema(schema['additionalProperties']))
    return '“additionalProperties” may only be true or false.';
  const named = Array.isArray(schema['required']) ? schema['required'] : [];
  for (const [key, value] of Object.entries(properties)) {
    if (key === '__proto__' || key.includes('.') || key.length > 80)
      return `“${key}” cannot be the name of a field.`;
    if (!isSchema(value)) return `The property “${key}” has no schema.`;
    const problem = walk(
      value,
      path ? `${path}.${key}` : key,
      required && named.includes(key),
      depth + 1,
      out,
    );
    if (problem) return problem;
    if (out.length > MOST_FIELDS) return null;
  }
  return null;
}

/** The type without null; `["string", "null"]` is a string that may be missing. */
function typeOf(schema: Schema): string {
  const { type } = schema;
  const types = (Array.isArray(type) ? type : [type]).filter((t) => t !== 'null');
  if (types.length === 1 && typeof types[0] === 'string') return types[0];
  if (type === undefined && isSchema(schema['properties'])) return 'object';
  if (type === undefined && Array.isArray(schema['enum'])) return 'string';
  return 'several';
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string').slice(0, 50) : [];

function fieldOf(schema: Schema, name: string, type: FieldType, required: boolean): AskedField {
  const { format, description, title } = schema;
  const choices = texts(schema['enum']);
  return {
    name,
    type,
    list: false,
    format: typeof format === 'string' ? format : null,
    choices: choices.length > 0 ? choices : null,
    description: [title, description]
      .filter((text) => typeof text === 'string')
      .join('. ')
      .slice(0, 500),
    examples: texts(schema['examples']),
    required,
  };
}

/** Fields that a person named, with what their names and examples tell about their form. */
export function fieldsOfNames(
  named: readonly {
    name: string;
    description?: string | undefined;
    examples?: string[] | undefined;
  }[],
): AskedField[] {
  return named.map(({ name, description = '', examples = [] }) => {
    const format = formatOf(name, examples);
    const isNumber =
      examples.length > 0 && examples.every((example) => /^-?[\d.,' ]+$/.test(example));
    return {
      name,
      type: 'string',
      list: false,
      format: format ?? (isNumber ? 'amount' : null),
      choices: null,
      description,
      examples,
      required: false,
    };
  });
}

const FORMATS: [string, RegExp, RegExp][] = [
  ['email', /e-?mail/i, /^[^\s@]+@[^\s@]+\.\w+$/],
  ['iban', /\biban\b/i, /^[A-Z]{2}\d{2}[A-Z\d ]{11,40}$/],
  [
    'date',
    /\bdate\b|\bdatum\b|_(?:date|datum)$|\bdate_|(?:start|end|due|birth)date/i,
    /^(?:\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})$/,
  ],
  ['phone', /\bphone|telefon|\btel\b|mobile/i, /^\+?[\d\s()/-]{7,}$/],
  ['uri', /\burl\b|website|\blink\b/i, /^https?:/],
  [
    'amount',
    /amount|price|total|sum\b|cost|salary|betrag|preis|summe/i,
    /^[€$£]? ?\d[\d.,' ]*[.,]\d{2}(?: ?(?:€|[A-Z]{3}))?$/,
  ],
];

function formatOf(name: string, examples: readonly string[]): string | null {
  for (const [format, byName, byExample] of FORMATS)
    if (
      byName.test(name.replace(/[_-]/g, ' ')) ||
      (examples.length > 0 && examples.every((e) => byExample.test(e)))
    )
      return format;
  return null;
}
