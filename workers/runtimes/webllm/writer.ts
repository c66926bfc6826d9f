/**
 * Reads a prompt and writes tokens, one after the other.
 *
 * [Note: Same text whatever came before]
 * A key computed in one pass differs in its last bits from the same key computed in another cut of the prompt, and that can
 * turn a near tie around. So a prompt is always read in chunks that begin at multiples of one length, and of an earlier
 * prompt only whole equal chunks are kept: every number is then the result of the same passes, cached or not. Answers are
 * written token by token in other passes, so they are never kept; the next turn reads them as prompt.
 */
import { chooseToken, type Choosing, type ChosenToken } from '../next-token.ts';
import type { Grammar } from '../grammar.ts';
import type { Pipeline, Tensor } from './engine.ts';

export interface WriteOptions extends Choosing {
  /** What may come next; null leaves the text free. */
  grammar: Grammar | null;
  /** Heard between two passes. */
  signal: AbortSignal;
}

/** The device computes, but not numbers: it is to be given up like a lost one. */
export class UnusableLogits extends Error {
  override readonly name = 'UnusableLogits';
}

export interface Writer {
  /** Endless: the caller ends it. It ends by itself when `signal` aborts. Throws when the device does. */
  write(promptIds: readonly number[], options: WriteOptions): AsyncGenerator<ChosenToken>;
}

/**
 * Length of the chunks in tokens. Each chunk costs a pass over the output layer, and an interruption or the next turn pays
 * for half a chunk: a software adapter reads about fifteen tokens a second.
 */
const CHUNK = { software: 32, hardware: 128 };

const POP = 'vm.builtin.kv_state_popn';

export function createWriter(pipeline: Pipeline, software: boolean): Writer {
  const chunk = Math.min(pipeline.prefillChunkSize, CHUNK[software ? 'software' : 'hardware']);
  const canPop =
    pipeline.kvStateKind === 'kv_cache' && pipeline.slidingWindowSize === -1 && hasPop(pipeline);
  /** The prompt whose chunks are in the cache, from its beginning. */
  let kept: readonly number[] = [];
  /** True while a pass may have stopped half-way. */
  let broken = false;

  /** Leaves `length` tokens in the cache. */
  const keep = (length: number): void => {
    const surplus = pipeline.filledKVCacheLength - length;
    if (surplus === 0 && !broken) return;
    const { tvm, kvCache } = pipeline;
    tvm.beginScope();
    if (length === 0) pipeline.resetKVCache();
    else
      pipeline.getKVCheckpointFunc(POP)(
        kvCache,
        tvm.scalar(0, 'int64'),
        tvm.scalar(surplus, 'int32'),
      );
    tvm.endScope();
    pipeline.filledKVCacheLength = length;
  };

  /** Null when `signal` aborts on the way. */
  const read = async (ids: readonly number[], signal: AbortSignal): Promise<Tensor | null> => {
    const equal = canPop && !broken ? equalStart(kept, ids) : 0;
    const start = Math.min(equal, ids.length - 1);
    let done = start - (start % chunk);
    keep(done);
    broken = false;
    kept = ids.slice(0, done);
    for (;;) {
      if (signal.aborted) return null;
      const part = ids.slice(done, done + chunk);
      const logits = await pipeline.forwardKnownTokens(part, true);
      done += part.length;
      if (part.length === chunk) kept = ids.slice(0, done);
      if (done === ids.length) return logits;
      logits.dispose();
      await pipeline.device.sync();
    }
  };

  const choose = async (logits: Tensor, options: WriteOptions): Promise<ChosenToken> => {
    pipeline.tvm.beginScope();
    const copy = pipeline.updateLogitsOnCPU(logits);
    pipeline.tvm.endScope();
    // Found while the device works.
    const allowed = options.grammar === null ? null : await options.grammar.allowed();
    await pipeline.device.sync();
    const values = copy.toArray();
    const chosen = chooseToken(values, allowed, options);
    if (chosen === null)
      throw new UnusableLogits(
        `None of the ${values.length} logits can be used; the first is ${values[0]}.`,
      );
    return chosen;
  };

  return {
    write: async function* (promptIds, options) {
      try {
        let logits = await read(promptIds, options.signal);
        while (logits !== null) {
          const chosen = await choose(logits, options);
          logits.dispose();
          logits = null;
          options.grammar?.accept(chosen.id);
          yield chosen;
          if (!options.signal.aborted) logits = await pipeline.forwardDecodeToken(chosen.id);
        }
      } catch (cause) {
        broken = true;
        throw cause;
      }
    },
  };
}

function hasPop(pipeline: Pipeline): boolean {
  try {
    pipeline.getKVCheckpointFunc(POP);
    return true;
  } catch {
    return false;
  }
}

function equalStart(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
