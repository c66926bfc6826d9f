/** One generation at a time, the others wait in order of arrival. Interrupting one never touches another. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { Generated } from '../../src/core/generation.ts';

/** Runs until its end or until `signal` aborts; then it answers soon with what it has. */
export type GenerationWork = (signal: AbortSignal) => Promise<Result<Generated>>;

export interface GenerationQueue {
  /** Settles with what `work` answers, with an empty interrupted answer, or with `cancelled` after `close`. */
  add(id: string, work: GenerationWork): Promise<Result<Generated>>;
  /** Aborts the running call of this id, or takes the waiting one out of the line. Unknown ids are ignored. */
  interrupt(id: string): void;
  /** Aborts the running call and refuses the waiting and all later ones; resolves when nothing runs any more. */
  close(): Promise<void>;
}

interface Entry {
  id: string;
  work: GenerationWork;
  stop: AbortController;
  settle: (result: Result<Generated>) => void;
}

/** Answer of a call that was interrupted before its turn came. */
const nothing = (): Generated => ({
  text: '',
  finish: 'interrupted',
  tokens: [],
  promptTokens: 0,
  droppedTurns: 0,
  firstTokenMs: 0,
  tookMs: 0,
});

const cancelled = (): Result<never> => fail('cancelled', 'The model was unloaded.');

export function createQueue(): GenerationQueue {
  const waiting: Entry[] = [];
  let running: Entry | null = null;
  let line: Promise<void> = Promise.resolve();
  let closed = false;

  const workOff = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      running = entry;
      const result = await entry
        .work(entry.stop.signal)
        .catch((cause: unknown) => fail('runtime_failed', `The engine stopped: ${String(cause)}.`));
      running = null;
      entry.settle(closed ? cancelled() : result);
    }
  };

  return {
    add: (id, work) => {
      if (closed) return Promise.resolve(cancelled());
      return new Promise((settle) => {
        waiting.push({ id, work, stop: new AbortController(), settle });
        if (running === null && waiting.length === 1) line = workOff();
      });
    },
    interrupt: (id) => {
      if (running?.id === id) running.stop.abort();
      for (const entry of waiting.filter((one) => one.id === id)) {
        waiting.splice(waiting.indexOf(entry), 1);
        entry.settle(ok(nothing()));
      }
    },
    close: async () => {
      closed = true;
      running?.stop.abort();
      for (const { settle } of waiting.splice(0)) settle(cancelled());
      await line;
    },
  };
}
