/** The batch page: a dropped file, the choice of columns, the jobs of this browser and the one that is shown. */
import * as v from 'valibot';
import { answerOfRow } from '../core/batch-rows.ts';
import type { HistoryEntry } from '../core/history.ts';
import type {
  ExportFormat,
  Intake,
  Job,
  JobChoice,
  NamedBlob,
  ReadProgress,
  ShownRow,
  TableSummary,
} from '../core/intake.ts';
import { TASKS, type TaskId } from '../core/request.ts';
import type { FlotillaApp } from '../core/threads.ts';
import { BatchRun, withJobLock } from './batch-run.svelte.ts';
import { BatchView } from './batch-view.svelte.ts';
import { entryOf } from './history-entry.ts';
import { Needs } from './desk-needs.svelte.ts';
import { DroppedTable } from './dropped-table.svelte.ts';
import { troubleOf, troubleOfFailure, type Trouble } from './trouble.ts';

const DRAFT = 'batch';
/** Files that are read as a table where they come alone. */
const TABLE = /\.(?:csv|tsv|jsonl|ndjson|txt)$/iu;
const CHOICE = v.object({
  textColumn: v.number(),
  labelColumn: v.nullable(v.number()),
  specialist: v.nullable(v.string()),
  task: v.exactOptional(v.picklist(TASKS)),
  rowIsRecord: v.exactOptional(v.boolean()),
});

const guessOf = (table: TableSummary): JobChoice => ({
  textColumn: table.guess.text,
  labelColumn: table.guess.label,
  specialist: null,
});

/** The choice as it was, where it fits the table. */
function fittingChoice(choice: unknown, table: TableSummary): JobChoice {
  const parsed = v.safeParse(CHOICE, choice);
  const fits =
    parsed.success &&
    Math.max(parsed.output.textColumn, parsed.output.labelColumn ?? 0) < table.columns.length;
  return fits ? parsed.output : guessOf(table);
}

export class Batch {
  readonly dropped: DroppedTable;
  readonly run: BatchRun;
  readonly view: BatchView;
  choice = $state.raw<JobChoice>({ textColumn: 0, labelColumn: null, specialist: null });
  /** Files that were dropped to be worked on, one row each. */
  files = $state.raw<NamedBlob[]>([]);
  /** What the chosen work needs beside the rows. */
  readonly needs: Needs;
  jobs = $state.raw<Job[]>([]);
  /** Rows copied into the new job so far. */
  creating = $state.raw<ReadProgress | null>(null);
  exporting = $state<number | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  readonly #app: FlotillaApp;
  readonly #intake: Intake;

  constructor(app: FlotillaApp, intake: Intake) {
    this.#app = app;
    this.#intake = intake;
    this.dropped = new DroppedTable(intake);
    this.needs = new Needs(intake, 'batch-needs');
    this.run = new BatchRun(app, intake);
    this.view = new BatchView(intake);
  }

  async refreshJobs(): Promise<void> {
    const jobs = await this.#intake.jobs();
    if (jobs.ok) this.jobs = jobs.value;
    else this.trouble = troubleOfFailure(jobs.failure);
  }

  /** What was chosen before a reload is there again, with the columns and the work that were chosen. */
  async restoreDraft(): Promise<void> {
    if (!this.#isEmpty()) return;
    await this.needs.restore();
    const draft = await this.#intake.draft(DRAFT);
    if (!draft.ok || !draft.value || !this.#isEmpty()) return;
    const { file, files = [], choice } = draft.value;
    if (files.length > 0) {
      const parsed = v.safeParse(CHOICE, choice);
      if (parsed.success) this.choice = parsed.output;
      this.files = files;
    } else if (file && (await this.dropped.open(file))) this.#settle(choice);
  }

  #isEmpty(): boolean {
    return this.dropped.isEmpty() && this.files.length === 0;
  }

  /** A table is opened; every other file, and several files, become rows of their own. True: they are kept. */
  async take(files: NamedBlob[]): Promise<boolean> {
    this.trouble = null;
    const [only] = files;
    if (files.length === 1 && only && TABLE.test(only.name)) {
      if (!(await this.dropped.open(only))) return false;
      this.#settle(null);
      return this.#keepDraft();
    }
    this.dropped.clear();
    this.choice = { textColumn: 0, labelColumn: null, specialist: null, task: 'extract' };
    this.files = files;
    return this.#keepDraft();
  }

  #settle(choice: unknown): void {
    if (this.dropped.table) this.choice = fittingChoice(choice, this.dropped.table);
  }

  /** Chooses the work; the specialist of another work gives way. */
  chooseTask(task: TaskId): void {
    const { textColumn, labelColumn } = this.choice;
    const isRecord = task === 'generate' && this.files.length === 0;
    this.choice = {
      textColumn,
      labelColumn,
      specialist: null,
      ...(task !== 'classify' && { task }),
      ...(isRecord && { rowIsRecord: true }),
    };
    void this.#keepDraft();
  }

