/** What this site keeps in this browser: how much of each kind, and emptying one kind. */
import { ARRIVALS } from '../core/arrival.ts';
import {
  STORED,
  type Room,
  type StoredAmount,
  type StoredDoor,
  type StoredKind,
} from '../core/stored.ts';
import { ensureStorage } from '../platform/browser-storage.ts';
import { bytesOf, countRecords, emptyRecords, type Records } from './stored-records.ts';

/** Where a kind lies; the first store of the first database holds its items. */
const PLACES: Record<Exclude<StoredKind, 'caches'>, readonly Records[]> = {
  history: [{ database: 'flotilla-history', stores: ['entries'] }],
  conversations: [{ database: 'flotilla-chats', stores: ['conversations', 'turns'] }],
  batches: [
    { database: 'flotilla-batch', stores: ['jobs', 'rows', 'answers', 'corrections', 'files'] },
  ],
  drafts: [
    { database: 'flotilla-batch', stores: ['drafts'], counts: isFilledDraft },
    { database: ARRIVALS.database, stores: [ARRIVALS.store] },
  ],
  specialists: [
    { database: 'flotilla-fleet', stores: ['specialists'] },
    { database: 'flotilla-embeddings', stores: ['embeddings'] },
  ],
  labels: [{ database: 'flotilla-corrections', stores: ['corrections'] }],
  knowledge: [{ database: 'flotilla-knowledge', stores: ['bases', 'contents'] }],
  models: [{ database: 'flotilla-models', stores: ['models'] }],
  audit: [{ database: 'flotilla-trust', stores: ['rows', 'head', 'receipts'] }],
};

/** A page that was cleared leaves an empty draft behind. */
function isFilledDraft(record: unknown): boolean {
  const { file, files, choice } = record as { file?: unknown; files?: unknown[]; choice?: unknown };
  return Boolean(file) || (files?.length ?? 0) > 0 || (choice !== null && bytesOf(choice) > 0);
}

/** Drafts that are short enough for the storage of small strings. */
const SMALL_DRAFTS = ['flotilla.draft'];
const LANGUAGE_MODELS = 'flotilla-models';
/** Addresses of the shared models' files; workers/runtimes/model-cache.ts makes them. */
const SHARED_MODELS = /\/flotilla-models\/(static|encoder)\//;

export function openStoredData(): StoredDoor {
  return {
    room: async () => {
      if ((await ensureStorage()) === 'memory') return null;
      const { storage } = navigator as { storage?: StorageManager };
      return storage ? roomOf(storage).catch(() => null) : null;
    },
    amounts: () => Promise.all(STORED.map(amountOf)),
    empty: async (kind) => {
      if (kind === 'caches') return emptyCaches(false);
      for (const records of PLACES[kind]) await emptyRecords(records);
      if (kind === 'drafts') forgetSmallDrafts();
      if (kind === 'models') await deleteLanguageModels();
    },
    persist: () => navigator.storage.persist(),
  };
}

async function roomOf(storage: StorageManager): Promise<Room> {
  const [{ usage, quota }, isPersistent] = await Promise.all([
    storage.estimate(),
    storage.persisted(),
  ]);
  return { usedBytes: usage ?? null, quotaBytes: quota ?? null, isPersistent };
}

async function amountOf(kind: StoredKind): Promise<StoredAmount> {
  if (kind === 'caches') return { kind, ...(await countCaches(false)) };
  const stores = (await Promise.all(PLACES[kind].map(countRecords))).flatMap((one) => [
    ...one.values(),
  ]);
  const items = stores[0]?.records ?? 0;
  const aboutBytes = stores.reduce((sum, { bytes }) => sum + bytes, 0);
  if (kind === 'drafts') {
    const small = SMALL_DRAFTS.map((key) => localStorage.getItem(key) ?? '').filter(Boolean);
    return { kind, items: items + small.length, aboutBytes: aboutBytes + bytesOf(small) };
  }
  if (kind !== 'models') return { kind, items, aboutBytes };
  const files = await countCaches(true);
  return { kind, items, aboutBytes: aboutBytes + files.aboutBytes };
}

/** Cached files that belong to language models, or all others: the app itself and the models of its fleet. */
async function* cachedFiles(ofLanguageModels: boolean): AsyncGenerator<[Cache, Request]> {
  if (!('caches' in globalThis)) return;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const isModel = name === LANGUAGE_MODELS && !SHARED_MODELS.test(request.url);
      if (isModel === ofLanguageModels) yield [cache, request];
    }
  }
}

async function countCaches(ofLanguageModels: boolean): Promise<Omit<StoredAmount, 'kind'>> {
  let [items, aboutBytes] = [0, 0];
  for await (const [cache, request] of cachedFiles(ofLanguageModels)) {
    const response = await cache.match(request);
    items += 1;
    aboutBytes += (await response?.blob())?.size ?? 0; // the browser hands out a reference, not the bytes
  }
  return { items, aboutBytes };
}

async function emptyCaches(ofLanguageModels: boolean): Promise<void> {
  for await (const [cache, request] of cachedFiles(ofLanguageModels)) await cache.delete(request);
}

/** The models that the specialists share stay: they hold nothing of the person's, and without them nothing answers offline. */
export const deleteLanguageModels = (): Promise<void> => emptyCaches(true);

function forgetSmallDrafts(): void {
  for (const key of SMALL_DRAFTS) {
    localStorage.removeItem(key);
    sessionStorage.removeItem(key);
  }
}
