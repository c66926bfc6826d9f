/** The train page: rows from a file, what is wrong with them, the training under way, and the card that came out. */
import type { Intake, LabelCount } from '../core/intake.ts';
import type { DataProblem, SpecialistCard } from '../core/specialist.ts';
import type { FlotillaApp, FlotillaEvent } from '../core/threads.ts';
import { DroppedTable } from './dropped-table.svelte.ts';
import { choiceFor, idOf, isNoneLabel, readTrainRows, type TrainChoice } from './train-rows.ts';
import { troubleOf, troubleOfFailure, wasCancelled, type Trouble } from './trouble.ts';

const DRAFT = 'train';
export interface TrainProgress {
  stage: string;
  done: number;
  total: number;
  rowsPerSecond: number | null;
}

export class Train {
  readonly dropped: DroppedTable;
  /** Optional second file: texts that belong to no label. */
  readonly outside: DroppedTable;
  choice = $state.raw<TrainChoice | null>(null);
  labels = $state.raw<LabelCount[] | null>(null);
  problems = $state.raw<DataProblem[] | null>(null);
  progress = $state.raw<TrainProgress | null>(null);
  card = $state.raw<SpecialistCard | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  #abort: AbortController | null = null;
  #turn = 0;
  readonly #app: FlotillaApp;
  readonly #intake: Intake;

  constructor(app: FlotillaApp, intake: Intake) {
    this.#app = app;
    this.#intake = intake;
    this.dropped = new DroppedTable(intake);
    this.outside = new DroppedTable(intake);
  }

  /** Labels that would be learned: filled, and not the mark for "no label". */
  get learned(): LabelCount[] {
    return (this.labels ?? []).filter(
      ({ label }) => label !== '' && label !== this.choice?.noneLabel,
    );
  }

  /** The file, columns and title that were chosen before a reload. */
  async restoreDraft(): Promise<void> {
    if (!this.dropped.isEmpty()) return;
    const draft = await this.#intake.draft(DRAFT);
    if (!draft.ok || !draft.value?.file || !this.dropped.isEmpty()) return;
    if (await this.dropped.open(draft.value.file)) this.#settle(draft.value.choice);
  }

  async open(file: File): Promise<void> {
    this.trouble = null;
    this.card = null;
    if (!(await this.dropped.open(file))) return;
    this.#settle(null);
    this.#keepDraft();
  }

  #settle(draft: unknown): void {
    if (!this.dropped.table) return;
    this.choice = choiceFor(draft, this.dropped.table);
    void this.#look();
  }

  choose(change: Partial<TrainChoice>): void {
    if (!this.choice) return;
    const isOtherColumn = change.textColumn !== undefined || change.labelColumn !== undefined;
    this.choice = {
      ...this.choice,
      ...change,
      ...(change.labelColumn === undefined ? {} : { noneLabel: null }),
    };
    this.#keepDraft();
    if (isOtherColumn) void this.#look();
  }

  #keepDraft(): void {
    void this.#intake.saveDraft(DRAFT, { file: this.dropped.file, choice: this.choice });
  }

  discard(): void {
    this.cancel();
    this.dropped.clear();
    this.outside.clear();
    this.choice = null;
    this.labels = null;
    this.problems = null;
    this.trouble = null;
    this.#keepDraft();
  }

  /** Counts the labels and checks the rows; a newer choice makes an older look void. */
  async #look(): Promise<void> {
    const turn = ++this.#turn;
    const table = this.dropped.table;
    const choice = this.choice;
    if (!table || !choice) return;
    this.labels = null;
    this.problems = null;
    const labels = await this.#intake.labelCounts(table.id, choice.labelColumn);
    if (turn !== this.#turn) return;
    if (!labels.ok) {
      this.trouble = troubleOfFailure(labels.failure);
      return;
    }
    this.labels = labels.value;
    const mark = labels.value.find(({ label }) => isNoneLabel(label));
    if (mark && this.choice?.noneLabel === null) this.choose({ noneLabel: mark.label });
    const problems = await this.#intake.check(table.id, choice.textColumn, choice.labelColumn);
    if (turn === this.#turn && problems.ok) this.problems = problems.value;
  }

  cancel(): void {
    this.#abort?.abort();
  }

  /** Trains and publishes to this browser's fleet. Resolves to the card, or null when it failed or was stopped. */
  async train(shippedIds: string[]): Promise<SpecialistCard | null> {
    const choice = this.choice;
    if (!choice || this.progress) return null;
    const abort = new AbortController();
    this.#abort = abort;
    this.trouble = null;
    this.card = null;
    this.progress = {
      stage: 'Reading the rows',
      done: 0,
      total: this.dropped.table?.rows ?? 0,
      rowsPerSecond: null,
    };
    try {
      const tables = { inside: this.dropped.table, outside: this.outside.table };
      const read = await readTrainRows(this.#intake, tables, choice, abort.signal);
      if (!read.ok) {
        if (read.failure.code !== 'cancelled') this.trouble = troubleOfFailure(read.failure);
        return null;
      }
      const id = shippedIds.includes(idOf(choice.title))
        ? `${idOf(choice.title)}-own`
        : idOf(choice.title);
      const title = choice.title.trim() || id;
      const spec = {
        id,
        title,
        task: 'classify' as const,
        ...read.value,
        maxError: choice.maxError,
      };
      this.card = await this.#app.train(spec, {
        signal: abort.signal,
        onEvent: (event) => this.#follow(event),
      });
      return this.card;
    } catch (error) {
      if (!wasCancelled(error)) this.trouble = troubleOf(error);
      return null;
    } finally {
      this.progress = null;
      this.#abort = null;
    }
  }

  #follow(event: FlotillaEvent): void {
    if (event.type === 'loading') {
      this.progress = {
        stage: 'Loading the encoder',
        done: event.loaded_bytes,
        total: event.total_bytes,
        rowsPerSecond: null,
      };
    }
    if (event.type !== 'progress') return;
    const { done, total, stage, rowsPerSecond } = event;
    this.progress = {
      stage: stage ?? 'Training',
      done,
      total,
      rowsPerSecond: rowsPerSecond ?? null,
    };
  }
}

const trainings = new WeakMap<FlotillaApp, Train>();

/** One training state for each client, so that a training goes on while another page is shown. */
export function trainOf(app: FlotillaApp, intake: Intake): Train {
  const known = trainings.get(app);
  if (known) return known;
  const train = new Train(app, intake);
  trainings.set(app, train);
  return train;
}
