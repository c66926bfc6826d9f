/** Tools: how they are told to the model, the schema that holds its answer, and how the call is read back. */
import type { ChatCompletionRequest, ToolCall, ToolDefinition } from './chat-api.ts';

/** What the model is bound to: free text, an object, or a call of a tool (perhaps a reply instead). */
export interface ChatGrammar {
  /** JSON schema as text; null: free text. */
  schema: string | null;
  /** For the system turn; empty where there are no tools. */
  instructions: string;
  kind: 'text' | 'json' | 'tools';
}

/** The tools that may be called in this request. */
function offered({
  tools = [],
  tool_choice: choice = 'auto',
}: ChatCompletionRequest): ToolDefinition[] {
  if (choice === 'none') return [];
  if (typeof choice === 'object')
    return tools.filter((t) => t.function.name === choice.function.name);
  return tools;
}

/**
 * The grammar of a request. With tools the model writes one JSON object: `{"tool": name, "arguments": {…}}`, or
 * `{"reply": text}` where `tool_choice` leaves it free. So a call is well-formed by construction.
 */
export function grammarOf(request: ChatCompletionRequest): ChatGrammar {
  const tools = offered(request);
  if (tools.length > 0) return toolGrammar(tools, (request.tool_choice ?? 'auto') === 'auto');
  const format = request.response_format;
  if (!format || format.type === 'text') return { schema: null, instructions: '', kind: 'text' };
  const schema = format.type === 'json_schema' ? format.json_schema.schema : { type: 'object' };
  return { schema: JSON.stringify(schema), instructions: '', kind: 'json' };
}

function toolGrammar(tools: readonly ToolDefinition[], free: boolean): ChatGrammar {
  const object = (properties: Record<string, unknown>) => ({
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  });
  const choices = tools.map(({ function: { name, parameters } }) =>
    object({ tool: { const: name }, arguments: parameters ?? { type: 'object', properties: {} } }),
  );
  const anyOf = free ? [object({ reply: { type: 'string' } }), ...choices] : choices;
  const lines = tools.map(
    ({ function: f }) =>
      `- ${f.name}: ${f.description ?? 'no description'} ${JSON.stringify(f.parameters ?? {})}`,
  );
  const instructions = [
    'You can call these tools:',
    ...lines,
    'Answer with one JSON object. To call a tool: {"tool": its name, "arguments": {…}}.',
    ...(free ? ['To answer without a tool: {"reply": your answer}.'] : []),
  ].join('\n');
  return {
    schema: JSON.stringify(anyOf.length === 1 ? anyOf[0] : { anyOf }),
    instructions,
    kind: 'tools',
  };
}

export type ToolReply = { call: ToolCall['function'] } | { reply: string };

/** Reads the object that `toolGrammar` asked for; null when it is neither a call nor a reply. */
export function readToolReply(text: string): ToolReply | null {
  try {
    const value = JSON.parse(text) as { tool?: unknown; arguments?: unknown; reply?: unknown };
    if (typeof value.tool === 'string')
      return { call: { name: value.tool, arguments: JSON.stringify(value.arguments ?? {}) } };
    return typeof value.reply === 'string' ? { reply: value.reply } : null;
  } catch {
    return null;
  }
}
