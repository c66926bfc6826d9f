/** Answers of the desk in IndexedDB: the text stays in this browser until it is deleted here. */
import type { DBSchema, IDBPDatabase } from 'idb';
import type { HistoryEntry, HistoryStore } from '../core/history.ts';
import { openDatabase } from '../platform/browser-storage.ts';

interface Schema extends DBSchema {
  entries: { key: string; value: HistoryEntry; indexes: { time: string } };
}

export function openHistory(name = 'flotilla-history'): HistoryStore {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const database = (): Promise<IDBPDatabase<Schema>> =>
    (opened ??= openDatabase<Schema>(name, 1, {
      upgrade: (db) => {
        db.createObjectStore('entries', { keyPath: 'id' }).createIndex('time', 'time');
      },
    }));
  const write = async (
    change: (store: { put(e: HistoryEntry): unknown; delete(id: string): unknown }) => void,
  ) => {
    const transaction = (await database()).transaction('entries', 'readwrite');
    change(transaction.store);
    await transaction.done;
  };
  return {
    all: async () => (await (await database()).getAllFromIndex('entries', 'time')).reverse(),
    put: (entries) => write((store) => entries.forEach((entry) => store.put(entry))),
    remove: (ids) => write((store) => ids.forEach((id) => store.delete(id))),
  };
}
