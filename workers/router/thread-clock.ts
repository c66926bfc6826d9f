/** Waiting and taking turns with what this thread and its browser offer. */

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

/** One function at a time: across tabs with Web Locks, within this thread where the browser has none. */
export function createExclusive(name: string): <T>(run: () => Promise<T>) => Promise<T> {
  const { locks } = (globalThis.navigator as { locks?: LockManager } | undefined) ?? {};
  if (locks) return async (run) => locks.request(name, run);
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const next = last.then(run, run);
    last = next.catch(() => undefined);
    return next;
  };
}
