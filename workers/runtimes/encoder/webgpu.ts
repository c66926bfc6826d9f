/** The same encoder on WebGPU, for devices with a real GPU: only there is its larger engine fetched. */
import { wholeAddress } from '../../addresses.ts';
import type { ModelFiles } from '../model-files.ts';
import { int64Ids, type Session } from './wasm.ts';

interface Adapter {
  info?: {
    vendor?: string;
    architecture?: string;
    description?: string;
    isFallbackAdapter?: boolean;
  };
}

/** A GPU that is simulated by the processor is always slower than WASM. */
export function isSoftware({ info = {} }: Adapter): boolean {
  const words = `${info.vendor ?? ''} ${info.architecture ?? ''} ${info.description ?? ''}`;
  return (
    info.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|lavapipe|basic render|software/i.test(words)
  );
}

export async function hasRealGpu(): Promise<boolean> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<Adapter | null> } };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  return adapter ? !isSoftware(adapter) : false;
}

export async function openWebgpuSession(files: ModelFiles): Promise<Session> {
  const [{ env, InferenceSession, Tensor }, factory, binary] = await Promise.all([
    import('onnxruntime-web/webgpu'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
  ]);
  env.wasm.wasmPaths = {
    mjs: wholeAddress(factory.default),
    wasm: wholeAddress(binary.default),
  };
  env.wasm.numThreads = 1;
  const model = files.byName.get('model.onnx');
  if (model === undefined) throw new Error('model.onnx is missing');
  const session = await InferenceSession.create(model, { executionProviders: ['webgpu'] });
  const outputOf = async (ids: readonly number[], name: string): Promise<Float32Array> => {
    const input = new Tensor('int64', int64Ids(ids), [1, ids.length]);
    const { [name]: tensor } = await session.run({ input_ids: input }, [name]);
    if (tensor === undefined) throw new Error(`the encoder has no output ${name}`);
    return (await tensor.getData()) as Float32Array;
  };
  return {
    backend: 'webgpu',
    run: (ids) => outputOf(ids, 'sentence_embedding'),
    runTokens: (ids) => outputOf(ids, 'last_hidden_state'),
    dispose: () => session.release(),
  };
}
