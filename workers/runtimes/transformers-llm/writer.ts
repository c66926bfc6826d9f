/** Reads a prompt and writes tokens, one after the other, through a decoder model of transformers.js. */
import type { DynamicCache, PreTrainedModel, Tensor } from '@huggingface/transformers';
import { chooseToken, type Choosing, type ChosenToken } from '../next-token.ts';
import type { Library } from './library.ts';

export interface WriteOptions extends Choosing {
  /** Bits of the tokens that may come after those so far; null leaves the text free. */
  mask: ((written: readonly number[], logits: Float32Array) => Int32Array) | null;
  signal: AbortSignal;
}

export interface Writer {
  /** Endless: the caller ends it. It ends by itself when `signal` aborts. Throws what the engine throws. */
  write(promptIds: readonly number[], options: WriteOptions): AsyncGenerator<ChosenToken>;
}

type Outputs = Record<string, Tensor>;

/**
 * `chunkTokens` of the prompt are read in one go: between two passes an interruption is heard. It never changes while a
 * model is loaded, because sums in another order may turn a near tie around.
 */
export function createWriter(
  { Tensor, DynamicCache }: Pick<Library, 'Tensor' | 'DynamicCache'>,
  model: Pick<PreTrainedModel, 'forward'>,
  chunkTokens: number,
): Writer {
  const integers = (values: readonly number[], dims: number[]): Tensor =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), dims);

  /** One pass over `ids` after `length` tokens: the logits that follow the last, and the cache with theirs in it. */
  const pass = async (ids: readonly number[], length: number, cache: DynamicCache | null) => {
    const outputs = (await model.forward({
      input_ids: integers(ids, [1, ids.length]),
      attention_mask: new Tensor('int64', new BigInt64Array(length + ids.length).fill(1n), [
        1,
        length + ids.length,
      ]),
      num_logits_to_keep: integers([1], []),
      past_key_values: cache,
    })) as Outputs;
    const present = presentOf(outputs);
    if (cache === null) return { logits: lastRow(outputs), cache: new DynamicCache(present) };
    (cache as unknown as { update(entries: Outputs): void }).update(present);
    return { logits: lastRow(outputs), cache };
  };

  return {
    write: async function* (promptIds, options) {
      let cache: DynamicCache | null = null;
      const written: number[] = [];
      let length = 0;
      try {
        let unread: readonly number[] = promptIds;
        for (;;) {
          const ids = unread.slice(0, chunkTokens);
          unread = unread.slice(chunkTokens);
          await nextTask();
          if (options.signal.aborted) return;
          const read = await pass(ids, length, cache);
          cache = read.cache;
          length += ids.length;
          if (unread.length > 0) continue;
          const allowed = options.mask?.(written, read.logits) ?? null;
          const chosen = chooseToken(read.logits, allowed, options);
          if (chosen === null) throw new Error('the model gave no usable logits');
          yield chosen;
          written.push(chosen.id);
          unread = [chosen.id];
        }
      } finally {
        await (cache as unknown as { dispose(): Promise<void> } | null)?.dispose();
      }
    },
  };
}

/** Names of outputs as the next pass takes them: `present.0.key` is read as `past_key_values.0.key`. */
function presentOf(outputs: Outputs): Outputs {
  const entries = Object.entries(outputs).filter(([name]) => name.startsWith('present'));
  return Object.fromEntries(
    entries.map(([name, tensor]) => [
      name.startsWith('present.')
        ? name.replace('present', 'past_key_values')
        : name.replace('present', 'past'),
      tensor,
    ]),
  );
}

/** A copy: the engine may reuse its memory, and the choice masks in place. */
function lastRow(outputs: Outputs): Float32Array {
  const tensor = outputs['logits'];
  const size = tensor?.dims.at(-1);
  if (tensor === undefined || size === undefined) throw new Error('the model has no logits');
  return (tensor.to('float32').data as Float32Array).slice(-size);
}

/** A pass of the engine holds the thread; messages are heard between two tasks only. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
