/** The golden answers on this engine: greedily, token by token, through the same path as every answer. */
import type { Result } from '../../../src/core/failure.ts';
import type { GenerationSelfTest } from '../../../src/core/generation.ts';
import { goldenRunOf, GREEDY, judgedSelfTest } from '../generation-self-test.ts';
import type { LoadedModel } from './loaded.ts';
import { promptIds } from './prompt.ts';

/** Runs the first `most` golden prompts. Null where the model brings none. */
export const testModel = (
  loaded: LoadedModel,
  most: number,
  signal: AbortSignal,
): Promise<Result<GenerationSelfTest | null>> =>
  judgedSelfTest(loaded.golden, most, loaded.backend, (prompt) => {
    const ids = promptIds(loaded, prompt.turns);
    const tokens = loaded.writer.write(ids, { ...GREEDY, mask: null, signal });
    return goldenRunOf(prompt, ids, tokens, loaded.now, signal);
  });
