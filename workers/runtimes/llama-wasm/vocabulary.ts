/** From text to the tokens that the model reads, and from its tokens to bytes. Reads a tokenizer.json. */
import { Tokenizer } from '@huggingface/tokenizers';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { bytesOfTokens } from '../webllm/token-bytes.ts';

export interface Vocabulary {
  /** Control tokens that are written out in the text are read as such. */
  encode(text: string): number[];
  bytesOf(id: number): Uint8Array;
  /** Every token as tokenizer.json writes it, by id; empty where an id has none. */
  table(): string[];
}

/** Byte-level vocabularies only (GPT-2's way), `size` tokens. Fails with `file_corrupt` or `runtime_failed`. */
export function openVocabulary(tokenizerJson: Uint8Array, size: number): Result<Vocabulary> {
  let tokenizer: Tokenizer;
  try {
    const parsed = JSON.parse(new TextDecoder().decode(tokenizerJson)) as object;
    tokenizer = new Tokenizer(parsed, {});
  } catch {
    return fail('file_corrupt', 'The tokenizer of the model cannot be read.');
  }
  if (tokenizer.get_vocab(true).size > size)
    return fail('file_corrupt', 'The tokenizer knows more tokens than the model.');
  if (tokenizer.token_to_id('Ġthe') === undefined)
    return fail('runtime_failed', 'The engine reads byte-level vocabularies only.');
  const bytesOf = bytesOfTokens('byte_level');
  return ok({
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    bytesOf: (id) => bytesOf(tokenizer.id_to_token(id) ?? ''),
    table: () => Array.from({ length: size }, (_, id) => tokenizer.id_to_token(id) ?? ''),
  });
}
