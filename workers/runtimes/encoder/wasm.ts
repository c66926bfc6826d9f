/** Opens the encoder in transformers.js on WASM, from bytes whose hash was checked; nothing else can be fetched. */
import { AutoModel, env, Tensor } from '@huggingface/transformers';
import factoryUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import binaryUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { wholeAddress } from '../../addresses.ts';
import type { ModelFiles } from '../model-files.ts';

/** More threads than this gained nothing for texts of a few dozen tokens. */
const MOST_THREADS = 4;
const MODEL_ID = 'encoder';

/** Runs token ids through a session; gives the pooled vector. */
export interface Session {
  backend: string;
  run(ids: readonly number[]): Promise<Float32Array>;
  /** [ids.length × dims] of the last layer. */
  runTokens(ids: readonly number[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** WASM threads need shared memory, which needs cross-origin isolation. */
export function threadCount(isolated: boolean, wanted: number): number {
  return isolated ? Math.max(1, Math.min(MOST_THREADS, wanted)) : 1;
}

/** transformers.js asks for its files here and gets them from memory; any other address does not exist. */
function serveFromMemory(files: ModelFiles): void {
  const served = new Map([
    ['config.json', files.byName.get('config.json')],
    ['onnx/model_quantized.onnx', files.byName.get('model.onnx')],
  ]);
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/';
  env.useBrowserCache = false;
  env.useWasmCache = false;
  env.fetch = (input: RequestInfo | URL) => {
    const url = input instanceof Request ? input.url : String(input);
    const bytes = served.get(url.slice(url.indexOf(`${MODEL_ID}/`) + MODEL_ID.length + 1));
    return Promise.resolve(bytes ? new Response(bytes) : new Response(null, { status: 404 }));
  };
}

export function int64Ids(ids: readonly number[]): BigInt64Array {
  return BigInt64Array.from(ids, BigInt);
}

export async function openWasmSession(files: ModelFiles, wantedThreads: number): Promise<Session> {
  const threads = threadCount(globalThis.crossOriginIsolated, wantedThreads);
  const { wasm } = env.backends.onnx;
  if (wasm === undefined) throw new Error('onnxruntime-web is missing from the build');
  wasm.wasmPaths = {
    mjs: wholeAddress(factoryUrl),
    wasm: wholeAddress(binaryUrl),
  };
  wasm.numThreads = threads;
  serveFromMemory(files);
  const model = await AutoModel.from_pretrained(MODEL_ID, {
    dtype: 'q8',
    device: 'wasm',
    // Threads that wait must sleep: spinning ones starve the page on a busy machine.
    session_options: { extra: { session: { intra_op: { allow_spinning: '0' } } } },
  });
  const outputOf = async (ids: readonly number[], name: string): Promise<Float32Array> => {
    const output = (await model({
      input_ids: new Tensor('int64', int64Ids(ids), [1, ids.length]),
    })) as Record<string, Tensor>;
    const tensor = output[name];
    if (tensor === undefined) throw new Error(`the encoder has no output ${name}`);
    return tensor.data as Float32Array;
  };
  return {
    backend: threads === 1 ? 'wasm, 1 thread' : `wasm, ${threads} threads`,
    run: (ids) => outputOf(ids, 'sentence_embedding'),
    runTokens: (ids) => outputOf(ids, 'last_hidden_state'),
    dispose: async () => {
      await model.dispose();
    },
  };
}
