/** Starts the worker of a text-generating runtime and speaks its contract across the thread. Used by the router thread. */
import * as Comlink from 'comlink';
import { fail, type Result } from '../../src/core/failure.ts';
import type { GeneratorKind } from '../../src/core/generation.ts';
import { startThread } from '../../src/platform/start-thread.ts';
import type { GenerationRuntime } from './generation-contract.ts';
import llamaThread from './llama-wasm.worker.ts?worker&url';
import transformersThread from './transformers-llm.worker.ts?worker&url';
import webllmThread from './webllm.worker.ts?worker&url';

/** Time that a worker gets to free its memory (and the graphics device) before it is terminated, in ms. */
const GRACE_MS = 500;

/** Runtimes with a thread of their own. `prompt-api` lives on the page and comes as a port from there. */
export type WorkerGenerator = Exclude<GeneratorKind, 'prompt-api'>;

const THREADS: Record<WorkerGenerator, string> = {
  webllm: webllmThread,
  'llama-wasm': llamaThread,
  'transformers-llm': transformersThread,
};

/**
 * A runtime on a thread of its own. A worker that dies answers every open and every later call with `runtime_failed`;
 * `dispose` answers open calls with `cancelled` at once and ends the thread after a grace. Start a new one to load again.
 */
export function startGenerator(
  kind: WorkerGenerator,
  worker: Worker = startThread(THREADS[kind], kind),
): GenerationRuntime {
  const remote = Comlink.wrap<GenerationRuntime>(worker);
  let end: (why: Result<never>) => void = () => undefined;
  const ended = new Promise<Result<never>>((resolve) => (end = resolve));
  const die = (why: string): void => {
    end(fail('runtime_failed', `The ${kind} runtime stopped: ${why}.`));
    worker.terminate();
  };
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    die(event.message || 'its script could not be loaded');
  });
  worker.addEventListener('messageerror', () => die('a message of it could not be read'));
  const settle = <T>(call: Promise<Result<T>>): Promise<Result<T>> =>
    Promise.race([
      call.catch((cause: unknown) =>
        fail('runtime_failed', `The ${kind} runtime broke: ${String(cause)}.`),
      ),
      ended,
    ]);

  return {
    load: (model, onStep, options) => settle(remote.load(model, Comlink.proxy(onStep), options)),
    generate: (request, id, onDelta) =>
      settle(remote.generate(request, id, onDelta && Comlink.proxy(onDelta))),
    interrupt: async (id) => {
      await Promise.race([remote.interrupt(id).catch(() => undefined), ended]);
    },
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
