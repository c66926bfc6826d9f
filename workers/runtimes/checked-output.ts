/** The grammar is trusted as little as any other part: a finished output is read and held against its schema again. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { Generated } from '../../src/core/generation.ts';
import { schemaProblem } from '../../src/core/json-schema.ts';

/** `schema` is JSON text, null where the text is free. Fails with schema_invalid; what was cut or stopped passes as it is. */
export function checkedOutput(generated: Generated, schema: string | null): Result<Generated> {
  if (schema === null || generated.finish !== 'stop') return ok(generated);
  const problem = schemaProblem(schema, generated.text);
  return problem === null
    ? ok(generated)
    : fail('schema_invalid', `The output does not satisfy the schema: ${problem}.`);
}
