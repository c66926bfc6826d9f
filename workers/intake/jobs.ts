/** The jobs of this browser: kept in IndexedDB while there is room, in memory where there is none. */
import { emptyTally, type RowAnswer, type RowQuery } from '../../src/core/batch-rows.ts';
import { fail, ok, type Failure, type Result } from '../../src/core/failure.ts';
import {
  MAX_FILES,
  MAX_FILES_BYTES,
  type ExportFormat,
  type Job,
  type JobChoice,
  type NamedBlob,
  type ReadProgress,
  type ShownRow,
} from '../../src/core/intake.ts';
import type { RunRequest } from '../../src/core/request.ts';
import { ensureStorage, sharedLocks } from '../../src/platform/browser-storage.ts';
import { exportSheet } from './export.ts';
import { JobStore } from './job-store.ts';
import { Sheet } from './sheet.ts';
import type { Table } from './table.ts';

const ROWS_PER_BLOCK = 1000;
/** Room that a job needs: its rows as stored, and about 250 bytes for each answer. */
const BYTES_PER_ANSWER = 250;
const CREATING = 'flotilla-batch-creating';

/** No tab sweeps meanwhile. */
const whileCreating = async <T>(create: () => Promise<T>): Promise<T> => {
  const locks = await sharedLocks();
  return locks ? locks.request(CREATING, { mode: 'shared' }, create) : create();
};

const isFull = async (bytesNeeded: number): Promise<Failure | null> => {
  if ((await ensureStorage()) === 'memory') return null;
  const { quota, usage } = await navigator.storage.estimate();
  if (quota === undefined || usage === undefined || quota - usage >= bytesNeeded) return null;
  const needed = Math.ceil(bytesNeeded / 1e6);
  return {
    code: 'storage_full',
    message: `The batch needs about ${needed} MB, which this browser has not left.`,
  };
};

const newJob = (
  about: Pick<Job, 'fileName' | 'columns' | 'rows' | 'notices'>,
  choice: JobChoice,
): Job => ({
  schema: 1,
  id: crypto.randomUUID(),
  fileName: about.fileName,
  createdAt: new Date().toISOString(),
  columns: about.columns,
  choice,
  rows: about.rows,
  tally: emptyTally(),
  notices: about.notices,
  kept: 'browser',
  storageFailure: null,
});

function filesProblem(count: number, bytes: number): Result<never> | null {
  if (count === 0) return fail('empty_input', 'There is no file to work on.');
  if (count > MAX_FILES)
    return fail('too_many_rows', `These are ${count} files; a batch takes at most ${MAX_FILES}.`);
  if (bytes <= MAX_FILES_BYTES) return null;
  const [has, most] = [bytes, MAX_FILES_BYTES].map((size) => Math.ceil(size / 1_048_576));
  return fail('input_too_long', `The files have ${has} MB together; a batch takes ${most} MB.`);
}

export class Jobs {
  readonly #store = new JobStore();
  /** Jobs in memory: those that are open, and those that could not be kept. */
  readonly #sheets = new Map<string, Sheet>();

