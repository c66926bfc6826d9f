/** The documents thread behind its door: one piece of work at a time, so that two large files do not share the memory. */
import { fail, type Result } from '../../../src/core/failure.ts';
import type { DocumentsThread } from './contract.ts';
import { cancelled } from './parsed.ts';
import { Reader } from './reader.ts';

export function serveDocuments(): DocumentsThread {
  const reader = new Reader();
  const running = new Map<number, AbortController>();
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(
    id: number,
    work: (signal: AbortSignal) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const stop = new AbortController();
    running.set(id, stop);
    const turn = last.then(async () => {
      try {
        return stop.signal.aborted ? cancelled() : await work(stop.signal);
      } catch (cause) {
        return fail('runtime_failed', `Reading broke off: ${String(cause)}.`);
      } finally {
        running.delete(id);
      }
    });
    last = turn;
    return turn;
  };

  return {
    read: (id, file, onProgress) =>
      inTurn(id, (signal) => reader.read(file, { signal, onProgress })),
    pageImage: (id, file, page, maxWidth) =>
      inTurn(id, (signal) => reader.pageImage(file, page, maxWidth, signal)),
    attachment: (id, file, index) => inTurn(id, () => reader.attachment(file, index)),
    cancel: (id) => running.get(id)?.abort(),
  };
}