  choose(change: Partial<JobChoice>): void {
    this.choice = { ...this.choice, ...change };
    void this.#keepDraft();
  }

  async #keepDraft(): Promise<boolean> {
    const { file } = this.dropped;
    const draft = { file, files: this.files, choice: this.choice };
    return (await this.#intake.saveDraft(DRAFT, draft)).ok;
  }

  discard(): void {
    this.dropped.clear();
    this.files = [];
    void this.#keepDraft();
  }

  /** Makes a job of what was dropped. Resolves to its id; null when that failed. */
  async create(): Promise<string | null> {
    const { table } = this.dropped;
    if ((!table && this.files.length === 0) || this.creating) return null;
    this.trouble = null;
    this.creating = { rows: 0, bytes: 0, totalBytes: table?.bytes ?? 0 };
    const onProgress = (progress: ReadProgress): void => {
      if (this.creating) this.creating = progress; // the last figures may come after the result
    };
    const input = this.choice.task ? this.needs.input(this.choice.task) : undefined;
    const choice = { ...this.choice, ...(input !== undefined && { input }) };
    try {
      const job = table
        ? await this.#intake.createJob(table.id, choice, onProgress)
        : await this.#intake.createFilesJob(this.files, choice, onProgress);
      if (!job.ok) {
        this.trouble = troubleOfFailure(job.failure);
        return null;
      }
      this.discard();
      return job.value.id;
    } catch (error) {
      this.trouble = troubleOf(error);
      return null;
    } finally {
      this.creating = null;
    }
  }

  /** Shows a job in the table; a job that is running stays the shown one. */
  async show(jobId: string): Promise<void> {
    if (!(await this.run.show(jobId))) return;
    this.view.show(jobId);
  }

  async remove(jobId: string): Promise<void> {
    const removed = await withJobLock(jobId, () => this.#intake.deleteJob(jobId));
    if (removed === null) {
      const failure = {
        code: 'bad_request',
        message: 'This batch runs at the moment, here or in another tab.',
      } as const;
      this.trouble = { ...failure, hint: 'Pause it first, then delete it.' };
    } else if (!removed.ok) this.trouble = troubleOfFailure(removed.failure);
    await this.refreshJobs();
  }

  /** Keeps the right label of a row, as a label for later training and in the job. Resolves to true when kept. */
  async correct(row: ShownRow, label: string): Promise<boolean> {
    const job = this.run.job;
    if (!job || !row.answer) return false;
    try {
      const [text = ''] = await this.#intake.texts(job.id, row.row, 1);
      const kept = await this.#app.recordVerdict(answerOfRow(row.answer), text, {
        correctedTo: label,
      });
      const corrected = kept.ok ? await this.#intake.correct(job.id, row.row, label) : kept;
      if (!corrected.ok) this.trouble = troubleOfFailure(corrected.failure);
      else this.view.refresh();
      return corrected.ok;
    } catch (error) {
      this.trouble = troubleOf(error);
      return false;
    }
  }

  /** A row with its answer as an entry of the desk, where it can be read and corrected in its own form. */
  async entryOfRow(row: ShownRow): Promise<HistoryEntry | null> {
    const job = this.run.job;
    if (!job || !row.answer) return null;
    try {
      const [request] = await this.#intake.requests(job.id, row.row, 1);
      const file = request?.file ? (request.file as NamedBlob) : null;
      const read = file ? await this.#app.documents.read(file) : null;
      if (read && !read.ok) this.trouble = troubleOfFailure(read.failure);
      const answer = answerOfRow(row.answer);
      const whole = read?.ok ? { ...answer, input_text: read.value.text } : answer;
      return entryOf({ text: request?.text ?? '', file }, whole);
    } catch (error) {
      this.trouble = troubleOf(error);
      return null;
    }
  }

  /** The rows with their answers as a file. */
  async export(format: ExportFormat): Promise<{ name: string; content: Blob } | null> {
    const job = this.run.job;
    if (!job || this.exporting !== null) return null;
    this.exporting = 0;
    try {
      const content = await this.#intake.exportJob(
        job.id,
        format,
        (rows) => (this.exporting = rows),
      );
      return { name: `${job.fileName.replace(/\.[^.]+$/, '')}-answers.${format}`, content };
    } catch (error) {
      this.trouble = troubleOf(error);
      return null;
    } finally {
      this.exporting = null;
    }
  }
}

const batches = new WeakMap<FlotillaApp, Batch>();

/** One batch state for each client, so that a run goes on while another page is shown. */
export function batchOf(app: FlotillaApp, intake: Intake): Batch {
  const known = batches.get(app);
  if (known) return known;
  const batch = new Batch(app, intake);
  batches.set(app, batch);
  return batch;
}
