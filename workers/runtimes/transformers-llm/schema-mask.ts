/** Which tokens a JSON schema allows next, by @huggingface/transformers-structured-output. */
import type { PreTrainedTokenizer } from '@huggingface/transformers';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { readSchema, type JsonSchema } from '../schema-check.ts';
import type { Library } from './library.ts';
import type { WriteOptions } from './writer.ts';

export interface SchemaMask {
  schema: JsonSchema;
  mask: NonNullable<WriteOptions['mask']>;
}

/** Fails with `schema_unsupported` where the schema, or a part of it, cannot be enforced. */
export async function openSchemaMask(
  { Tensor }: Pick<Library, 'Tensor'>,
  tokenizer: PreTrainedTokenizer,
  schemaText: string,
): Promise<Result<SchemaMask>> {
  const schema = readSchema(schemaText);
  if (!schema.ok) return schema;
  const { StructuredOutputProcessor } = await import('@huggingface/transformers-structured-output');
  try {
    const processor = new StructuredOutputProcessor(tokenizer, {
      type: 'json_schema',
      json_schema: schema.value as never,
    }) as unknown as (ids: bigint[][], logits: unknown) => void;
    return ok({
      schema: schema.value,
      mask: (written, logits) => {
        // The library takes the prompt for the first ids that it sees. It also makes repeated white space less likely;
        // only what it forbids is taken over, so that probabilities stay the model's own.
        const judged = new Tensor('float32', logits.slice(), [1, logits.length]);
        processor([[0n, ...written.map(BigInt)]], judged);
        return bitsOf(judged.data as Float32Array);
      },
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail('schema_unsupported', `The schema cannot be enforced: ${why}`);
  }
}

function bitsOf(judged: Float32Array): Int32Array {
  const bits = new Int32Array(Math.ceil(judged.length / 32));
  for (let id = 0; id < judged.length; id++)
    if (judged[id] !== -Infinity) bits[id >> 5] = (bits[id >> 5] as number) | (1 << (id & 31));
  return bits;
}
