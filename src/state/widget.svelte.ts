/** The widget's form: what is asked and how far it is. The engine starts with the first use. */
import type { Answer } from '../core/answer.ts';
import type { ToolCall } from '../core/chat-api.ts';
import { layoutFor, type Layout } from '../core/embed.ts';
import type { WidgetLook } from '../core/embed-protocol.ts';
import type { NamedBlob } from '../core/intake.ts';
import type { RunRequest, TaskId } from '../core/request.ts';
import type {
  ConsentQuestion,
  FlotillaApp,
  FlotillaEvent,
  RunOptions,
  RuntimeState,
  Verdict,
} from '../core/threads.ts';
import type { WidgetHost } from '../core/widget-host.ts';
import { entryOf, type Asked } from './history-entry.ts';
import { summaryOf } from './engine.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { OpenQuestions } from './open-questions.svelte.ts';
import { troubleOf, wasCancelled, type Trouble } from './trouble.ts';
import { WidgetAnswers } from './widget-answers.svelte.ts';
import { keepDraft } from './widget-draft.ts';

export type Question =
  { ask: 'consent'; of: ConsentQuestion } | { ask: 'tool'; of: ToolCall['function'] };

/** Bytes of what is being loaded. */
export interface Loading {
  loaded: number;
  total: number;
}

export class Widget {
  look = $state.raw<WidgetLook>({});
  text = $state('');
  file = $state.raw<NamedBlob | null>(null);
  /** Chosen by the person where the host named none; empty: decided from the text. */
  choice = $state<TaskId | ''>('');
  running = $state<'run' | 'escalate' | null>(null);
  /** What a long piece of work does now, in the engine's words. */
  stage = $state<string | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  /** The browser keeps nothing here; known once the engine was started. */
  keepsNothing = $state(false);
  /** What is asked before something leaves or a tool is called. */
  readonly questions = new OpenQuestions<Question>();
  readonly notices = new Notices();
  readonly answers: WidgetAnswers;
  readonly host: WidgetHost;
  #byEvent = $state.raw<Loading | null>(null);
  #runtimes = $state.raw<Record<string, RuntimeState>>({});
  /** Text that the person typed and did not ask about yet: a host does not replace it. */
  #typed = false;
  #abort: AbortController | null = null;
  #app: Promise<FlotillaApp> | null = null;
  readonly #engine: () => Promise<FlotillaApp>;

