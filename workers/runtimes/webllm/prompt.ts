/** From turns to the tokens that the model reads, and from its tokens to bytes. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { ChatTurn } from '../../../src/core/generation.ts';
import { readChatConfig, renderTurns } from '../chat-template.ts';
import { createGrammars, type Grammars } from '../grammar.ts';
import type { Pipeline } from './engine.ts';
import { bytesOfTokens } from './token-bytes.ts';

export interface Prompter {
  /** Chat template and special tokens included. */
  idsOf(turns: readonly ChatTurn[]): number[];
  bytesOf(id: number): Uint8Array;
  /** An answer ends before any of these. */
  stopIds: readonly number[];
  stopTexts: readonly string[];
  grammars: Grammars;
}

/** What the catalogue's models say beside what every runtime reads. */
const extrasSchema = v.object({
  conv_template: v.object({
    system_prefix_token_ids: v.nullish(v.array(v.number()), []),
    stop_str: v.nullish(v.array(v.string()), []),
  }),
});

/** `config` is mlc-chat-config.json. */
export function createPrompter(
  config: Uint8Array,
  { tokenizer, token_postproc_method: method, fullVocabSize }: Pipeline,
): Result<Prompter> {
  const chat = readChatConfig(config);
  if (!chat.ok) return chat;
  const extras = v.safeParse(extrasSchema, JSON.parse(new TextDecoder().decode(config)));
  if (!extras.success)
    return fail('file_corrupt', 'The chat template of the model cannot be read.');
  const { system_prefix_token_ids: prefix, stop_str: stopTexts } = extras.output.conv_template;
  const bytesOf = bytesOfTokens(method);
  const stopIds = chat.value.conv_template.stop_token_ids;
  return ok({
    idsOf: (turns) => [...prefix, ...tokenizer.encode(renderTurns(chat.value, turns))],
    bytesOf: (id) => bytesOf(tokenizer.idToToken(id)),
    stopIds,
    stopTexts,
    grammars: createGrammars(() => ({
      tokens: Array.from({ length: tokenizer.getVocabSize() }, (_, id) => tokenizer.idToToken(id)),
      method,
      logits: fullVocabSize,
      stopIds,
    })),
  });
}
