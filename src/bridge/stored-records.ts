/** Counts and empties the records of databases, without making one that is not there. */
import { openDB, type IDBPDatabase } from 'idb';

/** Records of each store that are looked at; the others are taken to be of the same size. */
const LOOKED_AT = 200;

export interface Records {
  database: string;
  stores: readonly string[];
  /** Which records are worth counting; all, unless given. */
  counts?: (record: unknown) => boolean;
}

/** Runs `use` for the database; null where there is none, or it has other stores. */
export async function withRecords<T>(
  { database: name, stores }: Records,
  use: (database: IDBPDatabase, stores: string[]) => Promise<T>,
): Promise<T | null> {
  const all = await indexedDB.databases();
  if (!all.some((one) => one.name === name)) return null;
  const database = await openDB(name);
  try {
    const there = stores.filter((store) => database.objectStoreNames.contains(store));
    return there.length === 0 ? null : await use(database, there);
  } finally {
    database.close();
  }
}

export interface Counted {
  records: number;
  bytes: number;
}

/** Records and bytes of each store. */
export async function countRecords(records: Records): Promise<Map<string, Counted>> {
  const counted = await withRecords(records, async (database, stores) => {
    const found = new Map<string, Counted>();
    for (const store of stores) {
      const values = (await database.getAll(store, null, LOOKED_AT)) as unknown[];
      const worth = records.counts ? values.filter(records.counts).length : values.length;
      const count = scaled(worth, values.length, await database.count(store));
      const bytes = values.reduce<number>((sum, value) => sum + bytesOf(value), 0);
      found.set(store, { records: count, bytes: scaled(bytes, worth, count) });
    }
    return found;
  });
  return counted ?? new Map<string, Counted>();
}

export async function emptyRecords(records: Records): Promise<void> {
  await withRecords(records, async (database, stores) => {
    const transaction = database.transaction(stores, 'readwrite');
    await Promise.all([
      ...stores.map((store) => transaction.objectStore(store).clear()),
      transaction.done,
    ]);
  });
}

/** What was seen of some, carried on to all. */
const scaled = (amount: number, seen: number, all: number): number =>
  seen === 0 ? 0 : Math.round((amount / seen) * all);

/** Size of a value as it is stored, roughly: files and arrays exactly, text one byte a character. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof Blob) return value.size;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [key, part]) => sum + key.length + bytesOf(part), 0);
}
