/** transformers.js with the onnxruntime that this device can use: WebGPU's larger build only where a real GPU is. */
import type * as Transformers from '@huggingface/transformers';

export type Library = typeof Transformers;

export interface OpenedLibrary {
  library: Library;
  /** What a session may run on, the preferred one first. */
  providers: Provider[];
}

export interface Provider {
  name: 'webgpu' | 'wasm';
  /** For people. */
  backend: string;
}

const MOST_THREADS = 4;

/** transformers.js takes the onnxruntime that it finds under this symbol instead of the one it was bundled with. */
const ONNX_RUNTIME = Symbol.for('onnxruntime');

/** `gpu` names a graphics adapter that is real; null where there is none. `threads` is what the caller wants. */
export async function openLibrary(
  gpu: string | null,
  threads: number,
  isolated: boolean,
): Promise<OpenedLibrary> {
  if (gpu !== null)
    Object.assign(globalThis, { [ONNX_RUNTIME]: await import('onnxruntime-web/webgpu') });
  const [library, wasmPaths] = await Promise.all([
    import('@huggingface/transformers'),
    gpu === null ? plainPaths() : asyncifyPaths(),
  ]);
  const { env } = library;
  const { wasm } = env.backends.onnx;
  if (wasm === undefined) throw new Error('onnxruntime-web is missing from the build');
  // WASM threads need shared memory, which needs cross-origin isolation.
  const count = isolated ? Math.max(1, Math.min(MOST_THREADS, threads)) : 1;
  wasm.wasmPaths = wasmPaths;
  wasm.numThreads = count;
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/';
  env.useBrowserCache = false;
  env.useWasmCache = false;
  const plain: Provider = {
    name: 'wasm',
    backend: count === 1 ? 'WebAssembly, 1 thread' : `WebAssembly, ${count} threads`,
  };
  const providers: Provider[] =
    gpu === null ? [plain] : [{ name: 'webgpu', backend: `WebGPU (${gpu})` }, plain];
  return { library, providers };
}

const absolute = (mjs: string, wasm: string) => ({
  mjs: new URL(mjs, location.href).href,
  wasm: new URL(wasm, location.href).href,
});

async function plainPaths() {
  const [factory, binary] = await Promise.all([
    import('onnxruntime-web/ort-wasm-simd-threaded.mjs?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url'),
  ]);
  return absolute(factory.default, binary.default);
}

async function asyncifyPaths() {
  const [factory, binary] = await Promise.all([
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
  ]);
  return absolute(factory.default, binary.default);
}
