/**
 * The runtime `webllm`: WebLLM's engine on this thread, one answer at a time.
 *
 * absent ── load ──► ready ── device lost ──► lost ── load ──► ready
 *                      └── dispose ──► gone
 */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import {
  NOTHING_WRITTEN,
  type Generated,
  type GenerationInfo,
  type GenerationSelfTest,
} from '../../../src/core/generation.ts';
import type { GenerationModel } from '../../../src/core/generation-model.ts';
import type { GenerationLoadOptions, GenerationRuntime, LoadStep } from '../generation-contract.ts';
import { createQueue, type GenerationWork } from '../generation-queue.ts';
import { selfTestInTurn } from '../generation-self-test.ts';
import { startAnswer } from './answer.ts';
import {
  aborted,
  failureOf,
  loadModel,
  testModel,
  type LoadDoors,
  type LoadedModel,
} from './loaded.ts';

export type RuntimeDoors = Pick<LoadDoors, 'gpu' | 'caches' | 'baseUrl' | 'now'>;

export function createWebllmRuntime(doors: RuntimeDoors): GenerationRuntime {
  const queue = createQueue();
  const end = new AbortController();
  let loaded: LoadedModel | null = null;
  /** What the device still does for an answer that was settled already. */
  let background: Promise<unknown> = Promise.resolve();

  const release = (): void => {
    loaded?.watch.release();
    loaded = null;
    background = Promise.resolve();
  };

  /** Runs after what the device still does; an interruption or a lost device does not wait for it. */
  const onDevice = async <T>(
    work: (model: LoadedModel) => Promise<Result<T>>,
    atInterruption: Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const model = loaded;
    if (model === null) return fail('runtime_failed', 'No model is loaded.');
    const broken = model.watch.failure();
    if (broken !== null) return { ok: false, failure: broken };
    const working = background
      .then(() => work(model))
      .catch(async (cause: unknown) => ({
        ok: false as const,
        failure: await failureOf(cause, model.watch, null),
      }));
    background = working;
    const result = await Promise.race([
      working,
      atInterruption,
      model.watch.lost.then((failure) => ({ ok: false as const, failure })),
    ]);
    const failure = model.watch.failure();
    return failure === null || !result.ok ? result : { ok: false, failure };
  };

  const test = (most: number, signal: AbortSignal) =>
    onDevice<GenerationSelfTest | null>(
      (model) => testModel(model, most, signal),
      aborted(signal).then(() => fail('cancelled', 'The self-test was cancelled.')),
    );

  const load = async (
    model: GenerationModel,
    onStep: (step: LoadStep) => void,
    options: GenerationLoadOptions,
  ): Promise<Result<GenerationInfo>> => {
    const startedAt = doors.now();
    release();
    const opened = await loadModel(model, options, { ...doors, onStep, signal: end.signal });
    if (!opened.ok) return opened;
    loaded = opened.value;
    onStep({ stage: 'testing', loadedBytes: 0, totalBytes: 0 });
    const tested = await test(1, end.signal);
    if (!tested.ok) {
      release();
      return tested;
    }
    const { adapter, contextTokens } = opened.value;
    return ok({
      runtime: 'webllm',
      backend: adapter.software
        ? `WebGPU in software (${adapter.name})`
        : `WebGPU (${adapter.name})`,
      contextTokens,
      loadMs: doors.now() - startedAt,
      selfTest: tested.value,
    });
  };

  return {
    load: (model, onStep, options = {}) => load(model, onStep, options),
    generate: (request, id, onDelta) => {
      const work: GenerationWork = (signal) => {
        let soFar = (): Generated => NOTHING_WRITTEN;
        return onDevice(
          (model) => {
            if (signal.aborted) return Promise.resolve(ok(NOTHING_WRITTEN));
            const answering = startAnswer(request, model);
            soFar = answering.soFar;
            return answering.run(signal, onDelta);
          },
          aborted(signal).then(() => ok(soFar())),
        );
      };
      return queue.add(id, work);
    },
    interrupt: (id) => {
      queue.interrupt(id);
      return Promise.resolve();
    },
    selfTest: () => selfTestInTurn(queue, (signal) => test(Infinity, signal)),
    dispose: async () => {
      end.abort();
      await queue.close();
      release();
    },
  };
}
