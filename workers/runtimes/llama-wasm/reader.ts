/**
 * Feeds tokens to the engine in passes, short enough to hear an interrupt between them, and keeps what it has read: the next
 * prompt is read from where it differs. A token's numbers do not depend on the cut of the passes, so nothing changes by it.
 */
import type { LlamaEngine } from './engine.ts';
import { PASS_TOKENS } from './memory-layout.ts';

export interface Reader {
  /** Afterwards the engine holds the logits after the last token. False when `signal` aborted on the way. */
  read(ids: readonly number[], signal: AbortSignal): Promise<boolean>;
  /** Reads one more token, after `read`. */
  add(id: number): void;
}

/** A pass should not take longer: an interrupt has to be heard within 200 ms. */
const PASS_MS = 80;

export function createReader(engine: LlamaEngine, now: () => number): Reader {
  const held: number[] = [];
  let size = PASS_TOKENS / 2;
  return {
    read: async (ids, signal) => {
      // The last token is always read, or there would be no logits.
      held.length = Math.min(equalStart(held, ids), ids.length - 1);
      while (held.length < ids.length) {
        await nextTask();
        if (signal.aborted) return false;
        const part = ids.slice(held.length, held.length + size);
        const startedAt = now();
        engine.pass(part, held.length, held.length + part.length === ids.length);
        held.push(...part);
        if (part.length === size) size = sizeFor(size, now() - startedAt);
      }
      return true;
    },
    add: (id) => {
      engine.pass([id], held.length, true);
      held.push(id);
    },
  };
}

/** Halved or doubled, so that a pass takes between a quarter of PASS_MS and PASS_MS. */
function sizeFor(size: number, tookMs: number): number {
  if (tookMs > PASS_MS) return Math.max(4, size / 2);
  return tookMs * 2 < PASS_MS ? Math.min(PASS_TOKENS, size * 2) : size;
}

function equalStart(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** Lets messages to this thread be heard; timers would wait 4 ms. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
