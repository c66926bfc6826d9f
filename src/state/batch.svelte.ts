/** The batch page: a dropped file, the choice of columns, the jobs of this browser and the one that is shown. */
import * as v from 'valibot';
import { answerOfRow } from '../core/batch-rows.ts';
import type {
  ExportFormat,
  Intake,
  Job,
  JobChoice,
  ReadProgress,
  ShownRow,
  TableSummary,
} from '../core/intake.ts';
import type { FlotillaApp } from '../core/threads.ts';
import { BatchRun, withJobLock } from './batch-run.svelte.ts';
import { BatchView } from './batch-view.svelte.ts';
import { DroppedTable } from './dropped-table.svelte.ts';
import { troubleOf, troubleOfFailure, type Trouble } from './trouble.ts';

const DRAFT = 'batch';
const CHOICE = v.object({
  textColumn: v.number(),
  labelColumn: v.nullable(v.number()),
  specialist: v.nullable(v.string()),
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
    this.run = new BatchRun(app, intake);
    this.view = new BatchView(intake);
  }

  async refreshJobs(): Promise<void> {
    const jobs = await this.#intake.jobs();
    if (jobs.ok) this.jobs = jobs.value;
    else this.trouble = troubleOfFailure(jobs.failure);
  }

  /** A file that was chosen before a reload is opened again, with the columns that were chosen. */
  async restoreDraft(): Promise<void> {
    if (!this.dropped.isEmpty()) return;
    const draft = await this.#intake.draft(DRAFT);
    if (!draft.ok || !draft.value?.file || !this.dropped.isEmpty()) return;
    if (await this.dropped.open(draft.value.file)) this.#settle(draft.value.choice);
  }

  async open(file: File): Promise<void> {
    this.trouble = null;
    if (await this.dropped.open(file)) {
      this.#settle(null);
      this.#keepDraft();
    }
  }

  #settle(choice: unknown): void {
    if (this.dropped.table) this.choice = fittingChoice(choice, this.dropped.table);
  }

  choose(change: Partial<JobChoice>): void {
    this.choice = { ...this.choice, ...change };
    this.#keepDraft();
  }

  #keepDraft(): void {
    void this.#intake.saveDraft(DRAFT, { file: this.dropped.file, choice: this.choice });
  }

  discard(): void {
    this.dropped.clear();
    this.#keepDraft();
  }

  /** Makes a job of the opened file. Resolves to its id; null when that failed. */
  async create(): Promise<string | null> {
    const table = this.dropped.table;
    if (!table || this.creating) return null;
    this.trouble = null;
    this.creating = { rows: 0, bytes: 0, totalBytes: table.bytes };
    try {
      const job = await this.#intake.createJob(
        table.id,
        this.choice,
        (progress) => (this.creating = progress),
      );
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