  #sheet(jobId: string): Sheet {
    const sheet = this.#sheets.get(jobId);
    if (!sheet) throw new Error(`job ${jobId} is not open`);
    return sheet;
  }

  /** From now on the job lives in memory only. */
  #keepInMemory(sheet: Sheet, failure: Failure): void {
    sheet.job = { ...sheet.job, kept: 'memory', storageFailure: failure };
  }

  async create(
    table: Table,
    choice: JobChoice,
    onProgress: (progress: ReadProgress) => void,
  ): Promise<Result<Job>> {
    const { bytes, rows } = table.summary;
    const job = newJob(table.summary, choice);
    const sheet = new Sheet(job, [], [], new Map());
    const full = await isFull(bytes * 2 + rows * BYTES_PER_ANSWER);
    if (full) this.#keepInMemory(sheet, full);
    return whileCreating(() => this.#fill(sheet, table, onProgress));
  }

  async #fill(
    sheet: Sheet,
    table: Table,
    onProgress: (progress: ReadProgress) => void,
  ): Promise<Result<Job>> {
    const { rows: total, bytes } = table.summary;
    for (let from = 0; from < total; from += ROWS_PER_BLOCK) {
      const rows = await table.read(from, ROWS_PER_BLOCK);
      if (!rows.ok) return rows;
      for (const row of rows.value) sheet.rows.push(row);
      await this.#keep(sheet, () => this.#store.saveRows(sheet.job.id, from, rows.value));
      onProgress({
        rows: sheet.rows.length,
        bytes: Math.round((sheet.rows.length / total) * bytes),
        totalBytes: bytes,
      });
    }
    await this.#keep(sheet, () => this.#store.saveJob(sheet.job));
    this.#sheets.set(sheet.job.id, sheet);
    return ok(sheet.job);
  }

  /** Writes where the job is kept; the first failure turns it into a job in memory and frees what was written. */
  async #keep(sheet: Sheet, write: () => Promise<Result<unknown>>): Promise<void> {
    if (sheet.job.kept === 'memory') return;
    const written = await write();
    if (written.ok) return;
    this.#keepInMemory(sheet, written.failure);
    if (sheet.answers.length === 0) await this.#store.remove(sheet.job.id);
  }

  async list(): Promise<Result<Job[]>> {
    const inMemory = [...this.#sheets.values()]
      .map((sheet) => sheet.job)
      .filter((job) => job.kept === 'memory');
    const kept = await this.#store.jobs();
    if (!kept.ok) return inMemory.length > 0 ? ok(inMemory) : kept;
    const ids = new Set(inMemory.map((job) => job.id));
    return ok([...inMemory, ...kept.value.filter((job) => !ids.has(job.id))]);
  }

  /** Reads the job anew, because another tab may have gone on with it; a job in memory is taken as it is. */
  async open(jobId: string): Promise<Result<Job>> {
    const inMemory = this.#sheets.get(jobId);
    if (inMemory?.job.kept === 'memory') return ok(inMemory.job);
    const sheet = await this.#store.load(jobId);
    if (!sheet.ok) return sheet;
    if (sheet.value === null) return fail('bad_request', 'This batch was deleted.');
    this.#sheets.set(jobId, sheet.value);
    return ok(sheet.value.job);
  }

  /** A batch of files. Where they cannot be kept, they live in memory as long as the page. */
  async createOfFiles(
    files: NamedBlob[],
    choice: Omit<JobChoice, 'textColumn' | 'labelColumn'>,
    onProgress: (progress: ReadProgress) => void,
  ): Promise<Result<Job>> {
    const totalBytes = files.reduce((sum, { size }) => sum + size, 0);
    const problem = filesProblem(files.length, totalBytes);
    if (problem) return problem;
    const fileName = files.length === 1 ? (files[0]?.name ?? '') : `${files.length} files`;
    const about = { fileName, columns: ['file', 'bytes'], rows: files.length, notices: [] };
    const whole = { ...choice, textColumn: 0, labelColumn: null, files: true };
    const rows = files.map(({ name, size }) => [name, String(size)]);
    const sheet = new Sheet(newJob(about, whole), rows, [], new Map());
    sheet.files = files;
    const full = await isFull(totalBytes + files.length * BYTES_PER_ANSWER);
    if (full) this.#keepInMemory(sheet, full);
    return whileCreating(async () => {
      let bytes = 0;
      for (const [row, file] of files.entries()) {
        await this.#keep(sheet, () => this.#store.saveFile(sheet.job.id, row, file));
        bytes += file.size;
        onProgress({ rows: row + 1, bytes, totalBytes });
      }
      await this.#keep(sheet, () => this.#store.saveRows(sheet.job.id, 0, rows));
      await this.#keep(sheet, () => this.#store.saveJob(sheet.job));
      this.#sheets.set(sheet.job.id, sheet);
      return ok(sheet.job);
    });
  }

  /** The rows from `from` on as requests to the fleet. */
  async requests(jobId: string, from: number, count: number): Promise<RunRequest[]> {
    const sheet = this.#sheet(jobId);
    const rows = Array.from(
      { length: Math.max(0, Math.min(count, sheet.rows.length - from)) },
      (_, index) => from + index,
    );
    if (!sheet.job.choice.files) return rows.map((row) => sheet.requestOf(row, null));
    return Promise.all(
      rows.map(async (row) => {
        const kept = sheet.files?.[row] ?? null;
        const stored = kept ? ok(kept) : await this.#store.file(jobId, row);
        return sheet.requestOf(row, stored.ok ? stored.value : null);
      }),
    );
  }

  texts = (jobId: string, from: number, count: number): string[] =>
    this.#sheet(jobId).texts(from, count);
  view = (jobId: string, query: RowQuery): number => this.#sheet(jobId).view(query);
  slice = (jobId: string, from: number, count: number): ShownRow[] =>
    this.#sheet(jobId).slice(from, count);

  async saveAnswers(jobId: string, from: number, answers: RowAnswer[]): Promise<Result<Job>> {
    const sheet = this.#sheet(jobId);
    sheet.take(from, answers);
    await this.#keep(sheet, () => this.#store.saveAnswers(sheet.job, from, answers));
    return ok(sheet.job);
  }

  async correct(jobId: string, row: number, label: string): Promise<Result<Job>> {
    const sheet = this.#sheet(jobId);
    sheet.corrections.set(row, label);
    await this.#keep(sheet, () => this.#store.saveCorrection(jobId, row, label));
    return ok(sheet.job);
  }

  export = (
    jobId: string,
    format: ExportFormat,
    onProgress: (rows: number) => void,
  ): Promise<Blob> => exportSheet(this.#sheet(jobId), format, onProgress);

  async remove(jobId: string): Promise<Result<null>> {
    const inMemoryOnly = this.#sheets.get(jobId)?.job.kept === 'memory';
    this.#sheets.delete(jobId);
    const removed = await this.#store.remove(jobId);
    return inMemoryOnly ? ok(null) : removed;
  }

  /** Clears what a crash left half-written, unless some tab is writing just now. */
  sweep = async (): Promise<void> => {
    const locks = await sharedLocks();
    await locks?.request(CREATING, { ifAvailable: true }, async (lock) => {
      if (lock) await this.#store.sweep();
    });
  };

  get drafts(): Pick<JobStore, 'saveDraft' | 'draft'> {
    return this.#store;
  }
}
