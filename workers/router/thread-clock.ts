/** Waiting and taking turns with what this thread and its browser offer. */
import { sharedLocks } from '../../src/platform/browser-storage.ts';

/** Resolves after `ms`, or as soon as `signal` fires. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

type Exclusively = <T>(run: () => Promise<T>) => Promise<T>;

/**
 * One function at a time: across tabs with Web Locks, within this thread where the browser has none or refuses them with
 * the storage.
 */
export function createExclusive(name: string): Exclusively {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn: Exclusively = (run) => {
    const next = last.then(run, run);
    last = next.catch(() => undefined);
    return next;
  };
  return async (run) => {
    const locks = await sharedLocks();
    return locks ? locks.request(name, run) : inTurn(run);
  };
}
