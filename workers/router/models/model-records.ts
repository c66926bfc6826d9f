/** What is known of the models on this disk: manifest and source of each, kept so that a stored model works offline. */
import type { DBSchema, IDBPDatabase } from 'idb';
import { ok, type Result } from '../../../src/core/failure.ts';
import type { CatalogueEntry, GenerationModel } from '../../../src/core/generation-model.ts';
import { openDatabase } from '../../../src/platform/browser-storage.ts';
import { storageFailure } from '../trust-db.ts';

export interface ModelRecord {
  id: string;
  manifest: GenerationModel;
  /** The line of the catalogue, for models that the catalogue no longer names. */
  entry: CatalogueEntry;
  /** Where to go on; chosen files cannot be found again without the person. */
  source: { kind: 'mirror'; manifestUrl: string } | { kind: 'hub' } | { kind: 'files' };
  /** sha-256 of model.json where the build fixes it. */
  pinned: string | null;
  /** A download that nobody paused: it goes on after a reload. */
  running: boolean;
}

interface Database extends DBSchema {
  models: { key: string; value: ModelRecord };
}

export class ModelRecords {
  readonly #name: string;
  #opening: Promise<IDBPDatabase<Database>> | null = null;

  constructor(name = 'flotilla-models') {
    this.#name = name;
  }

  all(): Promise<Result<ModelRecord[]>> {
    return this.#with((db) => db.getAll('models'));
  }

  get(id: string): Promise<Result<ModelRecord | undefined>> {
    return this.#with((db) => db.get('models', id));
  }

  async put(record: ModelRecord): Promise<Result<null>> {
    const put = await this.#with((db) => db.put('models', record));
    return put.ok ? ok(null) : put;
  }

  async delete(id: string): Promise<Result<null>> {
    const deleted = await this.#with((db) => db.delete('models', id));
    return deleted.ok ? ok(null) : deleted;
  }

  async #with<T>(use: (db: IDBPDatabase<Database>) => Promise<T>): Promise<Result<T>> {
    const forget = () => {
      this.#opening = null;
    };
    try {
      this.#opening ??= openDatabase<Database>(this.#name, 1, {
        upgrade: (db) => void db.createObjectStore('models', { keyPath: 'id' }),
        blocking: (_current, _blocked, event) => {
          forget();
          (event.target as IDBDatabase | null)?.close();
        },
        terminated: forget,
      });
      return ok(await use(await this.#opening));
    } catch (error) {
      forget();
      return storageFailure(error);
    }
  }
}