  constructor(host: WidgetHost, engine: () => Promise<FlotillaApp>) {
    this.host = host;
    this.#engine = engine;
    this.answers = new WidgetAnswers(host, () => this.#start());
    host.onConsent((of) => this.questions.ask({ ask: 'consent', of }));
    host.onToolCall((of) => this.questions.ask({ ask: 'tool', of }));
    host.onLook((look) => this.#take(look));
    this.look = host.look();
    this.text = this.look.text ?? '';
  }

  get layout(): Layout {
    return layoutFor(this.host.rules, this.look.layout);
  }

  /** What is to be done; null: the router decides. */
  get task(): TaskId | null {
    return this.look.task ?? (this.choice === '' ? null : this.choice);
  }

  /** Null: nothing is being loaded, or it is not known how much. */
  get loading(): Loading | null {
    if (this.#byEvent) return this.#byEvent;
    const { tone, loadedBytes, totalBytes } = summaryOf(this.#runtimes);
    const known = tone === 'loading' && totalBytes > 0;
    return known ? { loaded: loadedBytes, total: totalBytes } : null;
  }

  get canEscalate(): boolean {
    const task = this.answers.shown?.answer.task;
    return task === 'classify' && !this.keepsNothing && this.host.mayLeave(task).length > 0;
  }

  write(text: string): void {
    this.text = text;
    this.#typed = text !== '';
    keepDraft(this.host.origin, this.look, text);
    if (this.#typed) this.warmUp();
  }

  /** A file takes the place of the text, which comes back when the file is removed. */
  put(file: NamedBlob | null): void {
    this.file = file;
    this.trouble = null;
    if (file) this.warmUp();
  }

  /** Starts the engine and its loading, so that it is ready when it is asked. A failure shows when something is asked. */
  warmUp(): void {
    void this.#start().catch(() => undefined);
  }

  ask(): Promise<boolean> {
    const asked: Asked = { text: this.text, file: this.file };
    const { specialist } = this.look;
    const task = this.task;
    const request: RunRequest = {
      ...contentOf(asked),
      ...(specialist !== undefined && { specialist }),
      // A specialist has one task; naming another beside it would only be a contradiction.
      ...(task !== null && specialist === undefined && { task }),
    };
    return this.#perform('run', asked, (app, options) => app.run(request, options));
  }

  /** Sends the shown request up by hand; what may leave is decided by the policy and the person. */
  escalate(): Promise<boolean> {
    const { shown } = this.answers;
    if (!shown || !this.canEscalate) return Promise.resolve(false);
    const asked: Asked = { text: shown.text, file: shown.file ?? null };
    const request = { ...contentOf(asked), specialist: shown.answer.specialist.id };
    return this.#perform('escalate', asked, (app, options) => app.escalate(request, options));
  }

  cancel(): void {
    if (!this.running) return;
    this.questions.withdraw();
    this.#abort?.abort();
    this.#settle();
  }

  /** Resolves to true when it was kept, as a label in this browser. */
  async judge(verdict: Verdict): Promise<boolean> {
    if (!this.answers.shown) return false;
    this.trouble = await this.answers.judge(verdict);
    return this.trouble === null;
  }

  #take(look: WidgetLook): void {
    const text = look.text;
    const before = this.look;
    this.look = look;
    if (text === undefined || text === before.text || this.#typed || this.running) return;
    keepDraft(this.host.origin, before, '');
    this.text = text;
    this.file = null;
    this.answers.show(null);
    this.trouble = null;
  }

  /** Once; again after a failure. */
  #start(): Promise<FlotillaApp> {
    this.#app ??= this.#engine().then(
      (app) => {
        app.warmUp((runtimes) => (this.#runtimes = runtimes)).catch(() => undefined);
        app.capabilities().then(
          ({ storage }) => (this.keepsNothing = storage.kind === 'memory'),
          () => undefined,
        );
        return app;
      },
      (error: unknown) => {
        this.#app = null;
        throw error;
      },
    );
    return this.#app;
  }

  /** Resolves to true when an answer came that is to be shown. */
  async #perform(
    kind: 'run' | 'escalate',
    asked: Asked,
    call: (app: FlotillaApp, options: RunOptions) => Promise<Answer>,
  ): Promise<boolean> {
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    this.running = kind;
    this.trouble = null;
    try {
      const app = await this.#start();
      if (abort.signal.aborted) return false;
      const onEvent = (event: FlotillaEvent): void => this.#follow(abort, event);
      const answer = await call(app, { signal: abort.signal, onEvent });
      if (abort !== this.#abort || answer.status === 'cancelled') return false;
      this.#arrive(asked, answer);
      return true;
    } catch (error) {
      if (abort === this.#abort && !wasCancelled(error)) this.trouble = troubleOf(error);
      return false;
    } finally {
      if (abort === this.#abort) this.#settle();
    }
  }

  #arrive(asked: Asked, answer: Answer): void {
    if (asked.text === this.text) this.#typed = false;
    this.answers.add(entryOf(asked, answer));
  }

  #settle(): void {
    this.#abort = null;
    this.running = null;
    this.#byEvent = null;
    this.stage = null;
  }

  #follow(abort: AbortController, event: FlotillaEvent): void {
    if (abort !== this.#abort) return;
    if (event.type === 'escalated') this.running = 'escalate';
    if (event.type === 'progress' && event.stage !== undefined) {
      this.#byEvent = null;
      this.stage = event.stage;
    }
    if (event.type === 'loading')
      this.#byEvent = { loaded: event.loaded_bytes, total: event.total_bytes };
  }
}

const contentOf = ({ text, file }: Asked): RunRequest => (file ? { file } : { text });
