/** The desk: a draft that survives, one request at a time, the answer and the person's verdict on it. */
import type { Answer } from '../core/answer.ts';
import type { HistoryEntry } from '../core/history.ts';
import { TASKS, type RunRequest, type TaskId } from '../core/request.ts';
import type { FlotillaApp, FlotillaEvent, RunOptions, Verdict } from '../core/threads.ts';
import { DeskDocument, type Drafts } from './desk-document.svelte.ts';
import { Marks } from './desk-marks.svelte.ts';
import { Needs } from './desk-needs.svelte.ts';
import { entryOf, sourceTextOf, type Asked } from './history-entry.ts';
import type { History } from './history.svelte.ts';
import { keep, keepHere, recall, recallHere } from './kept.ts';
import { troubleOf, troubleOfFailure, wasCancelled, type Trouble } from './trouble.ts';

/** Above this length the draft is stored after a pause, so that typing stays quick. */
const INSTANT_DRAFT_UNITS = 20_000;
const DRAFT_PAUSE_MS = 250;
const EDIT_PAUSE_MS = 400;

export const isTaskId = (name: string | null): name is TaskId =>
  (TASKS as readonly (string | null)[]).includes(name);

function keptTask(): TaskId | '' {
  const task = recall('work');
  return isTaskId(task) ? task : '';
}

export class Desk {
  /** The draft of this tab; a new tab begins with the newest draft of all. */
  text = $state(recallHere('draft') ?? recall('draft') ?? '');
  /** What is to be done; empty: the router decides. */
  task = $state<TaskId | ''>(keptTask());
  /** Id of the chosen specialist; empty: the router decides. */
  choice = $state(recall('choice') ?? '');
  shown = $state.raw<HistoryEntry | null>(null);
  running = $state<'run' | 'escalate' | null>(null);
  loading = $state.raw<{ specialist: string; loaded: number; total: number } | null>(null);
  /** What a long piece of work does now. */
  progress = $state.raw<{ stage: string; done: number; total: number } | null>(null);
  /** What a language model has written so far of the running answer. */
  written = $state('');
  trouble = $state.raw<Trouble | null>(null);
  /** False when the browser refused to keep the draft. */
  draftKept = $state(true);
  readonly document: DeskDocument;
  readonly needs: Needs;
  readonly marks = new Marks();
  #abort: AbortController | null = null;
  #draftTimer: ReturnType<typeof setTimeout> | null = null;
  #editTimer: ReturnType<typeof setTimeout> | null = null;
  readonly #app: FlotillaApp;
  readonly #history: History;

  constructor(app: FlotillaApp, history: History, drafts: Drafts) {
    this.#app = app;
    this.#history = history;
    this.document = new DeskDocument(app.documents, drafts);
    this.needs = new Needs(drafts);
  }

  /** The file and what was typed beside it, from before a reload. */
  restore(): Promise<unknown> {
    return Promise.all([this.document.restore(), this.needs.restore()]);
  }

  write(text: string): void {
    this.text = text;
    if (text.length <= INSTANT_DRAFT_UNITS) this.keepDraft();
    else this.#draftTimer ??= setTimeout(() => this.keepDraft(), DRAFT_PAUSE_MS);
  }

  /** Stores the draft now; also called when the page is hidden. */
  keepDraft(): void {
    if (this.#draftTimer !== null) clearTimeout(this.#draftTimer);
    this.#draftTimer = null;
    const inTab = keepHere('draft', this.text);
    this.draftKept = keep('draft', this.text === '' ? null : this.text) || inTab;
  }

  choose(id: string): void {
    this.choice = id;
    keep('choice', id === '' ? null : id);
  }

  /** Another kind of work: the specialist is the router's choice again. */
  chooseTask(task: TaskId | ''): void {
    this.task = task;
    keep('work', task === '' ? null : task);
    this.choose('');
  }

  /** Is the entry about what lies on the desk now? Only then do its marks fit. */
  isAbout(entry: HistoryEntry): boolean {
    const { file, text } = entry;
    const here = this.document.file;
    return file ? here?.name === file.name && here.size === file.size : !here && text === this.text;
  }

  show(entry: HistoryEntry | null): void {
    this.shown = entry;
    this.marks.take(entry?.answer ?? null);
  }

  /** A text for this specialist, in the place of everything on the desk. */
  putFor(specialist: string, text: string): void {
    this.document.clear();
    this.chooseTask('');
    this.choose(specialist);
    this.write(text);
  }

  /** An empty desk. */
  clear(): void {
    this.cancel();
    this.trouble = null;
    this.show(null);
    this.document.clear();
    this.write('');
  }

  reopen(entry: HistoryEntry): void {
    this.cancel();
    this.trouble = null;
    this.show(entry);
    if (entry.file) void this.document.open(entry.file);
    else {
      this.document.clear();
      this.write(entry.text);
    }
  }

  /** Answers the draft, `onDevice` without asking to send it. A run that is still going on gives way. */
  run(onDevice = false): Promise<boolean> {
    const asked: Asked = { text: this.text, file: this.document.file };
    const wanted = this.#requestOf(asked);
    const request: RunRequest = onDevice ? { ...wanted, mode: 'only_on_device' } : wanted;
    return this.#perform('run', asked, (options) => this.#app.run(request, options));
  }

  /** Sends the shown request up by hand; what may leave is decided by the policy and the consent. */
  escalate(): Promise<boolean> {
    const shown = this.shown;
    if (!shown) return Promise.resolve(false);
    const asked: Asked = { text: shown.text, file: shown.file ?? null };
    const request = { ...contentOf(asked), specialist: shown.answer.specialist.id };
    return this.#perform('escalate', asked, (options) => this.#app.escalate(request, options));
  }

  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.running = null;
    this.loading = null;
    this.progress = null;
    this.written = '';
  }

