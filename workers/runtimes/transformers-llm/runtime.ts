/** The runtime `transformers-llm`: ONNX models in transformers.js on this thread, one answer at a time. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { GenerationRuntime } from '../generation-contract.ts';
import { createQueue } from '../generation-queue.ts';
import { selfTestInTurn } from '../generation-self-test.ts';
import { answer } from './answer.ts';
import { failureOf, loadModel, type LoadDoors, type LoadedModel } from './loaded.ts';
import { testModel } from './self-test.ts';

export type RuntimeDoors = Omit<LoadDoors, 'signal' | 'onStep'>;

export function createTransformersRuntime(doors: RuntimeDoors): GenerationRuntime {
  const queue = createQueue();
  const end = new AbortController();
  let loaded: LoadedModel | null = null;

  const release = async (): Promise<void> => {
    const old = loaded;
    loaded = null;
    await old?.model.dispose();
  };

  /** Whatever the engine throws becomes a failure. */
  const whenLoaded = async <T>(work: (ready: LoadedModel) => Promise<Result<T>>) => {
    if (loaded === null) return fail('runtime_failed', 'No model is loaded.');
    return work(loaded).catch((cause: unknown) => ({
      ok: false as const,
      failure: failureOf(cause),
    }));
  };

  return {
    load: async (model, onStep, options = {}) => {
      const startedAt = doors.now();
      await release();
      const opened = await loadModel(model, options, {
        ...doors,
        onStep,
        signal: end.signal,
      }).catch((cause: unknown) => ({ ok: false as const, failure: failureOf(cause) }));
      if (!opened.ok) return opened;
      loaded = opened.value.loaded;
      return ok({
        runtime: 'transformers-llm',
        backend: loaded.backend,
        contextTokens: loaded.contextTokens,
        loadMs: doors.now() - startedAt,
        selfTest: opened.value.selfTest,
      });
    },
    generate: (request, id, onDelta) =>
      queue.add(id, (signal) => whenLoaded((ready) => answer(request, ready, signal, onDelta))),
    interrupt: (id) => {
      queue.interrupt(id);
      return Promise.resolve();
    },
    selfTest: () =>
      selfTestInTurn(queue, (signal) => whenLoaded((ready) => testModel(ready, Infinity, signal))),
    dispose: async () => {
      end.abort();
      await queue.close();
      await release();
    },
  };
}
