/** What downloads need of their thread and browser, in one place so that a test can stand in for it. */
import { sleep } from '../thread-clock.ts';

export interface ModelDoors {
  fetch: typeof fetch;
  /** Missing where the browser offers none, e.g. in some private windows. */
  caches: CacheStorage | undefined;
  estimate(): Promise<StorageEstimate>;
  /** Milliseconds, rising. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  isOnline(): boolean;
  /** Resolves when the browser reports a connection, or on the signal. */
  untilOnline(signal: AbortSignal): Promise<void>;
}

export const threadDoors: ModelDoors = {
  fetch: (...request) => fetch(...request),
  caches: (globalThis as { caches?: CacheStorage }).caches,
  estimate: async () => {
    const { storage } = globalThis.navigator as { storage?: StorageManager };
    return (await storage?.estimate().catch(() => null)) ?? {};
  },
  now: () => performance.now(),
  sleep,
  isOnline: () => globalThis.navigator.onLine,
  untilOnline: (signal) =>
    new Promise((resolve) => {
      const end = () => {
        globalThis.removeEventListener('online', end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      if (signal.aborted || globalThis.navigator.onLine) {
        resolve();
        return;
      }
      globalThis.addEventListener('online', end);
      signal.addEventListener('abort', end);
    }),
};
