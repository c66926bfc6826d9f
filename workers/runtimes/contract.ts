/** The one contract of every runtime that turns text into an embedding. Read this before a runtime. */
import type { Result } from '../../src/core/failure.ts';
import type { SharedModel } from '../../src/core/specialist.ts';
import type { TokenVectors } from '../../src/core/work.ts';

/** Bytes of the model's files that have arrived, of all their bytes. Cached files count as arrived. */
export type OnProgress = (loadedBytes: number, totalBytes: number) => void;

/** What became of the model files after the load. */
export type CacheState =
  /** Every file came out of Cache Storage and its hash was right. */
  | 'hit'
  /** At least one file was fetched; all are cached now. */
  | 'stored'
  /** Fetched, but the disk is full: the next start fetches again. */
  | 'full'
  /** Fetched; this context has no Cache Storage (private window, blocked storage). */
  | 'unavailable';

export interface RuntimeInfo {
  /** For people: `typescript`, `wasm, 1 thread`, `wasm, 2 threads`, `webgpu`. */
  backend: string;
  dims: number;
  maxTokens: number;
  /** From the call of `load` to the passed self-test. */
  loadMs: number;
  /** Bytes of model files that came over the network; 0 on a start from the cache. */
  fetchedBytes: number;
  cache: CacheState;
  selfTest: SelfTest;
}

/** Comparison with the vectors that the recipe wrote beside the model (golden.json). */
export interface SelfTest {
  texts: number;
  /** Smallest cosine over the golden texts; 1 is equal. */
  minCosine: number;
  /** `load` fails with `runtime_failed` below it. */
  requiredCosine: number;
  /** How each backend that was tried did; the first entry is the one in use. */
  backends: { backend: string; minCosine: number; medianMs: number }[];
}

export interface Embeddings {
  /** [texts.length × dims], row-major; each row has length 1, or is all zeros for a text without a known token. */
  vectors: Float32Array;
  /** 1 where the text had more than `maxTokens` tokens and only its start was read. */
  cut: Uint8Array;
  dims: number;
}

/**
 * Loads one shared model and embeds texts with it.
 *
 * Order of calls: `load` once, then `embed` as often as wanted; a short call may overtake a long one. The vector of a text
 * depends on nothing but the text and the model: not on its neighbours, not on the number of threads.
 * Failures of `load`: `file_missing` (not served, no network), `file_corrupt` (wrong length, not gzip, not the
 * format), `hash_mismatch`, `runtime_failed` (engine did not start, self-test failed), `cancelled` (disposed).
 * Failures of `embed` and `tokens`: `runtime_failed`, `cancelled`.
 */
export interface TextRuntime {
  /** `baseUrl` is the absolute URL that `model.files[].path` is relative to: the folder of fleet.json. */
  load(
    model: SharedModel,
    baseUrl: string,
    onProgress: OnProgress,
    options?: LoadOptions,
  ): Promise<Result<RuntimeInfo>>;
  embed(texts: readonly string[]): Promise<Result<Embeddings>>;
  /**
   * Vectors of the tokens of each text, as the encoder's last layer gives them (not normalised); the static runtime has
   * none and fails. Only the first `maxTokens` of a text are read: who has a longer one cuts it into windows.
   */
  tokens(texts: readonly string[]): Promise<Result<TokenVectors[]>>;
  /** Embeds the golden texts again and compares. */
  selfTest(): Promise<Result<SelfTest>>;
  /** Aborts a running load (its promise settles with `cancelled`) and frees memory. */
  dispose(): Promise<void>;
}

export interface LoadOptions {
  /**
   * WASM threads of the encoder, at most 4. Left out: as many as there are cores, up to 4. Without cross-origin
   * isolation it is always one.
   */
  threads?: number;
}

export type RuntimeKind = 'static' | 'encoder';
