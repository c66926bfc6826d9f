/** transformers.js, told to fetch nothing. Its onnxruntime has to be in place before it is evaluated. */
import './onnx-runtime.ts';
import type * as Transformers from '@huggingface/transformers';

export type Library = typeof Transformers;

export async function openLibrary(): Promise<Library> {
  const library = await import('@huggingface/transformers');
  const { env } = library;
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/';
  env.useBrowserCache = false;
  env.useWasmCache = false;
  return library;
}
