/** One generation at a time, the others wait in order of arrival. Interrupting one never touches another. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import { NOTHING_WRITTEN, type Generated } from '../../src/core/generation.ts';

/** Runs until its end or until `signal` aborts; then it answers soon with what it has. */
export type GenerationWork = (signal: AbortSignal) => Promise<Result<Generated>>;

export interface GenerationQueue {
  /** Settles with what `work` answers, with an empty interrupted answer, or with `cancelled` after `close`. */
  add(id: string, work: GenerationWork): Promise<Result<Generated>>;
  /** Work that is no answer and waits its turn like one; only `close` ends it early. */
  run<T>(work: (signal: AbortSignal) => Promise<Result<T>>): Promise<Result<T>>;
  /** Aborts the running call of this id, or takes the waiting one out of the line. Unknown ids are ignored. */
  interrupt(id: string): void;
  /** Aborts the running call and refuses the waiting and all later ones; resolves when nothing runs any more. */
  close(): Promise<void>;
}

interface Entry {
  /** Null: nobody can interrupt it. */
  id: string | null;
  /** Runs; what it gives back tells the caller. */
  run: (signal: AbortSignal) => Promise<() => void>;
  stop: AbortController;
  cancel: () => void;
  interrupt: () => void;
}

const cancelled = (): Result<never> => fail('cancelled', 'The model was unloaded.');

export function createQueue(): GenerationQueue {
  const waiting: Entry[] = [];
  let running: Entry | null = null;
  let line: Promise<void> = Promise.resolve();
  let closed = false;

  const workOff = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      running = entry;
      const tell = await entry.run(entry.stop.signal);
      running = null;
      tell();
    }
  };

  /** Settles with what `work` answers, with `interrupted` if it never began, or with `cancelled` after `close`. */
  const join = <T>(
    id: string | null,
    work: (signal: AbortSignal) => Promise<Result<T>>,
    interrupted: Result<T>,
  ): Promise<Result<T>> => {
    if (closed) return Promise.resolve(cancelled());
    return new Promise((settle) => {
      waiting.push({
        id,
        stop: new AbortController(),
        cancel: () => settle(cancelled()),
        interrupt: () => settle(interrupted),
        run: async (signal) => {
          const result = await work(signal).catch((cause: unknown) =>
            fail('runtime_failed', `The engine stopped: ${String(cause)}.`),
          );
          return () => settle(closed ? cancelled() : result);
        },
      });
      if (running === null && waiting.length === 1) line = workOff();
    });
  };

  return {
    add: (id, work) => join(id, work, ok(NOTHING_WRITTEN)),
    run: (work) => join(null, work, cancelled()),
    interrupt: (id) => {
      if (running?.id === id) running.stop.abort();
      for (const entry of waiting.filter((one) => one.id === id)) {
        waiting.splice(waiting.indexOf(entry), 1);
        entry.interrupt();
      }
    },
    close: async () => {
      closed = true;
      running?.stop.abort();
      for (const { cancel } of waiting.splice(0)) cancel();
      await line;
    },
  };
}
