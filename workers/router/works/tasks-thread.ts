/**
 * The tasks thread, as the router sees it: started with the first call, ended where a cancelled call does not end by
 * itself; calls that ran beside it are sent again to a new thread.
 */
import * as Comlink from 'comlink';
import { fail, type Result } from '../../../src/core/failure.ts';
import type { WorkPort, WorkRunOptions } from '../../../src/core/handle-work.ts';
import type { TasksDoor, WorkCall, WorkCallbacks } from '../../../src/core/tasks-door.ts';
import type { Finding, Work } from '../../../src/core/work.ts';
import { startThread } from '../../../src/platform/start-thread.ts';
import tasksThread from '../../tasks.worker.ts?worker&url';

/** Time that a cancelled or late call gets to end by itself, in ms. */
const GRACE_MS = 150;
/** A call that was beside one that had to be ended is sent again as often. */
const MOST_STARTS = 3;

type Found = Result<Finding<unknown>>;

interface Thread {
  worker: Worker;
  door: Comlink.Remote<TasksDoor>;
  /** Resolves when the thread is no more. */
  ended: Promise<'ended'>;
  end: () => void;
}

export interface TasksThreadOptions {
  /** Absolute address of the manifest of a specialist. */
  manifestUrl: (id: string) => string;
  /** What a call may ask for, until its deadline or its signal. */
  callbacks: (options: WorkRunOptions) => Omit<WorkCallbacks, 'onProgress'>;
  startWorker?: () => Worker;
}

const startTasksWorker = (): Worker => startThread(tasksThread, 'tasks');

export class TasksThread implements WorkPort {
  readonly #options: TasksThreadOptions;
  #thread: Thread | null = null;

  constructor(options: TasksThreadOptions) {
    this.#options = options;
  }

  async run(work: Work, options: WorkRunOptions): Promise<Found> {
    const call: WorkCall = {
      id: crypto.randomUUID(),
      work,
      manifestUrl: this.#options.manifestUrl(work.manifest.id),
      deadlineAt: options.deadlineAt,
      tiers: options.tiers,
    };
    for (let starts = 0; starts < MOST_STARTS; starts++) {
      const thread = (this.#thread ??= this.#start());
      const found = await this.#runOn(thread, call, options);
      if (found !== 'ended') return found;
    }
    return fail('runtime_failed', 'The thread of the tasks stopped.');
  }

  /** Resolves to `ended` where the thread went away for a reason that is not this call's. */
  async #runOn(thread: Thread, call: WorkCall, options: WorkRunOptions): Promise<Found | 'ended'> {
    const proxied = Comlink.proxy({
      ...this.#options.callbacks(options),
      onProgress: options.onProgress ?? (() => undefined),
    });
    const answer = thread.door
      .run(call, proxied)
      .catch((cause: unknown): Found =>
        fail('runtime_failed', `The task broke: ${String(cause)}.`),
      );
    const stopped = stopOf(options);
    const first = await Promise.race([answer, thread.ended, stopped.reached]);
    stopped.forget();
    if (first !== 'cancelled' && first !== 'deadline') return first;
    void thread.door.cancel(call.id);
    const last = await Promise.race([answer, thread.ended, after(GRACE_MS)]);
    if (last === null) this.#end(thread);
    return first === 'cancelled'
      ? fail('cancelled', 'The request was cancelled.')
      : fail('deadline', 'The task did not end in the time that the policy allows.');
  }

  #start(): Thread {
    const worker = (this.#options.startWorker ?? startTasksWorker)();
    let tell: (ended: 'ended') => void = () => undefined;
    const ended = new Promise<'ended'>((resolve) => (tell = resolve));
    const thread: Thread = {
      worker,
      door: Comlink.wrap<TasksDoor>(worker),
      ended,
      end: () => tell('ended'),
    };
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#end(thread);
    });
    return thread;
  }

  #end(thread: Thread): void {
    thread.worker.terminate();
    if (this.#thread === thread) this.#thread = null;
    thread.end();
  }
}

const after = (ms: number): Promise<null> =>
  new Promise((resolve) => setTimeout(() => resolve(null), ms));

/** Resolves when the call must stop: its signal fired, or its time is up. */
function stopOf({ signal, deadlineAt }: WorkRunOptions) {
  let cancel: () => void = () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const reached = new Promise<'cancelled' | 'deadline'>((resolve) => {
    cancel = () => resolve('cancelled');
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    timer = setTimeout(() => resolve('deadline'), Math.max(0, deadlineAt - Date.now()));
  });
  const forget = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  };
  return { reached, forget };
}
