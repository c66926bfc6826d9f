/** The one contract of every runtime that generates text. Read this before a runtime. */
import type { Result } from '../../src/core/failure.ts';
import type {
  Generated,
  GenerateRequest,
  GenerationInfo,
  GenerationSelfTest,
} from '../../src/core/generation.ts';
import type { GenerationModel } from '../../src/core/generation-model.ts';

/** What `load` is doing: reading and checking files (bytes), then building the engine (no bytes known). */
export interface LoadStep {
  stage: 'reading' | 'compiling' | 'testing';
  loadedBytes: number;
  totalBytes: number;
}

/**
 * Runs one language model on a thread of its own.
 *
 * Order of calls: `load` once, then `generate` as often as wanted: one runs at a time, the others wait in order of arrival.
 * The model's files are in Cache Storage already (model-cache.ts); each is hashed again before use, and nothing is fetched
 * from the network. At temperature 0 the same request gives the same text, whatever was asked before.
 * Failures of `load`: `file_missing`, `hash_mismatch`, `file_corrupt`, `out_of_memory`, `no_webgpu`, `device_lost`,
 * `self_test_failed`, `runtime_failed`, `cancelled`. Failures of `generate`: `input_too_long` (the last turn alone exceeds the context),
 * `schema_unsupported`, `schema_invalid`, `device_lost` (load again), `out_of_memory`, `runtime_failed`, `cancelled` (disposed).
 */
export interface GenerationRuntime {
  load(
    model: GenerationModel,
    onStep: (step: LoadStep) => void,
    options?: GenerationLoadOptions,
  ): Promise<Result<GenerationInfo>>;
  /** `id` names the call for `interrupt`; `onDelta` hears the text as it grows. */
  generate(
    request: GenerateRequest,
    id: string,
    onDelta: ((delta: string) => void) | null,
  ): Promise<Result<Generated>>;
  /** Ends a running or waiting call within 200 ms; its promise settles with `finish: 'interrupted'`. */
  interrupt(id: string): Promise<void>;
  /** Runs the golden prompts again. */
  selfTest(): Promise<Result<GenerationSelfTest>>;
  dispose(): Promise<void>;
}

export interface GenerationLoadOptions {
  /** WASM threads; left out: as many as there are cores, up to 4. One without cross-origin isolation. */
  threads?: number;
  /** webllm: which of the two libraries; left out: by the kind of adapter. */
  library?: 'library' | 'software-library';
}
