/** From OpenAI's messages to the turns of a model's chat template, and to the request of a runtime. */
import type { ChatCompletionRequest, ChatMessage } from './chat-api.ts';
import type { ChatGrammar } from './chat-tools.ts';
import type { ChatTurn, GenerateRequest } from './generation.ts';

/**
 * Where the caller leaves the choice of words open. A small model that always takes the likeliest word repeats a sentence
 * for ever; this ends it and stays deterministic.
 */
export const OPEN_REPETITION_PENALTY = 1.1;

/** Length of an answer where the caller names none, in tokens. */
export const DEFAULT_MAX_TOKENS = 512;

export function turnsOf(messages: readonly ChatMessage[], instructions: string): ChatTurn[] {
  const system = messages.flatMap((m) => (m.role === 'system' ? [m.content] : []));
  const lead = [...system, instructions].filter((text) => text !== '').join('\n\n');
  const rest = messages.flatMap((m): ChatTurn[] => (m.role === 'system' ? [] : [turnOf(m)]));
  return lead === '' ? rest : [{ role: 'system', content: lead }, ...rest];
}

/** A call stands in the conversation as the object that the model wrote. */
function turnOf(message: ChatMessage): ChatTurn {
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  const calls = (message.tool_calls ?? []).map(
    ({ function: f }) => `{"tool": ${JSON.stringify(f.name)}, "arguments": ${f.arguments}}`,
  );
  return {
    role: 'assistant',
    content: [message.content ?? '', ...calls].filter(Boolean).join('\n'),
  };
}

export function generateRequestOf(
  request: ChatCompletionRequest,
  grammar: ChatGrammar,
): GenerateRequest {
  const { stop = [] } = request;
  return {
    turns: turnsOf(request.messages, grammar.instructions),
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? DEFAULT_MAX_TOKENS,
    temperature: request.temperature ?? 0,
    topP: request.top_p ?? 1,
    repetitionPenalty:
      request.temperature === undefined && grammar.schema === null ? OPEN_REPETITION_PENALTY : 1,
    seed: request.seed ?? null,
    stop: typeof stop === 'string' ? [stop] : stop,
    schema: grammar.schema,
  };
}
