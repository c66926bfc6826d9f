/** Runs one batch job: pulls texts, answers them in order, saves in blocks, pauses and goes on where it stopped. */
import { rowAnswerOf, type RowAnswer } from '../core/batch-rows.ts';
import type { Intake, Job } from '../core/intake.ts';
import type { RunRequest } from '../core/request.ts';
import type { FlotillaApp, FlotillaEvent } from '../core/threads.ts';
import { troubleOf, troubleOfFailure, wasCancelled, type Trouble } from './trouble.ts';

/** A crash loses at most the answers since the last save: this many, or those of this time. */
const ROWS_PER_SAVE = 200;
const SAVE_EVERY_MS = 1000;
const ROWS_AT_A_TIME = 256;
/** The rate is that of the last seconds, so that it follows the machine. */
const RATE_WINDOW_MS = 5000;

const lockOf = (jobId: string): string => `flotilla-batch-${jobId}`;

/**
 * Does `work` unless another tab does something with this job; null when another tab does. A browser that refuses locks
 * refuses storage too: then no other tab has the job.
 */
export async function withJobLock<T>(jobId: string, work: () => Promise<T>): Promise<T | null> {
  const { locks } = navigator;
  const refused = await locks.query().then(
    () => false,
    () => true,
  );
  if (refused) return work();
  return locks.request(lockOf(jobId), { ifAvailable: true }, (lock) => (lock ? work() : null));
}

export class BatchRun {
  job = $state.raw<Job | null>(null);
  state = $state<'idle' | 'running' | 'pausing' | 'elsewhere'>('idle');
  /** Rows per second of the last seconds; null while it is not known. */
  rate = $state<number | null>(null);
  loading = $state.raw<{ specialist: string; loaded: number; total: number } | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  #abort: AbortController | null = null;
  #marks: { at: number; done: number }[] = [];
  readonly #app: FlotillaApp;
  readonly #intake: Intake;

  constructor(app: FlotillaApp, intake: Intake) {
    this.#app = app;
    this.#intake = intake;
  }

  get isActive(): boolean {
    return this.state === 'running' || this.state === 'pausing';
  }

  /** Shows a job without running it. */
  async show(jobId: string): Promise<boolean> {
    if (this.isActive) return this.job?.id === jobId;
    this.trouble = null;
    const opened = await this.#intake.openJob(jobId);
    this.job = opened.ok ? opened.value : null;
    this.state = 'idle';
    if (!opened.ok) this.trouble = troubleOfFailure(opened.failure);
    return opened.ok;
  }

  /** Runs the rows that have no answer yet. Resolves when it is done, paused or failed. */
  async start(jobId: string): Promise<void> {
    if (this.isActive) return;
    this.state = 'running';
    this.trouble = null;
    try {
      const ran = await withJobLock(jobId, async () => {
        await this.#work(jobId);
        return true;
      });
      this.state = ran === null ? 'elsewhere' : 'idle';
    } catch (error) {
      this.state = 'idle';
      if (!wasCancelled(error)) this.trouble = troubleOf(error);
    } finally {
      this.#abort = null;
      this.loading = null;
      this.rate = null;
    }
  }

  /** Stops after the row that is being answered; everything answered is kept. */
  pause(): void {
    if (this.state !== 'running') return;
    this.state = 'pausing';
    this.#abort?.abort();
  }

  async #work(jobId: string): Promise<void> {
    const opened = await this.#intake.openJob(jobId);
    if (!opened.ok) {
      this.trouble = troubleOfFailure(opened.failure);
      return;
    }
    this.job = opened.value;
    this.#marks = [{ at: performance.now(), done: opened.value.tally.done }];
    const abort = new AbortController();
    this.#abort = abort;
    if (this.state === 'pausing') return;
    const unsaved: RowAnswer[] = [];
    let savedAt = performance.now();
    try {
      const options = {
        signal: abort.signal,
        onEvent: (event: FlotillaEvent) => this.#follow(event),
      };
      for await (const answer of this.#app.runBatch(
        this.#requests(opened.value, abort.signal),
        options,
      )) {
        if (answer.status === 'cancelled') break;
        unsaved.push(rowAnswerOf(answer));
        if (unsaved.length < ROWS_PER_SAVE && performance.now() - savedAt < SAVE_EVERY_MS) continue;
        await this.#save(jobId, unsaved.splice(0));
        savedAt = performance.now();
      }
    } finally {
      if (unsaved.length > 0) await this.#save(jobId, unsaved);
    }
  }

  async *#requests(job: Job, signal: AbortSignal): AsyncGenerator<RunRequest> {
    for (let from = job.tally.done; from < job.rows && !signal.aborted; from += ROWS_AT_A_TIME) {
      yield* await this.#intake.requests(job.id, from, ROWS_AT_A_TIME);
    }
  }

  async #save(jobId: string, answers: RowAnswer[]): Promise<void> {
    const saved = await this.#intake.saveAnswers(jobId, this.job?.tally.done ?? 0, answers);
    if (!saved.ok) {
      this.trouble = troubleOfFailure(saved.failure);
      return;
    }
    this.job = saved.value;
    this.loading = null;
    const now = performance.now();
    this.#marks = [
      ...this.#marks.filter((mark) => now - mark.at < RATE_WINDOW_MS),
      { at: now, done: saved.value.tally.done },
    ];
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    if (first && last && last.at > first.at)
      this.rate = ((last.done - first.done) / (last.at - first.at)) * 1000;
  }

  #follow(event: FlotillaEvent): void {
    if (event.type !== 'loading') return;
    this.loading = {
      specialist: event.specialist,
      loaded: event.loaded_bytes,
      total: event.total_bytes,
    };
  }
}
