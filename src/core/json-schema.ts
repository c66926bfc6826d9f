/** JSON held against a JSON schema (draft 2020-12), without eval, which the content security policy forbids. */
import { Validator, type Schema } from '@cfworker/json-schema';

/** Says what is wrong with `text`, as one phrase, or null when it is JSON that satisfies `schema` (both are JSON text). */
export function schemaProblem(schema: string, text: string): string | null {
  const value = jsonOf(text);
  if (value === undefined) return 'it is not JSON';
  const parsed = jsonOf(schema);
  if (parsed === undefined) return 'the schema is not JSON';
  const { valid, errors } = validate(parsed.value as Schema, value.value);
  if (valid) return null;
  const deepest = errors.at(-1);
  return deepest ? `${deepest.instanceLocation} ${deepest.error}` : 'it does not fit';
}

/** A schema with a `$ref` that leads nowhere or a pattern that is none makes the validator throw. */
function validate(schema: Schema, value: unknown): ReturnType<Validator['validate']> {
  try {
    return new Validator(schema, '2020-12', true).validate(value);
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause);
    return {
      valid: false,
      errors: [{ keyword: 'broken', keywordLocation: '#', instanceLocation: '#', error }],
    };
  }
}

function jsonOf(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
