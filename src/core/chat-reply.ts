/** From what was generated to OpenAI's chat completion: text, checked JSON, or a checked call of a tool. */
import type { Answer, ClassifyOutput } from './answer.ts';
import type {
  ChatCompletion,
  ChatCompletionRequest,
  ChatLogprobs,
  FinishReason,
  ToolCall,
} from './chat-api.ts';
import { readToolReply, type ChatGrammar } from './chat-tools.ts';
import { percent } from './explain.ts';
import { fail, ok, type Result } from './failure.ts';
import type { Generated } from './generation.ts';
import { schemaProblem } from './json-schema.ts';

export interface Written {
  request: ChatCompletionRequest;
  grammar: ChatGrammar;
  answer: Answer;
  generated: Generated;
  /** Milliseconds since the epoch. */
  now: number;
  newId: () => string;
}

interface Message {
  content: string | null;
  tool_calls?: ToolCall[];
  finish: FinishReason;
}

/**
 * The completion of a language model. What was to satisfy a schema is held against it once more. Fails with
 * schema_invalid; a text that was cut (`length`, a stop) cannot satisfy a schema and fails too, with the way out.
 */
export function completionOf(written: Written): Result<ChatCompletion> {
  const message = messageOf(written);
  if (!message.ok) return message;
  const { request, answer, generated, now } = written;
  const { finish, ...rest } = message.value;
  return ok(
    completion(answer, now, {
      index: 0,
      message: { role: 'assistant', ...rest },
      finish_reason: finish,
      logprobs: request.logprobs ? logprobsOf(generated) : null,
    }),
  );
}

const completion = (
  answer: Answer,
  now: number,
  choice: ChatCompletion['choices'][0],
): ChatCompletion => ({
  id: `chatcmpl-${answer.id}`,
  object: 'chat.completion',
  created: Math.floor(now / 1000),
  model: `${answer.specialist.id}@${answer.specialist.version}`,
  choices: [choice],
  usage: usageOf(answer),
  flotilla: answer,
});

function messageOf({ grammar, generated, answer, newId }: Written): Result<Message> {
  const { text, finish } = generated;
  const cut = finish === 'stop' ? 'stop' : 'length';
  if (grammar.kind === 'text') return ok({ content: text, finish: cut });
  if (answer.status === 'cancelled') return fail('cancelled', 'The answer was stopped.');
  if (finish !== 'stop') {
    const why = finish === 'length' ? 'max_tokens was reached' : 'the time was up';
    return fail(
      'schema_invalid',
      `The object is not whole: ${why} after ${generated.tokens.length} tokens.`,
    );
  }
  const problem = schemaProblem(grammar.schema ?? '{}', text);
  if (problem !== null)
    return fail('schema_invalid', `The model’s answer does not satisfy the schema: ${problem}.`);
  if (grammar.kind === 'json') return ok({ content: text, finish: 'stop' });
  const reply = readToolReply(text);
  if (!reply) return fail('schema_invalid', 'The model named neither a tool nor a reply.');
  if ('reply' in reply) return ok({ content: reply.reply, finish: 'stop' });
  const call: ToolCall = { id: `call_${newId()}`, type: 'function', function: reply.call };
  return ok({ content: null, tool_calls: [call], finish: 'tool_calls' });
}

const logprobsOf = ({ tokens }: Generated): ChatLogprobs => ({
  content: tokens.map(({ text, logprob }) => ({
    token: text,
    logprob,
    bytes: null,
    top_logprobs: [],
  })),
});

function usageOf({ usage }: Answer): ChatCompletion['usage'] {
  const { prompt_tokens = 0, completion_tokens = 0 } = usage;
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

/** The completion of a specialist: its label as one plain sentence. */
export const completionOfSpecialist = (answer: Answer, now: number): ChatCompletion =>
  completion(answer, now, {
    index: 0,
    message: { role: 'assistant', content: sentenceOf(answer) },
    finish_reason: 'stop',
    logprobs: null,
  });

function sentenceOf(answer: Answer): string {
  const output = answer.output as ClassifyOutput | null;
  if (!output || output.label === null)
    return `“${answer.specialist.id}” knows no label for this. ${answer.decision.explanation}`;
  return `${output.label} (${answer.specialist.id}, ${percent(answer.confidence)} sure)`;
}
