/** The self-test of a language model: the same tokens and nearly the same probabilities as the recipe wrote down. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { GenerationSelfTest } from '../../src/core/generation.ts';
import type { GenerationQueue } from './generation-queue.ts';

const turnSchema = v.object({
  role: v.picklist(['system', 'user', 'assistant', 'tool']),
  content: v.string(),
});

const id = v.pipe(v.number(), v.integer(), v.minValue(0));

const goldenSchema = v.object({
  /** Largest difference of a log-probability that another backend of the same weights may show, in nats. */
  allowedLogprobGap: v.pipe(v.number(), v.minValue(0)),
  prompts: v.pipe(
    v.array(
      v.pipe(
        v.object({
          turns: v.pipe(v.array(turnSchema), v.minLength(1)),
          /** The whole prompt, chat template included. */
          promptIds: v.pipe(v.array(id), v.minLength(1)),
          /** The likeliest token each time; without the end token. */
          tokenIds: v.pipe(v.array(id), v.minLength(1)),
          /** ln of each token's probability at temperature 1. */
          logprobs: v.array(v.number()),
        }),
        v.check((prompt) => prompt.logprobs.length === prompt.tokenIds.length),
      ),
    ),
    v.minLength(1),
  ),
});
export type GenerationGolden = v.InferOutput<typeof goldenSchema>;
export type GoldenPrompt = GenerationGolden['prompts'][number];

/** What a backend made of one golden prompt, greedily, with as many tokens as the golden answer. */
export interface GoldenRun {
  /** Null where the engine does not tell them. */
  promptIds: readonly number[] | null;
  tokenIds: readonly number[];
  logprobs: readonly number[];
  prefillMs: number;
  decodeMs: number;
}

export function parseGenerationGolden(bytes: Uint8Array): Result<GenerationGolden> {
  try {
    const parsed = v.safeParse(goldenSchema, JSON.parse(new TextDecoder().decode(bytes)));
    if (parsed.success) return ok(parsed.output);
  } catch {
    // Not JSON: reported below.
  }
  return fail('file_corrupt', 'golden.json does not hold golden answers.');
}

/** Runs the golden prompts one after the other. Fails only where `run` fails; `selfTestProblem` judges. */
export async function runSelfTest(
  golden: GenerationGolden,
  run: (prompt: GoldenPrompt) => Promise<Result<GoldenRun>>,
): Promise<Result<GenerationSelfTest>> {
  let tokens = 0;
  let equal = 0;
  let worst = 0;
  const speed = { prefillTokens: 0, prefillMs: 0, decodeTokens: 0, decodeMs: 0 };
  for (const prompt of golden.prompts) {
    const result = await run(prompt);
    if (!result.ok) return result;
    const mine = result.value;
    const compared = compareRun(prompt, mine);
    tokens += prompt.tokenIds.length;
    equal += compared.equal;
    worst = Math.max(worst, compared.worst);
    speed.prefillTokens += prompt.promptIds.length;
    speed.prefillMs += mine.prefillMs;
    // The first token comes out of the prompt.
    speed.decodeTokens += mine.tokenIds.length - 1;
    speed.decodeMs += mine.decodeMs;
  }
  return ok({
    prompts: golden.prompts.length,
    tokens,
    equalTokens: equal / tokens,
    worstLogprobGap: worst,
    allowedLogprobGap: golden.allowedLogprobGap,
    decodePerSecond: perSecond(speed.decodeTokens, speed.decodeMs),
    prefillPerSecond: perSecond(speed.prefillTokens, speed.prefillMs),
  });
}

/** Why a backend is refused; null where it may be used. */
export function selfTestProblem(test: GenerationSelfTest): string | null {
  if (test.equalTokens < 1) {
    const wrong = Math.round((1 - test.equalTokens) * test.tokens);
    return `${wrong} of ${test.tokens} tokens differ from the reference`;
  }
  if (!(test.worstLogprobGap <= test.allowedLogprobGap))
    return `a log-probability is off by ${test.worstLogprobGap.toFixed(3)}, more than ${test.allowedLogprobGap}`;
  return null;
}

/** Equal tokens up to the first difference (what follows it answers another text), and the largest gap among them. */
function compareRun(prompt: GoldenPrompt, mine: GoldenRun): { equal: number; worst: number } {
  const samePrompt =
    mine.promptIds === null ||
    (mine.promptIds.length === prompt.promptIds.length &&
      prompt.promptIds.every((one, index) => one === mine.promptIds?.[index]));
  if (!samePrompt) return { equal: 0, worst: Infinity };
  let equal = 0;
  let worst = 0;
  for (const [index, tokenId] of prompt.tokenIds.entries()) {
    if (mine.tokenIds[index] !== tokenId) break;
    const gap = Math.abs((mine.logprobs[index] ?? NaN) - (prompt.logprobs[index] as number));
    worst = Number.isNaN(gap) ? Infinity : Math.max(worst, gap);
    equal++;
  }
  return { equal, worst };
}

function perSecond(tokens: number, ms: number): number {
  return ms > 0 ? (tokens / ms) * 1000 : 0;
}

/**
 * Runs the first `most` golden prompts and judges them. Null where the model brings none. Fails with self_test_failed, and
 * where `run` fails. `where` is the backend, for people.
 */
export async function judgedSelfTest(
  golden: GenerationGolden | null,
  most: number,
  where: string,
  run: (prompt: GoldenPrompt) => Promise<Result<GoldenRun>>,
): Promise<Result<GenerationSelfTest | null>> {
  if (golden === null) return ok(null);
  const test = await runSelfTest({ ...golden, prompts: golden.prompts.slice(0, most) }, run);
  if (!test.ok) return test;
  const problem = selfTestProblem(test.value);
  return problem === null
    ? test
    : fail('self_test_failed', `${where} computes it wrongly: ${problem}.`);
}

/** How the golden answers are written: greedily, nothing bound. */
export const GREEDY = { temperature: 0, topP: 1, random: () => 0, repetition: null } as const;

/** One golden run out of tokens as they come, as many as the golden answer has. Fails with cancelled. */
export async function goldenRunOf(
  prompt: GoldenPrompt,
  promptIds: readonly number[],
  tokens: AsyncIterable<{ id: number; logprob: number }>,
  now: () => number,
  signal: AbortSignal,
): Promise<Result<GoldenRun>> {
  const tokenIds: number[] = [];
  const logprobs: number[] = [];
  const startedAt = now();
  let firstAt = startedAt;
  for await (const { id, logprob } of tokens) {
    if (tokenIds.length === 0) firstAt = now();
    tokenIds.push(id);
    logprobs.push(logprob);
    if (tokenIds.length === prompt.tokenIds.length) break;
  }
  if (signal.aborted) return fail('cancelled', 'The self-test was cancelled.');
  const [prefillMs, decodeMs] = [firstAt - startedAt, now() - firstAt];
  return ok({ promptIds, tokenIds, logprobs, prefillMs, decodeMs });
}

/** `selfTest()` of a runtime: it waits its turn like an answer. */
export async function selfTestInTurn(
  queue: GenerationQueue,
  test: (signal: AbortSignal) => Promise<Result<GenerationSelfTest | null>>,
): Promise<Result<GenerationSelfTest>> {
  const tested = await queue.run(test);
  if (!tested.ok) return tested;
  return tested.value === null
    ? fail('bad_request', 'The model brings no golden answers.')
    : ok(tested.value);
}
