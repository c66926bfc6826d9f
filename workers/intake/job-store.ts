/** Batch jobs and drafts in IndexedDB. Rows and answers lie in blocks, so that a job of many rows is few records. */
import type { DBSchema, IDBPDatabase } from 'idb';
import { fail, ok, type Failure, type Result } from '../../src/core/failure.ts';
import type { Draft, Job, NamedBlob } from '../../src/core/intake.ts';
import type { RowAnswer } from '../../src/core/batch-rows.ts';
import { openDatabase } from '../../src/platform/browser-storage.ts';
import { Sheet } from './sheet.ts';

const NAME = 'flotilla-batch';
const VERSION = 2;

/** Blocks are keyed by job and first row, so that a range of one job comes back in row order. */
type BlockKey = [job: string, from: number];

interface Schema extends DBSchema {
  jobs: { key: string; value: Job };
  rows: { key: BlockKey; value: string[][] };
  answers: { key: BlockKey; value: RowAnswer[] };
  corrections: { key: BlockKey; value: string };
  drafts: { key: string; value: Draft };
  /** The files of a batch of files, by row. */
  files: { key: BlockKey; value: NamedBlob };
}

const BLOCKS = ['rows', 'answers', 'corrections', 'files'] as const;

const blocksOf = (job: string): IDBKeyRange => IDBKeyRange.bound([job], [job, []]);

/** Full storage and refused storage are expected; anything else is a bug and goes on. */
export function storageFailureOf(error: unknown): Failure {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError') {
    return { code: 'storage_full', message: 'The storage of this browser is full.' };
  }
  if (error instanceof DOMException) {
    return { code: 'storage_failed', message: `This browser did not store the batch (${name}).` };
  }
  throw error;
}

export class JobStore {
  #db: Promise<IDBPDatabase<Schema>> | null = null;

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#db ??= openDatabase<Schema>(NAME, VERSION, {
      upgrade(db, from) {
        if (from >= 1) {
          db.createObjectStore('files');
          return;
        }
        db.createObjectStore('jobs', { keyPath: 'id' });
        for (const store of BLOCKS) db.createObjectStore(store);
        db.createObjectStore('drafts');
      },
    });
    return this.#db;
  }

  async #attempt<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<Result<T>> {
    try {
      return ok(await work(await this.#open()));
    } catch (error) {
      this.#db = null;
      const { code, message } = storageFailureOf(error);
      return fail(code, message);
    }
  }

  /** Newest first. */
  jobs = (): Promise<Result<Job[]>> =>
    this.#attempt(async (db) =>
      (await db.getAll('jobs')).sort((a, b) => b.createdAt.localeCompare(a.createdAt)),
    );

  saveRows = (job: string, from: number, rows: string[][]): Promise<Result<unknown>> =>
    this.#attempt((db) => db.put('rows', rows, [job, from]));

  saveFile = (job: string, row: number, file: NamedBlob): Promise<Result<unknown>> =>
    this.#attempt((db) => db.put('files', file, [job, row]));

  file = (job: string, row: number): Promise<Result<NamedBlob | null>> =>
    this.#attempt(async (db) => (await db.get('files', [job, row])) ?? null);

  saveJob = (job: Job): Promise<Result<unknown>> => this.#attempt((db) => db.put('jobs', job));

  /** Answers and the counts over them, in one transaction. */
  saveAnswers = (job: Job, from: number, answers: RowAnswer[]): Promise<Result<unknown>> =>
    this.#attempt(async (db) => {
      const work = db.transaction(['jobs', 'answers'], 'readwrite');
      await Promise.all([
        work.objectStore('answers').put(answers, [job.id, from]),
        work.objectStore('jobs').put(job),
        work.done,
      ]);
    });

  saveCorrection = (job: string, row: number, label: string): Promise<Result<unknown>> =>
    this.#attempt((db) => db.put('corrections', label, [job, row]));

  /** The whole job; null when it is not there. */
  load = (jobId: string): Promise<Result<Sheet | null>> =>
    this.#attempt(async (db) => {
      const work = db.transaction(['jobs', ...BLOCKS]);
      const range = blocksOf(jobId);
      const [job, rows, answers, correctedRows, corrected] = await Promise.all([
        work.objectStore('jobs').get(jobId),
        work.objectStore('rows').getAll(range),
        work.objectStore('answers').getAll(range),
        work.objectStore('corrections').getAllKeys(range),
        work.objectStore('corrections').getAll(range),
        work.done,
      ]);
      if (!job) return null;
      const corrections = new Map(
        correctedRows.map(([, row], index) => [row, corrected[index] ?? '']),
      );
      const sheet = new Sheet(job, rows.flat(), answers.flat(), corrections);
      sheet.recount();
      return sheet;
    });

  remove = (jobId: string): Promise<Result<null>> =>
    this.#attempt(async (db) => {
      const work = db.transaction(['jobs', ...BLOCKS], 'readwrite');
      const range = blocksOf(jobId);
      await Promise.all([
        work.objectStore('jobs').delete(jobId),
        ...BLOCKS.map((store) => work.objectStore(store).delete(range)),
        work.done,
      ]);
      return null;
    });

  /** Removes row blocks of jobs that were never finished being written, e.g. because the tab crashed. */
  sweep = (): Promise<Result<unknown>> =>
    this.#attempt(async (db) => {
      const work = db.transaction(['jobs', ...BLOCKS], 'readwrite');
      const known = new Set(await work.objectStore('jobs').getAllKeys());
      const kept = new Set((await work.objectStore('rows').getAllKeys()).map(([job]) => job));
      for (const job of kept)
        if (!known.has(job))
          for (const store of ['rows', 'files'] as const)
            await work.objectStore(store).delete(blocksOf(job));
      await work.done;
    });

  saveDraft = (page: string, draft: Draft): Promise<Result<unknown>> =>
    this.#attempt((db) => db.put('drafts', draft, page));

  draft = (page: string): Promise<Result<Draft | null>> =>
    this.#attempt(async (db) => (await db.get('drafts', page)) ?? null);
}
