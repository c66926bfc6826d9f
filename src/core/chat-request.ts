/** Reads what a caller hands to `chat.completions.create`: unknown data in, a checked request or a sentence out. */
import * as v from 'valibot';
import type { ChatCompletionRequest } from './chat-api.ts';
import { fail, ok, type Result } from './failure.ts';
import { MAX_TEXT_UNITS } from './request.ts';

/** Longest answer that may be asked for, in tokens; the context of the model bounds it further. */
const MOST_TOKENS = 8192;
const MOST_TURNS = 2000;
const MOST_TOOLS = 32;

const Text = v.pipe(v.string(), v.maxLength(MAX_TEXT_UNITS));
const ToolName = v.pipe(
  v.string(),
  v.regex(/^[\w-]{1,64}$/u, 'must be a name of letters, digits, _ and -'),
);
const Schema = v.record(v.string(), v.unknown());
const Tokens = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_TOKENS));

const Call = v.object({
  id: v.string(),
  type: v.literal('function'),
  function: v.object({ name: ToolName, arguments: Text }),
});

const Message = v.variant('role', [
  v.object({ role: v.literal('system'), content: Text }),
  v.object({ role: v.literal('user'), content: Text }),
  v.object({
    role: v.literal('assistant'),
    content: v.nullable(Text),
    tool_calls: v.exactOptional(v.array(Call)),
  }),
  v.object({ role: v.literal('tool'), content: Text, tool_call_id: v.string() }),
]);

const Tool = v.object({
  type: v.literal('function'),
  function: v.object({
    name: ToolName,
    description: v.exactOptional(Text),
    parameters: v.exactOptional(Schema),
  }),
});

const ResponseFormat = v.variant('type', [
  v.object({ type: v.literal('text') }),
  v.object({ type: v.literal('json_object') }),
  v.object({
    type: v.literal('json_schema'),
    json_schema: v.object({
      name: v.string(),
      schema: Schema,
      strict: v.exactOptional(v.boolean()),
    }),
  }),
]);

const Request = v.object({
  model: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  messages: v.pipe(v.array(Message), v.minLength(1), v.maxLength(MOST_TURNS)),
  response_format: v.exactOptional(ResponseFormat),
  tools: v.exactOptional(v.pipe(v.array(Tool), v.maxLength(MOST_TOOLS))),
  tool_choice: v.exactOptional(
    v.union([
      v.picklist(['none', 'auto', 'required']),
      v.object({ type: v.literal('function'), function: v.object({ name: ToolName }) }),
    ]),
  ),
  stream: v.exactOptional(v.boolean()),
  stream_options: v.exactOptional(v.object({ include_usage: v.exactOptional(v.boolean()) })),
  temperature: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  top_p: v.exactOptional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  max_tokens: v.exactOptional(Tokens),
  max_completion_tokens: v.exactOptional(Tokens),
  seed: v.exactOptional(v.pipe(v.number(), v.safeInteger())),
  stop: v.exactOptional(v.union([v.string(), v.pipe(v.array(v.string()), v.maxLength(8))])),
  logprobs: v.exactOptional(v.boolean()),
});

/**
 * Checks a request. Keys of OpenAI's API that mean nothing here (`user`, `n: 1`, …) are left out silently; values that
 * this app cannot honour are refused. Fails with bad_request or empty_input; the message names the key.
 */
export function parseChatRequest(data: unknown): Result<ChatCompletionRequest> {
  const wanted = (data ?? {}) as { n?: unknown };
  if (wanted.n !== undefined && wanted.n !== 1)
    return fail('bad_request', 'A chat completion has one choice: leave “n” out.');
  const parsed = v.safeParse(Request, data);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return fail(
      'bad_request',
      `The chat request is not valid at “${v.getDotPath(issue) ?? 'top'}”: ${issue.message}.`,
    );
  }
  return consistent(parsed.output);
}

/** What no single key can say: the turns end with somebody to answer, tools and format do not exclude each other. */
function consistent(request: ChatCompletionRequest): Result<ChatCompletionRequest> {
  const last = request.messages.at(-1);
  if (last?.role !== 'user' && last?.role !== 'tool')
    return fail('bad_request', 'The last message must be the user’s or a tool’s.');
  if (last.content.trim() === '') return fail('empty_input', 'The last message is empty.');
  const names = (request.tools ?? []).map((tool) => tool.function.name);
  if (new Set(names).size < names.length)
    return fail('bad_request', 'Two tools have the same name.');
  const choice = request.tool_choice;
  if (names.length === 0 && choice !== undefined && choice !== 'none' && choice !== 'auto')
    return fail('bad_request', '“tool_choice” asks for a tool, but “tools” is empty.');
  if (typeof choice === 'object' && !names.includes(choice.function.name))
    return fail('bad_request', `“tool_choice” names “${choice.function.name}”, which is no tool.`);
  const format = request.response_format?.type ?? 'text';
  if (format !== 'text' && names.length > 0 && choice !== 'none')
    return fail('bad_request', 'Ask for tools or for a response format, not for both at once.');
  return ok(request);
}
