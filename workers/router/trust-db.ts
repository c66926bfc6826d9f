/** The database of the trust layer: audit rows, their head, receipts, daily counts and the salt of this browser. */
import type { DBSchema, IDBPDatabase } from 'idb';
import type { ChainHead } from '../../src/core/audit-chain.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { AuditRow, Receipt } from '../../src/core/threads.ts';
import { openDatabase } from '../../src/platform/browser-storage.ts';

export interface TrustSchema extends DBSchema {
  rows: { key: number; value: AuditRow };
  /** One record under `head`, apart from the rows: it shows that rows at the end are gone. */
  head: { key: string; value: ChainHead };
  receipts: { key: string; value: Receipt; indexes: { time: string } };
  /** Requests by `server|yyyy-mm-dd`. */
  counts: { key: string; value: number };
  /** One record under `salt`: 32 random bytes. */
  secrets: { key: string; value: Uint8Array };
}

export type TrustDb = IDBPDatabase<TrustSchema>;

/** Opens on first use, and again after the browser closed the connection. */
export interface TrustStore {
  /** Runs `use`; whatever the storage throws becomes storage_full or storage_failed. */
  with<T>(use: (db: TrustDb) => Promise<T>): Promise<Result<T>>;
  close(): Promise<void>;
}

export function createTrustStore(name = 'flotilla-trust'): TrustStore {
  let opening: Promise<TrustDb> | null = null;
  const forget = () => {
    opening = null;
  };

  function open(): Promise<TrustDb> {
    opening ??= openDatabase<TrustSchema>(name, 1, {
      upgrade(db) {
        db.createObjectStore('rows', { keyPath: 'seq' });
        db.createObjectStore('head');
        db.createObjectStore('receipts', { keyPath: 'id' }).createIndex('time', 'time');
        db.createObjectStore('counts');
        db.createObjectStore('secrets');
      },
      blocking(_current, _blocked, event) {
        forget();
        (event.target as IDBDatabase | null)?.close();
      },
      terminated: forget,
    });
    return opening;
  }

  return {
    async with(use) {
      try {
        return ok(await use(await open()));
      } catch (error) {
        forget();
        return storageFailure(error);
      }
    },
    async close() {
      const db = await opening?.catch(() => null);
      forget();
      db?.close();
    },
  };
}

export function storageFailure(error: unknown): Result<never> {
  const name =
    error instanceof Error || error instanceof DOMException ? error.name : 'unknown error';
  if (name === 'QuotaExceededError')
    return fail('storage_full', 'The storage of this browser is full.');
  return fail('storage_failed', `The storage of this browser failed (${name}).`);
}
