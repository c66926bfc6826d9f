/** Chat templates as mlc-chat-config.json describes them: how turns become the text that a model reads. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { ChatTurn } from '../../src/core/generation.ts';

/** The part of mlc-chat-config.json that every runtime reads; the rest is WebLLM's. */
const chatConfigSchema = v.object({
  context_window_size: v.pipe(v.number(), v.integer(), v.minValue(1)),
  conv_template: v.object({
    system_template: v.string(),
    /** The system turn where the conversation brings none. */
    system_message: v.string(),
    /** Head of a turn by role; `tool` falls back to `user`. */
    roles: v.objectWithRest({ user: v.string(), assistant: v.string() }, v.string()),
    /** Between head and content of a turn. */
    role_content_sep: v.string(),
    /** After the head of the turn that is to be written. */
    role_empty_sep: v.string(),
    /** After a turn. */
    seps: v.pipe(v.array(v.string()), v.length(1)),
    stop_token_ids: v.array(v.pipe(v.number(), v.integer())),
  }),
});
export type ChatConfig = v.InferOutput<typeof chatConfigSchema>;

export function readChatConfig(bytes: Uint8Array): Result<ChatConfig> {
  try {
    const parsed = v.safeParse(chatConfigSchema, JSON.parse(new TextDecoder().decode(bytes)));
    if (parsed.success) return ok(parsed.output);
  } catch {
    // Not JSON: reported below.
  }
  return fail('file_corrupt', 'The chat configuration of the model cannot be read.');
}

/** The text of a conversation, up to where the assistant's answer begins. */
export function renderTurns(
  { conv_template: template }: ChatConfig,
  turns: readonly ChatTurn[],
): string {
  const [first, ...others] = turns;
  const system = first?.role === 'system' ? first.content : template.system_message;
  const rest = first?.role === 'system' ? others : turns;
  const head = template.system_template.replace('{system_message}', () => asPlainText(system));
  const body = rest.map(({ role, content }) => {
    const roleHead = template.roles[role] ?? template.roles.user;
    return `${roleHead}${template.role_content_sep}${asPlainText(content)}${template.seps[0]}`;
  });
  return `${head}${body.join('')}${template.roles.assistant}${template.role_empty_sep}`;
}

/**
 * A turn must not be able to end itself and begin one of another role: control tokens written out in its content are
 * broken up, so that the tokenizer reads them as text.
 */
export function asPlainText(content: string): string {
  return content.replace(/<\|(?=\w+\|>)/g, '<\u200b|');
}
