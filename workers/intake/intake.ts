/** What the page calls: opens files, reads rows, keeps jobs and drafts. Plain data in and out. */
import { checkRows } from '../../src/core/data-checks.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { Draft, Intake, LabelCount } from '../../src/core/intake.ts';
import type { DataProblem } from '../../src/core/specialist.ts';
import type { TrainRow } from '../../src/core/threads.ts';
import { Jobs } from './jobs.ts';
import { Table } from './table.ts';

const ROWS_AT_A_TIME = 5000;
/** A draft keeps its file only up to this size; a larger one is chosen again. */
const MAX_DRAFT_BYTES = 64_000_000;

/** Calls `take` with all rows of a table, in order. */
async function eachRows(table: Table, take: (rows: string[][]) => void): Promise<Result<null>> {
  for (let from = 0; from < table.summary.rows; from += ROWS_AT_A_TIME) {
    const rows = await table.read(from, ROWS_AT_A_TIME);
    if (!rows.ok) return rows;
    take(rows.value);
  }
  return ok(null);
}

async function countLabels(table: Table, column: number): Promise<Result<LabelCount[]>> {
  const counts = new Map<string, number>();
  const read = await eachRows(table, (rows) => {
    for (const row of rows) {
      const label = row[column]?.trim() ?? '';
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  });
  if (!read.ok) return read;
  const labels = [...counts].map(([label, n]) => ({ label, n }));
  return ok(labels.sort((a, b) => b.n - a.n || (a.label < b.label ? -1 : 1)));
}

async function checkTable(
  table: Table,
  text: number,
  label: number,
): Promise<Result<DataProblem[]>> {
  const rows: TrainRow[] = [];
  const read = await eachRows(table, (cells) => {
    for (const row of cells) rows.push({ text: row[text] ?? '', label: row[label]?.trim() ?? '' });
  });
  return read.ok ? ok(checkRows(rows)) : read;
}

export function createIntake(): Intake {
  const tables = new Map<string, Table>();
  const jobs = new Jobs();
  let opening = 0;
  void jobs.sweep();

  const withTable = async <T>(
    id: string,
    use: (table: Table) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const table = tables.get(id);
    return table
      ? use(table)
      : fail('bad_request', 'This file is not open any more. Choose it again.');
  };

  return {
    async open(file, onProgress) {
      const turn = ++opening;
      const id = crypto.randomUUID();
      let told = 0;
      const tell: typeof onProgress = (progress) => {
        if (performance.now() - told < 100) return;
        told = performance.now();
        onProgress(progress);
      };
      const table = await Table.open(file, {
        id,
        onProgress: tell,
        isStopped: () => turn !== opening,
      });
      if (!table.ok) return table;
      tables.set(id, table.value);
      return ok(table.value.summary);
    },
    stopOpening() {
      opening += 1;
      return Promise.resolve();
    },
    close(tableId) {
      tables.delete(tableId);
      return Promise.resolve();
    },
    read: (tableId, columns, from, count) =>
      withTable(tableId, async (table) => {
        const rows = await table.read(from, count);
        return rows.ok
          ? ok(rows.value.map((row) => columns.map((column) => row[column] ?? '')))
          : rows;
      }),
    labelCounts: (tableId, column) => withTable(tableId, (table) => countLabels(table, column)),

    check: (tableId, text, label) => withTable(tableId, (table) => checkTable(table, text, label)),

    createJob: (tableId, choice, onProgress) =>
      withTable(tableId, (table) => jobs.create(table, choice, onProgress)),
    createFilesJob: (files, choice, onProgress) => jobs.createOfFiles(files, choice, onProgress),
    jobs: () => jobs.list(),
    openJob: (jobId) => jobs.open(jobId),
    texts: (jobId, from, count) => Promise.resolve(jobs.texts(jobId, from, count)),
    requests: (jobId, from, count) => jobs.requests(jobId, from, count),
    saveAnswers: (jobId, from, answers) => jobs.saveAnswers(jobId, from, answers),
    correct: (jobId, row, label) => jobs.correct(jobId, row, label),
    view: (jobId, query) => Promise.resolve(jobs.view(jobId, query)),
    slice: (jobId, from, count) => Promise.resolve(jobs.slice(jobId, from, count)),
    exportJob: (jobId, format, onProgress) => jobs.export(jobId, format, onProgress),
    deleteJob: (jobId) => jobs.remove(jobId),

    async saveDraft(page, draft: Draft) {
      const file = draft.file !== null && draft.file.size <= MAX_DRAFT_BYTES ? draft.file : null;
      const size = (draft.files ?? []).reduce((sum, one) => sum + one.size, 0);
      const files = size <= MAX_DRAFT_BYTES ? draft.files : [];
      const kept = { ...draft, file, ...(files && { files }) };
      const saved = await jobs.drafts.saveDraft(page, kept);
      return saved.ok ? ok(null) : saved;
    },
    draft: (page) => jobs.drafts.draft(page),
  };
}
