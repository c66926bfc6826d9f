/** What the browser keeps for this thread. A frame without an origin has no storage, and asking for it throws. */

/** Undefined where the browser offers none or refuses it. */
export function cacheStorage(): CacheStorage | undefined {
  try {
    return (globalThis as { caches?: CacheStorage }).caches;
  } catch {
    return undefined;
  }
}
