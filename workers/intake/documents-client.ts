/** Starts the documents thread when it is needed, speaks its door, and ends it when it idles, dies or does not stop. */
import * as Comlink from 'comlink';
import type { DocumentReader, ReadingProgress } from '../../src/core/document.ts';
import { fail, type Failure, type Result } from '../../src/core/failure.ts';
import documentsThread from '../documents.worker.ts?worker&url';
import { startThread } from '../../src/platform/start-thread.ts';
import type { DocumentsThread } from './documents/contract.ts';

/** After this many ms without work the thread is ended: its libraries hold tens of megabytes. */
const IDLE_MS = 60_000;
/** A call that was cancelled answers at once; its thread gets this long to stop, in ms. */
const GRACE_MS = 2_000;

/** One call that is under way. */
interface Call {
  id: number;
  /** Runs it on a thread, again on the next one when the thread had to be ended for another call's sake. */
  start(thread: Thread): void;
  end(failure: Failure): void;
}

interface Thread {
  remote: Comlink.Remote<DocumentsThread>;
  worker: Worker;
}

export interface Limits {
  idleMs?: number;
  graceMs?: number;
  startWorker?: () => Worker;
}

const newWorker = (): Worker => startThread(documentsThread, 'documents');

/** A reader whose thread is started by the first call. Never rejects; a thread that dies answers `runtime_failed`. */
export function connectDocuments(limits: Limits = {}): DocumentReader {
  const pool = new DocumentsPool(limits);
  const silent = () => undefined;
  return {
    read: (file, { signal, onProgress = silent } = {}) =>
      pool.call(signal, (remote, id) =>
        remote.read(
          id,
          file,
          Comlink.proxy((progress: ReadingProgress) => onProgress(progress)),
        ),
      ),
    pageImage: (file, page, maxWidth) =>
      pool.call(undefined, (remote, id) => remote.pageImage(id, file, page, maxWidth)),
    attachment: (file, index) =>
      pool.call(undefined, (remote, id) => remote.attachment(id, file, index)),
  };
}

class DocumentsPool {
  #thread: Thread | null = null;
  #calls = new Map<number, Call>();
  /** Cancelled calls that their thread has not given up yet. */
  #stopping = new Set<number>();
  #idle: ReturnType<typeof setTimeout> | undefined;
  #nextId = 1;
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  call<T>(
    signal: AbortSignal | undefined,
    ask: (remote: Comlink.Remote<DocumentsThread>, id: number) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    if (signal?.aborted) return Promise.resolve(fail('cancelled', 'Reading was cancelled.'));
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const settle = (result: Result<T>) => {
        signal?.removeEventListener('abort', stop);
        this.#calls.delete(id);
        resolve(result);
        this.#rest();
      };
      const stop = () => {
        settle(fail('cancelled', 'Reading was cancelled.'));
        this.#cancel(id);
      };
      const start = (thread: Thread) => {
        void ask(thread.remote, id)
          .catch((cause: unknown) => fail('runtime_failed', `Reading broke: ${String(cause)}.`))
          .then((result) => {
            this.#stopping.delete(id);
            if (thread === this.#thread) settle(result);
          });
      };
      signal?.addEventListener('abort', stop, { once: true });
      this.#calls.set(id, { id, start, end: (failure) => settle({ ok: false, failure }) });
      clearTimeout(this.#idle);
      start(this.#open());
    });
  }

  #open(): Thread {
    if (this.#thread !== null) return this.#thread;
    const worker = (this.#limits.startWorker ?? newWorker)();
    const thread: Thread = { worker, remote: Comlink.wrap<DocumentsThread>(worker) };
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (thread !== this.#thread) return;
      this.#close();
      const why = event.message || 'its script could not be loaded';
      for (const call of [...this.#calls.values()])
        call.end({ code: 'runtime_failed', message: `The document reader stopped: ${why}.` });
    });
    this.#thread = thread;
    return thread;
  }

  #close(): void {
    this.#thread?.worker.terminate();
    this.#thread = null;
    this.#stopping.clear();
  }

  /** Asks the thread to stop a call; one that does not is ended, and the other calls begin anew. */
  #cancel(id: number): void {
    const thread = this.#thread;
    if (thread === null) return;
    this.#stopping.add(id);
    void Promise.resolve(thread.remote.cancel(id)).catch(() => undefined);
    setTimeout(() => {
      if (thread !== this.#thread || !this.#stopping.has(id)) return;
      this.#close();
      for (const call of this.#calls.values()) call.start(this.#open());
    }, this.#limits.graceMs ?? GRACE_MS);
  }

  /** Ends the thread when nothing was asked for a while. */
  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#calls.size > 0) return;
    this.#idle = setTimeout(() => this.#close(), this.#limits.idleMs ?? IDLE_MS);
  }
}
