/** The desk: a draft that survives, one request at a time, the answer and the person's verdict on it. */
import type { Answer } from '../core/answer.ts';
import type { RunRequest } from '../core/request.ts';
import type { FlotillaApp, FlotillaEvent, RunOptions } from '../core/threads.ts';
import type { HistoryEntry } from '../core/history.ts';
import { entryOf } from './history-entry.ts';
import type { History } from './history.svelte.ts';
import { keep, recall } from './kept.ts';
import { troubleOf, troubleOfFailure, wasCancelled, type Trouble } from './trouble.ts';

/** Above this length the draft is stored after a pause, so that typing stays quick. */
const INSTANT_DRAFT_UNITS = 20_000;
const DRAFT_PAUSE_MS = 250;

export class Desk {
  text = $state(recall('draft') ?? '');
  /** Id of the chosen specialist; empty: the router decides. */
  choice = $state(recall('choice') ?? '');
  shown = $state.raw<HistoryEntry | null>(null);
  running = $state<'run' | 'escalate' | null>(null);
  loading = $state.raw<{ specialist: string; loaded: number; total: number } | null>(null);
  /** What a language model has written so far of the running answer. */
  written = $state('');
  trouble = $state.raw<Trouble | null>(null);
  /** False when the browser refused to keep the draft. */
  draftKept = $state(true);
  #abort: AbortController | null = null;
  #draftTimer: ReturnType<typeof setTimeout> | null = null;
  readonly #app: FlotillaApp;
  readonly #history: History;

  constructor(app: FlotillaApp, history: History) {
    this.#app = app;
    this.#history = history;
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
    this.draftKept = keep('draft', this.text === '' ? null : this.text);
  }

  choose(id: string): void {
    this.choice = id;
    keep('choice', id === '' ? null : id);
  }

  reopen(entry: HistoryEntry): void {
    this.cancel();
    this.trouble = null;
    this.shown = entry;
    this.write(entry.text);
  }

  /** Answers the draft, `onDevice` without asking to send it. A run that is still going on gives way. */
  run(onDevice = false): Promise<boolean> {
    const wanted = requestOf(this.text, this.choice);
    const request: RunRequest = onDevice ? { ...wanted, mode: 'only_on_device' } : wanted;
    return this.#perform('run', this.text, (options) => this.#app.run(request, options));
  }

  /** Sends the shown request up by hand; what may leave is decided by the policy and the consent. */
  escalate(): Promise<boolean> {
    const shown = this.shown;
    if (!shown) return Promise.resolve(false);
    const request = requestOf(shown.text, shown.answer.specialist.id);
    return this.#perform('escalate', shown.text, (options) => this.#app.escalate(request, options));
  }

  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.running = null;
    this.loading = null;
    this.written = '';
  }

  /** Keeps the verdict as a label in this browser. Resolves to true when it was kept. */
  async judge(verdict: 'accepted' | { correctedTo: string }): Promise<boolean> {
    const shown = this.shown;
    if (!shown) return false;
    try {
      const result = await this.#app.recordVerdict(shown.answer, shown.text, verdict);
      if (!result.ok) {
        this.trouble = troubleOfFailure(result.failure);
        return false;
      }
    } catch (error) {
      this.trouble = troubleOf(error);
      return false;
    }
    const judged = { ...shown, verdict };
    if (this.shown === shown) this.shown = judged;
    await this.#history.put(judged);
    return true;
  }

  /** Resolves to true when an answer came that is to be shown. */
  async #perform(
    kind: 'run' | 'escalate',
    text: string,
    call: (options: RunOptions) => Promise<Answer>,
  ): Promise<boolean> {
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
      this.shown = entryOf(text, answer);
      void this.#history.put(this.shown);
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
    if (event.type !== 'loading') return;
    this.loading = {
      specialist: event.specialist,
      loaded: event.loaded_bytes,
      total: event.total_bytes,
    };
  }
}

const requestOf = (text: string, specialist: string): RunRequest =>
  specialist === '' ? { text } : { text, specialist };
