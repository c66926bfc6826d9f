/** What people said of answers: the texts and labels stay in this browser and can train the next version. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Correction } from '../../src/core/door.ts';
import { ok, type Result } from '../../src/core/failure.ts';
import { storageFailure } from './trust-db.ts';

interface Database extends DBSchema {
  corrections: { key: number; value: Correction };
}

const open = (): Promise<IDBPDatabase<Database>> =>
  openDB<Database>('flotilla-corrections', 1, {
    upgrade: (db) => void db.createObjectStore('corrections', { autoIncrement: true }),
  });

export async function addCorrection(correction: Correction): Promise<Result<null>> {
  try {
    await (await open()).add('corrections', correction);
    return ok(null);
  } catch (cause) {
    return storageFailure(cause);
  }
}

/** Oldest first. */
export async function allCorrections(): Promise<Result<Correction[]>> {
  try {
    return ok(await (await open()).getAll('corrections'));
  } catch (cause) {
    return storageFailure(cause);
  }
}
