/** Starts a runtime's worker and speaks its contract across the thread. Used by the router thread. */
import * as Comlink from 'comlink';
import { fail, type Result } from '../../src/core/failure.ts';
import { startThread } from '../../src/platform/start-thread.ts';
import type { RuntimeKind, TextRuntime } from './contract.ts';
import encoderThread from './encoder.worker.ts?worker&url';
import staticThread from './static.worker.ts?worker&url';

/** Time that a worker gets to end by itself before it is terminated, in ms. */
const GRACE_MS = 200;

const THREADS: Record<RuntimeKind, string> = { static: staticThread, encoder: encoderThread };

/** A runtime on a thread of its own. A worker that dies answers every open call with `runtime_failed`. */
export function startRuntime(
  kind: RuntimeKind,
  worker: Worker = startThread(THREADS[kind], kind),
): TextRuntime {
  const remote = Comlink.wrap<TextRuntime>(worker);
  let end: (why: Result<never>) => void = () => undefined;
  const ended = new Promise<Result<never>>((resolve) => (end = resolve));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    end(
      fail(
        'runtime_failed',
        `The ${kind} runtime stopped: ${event.message || 'its script could not be loaded'}.`,
      ),
    );
  });
  const settle = <T>(call: Promise<Result<T>>): Promise<Result<T>> =>
    Promise.race([
      call.catch((cause: unknown) =>
        fail('runtime_failed', `The ${kind} runtime broke: ${String(cause)}.`),
      ),
      ended,
    ]);

  return {
    load: (model, baseUrl, onProgress, options) =>
      settle(remote.load(model, baseUrl, Comlink.proxy(onProgress), options)),
    embed: (texts) => settle(remote.embed(texts)),
    tokens: (texts) => settle(remote.tokens(texts)),
    selfTest: () => settle(remote.selfTest()),
    dispose: async () => {
      end(fail('cancelled', `The ${kind} runtime was disposed of.`));
      await Promise.race([
        remote.dispose().catch(() => undefined),
        new Promise((done) => setTimeout(done, GRACE_MS)),
      ]);
      worker.terminate();
    },
  };
}
