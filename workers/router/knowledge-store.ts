/** The knowledge bases of this browser (IndexedDB): passages, vectors and what the page shows of them. */
import type { DBSchema, IDBPDatabase } from 'idb';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { KnowledgeBase, StoredKnowledge } from '../../src/core/knowledge.ts';
import { openDatabase } from '../../src/platform/browser-storage.ts';

interface Database extends DBSchema {
  /** Small: read whole for the list. */
  bases: { key: string; value: KnowledgeBase };
  contents: { key: string; value: Omit<StoredKnowledge, 'base'> };
}

export class KnowledgeStore {
  #database: Promise<IDBPDatabase<Database>> | null = null;

  /** By title. */
  async list(): Promise<Result<KnowledgeBase[]>> {
    const bases = await this.#try((database) => database.getAll('bases'));
    return bases.ok ? ok(bases.value.sort((a, b) => a.title.localeCompare(b.title))) : bases;
  }

  /** Fails with bad_request where there is none of this id. */
  async get(id: string): Promise<Result<StoredKnowledge>> {
    const found = await this.#try(async (database) => {
      const read = database.transaction(['bases', 'contents']);
      const [base, content] = await Promise.all([
        read.objectStore('bases').get(id),
        read.objectStore('contents').get(id),
      ]);
      return base && content ? { base, ...content } : null;
    });
    if (!found.ok) return found;
    return found.value
      ? ok(found.value)
      : fail('bad_request', `There is no knowledge base “${id}” in this browser.`);
  }

  /** Adds or replaces it, as a whole or not at all. */
  async put({ base, passages, vectors }: StoredKnowledge): Promise<Result<KnowledgeBase>> {
    const kept = await this.#try(async (database) => {
      const write = database.transaction(['bases', 'contents'], 'readwrite');
      await Promise.all([
        write.objectStore('bases').put(base, base.id),
        write.objectStore('contents').put({ passages, vectors }, base.id),
        write.done,
      ]);
    });
    return kept.ok ? ok(base) : kept;
  }

  async remove(id: string): Promise<Result<null>> {
    const removed = await this.#try(async (database) => {
      const write = database.transaction(['bases', 'contents'], 'readwrite');
      await Promise.all([
        write.objectStore('bases').delete(id),
        write.objectStore('contents').delete(id),
        write.done,
      ]);
    });
    return removed.ok ? ok(null) : removed;
  }

  #open(): Promise<IDBPDatabase<Database>> {
    const opening = (this.#database ??= openDatabase<Database>('flotilla-knowledge', 1, {
      upgrade: (db) => {
        db.createObjectStore('bases');
        db.createObjectStore('contents');
      },
    }));
    // One that could not be opened is tried again at the next call.
    opening.catch(() => (this.#database = null));
    return opening;
  }

  async #try<T>(work: (database: IDBPDatabase<Database>) => Promise<T>): Promise<Result<T>> {
    try {
      return ok(await work(await this.#open()));
    } catch (cause) {
      const full = cause instanceof DOMException && cause.name === 'QuotaExceededError';
      return full
        ? fail('storage_full', 'The disk space of this site is used up.')
        : fail('storage_failed', `The knowledge base could not be stored: ${String(cause)}.`);
    }
  }
}
