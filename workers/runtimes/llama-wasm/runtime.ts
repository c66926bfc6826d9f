/**
 * The runtime `llama-wasm`: our own WebAssembly engine on this thread and its lanes, one answer at a time.
 *
 * absent ── load ──► ready ── thread lost, memory refused ──► absent
 *                      └── dispose ──► gone
 */
import { fail, ok, type Failure, type Result } from '../../../src/core/failure.ts';
import type { GenerationInfo } from '../../../src/core/generation.ts';
import type { GenerationModel } from '../../../src/core/generation-model.ts';
import type { GenerationLoadOptions, GenerationRuntime, LoadStep } from '../generation-contract.ts';
import { createQueue } from '../generation-queue.ts';
import { selfTestInTurn } from '../generation-self-test.ts';
import { readStoredFiles } from '../stored-files.ts';
import { answer } from './answer.ts';
import type { EngineBuild } from './engine.ts';
import type { GrammarLibrary } from './grammar.ts';
import type { Lanes } from './lanes.ts';
import { openModel, PROMPTS_AT_LOAD, testModel, type LoadedModel } from './loaded.ts';
import { nextTask } from './reader.ts';

export interface RuntimeDoors {
  caches: CacheStorage | undefined;
  baseUrl: string;
  isolated: boolean;
  cores: number;
  now: () => number;
  compile: (threads: boolean) => Promise<Result<EngineBuild>>;
  lanes: Lanes;
  grammarLibrary: () => Promise<GrammarLibrary>;
}

/** More threads than this gain nothing at this size: each step of a layer ends with all of them waiting. */
const MAX_THREADS = 4;

/** Thrown between layers when the runtime is disposed of while it loads. */
class Cancelled extends Error {}

export function createLlamaRuntime(doors: RuntimeDoors): GenerationRuntime {
  const queue = createQueue();
  const end = new AbortController();
  let loaded: LoadedModel | null = null;

  const release = (): void => {
    loaded = null;
    doors.lanes.end();
  };

  /** What an exception means; the engine is not used again. */
  const failureOf = (cause: unknown): { ok: false; failure: Failure } => {
    release();
    if (cause instanceof Cancelled) return fail('cancelled', 'The load was cancelled.');
    const message = cause instanceof Error ? cause.message : String(cause);
    return cause instanceof RangeError
      ? fail('out_of_memory', `The memory for the model was refused: ${message}.`)
      : fail('runtime_failed', `The engine stopped: ${message}.`);
  };

  const open = async (
    model: GenerationModel,
    onStep: (step: LoadStep) => void,
    threads: number,
  ): Promise<Result<LoadedModel>> => {
    const files = await readStoredFiles(model, ['weights', 'config', 'tokenizer', 'golden'], {
      ...doors,
      signal: end.signal,
      onBytes: (loadedBytes, totalBytes) => onStep({ stage: 'reading', loadedBytes, totalBytes }),
    });
    if (!files.ok) return files;
    onStep({ stage: 'compiling', loadedBytes: 0, totalBytes: 0 });
    const build = await doors.compile(threads > 1);
    if (!build.ok) return build;
    return openModel(model, files.value, build.value, {
      ...doors,
      lanes: threads,
      startLane: doors.lanes.start,
      onLayer: async () => {
        await nextTask();
        if (end.signal.aborted) throw new Cancelled();
      },
    });
  };

  const load = async (
    model: GenerationModel,
    onStep: (step: LoadStep) => void,
    options: GenerationLoadOptions,
  ): Promise<Result<GenerationInfo>> => {
    const startedAt = doors.now();
    release();
    const threads = doors.isolated
      ? Math.max(1, Math.min(MAX_THREADS, options.threads ?? doors.cores))
      : 1;
    const opened = await open(model, onStep, threads);
    if (!opened.ok) return opened;
    onStep({ stage: 'testing', loadedBytes: 0, totalBytes: 0 });
    const selfTest = await testModel(opened.value, PROMPTS_AT_LOAD, end.signal);
    if (!selfTest.ok) {
      release();
      return selfTest;
    }
    loaded = opened.value;
    return ok({
      runtime: 'llama-wasm',
      backend: `WebAssembly, ${threads} thread${threads === 1 ? '' : 's'}`,
      contextTokens: opened.value.contextTokens,
      loadMs: doors.now() - startedAt,
      selfTest: selfTest.value,
    });
  };

  const whenLoaded = async <T>(work: (model: LoadedModel) => Promise<Result<T>>) =>
    loaded === null ? fail('runtime_failed', 'No model is loaded.') : work(loaded).catch(failureOf);

  return {
    load: (model, onStep, options = {}) => load(model, onStep, options).catch(failureOf),
    generate: (request, id, onDelta) =>
      queue.add(id, (signal) => whenLoaded((model) => answer(request, model, signal, onDelta))),
    interrupt: (id) => {
      queue.interrupt(id);
      return Promise.resolve();
    },
    selfTest: () =>
      selfTestInTurn(queue, (signal) => whenLoaded((model) => testModel(model, Infinity, signal))),
    dispose: async () => {
      end.abort();
      await queue.close();
      release();
    },
  };
}
