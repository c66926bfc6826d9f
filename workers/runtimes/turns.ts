/** Makes a conversation fit the model's context: the oldest turns are left out first, the system turn never. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { ChatTurn } from '../../src/core/generation.ts';

export interface FittingTurns {
  turns: ChatTurn[];
  /** Of the turns that are sent, rendered with the chat template. */
  promptTokens: number;
  /** Turns that were left out. */
  dropped: number;
}

/** An answer gets at least this share of the context before older turns are kept for it. */
const ANSWER_SHARE = 0.25;

/**
 * `countTokens` renders turns with the chat template and counts. Older turns are left out until the prompt leaves room
 * for the answer: `maxTokens`, or a quarter of the context if that is less. The last turn is sent if it leaves room for
 * one token at all; otherwise `input_too_long`. A conversation never begins with an answer whose question was left out.
 */
export function fitTurns(
  turns: readonly ChatTurn[],
  contextTokens: number,
  maxTokens: number,
  countTokens: (turns: readonly ChatTurn[]) => number,
): Result<FittingTurns> {
  const system = turns[0]?.role === 'system' ? turns.slice(0, 1) : [];
  const rest = turns.slice(system.length);
  if (rest.length === 0) return fail('bad_request', 'The conversation holds no turn to answer.');
  const room = contextTokens - Math.min(maxTokens, Math.floor(contextTokens * ANSWER_SHARE));
  let promptTokens = 0;
  for (let from = 0; from < rest.length; from = nextStart(rest, from)) {
    const kept = [...system, ...rest.slice(from)];
    promptTokens = countTokens(kept);
    const isLast = nextStart(rest, from) >= rest.length;
    if (promptTokens <= room || (isLast && promptTokens < contextTokens))
      return ok({ turns: kept, promptTokens, dropped: from });
  }
  return fail(
    'input_too_long',
    `The last message has ${promptTokens} tokens with its template; the model reads ${contextTokens} with the answer.`,
  );
}

/** The next place where a question begins; the last turn counts whatever it is. */
function nextStart(rest: readonly ChatTurn[], from: number): number {
  let next = from + 1;
  while (next < rest.length - 1 && rest[next]?.role !== 'user') next++;
  return next;
}
