/**
 * The parts of WebLLM 0.2.86 that this runtime stands on. WebLLM loads the model; the answer is written by our own loop
 * over its pipeline, because its own one reports probabilities after the temperature, reuses the cache without the
 * separator between turns, and hears an interruption only after the whole prompt.
 *
 * Some of these members are private to its types, so `openPipeline` checks that each is there. The version is pinned.
 */
import type { MLCEngine } from '@mlc-ai/web-llm';

/** A tensor on the device or in WebLLM's memory. */
export interface Tensor {
  dispose(): void;
  toArray(): Float32Array;
}

interface Tokenizer {
  encode(text: string): Int32Array;
  idToToken(id: number): string;
  getVocabSize(): number;
}

/** LLMChatPipeline. */
export interface Pipeline {
  tokenizer: Tokenizer;
  /** How the tokenizer writes bytes: `byte_level`, `byte_fallback` or `raw`. */
  token_postproc_method: string;
  /** Length of the logits. */
  fullVocabSize: number;
  contextWindowSize: number;
  slidingWindowSize: number;
  prefillChunkSize: number;
  kvStateKind: string;
  kvCache: unknown;
  /** Tokens whose keys and values are kept. */
  filledKVCacheLength: number;
  device: { sync(): Promise<void> };
  tvm: {
    beginScope(): void;
    endScope(): void;
    scalar(value: number, dtype: string): unknown;
  };
  resetKVCache(): void;
  /** Queues the pass; the logits follow the last token. The caller disposes of them. */
  forwardKnownTokens(ids: number[], isPrefill: boolean): Promise<Tensor>;
  forwardDecodeToken(id: number): Promise<Tensor>;
  /** Queues the copy; it is there after `device.sync()`. The tensor belongs to the pipeline. */
  updateLogitsOnCPU(logits: Tensor): Tensor;
  /** A function of the runtime's library by its name. */
  getKVCheckpointFunc(name: string): (...values: unknown[]) => unknown;
}

const METHODS = [
  'resetKVCache',
  'forwardKnownTokens',
  'forwardDecodeToken',
  'updateLogitsOnCPU',
  'getKVCheckpointFunc',
] as const;
const VALUES = [
  'tokenizer',
  'token_postproc_method',
  'fullVocabSize',
  'contextWindowSize',
  'slidingWindowSize',
  'prefillChunkSize',
  'kvStateKind',
  'filledKVCacheLength',
  'device',
  'tvm',
] as const;

export interface EngineAddresses {
  /** Folder of the model's files. */
  model: string;
  library: string;
}

/** Loads the model into the device. Rejects as WebLLM does: the caller knows what was refused and what was lost. */
export async function openPipeline(
  addresses: EngineAddresses,
  contextTokens: number,
): Promise<Pipeline> {
  const { MLCEngine } = await import('@mlc-ai/web-llm');
  const name = 'model';
  const engine = new MLCEngine({
    logLevel: 'SILENT',
    appConfig: {
      cacheBackend: 'cache',
      model_list: [
        {
          model: addresses.model,
          model_id: name,
          model_lib: addresses.library,
          overrides: { context_window_size: contextTokens, sliding_window_size: -1 },
        },
      ],
    },
  });
  await engine.reload(name);
  return pipelineOf(engine, name);
}

function pipelineOf(engine: MLCEngine, name: string): Pipeline {
  const { loadedModelIdToPipeline } = engine as unknown as {
    loadedModelIdToPipeline?: Map<string, unknown>;
  };
  const found = loadedModelIdToPipeline?.get(name) as Record<string, unknown> | undefined;
  if (found === undefined) throw new Error('WebLLM opened no pipeline');
  for (const method of METHODS)
    if (typeof found[method] !== 'function') throw new Error(`WebLLM's pipeline lacks ${method}`);
  for (const value of VALUES)
    if (found[value] === undefined) throw new Error(`WebLLM's pipeline lacks ${value}`);
  return found as unknown as Pipeline;
}
