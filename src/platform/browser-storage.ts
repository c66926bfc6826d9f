/** What the browser keeps for this page or thread, and what stands in where it keeps nothing. */
import { openDB, type DBSchema, type IDBPDatabase, type OpenDBCallbacks } from 'idb';
import { storageKindOf, type StorageKind } from '../core/storage-kind.ts';

let kind: Promise<StorageKind> | null = null;

/** Where the browser refuses storage, an IndexedDB in memory takes its place. Safe to call again. */
export function ensureStorage(): Promise<StorageKind> {
  kind ??= standInIfRefused();
  return kind;
}

async function standInIfRefused(): Promise<StorageKind> {
  const found = await kindHere();
  if (found === 'memory') await import('fake-indexeddb/auto');
  return found;
}

/** A frame without an origin has no storage; asking there leaves an unhandled rejection behind in Chromium. */
async function kindHere(): Promise<StorageKind> {
  if (globalThis.origin === 'null') return 'memory';
  return storageKindOf({
    listDatabases: async () => indexedDB.databases(),
    listCaches: async () => caches.keys(),
  });
}

/** As `openDB` of idb, once it is known whether the browser keeps anything. */
export async function openDatabase<Schema extends DBSchema>(
  name: string,
  version: number,
  callbacks: OpenDBCallbacks<Schema>,
): Promise<IDBPDatabase<Schema>> {
  await ensureStorage();
  return openDB<Schema>(name, version, callbacks);
}

/** Undefined where the browser offers none. Asking throws in a frame without an origin. */
export function cacheStorage(): CacheStorage | undefined {
  try {
    return (globalThis as { caches?: CacheStorage }).caches;
  } catch {
    return undefined;
  }
}

/**
 * The locks that all tabs share. Null where the browser has none, or refuses them with the storage: then no other tab
 * shares anything with this one.
 */
export async function sharedLocks(): Promise<LockManager | null> {
  const { locks } = (globalThis.navigator as { locks?: LockManager } | undefined) ?? {};
  return locks && (await ensureStorage()) === 'lasting' ? locks : null;
}
