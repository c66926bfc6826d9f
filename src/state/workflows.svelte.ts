/** The workflows page: what goes in, the run with its steps, and what a person decides where a step waits. */
import * as v from 'valibot';
import type { Intake, NamedBlob } from '../core/intake.ts';
import type { RunRequest } from '../core/request.ts';
import type { FlotillaApp } from '../core/threads.ts';
import type { Decisions, StepRecord, Workflow, WorkflowRecord } from '../core/workflow.ts';
import { jsonOrText } from '../core/work-input.ts';
import { troubleOf, wasCancelled, type Trouble } from './trouble.ts';

type Drafts = Pick<Intake, 'saveDraft' | 'draft'>;

const KEPT = v.object({
  text: v.string(),
  extras: v.record(v.string(), v.string()),
  /** Made by this app and read by it alone. */
  record: v.nullable(v.custom<WorkflowRecord>((value) => typeof value === 'object')),
});
const PAUSE_MS = 300;
const draftOf = (id: string): string => `workflow-${id}`;

export class Workflows {
  all = $state.raw<Workflow[]>([]);
  loaded = $state(false);
  chosen = $state.raw<Workflow | null>(null);
  text = $state('');
  file = $state.raw<NamedBlob | null>(null);
  extras = $state.raw<Record<string, string>>({});
  /** The steps so far of a run that goes on. */
  steps = $state.raw<readonly StepRecord[]>([]);
  record = $state.raw<WorkflowRecord | null>(null);
  running = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  #abort: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #app: FlotillaApp;
  readonly #drafts: Drafts;

  constructor(app: FlotillaApp, drafts: Drafts) {
    this.#app = app;
    this.#drafts = drafts;
  }

  async load(): Promise<void> {
    try {
      this.all = await this.#app.workflows();
      this.trouble = null;
    } catch (error) {
      this.trouble = troubleOf(error);
    }
    this.loaded = true;
  }

  /** Shows a workflow with what was given and done before. */
  async choose(id: string): Promise<void> {
    if (this.chosen?.id === id) return;
    this.cancel();
    this.chosen = this.all.find((one) => one.id === id) ?? null;
    this.#empty();
    if (!this.chosen) return;
    const draft = await this.#drafts.draft(draftOf(id)).catch(() => null);
    const kept = v.safeParse(KEPT, draft?.ok ? draft.value?.choice : null);
    if (this.chosen.id !== id || !kept.success) return;
    this.text = kept.output.text;
    this.extras = kept.output.extras;
    this.record = kept.output.record;
    this.steps = kept.output.record?.steps ?? [];
    this.file = (draft?.ok ? draft.value?.file : null) ?? null;
  }

  #empty(): void {
    this.text = '';
    this.file = null;
    this.extras = {};
    this.record = null;
    this.steps = [];
    this.trouble = null;
  }

  /** Another text, file or extra: the record of what was before no longer belongs to it. */
  give(change: { text?: string; file?: NamedBlob | null; extras?: Record<string, string> }): void {
    if (change.text !== undefined) this.text = change.text;
    if (change.file !== undefined) this.file = change.file;
    if (change.extras) this.extras = { ...this.extras, ...change.extras };
    this.record = null;
    this.steps = [];
    this.#timer ??= setTimeout(() => void this.keep(), PAUSE_MS);
  }

  fillExample(): void {
    if (!this.chosen) return;
    const extras = this.chosen.extras.flatMap(({ name, example }) =>
      example === undefined ? [] : [[name, example] as const],
    );
    this.give({
      text: this.chosen.example.text,
      file: null,
      extras: Object.fromEntries(extras),
    });
  }

  clear(): void {
    this.cancel();
    this.#empty();
    void this.keep();
  }

  /** What must be given before it can run, in words; null when nothing is missing. */
  get lacks(): string | null {
    if (!this.chosen) return 'Choose a workflow.';
    if (!this.file && this.text.trim() === '') return `Give it ${this.chosen.takes}.`;
    const missing = this.chosen.extras.find(
      ({ name, required }) => required && (this.extras[name] ?? '').trim() === '',
    );
    return missing ? `Give it: ${missing.title}.` : null;
  }

  run(): Promise<void> {
    return this.#perform(null, {});
  }

  /** Goes on after a step that waited, with the output that the person took as right or wrote. */
  decide(step: string, output: unknown): Promise<void> {
    return this.record ? this.#perform(this.record, { [step]: output }) : Promise.resolve();
  }

  /** Tries the step that failed once more. */
  again(): Promise<void> {
    return this.record ? this.#perform(this.record, {}) : Promise.resolve();
  }

  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.running = false;
  }

  async #perform(before: WorkflowRecord | null, decisions: Decisions): Promise<void> {
    const workflow = this.chosen;
    if (!workflow || this.running) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.running = true;
    this.trouble = null;
    this.steps = before?.steps ?? [];
    try {
      const record = await this.#app.runWorkflow(workflow.id, this.#request(workflow), {
        signal: abort.signal,
        onEvent: (event) => {
          if (event.type === 'step' && this.#abort === abort) this.steps = event.steps;
        },
        ...(before && { before: $state.snapshot<WorkflowRecord>(before) }),
        decisions,
      });
      if (this.#abort !== abort) return;
      this.record = record;
      this.steps = record.steps;
      await this.keep(); // before anything can be done with it
    } catch (error) {
      if (this.#abort === abort && !wasCancelled(error)) this.trouble = troubleOf(error);
    } finally {
      if (this.#abort === abort) this.cancel();
      await this.keep();
    }
  }

  #request({ extras }: Workflow): RunRequest {
    const given = extras.flatMap(({ name, kind }) => {
      const text = this.extras[name] ?? '';
      if (text.trim() === '') return [];
      if (kind === 'knowledge') return [[name, [{ name: 'notes.md', text }]] as const];
      return [[name, kind === 'table' ? jsonOrText(text) : text] as const];
    });
    return {
      ...(this.file ? { file: this.file } : { text: this.text }),
      input: Object.fromEntries(given),
    };
  }

  /** Stores what was given and done; also called when the page is hidden. */
  async keep(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.chosen) return;
    const choice = $state.snapshot({ text: this.text, extras: this.extras, record: this.record });
    await this.#drafts
      .saveDraft(draftOf(this.chosen.id), { file: this.file, choice })
      .catch(() => null);
  }
}
