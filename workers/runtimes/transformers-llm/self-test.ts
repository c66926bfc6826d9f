/** The golden answers on this engine: greedily, token by token, through the same path as every answer. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { GenerationSelfTest } from '../../../src/core/generation.ts';
import {
  runSelfTest,
  selfTestProblem,
  type GoldenPrompt,
  type GoldenRun,
} from '../generation-self-test.ts';
import type { LoadedModel } from './loaded.ts';
import { promptIds } from './prompt.ts';

/** Runs all golden prompts, or only the first. Null where the model brings none. */
export async function testModel(
  loaded: LoadedModel,
  onlyFirst: boolean,
  signal: AbortSignal,
): Promise<Result<GenerationSelfTest | null>> {
  const { golden, backend } = loaded;
  if (golden === null) return ok(null);
  const prompts = onlyFirst ? golden.prompts.slice(0, 1) : golden.prompts;
  const test = await runSelfTest({ ...golden, prompts }, (prompt) => run(loaded, prompt, signal));
  if (!test.ok) return test;
  const problem = selfTestProblem(test.value);
  return problem === null
    ? test
    : fail('self_test_failed', `${backend} computes it wrongly: ${problem}.`);
}

async function run(
  loaded: LoadedModel,
  prompt: GoldenPrompt,
  signal: AbortSignal,
): Promise<Result<GoldenRun>> {
  const { writer, now } = loaded;
  const ids = promptIds(loaded, prompt.turns);
  const tokenIds: number[] = [];
  const logprobs: number[] = [];
  const startedAt = now();
  let firstAt = startedAt;
  const options = {
    temperature: 0,
    topP: 1,
    random: () => 0,
    repetition: null,
    mask: null,
    signal,
  };
  for await (const { id, logprob } of writer.write(ids, options)) {
    if (tokenIds.length === 0) firstAt = now();
    tokenIds.push(id);
    logprobs.push(logprob);
    if (tokenIds.length === prompt.tokenIds.length) break;
  }
  if (signal.aborted) return fail('cancelled', 'The self-test was cancelled.');
  const [prefillMs, decodeMs] = [firstAt - startedAt, now() - firstAt];
  return ok({ promptIds: ids, tokenIds, logprobs, prefillMs, decodeMs });
}
