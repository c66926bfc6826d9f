/** What form an answer is asked for in: text, any JSON, or JSON that satisfies a schema that the person pasted. */
import * as v from 'valibot';
import type { ResponseFormat } from '../core/chat-api.ts';
import type { Outcome } from '../core/conversation.ts';
import { fail, ok, type Result } from '../core/failure.ts';

const JSON_OBJECT = v.record(v.string(), v.unknown());

export interface WantedFormat {
  kind: Outcome['format'];
  format: ResponseFormat;
}

/** Fails with bad_request where the schema is not a JSON object; what an engine can enforce is decided there. */
export function wantedFormat(asJson: boolean, schemaText: string): Result<WantedFormat> {
  if (!asJson) return ok({ kind: 'text', format: { type: 'text' } });
  if (schemaText.trim() === '') return ok({ kind: 'json', format: { type: 'json_object' } });
  let parsed: unknown;
  try {
    parsed = JSON.parse(schemaText);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail('bad_request', `The schema is not JSON: ${why}`);
  }
  const schema = v.safeParse(JSON_OBJECT, parsed);
  if (!schema.success || Array.isArray(parsed))
    return fail('bad_request', 'A JSON schema is an object: it begins with { and ends with }.');
  const json_schema = { name: 'answer', schema: schema.output, strict: true };
  return ok({ kind: 'schema', format: { type: 'json_schema', json_schema } });
}
