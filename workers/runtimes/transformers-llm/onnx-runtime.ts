/**
 * The onnxruntime that transformers.js will use, chosen when a model is loaded: the small build, or the larger one for WebGPU.
 *
 * transformers.js reads `InferenceSession` and `env` from this object while it is evaluated, so this module has to be imported
 * before it, and the real runtime follows later.
 */
import type * as Onnx from 'onnxruntime-web';
import { wholeAddress } from '../../addresses.ts';

/** transformers.js takes what lies here instead of the onnxruntime that it was bundled with. */
const SYMBOL = Symbol.for('onnxruntime');

export interface Provider {
  name: 'webgpu' | 'wasm';
  /** For people. */
  backend: string;
}

let chosen: typeof Onnx | null = null;

function runtime(): typeof Onnx {
  if (chosen === null) throw new Error('no onnxruntime was chosen yet');
  return chosen;
}

Object.assign(globalThis, {
  [SYMBOL]: {
    InferenceSession: {
      create: (model: Uint8Array, options: Onnx.InferenceSession.SessionOptions) =>
        runtime().InferenceSession.create(model, options),
    },
    get Tensor() {
      return runtime().Tensor;
    },
    env: { wasm: {}, versions: {} },
  },
});

const MOST_THREADS = 4;

/** `gpu` names a graphics adapter that is real; null where there is none. What a session may run on, the preferred first. */
export async function chooseRuntime(
  gpu: string | null,
  threads: number,
  isolated: boolean,
): Promise<Provider[]> {
  const [onnx, factory, binary] = gpu === null ? await plainBuild() : await webgpuBuild();
  // WASM threads need shared memory, which needs cross-origin isolation.
  const count = isolated ? Math.max(1, Math.min(MOST_THREADS, threads)) : 1;
  onnx.env.logLevel = 'error';
  onnx.env.wasm.numThreads = count;
  onnx.env.wasm.wasmPaths = {
    mjs: wholeAddress(factory.default),
    wasm: wholeAddress(binary.default),
  };
  chosen = onnx;
  const plain: Provider = {
    name: 'wasm',
    backend: count === 1 ? 'WebAssembly, 1 thread' : `WebAssembly, ${count} threads`,
  };
  return gpu === null ? [plain] : [{ name: 'webgpu', backend: `WebGPU (${gpu})` }, plain];
}

const plainBuild = () =>
  Promise.all([
    import('onnxruntime-web/wasm'),
    import('onnxruntime-web/ort-wasm-simd-threaded.mjs?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url'),
  ]);

const webgpuBuild = () =>
  Promise.all([
    import('onnxruntime-web/webgpu'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
  ]);
