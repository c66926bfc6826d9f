/** Turns to tokens, with the chat template of tokenizer_config.json. */
import type { ChatTurn } from '../../../src/core/generation.ts';
import type { LoadedModel } from './loaded.ts';

/** Up to where the assistant's answer begins. Throws where the template refuses the turns. */
export function promptIds(
  { tokenizer, vocabulary }: Pick<LoadedModel, 'tokenizer' | 'vocabulary'>,
  turns: readonly ChatTurn[],
): number[] {
  const messages = turns.map(({ role, content }) => ({
    role,
    content: asPlainText(content, vocabulary.controlTexts),
  }));
  const ids: unknown = tokenizer.apply_chat_template(messages, {
    add_generation_prompt: true,
    return_tensor: false,
    return_dict: false,
  });
  return (ids as (number | bigint)[]).map(Number);
}

/**
 * A turn must not be able to end itself and begin one of another role: control tokens written out in its content are
 * broken up, so that the tokenizer reads them as text.
 */
function asPlainText(content: string, controlTexts: readonly string[]): string {
  let text = content;
  for (const control of controlTexts)
    text = text.replaceAll(control, () => `${control.slice(0, 1)}\u200b${control.slice(1)}`);
  return text;
}
