/** Model files in Cache Storage under their hash, so that the second start needs no network. Never a reason to fail. */

const CACHE_NAME = 'flotilla-models';

export interface ModelCache {
  /** The stored bytes, unchecked: the caller compares the hash. */
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | null>;
  write(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<'kept' | 'full' | 'unavailable'>;
  /** Hashes of all files that are stored for this model. */
  hashes(): Promise<Set<string>>;
  /** Deletes files of older versions of this model. */
  keepOnly(sha256: readonly string[]): Promise<void>;
}

/** Null where the browser offers no Cache Storage or refuses it. */
export async function openModelCache(
  storage: CacheStorage | undefined,
  modelId: string,
  baseUrl: string,
): Promise<ModelCache | null> {
  const cache = await storage?.open(CACHE_NAME).catch(() => null);
  if (!cache) return null;
  const folder = new URL(`/flotilla-models/${encodeURIComponent(modelId)}/`, baseUrl).href;
  const ownUrls = async () => {
    const keys = await cache.keys().catch(() => []);
    return keys.map(({ url }) => url).filter((url) => url.startsWith(folder));
  };
  return {
    hashes: async () => new Set((await ownUrls()).map((url) => url.slice(folder.length))),
    read: async (sha256) => {
      const response = await cache.match(folder + sha256).catch(() => undefined);
      return response ? new Uint8Array(await response.arrayBuffer()) : null;
    },
    write: async (sha256, bytes) => {
      try {
        await cache.put(folder + sha256, new Response(bytes));
        return 'kept';
      } catch (cause) {
        return cause instanceof DOMException && cause.name === 'QuotaExceededError'
          ? 'full'
          : 'unavailable';
      }
    },
    keepOnly: async (hashes) => {
      const wanted = new Set(hashes.map((sha256) => folder + sha256));
      const old = (await ownUrls()).filter((url) => !wanted.has(url));
      await Promise.all(old.map((url) => cache.delete(url).catch(() => false)));
    },
  };
}
