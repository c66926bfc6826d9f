/** What tokenizer.json and the configurations say about single tokens: their bytes, and which of them end an answer. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { bytesOfTokens } from '../webllm/token-bytes.ts';

const id = v.pipe(v.number(), v.integer(), v.minValue(0));

const tokenizerSchema = v.object({
  added_tokens: v.optional(
    v.array(v.object({ id, content: v.string(), special: v.optional(v.boolean(), false) })),
    [],
  ),
  decoder: v.unknown(),
  model: v.object({
    /** By token, or (Unigram) a list of tokens with their scores. */
    vocab: v.union([v.record(v.string(), id), v.array(v.tuple([v.string(), v.number()]))]),
  }),
});

const endSchema = v.object({ eos_token_id: v.nullish(v.union([id, v.array(id)])) });

const tokenizerConfigSchema = v.object({
  eos_token: v.nullish(v.union([v.string(), v.object({ content: v.string() })])),
});

export interface Vocabulary {
  /** Bytes of a token's text; none for control tokens. */
  bytesOf(id: number): Uint8Array;
  /** An answer ends before any of these. */
  endIds: ReadonlySet<number>;
  /** Texts of control tokens: in a turn's content they would end it. */
  controlTexts: readonly string[];
}

export function readVocabulary(files: ReadonlyMap<string, Uint8Array>): Result<Vocabulary> {
  const tokenizer = readJson(files.get('tokenizer.json'), tokenizerSchema);
  const settings = readJson(files.get('tokenizer_config.json'), tokenizerConfigSchema);
  if (tokenizer === null || settings === null)
    return fail('file_corrupt', 'The tokenizer of the model cannot be read.');
  const { added_tokens: added, decoder, model } = tokenizer;
  const texts = new Map<number, string>(
    Array.isArray(model.vocab)
      ? model.vocab.map(([text], index) => [index, text])
      : Object.entries(model.vocab).map(([text, index]) => [index, text]),
  );
  const special = new Map(added.filter((one) => one.special).map((one) => [one.content, one.id]));
  const written = new Map(added.map((one) => [one.id, one.special ? '' : one.content]));
  const textBytes = bytesOfTokens(methodOf(decoder));
  const utf8 = new TextEncoder();
  const endText =
    typeof settings.eos_token === 'string' ? settings.eos_token : settings.eos_token?.content;
  const endIds = new Set(
    [files.get('config.json'), files.get('generation_config.json')]
      .flatMap((bytes) => readJson(bytes, endSchema)?.eos_token_id ?? [])
      .concat(special.get(endText ?? '') ?? []),
  );
  if (endIds.size === 0)
    return fail('file_corrupt', 'The model does not say which token ends an answer.');
  return ok({
    bytesOf: (token) => {
      const text = written.get(token);
      return text === undefined ? textBytes(texts.get(token) ?? '') : utf8.encode(text);
    },
    endIds,
    controlTexts: [...special.keys()],
  });
}

/** Name of the way in which tokens stand for bytes; the decoder of tokenizer.json tells. */
function methodOf(decoder: unknown): string {
  const words = JSON.stringify(decoder ?? null);
  if (words.includes('"ByteLevel"')) return 'byte_level';
  return words.includes('"ByteFallback"') || words.includes('\u2581') ? 'byte_fallback' : 'raw';
}

function readJson<S extends v.GenericSchema>(
  bytes: Uint8Array | undefined,
  schema: S,
): v.InferOutput<S> | null {
  if (bytes === undefined) return null;
  try {
    const parsed = v.safeParse(schema, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
