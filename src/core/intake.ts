/** The door of the intake worker: tables that were dropped, and the batch jobs kept from them. Types and limits only. */
import type { RowAnswer, RowQuery, Tally } from './batch-rows.ts';
import type { ColumnGuess } from './columns.ts';
import type { Failure, Result } from './failure.ts';
import type { RunRequest, TaskId } from './request.ts';
import type { DataProblem } from './specialist.ts';

/** Most data rows of one file; a longer file is refused, not cut. */
export const MAX_ROWS = 1_000_000;

/** A `File`, as far as intake looks at it. */
export type NamedBlob = Blob & { readonly name: string };

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** What was found in a file. Rows are read on demand. */
export interface TableSummary {
  id: string;
  fileName: string;
  bytes: number;
  format: 'delimited' | 'jsonl';
  encoding: Encoding;
  /** Null for JSONL and for a table of one column. */
  delimiter: string | null;
  columns: string[];
  /** The first rows, long cells cut. */
  preview: string[][];
  rows: number;
  /** What the person should know before relying on the rows, e.g. a guessed encoding. */
  notices: string[];
  guess: ColumnGuess;
}

export interface ReadProgress {
  rows: number;
  bytes: number;
  totalBytes: number;
}

export interface LabelCount {
  label: string;
  n: number;
}

/** What a person chose to do with a table. Columns are positions; `specialist: null` lets the router decide. */
export interface JobChoice {
  textColumn: number;
  labelColumn: number | null;
  specialist: string | null;
  /** Left out: labels. */
  task?: TaskId;
  /** Extras of the task, the same for every row; see RunRequest. */
  input?: unknown;
  /** The row itself is the record of the task (`input.record`), by column name. */
  rowIsRecord?: boolean;
  /** The rows are files, not texts. */
  files?: boolean;
}

/** Most files of one batch, and most bytes of all of them together. */
export const MAX_FILES = 2000;
export const MAX_FILES_BYTES = 500 * 1_048_576;

/** One batch: a file, a choice and its answers. Kept in this browser, or in memory where storage is full. */
export interface Job {
  schema: 1;
  id: string;
  fileName: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  columns: string[];
  choice: JobChoice;
  rows: number;
  tally: Tally;
  notices: string[];
  kept: 'browser' | 'memory';
  /** Why it is kept in memory only. */
  storageFailure: Failure | null;
}

/** A row as the table shows it; long texts are cut. */
export interface ShownRow {
  row: number;
  text: string;
  given: string | null;
  answer: RowAnswer | null;
  corrected: string | null;
}

export type ExportFormat = 'csv' | 'jsonl' | 'xlsx';

/** What a person had prepared on a page, so that a reload does not lose it. */
export interface Draft {
  file: NamedBlob | null;
  /** Of a batch of files. */
  files?: NamedBlob[];
  /** Small, plain values of the page; checked by the page when read. */
  choice: unknown;
}

/** What the worker offers. All expected failures are values. */
export interface Intake {
  open(
    file: NamedBlob,
    onProgress: (progress: ReadProgress) => void,
  ): Promise<Result<TableSummary>>;
  /** Ends an `open` that is under way: it answers `cancelled`. */
  stopOpening(): Promise<void>;
  close(tableId: string): Promise<void>;
  /** `count` rows from `from` on, only the chosen columns. The reader pulls: nothing is read ahead. */
  read(
    tableId: string,
    columns: number[],
    from: number,
    count: number,
  ): Promise<Result<string[][]>>;
  labelCounts(tableId: string, column: number): Promise<Result<LabelCount[]>>;
  /** What data checks say about the rows as training rows. */
  check(tableId: string, text: number, label: number): Promise<Result<DataProblem[]>>;

  createJob(
    tableId: string,
    choice: JobChoice,
    onProgress: (progress: ReadProgress) => void,
  ): Promise<Result<Job>>;
  /** A batch whose rows are files: kept in this browser until it is deleted. Fails with too_many_rows, input_too_long. */
  createFilesJob(
    files: NamedBlob[],
    choice: Omit<JobChoice, 'textColumn' | 'labelColumn'>,
    onProgress: (progress: ReadProgress) => void,
  ): Promise<Result<Job>>;
  jobs(): Promise<Result<Job[]>>;
  /** Brings a kept job into memory. */
  openJob(jobId: string): Promise<Result<Job>>;
  texts(jobId: string, from: number, count: number): Promise<string[]>;
  /** The rows from `from` on as requests to the fleet. A file that is gone is a request with empty text. */
  requests(jobId: string, from: number, count: number): Promise<RunRequest[]>;
  /** Answers of the rows from `from` on; written in one transaction with the counts. */
  saveAnswers(jobId: string, from: number, answers: RowAnswer[]): Promise<Result<Job>>;
  correct(jobId: string, row: number, label: string): Promise<Result<Job>>;
  /** Applies a query; returns how many rows it shows. */
  view(jobId: string, query: RowQuery): Promise<number>;
  /** Rows of the applied query, by position in it. */
  slice(jobId: string, from: number, count: number): Promise<ShownRow[]>;
  exportJob(jobId: string, format: ExportFormat, onProgress: (rows: number) => void): Promise<Blob>;
  deleteJob(jobId: string): Promise<Result<null>>;

  saveDraft(page: string, draft: Draft): Promise<Result<null>>;
  draft(page: string): Promise<Result<Draft | null>>;
}
