/** Which runtimes to try for a model on this device, best first. The measurement after loading has the last word. */
import type { GeneratorKind } from './generation.ts';
import type { BackendChoice, DeviceProbe, GenerationModel } from './generation-model.ts';

const ON_WEBGPU: readonly GeneratorKind[] = ['webllm'];
const ON_WASM: readonly GeneratorKind[] = ['llama-wasm', 'transformers-llm'];

/**
 * Slower than this, another backend is loaded and measured too, in produced tokens per second. A person reads about
 * 4 words, 5 to 6 tokens, a second; twice that is comfortable.
 */
export const SLOW_PER_SECOND = 12;

/**
 * Runtimes of `model` in the order to try. On a software adapter WebGPU emulates a graphics card on the processor and is
 * several times slower than WebAssembly on the same cores, so it comes last.
 */
export function backendsFor(
  model: Pick<GenerationModel, 'runtimes' | 'needs'>,
  probe: Pick<DeviceProbe, 'webgpu' | 'shaderF16' | 'maxBufferBytes'>,
  choice: BackendChoice,
): GeneratorKind[] {
  const { shaderF16, maxBufferBytes } = model.needs;
  const fitsWebgpu =
    probe.webgpu !== 'none' &&
    (!shaderF16 || probe.shaderF16) &&
    maxBufferBytes <= probe.maxBufferBytes;
  const webgpu = fitsWebgpu ? model.runtimes.filter((kind) => ON_WEBGPU.includes(kind)) : [];
  const wasm = model.runtimes.filter((kind) => ON_WASM.includes(kind));
  const browser = model.runtimes.filter((kind) => kind === 'prompt-api');
  if (choice === 'webgpu') return [...webgpu, ...browser];
  if (choice === 'wasm') return [...wasm, ...browser];
  return probe.webgpu === 'hardware'
    ? [...webgpu, ...wasm, ...browser]
    : [...wasm, ...webgpu, ...browser];
}

/** Failures of a load after which another backend may still work. */
export const TRY_ANOTHER = [
  'no_webgpu',
  'self_test_failed',
  'device_lost',
  'out_of_memory',
  'runtime_failed',
] as const;
