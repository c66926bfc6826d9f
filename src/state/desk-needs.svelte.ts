/** What a piece of work needs beside the text or file: a schema, a specification, a template. Kept over a reload. */
import * as v from 'valibot';
import { inputFrom, type NeedValues } from '../core/work-input.ts';
import type { Drafts } from './desk-document.svelte.ts';

const KEPT = v.record(v.string(), v.record(v.string(), v.string()));
const PAUSE_MS = 300;

export class Needs {
  /** By task, then by the name of the need. */
  #values = $state.raw<Readonly<Record<string, NeedValues>>>({});
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #drafts: Drafts;
  readonly #name: string;

  /** `name` is that of the draft, one for each page. */
  constructor(drafts: Drafts, name = 'desk-needs') {
    this.#drafts = drafts;
    this.#name = name;
  }

  of(task: string): NeedValues {
    return Object.hasOwn(this.#values, task) ? (this.#values[task] ?? {}) : {};
  }

  write(task: string, name: string, value: string): void {
    this.fill(task, { ...this.of(task), [name]: value });
  }

  /** Takes the place of everything that was given for the task. */
  fill(task: string, values: NeedValues): void {
    this.#values = { ...this.#values, [task]: values };
    this.#timer ??= setTimeout(() => void this.keep(), PAUSE_MS);
  }

  /** What goes with the request; undefined where nothing was given. */
  input(task: string): unknown {
    return inputFrom(task, this.of(task));
  }

  /** Stores what was given now; also called when the page is hidden. */
  async keep(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#drafts
      .saveDraft(this.#name, { file: null, choice: $state.snapshot(this.#values) })
      .catch(() => null);
  }

  async restore(): Promise<void> {
    const draft = await this.#drafts.draft(this.#name).catch(() => null);
    const kept = v.safeParse(KEPT, draft?.ok ? draft.value?.choice : null);
    if (kept.success && Object.keys(this.#values).length === 0) this.#values = kept.output;
  }
}
