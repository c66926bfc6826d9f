/** What downloads need of their thread and browser, in one place so that a test can stand in for it. */
import { cacheStorage } from '../../../src/platform/browser-storage.ts';
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
  /** Resolves when the browser reports a connection, after a few seconds (it may be wrong), or on the signal. */
  untilOnline(signal: AbortSignal): Promise<void>;
}

/** A worker may miss the event, so a waiting download tries again after this time. */
const TRY_ANYWAY_MS = 3_000;

export const threadDoors: ModelDoors = {
  fetch: (...request) => fetch(...request),
  caches: cacheStorage(),
  estimate: async () => {
    const { storage } = globalThis.navigator as { storage?: StorageManager };
    return (await storage?.estimate().catch(() => null)) ?? {};
  },
  now: () => performance.now(),
  sleep,
  isOnline: () => globalThis.navigator.onLine,
  untilOnline: async (signal) => {
    const found = new AbortController();
    const end = () => found.abort();
    globalThis.addEventListener('online', end);
    await sleep(TRY_ANYWAY_MS, AbortSignal.any([signal, found.signal]));
    globalThis.removeEventListener('online', end);
  },
};
