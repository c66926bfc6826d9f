/** Fields that the person names, or a JSON schema asks for: rules first, then a language model; every value from the text. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../../src/core/failure.ts';
import { schemaProblem } from '../../../../src/core/json-schema.ts';
import type { ExtractedField, ExtractOutput } from '../../../../src/core/outputs.ts';
import type { Finding, Work, WorkPorts } from '../../../../src/core/work.ts';
import { fieldAt, missing, type Fields } from '../fields.ts';
import { AnyFieldsInput } from '../schema.ts';
import { askModel } from './ask-model.ts';
import { findFields, type FoundValue, type Ground } from './find-fields.ts';
import { fieldsOfNames, fieldsOfSchema, type AskedField } from './schema-fields.ts';

/**
 * P(a value found so is right), on the own texts of models/extract/any-fields.json: right + 1 of n + 2 (rule of succession),
 * n = 74, 4 and 2. Few rows, written for it: no certificate stands on them.
 */
export const RIGHT_BY_GROUND: Record<Ground, number> = {
  label: 0.987,
  form: 0.833,
  label_in_part: 0.75,
  model: 0,
};

export async function runAnyFields(
  work: Work,
  ports: WorkPorts,
): Promise<Result<Finding<ExtractOutput>>> {
  const asked = askedOf(work.input);
  if (!asked.ok) return asked;
  const from = ports.now();
  const found = findFields(work.document, asked.value.fields);
  const attempts: Finding<ExtractOutput>['attempts'] = [
    {
      tier: 'rules',
      specialist: work.manifest.id,
      ms: ports.now() - from,
      outcome: `${found.size} of ${asked.value.fields.length} found`,
      confidence: null,
    },
  ];
  const open = asked.value.fields.filter(({ name }) => !found.has(name));
  const model = await askModel(work, ports, open);
  if (ports.signal?.aborted) return fail('cancelled', 'It was cancelled.');
  if (model.attempt) attempts.push(model.attempt);
  for (const [name, value] of model.values) found.set(name, value);
  const fields = fieldsOf(asked.value.fields, found);
  const doubts = doubtsOf(asked.value, fields);
  const drafted = model.values.size > 0;
  const confidence = drafted
    ? 0
    : Object.values(fields).reduce(
        (least, field) => Math.min(least, field.value === null ? 1 : field.confidence),
        found.size > 0 ? 1 : 0,
      );
  return ok({
    output: { fields },
    basis: drafted ? 'draft' : 'measured',
    confidence,
    tier: drafted ? 'slm' : 'rules',
    attempts,
    doubts,
    ...(model.usage && { usage: model.usage }),
  });
}

interface Asked {
  fields: AskedField[];
  /** The schema as JSON text, or null where fields were named. */
  schema: string | null;
}

function askedOf(input: unknown): Result<Asked> {
  const read = v.safeParse(AnyFieldsInput, input);
  if (!read.success)
    return fail(
      'bad_request',
      'Name what is wanted: input {fields: [{name, description?, examples?}]} or input {schema: a JSON schema of an object}.',
    );
  if ('fields' in read.output) {
    const names = read.output.fields.map(({ name }) => name);
    if (new Set(names).size < names.length || names.includes('__proto__'))
      return fail('bad_request', 'Each field needs a name of its own.');
    return ok({ fields: fieldsOfNames(read.output.fields), schema: null });
  }
  const fields = fieldsOfSchema(read.output.schema);
  return fields.ok
    ? ok({ fields: fields.value, schema: JSON.stringify(read.output.schema) })
    : fields;
}

function fieldsOf(asked: readonly AskedField[], found: ReadonlyMap<string, FoundValue>): Fields {
  const entries = asked.map(({ name, required }): [string, ExtractedField] => {
    const value = found.get(name);
    if (!value)
      return [
        name,
        missing(...(required ? ['The schema requires it and the text does not name it.'] : [])),
      ];
    const field = fieldAt(
      value.value,
      RIGHT_BY_GROUND[value.ground],
      value.cell ? [value.cell] : [],
      [value.start, value.end],
      value.problems,
    );
    return [name, { ...field, valid: field.valid || value.ground === 'model' }];
  });
  return Object.fromEntries(entries);
}

function doubtsOf({ fields: asked, schema }: Asked, fields: Fields): string[] {
  const doubts = asked
    .filter(({ name, required }) => required && fields[name]?.value === null)
    .map(({ name }) => `“${name}” is required and was not found.`);
  for (const field of Object.values(fields))
    if (field.value !== null) doubts.push(...field.problems);
  if (schema !== null && doubts.length === 0) {
    const problem = schemaProblem(schema, JSON.stringify(assembled(fields)));
    if (problem) doubts.push(`The values do not fit the schema: ${problem}`);
  }
  return doubts;
}

/** The fields as the object that the schema describes; what was not found is left out. */
export function assembled(fields: Fields): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, { value }] of Object.entries(fields)) {
    if (value === null) continue;
    const path = name.split('.');
    let at = out;
    for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
    at[path.at(-1) as string] = value;
  }
  return out;
}