  /** The person changes the output; kept with the history after a pause, as a correction only by `judge`. */
  edit(output: unknown): void {
    if (!this.shown) return;
    this.shown = { ...this.shown, edited: output };
    this.#editTimer ??= setTimeout(() => this.keepEdit(), EDIT_PAUSE_MS);
  }

  undoEdits(): void {
    if (!this.shown) return;
    const { edited, ...rest } = this.shown;
    if (edited === undefined && rest.verdict === null) return;
    this.shown = { ...rest, verdict: null };
    this.keepEdit();
  }

  keepEdit(): void {
    if (this.#editTimer !== null) clearTimeout(this.#editTimer);
    this.#editTimer = null;
    if (this.shown) void this.#history.put(this.shown);
  }

  /** Keeps the verdict as a label in this browser. Resolves to true when it was kept. */
  async judge(verdict: Verdict): Promise<boolean> {
    const shown = this.shown;
    if (!shown) return false;
    try {
      const result = await this.#app.recordVerdict(shown.answer, sourceTextOf(shown), verdict);
      if (!result.ok) {
        this.trouble = troubleOfFailure(result.failure);
        return false;
      }
    } catch (error) {
      this.trouble = troubleOf(error);
      return false;
    }
    const judged = { ...shown, verdict };
    await this.#history.put(judged); // before it is shown: what the card calls kept survives a reload
    if (this.shown === shown) this.shown = judged;
    return true;
  }

  #requestOf(asked: Asked): RunRequest {
    const input = this.task === '' ? undefined : this.needs.input(this.task);
    return {
      ...contentOf(asked),
      ...(this.choice !== '' && { specialist: this.choice }),
      // A specialist has one task; naming another beside it would only be a contradiction.
      ...(this.task !== '' && this.choice === '' && { task: this.task }),
      ...(input !== undefined && { input }),
    };
  }

  /** Resolves to true when an answer came that is to be shown. */
  async #perform(
    kind: 'run' | 'escalate',
    asked: Asked,
    call: (options: RunOptions) => Promise<Answer>,
  ): Promise<boolean> {
    if (this.#editTimer !== null) this.keepEdit();
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    this.running = kind;
    this.trouble = null;
    try {
      const answer = await call({
        signal: abort.signal,
        onEvent: (event) => this.#follow(abort, event),
      });
      if (abort !== this.#abort || answer.status === 'cancelled') return false;
      const entry = entryOf(asked, answer);
      this.show(entry);
      void this.#history.put(entry);
      return true;
    } catch (error) {
      if (abort === this.#abort && !wasCancelled(error)) this.trouble = troubleOf(error);
      return false;
    } finally {
      if (abort === this.#abort) this.cancel();
    }
  }

  #follow(abort: AbortController, event: FlotillaEvent): void {
    if (abort !== this.#abort) return;
    if (event.type === 'draft') {
      this.loading = null;
      this.written += event.delta;
    }
    if (event.type === 'progress' && event.stage !== undefined) {
      this.loading = null;
      this.progress = { stage: event.stage, done: event.done, total: event.total };
    }
    if (event.type !== 'loading') return;
    this.loading = {
      specialist: event.specialist,
      loaded: event.loaded_bytes,
      total: event.total_bytes,
    };
  }
}

const contentOf = ({ text, file }: Asked): RunRequest => (file ? { file } : { text });
