/** Which of a model's files is what, in the layout of transformers.js; and how its library is given them. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { StoredFile } from '../stored-files.ts';

/** Ending of the ONNX file's name and the library's word for the form of the weights. */
const FORMS = [
  ['_q4f16', 'q4f16'],
  ['_q4', 'q4'],
  ['_fp16', 'fp16'],
  ['_quantized', 'q8'],
  ['_int8', 'int8'],
  ['_uint8', 'uint8'],
  ['_bnb4', 'bnb4'],
  ['', 'fp32'],
] as const;

export interface OnnxLayout {
  /** Name of the ONNX file without the ending of its form, mostly `model`. */
  modelFileName: string;
  dtype: (typeof FORMS)[number][1];
  /** Files of weights beside the ONNX file: `model_q4.onnx_data`, `model_q4.onnx_data_1`, … */
  dataFiles: number;
  /** By file name without folder. */
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** Without these the library cannot open a language model. */
const NEEDED = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];

export function readLayout(stored: readonly StoredFile[]): Result<OnnxLayout> {
  const files = new Map(stored.map(({ name, bytes }) => [name, bytes]));
  const missing = NEEDED.find((name) => !files.has(name));
  if (missing !== undefined) return fail('file_missing', `The model names no ${missing}.`);
  const graphs = [...files.keys()].filter((name) => name.endsWith('.onnx'));
  const [graph] = graphs;
  if (graph === undefined || graphs.length > 1)
    return fail('file_missing', `The model names ${graphs.length} ONNX files, not one.`);
  const stem = graph.slice(0, -'.onnx'.length);
  const [suffix, dtype] = FORMS.find(([ending]) => stem.endsWith(ending)) ?? ['', 'fp32'];
  return ok({
    modelFileName: stem.slice(0, stem.length - suffix.length),
    dtype,
    dataFiles: [...files.keys()].filter((name) => name.startsWith(`${graph}_data`)).length,
    files,
  });
}

/** Answers the library's requests for files from memory; whatever else it asks for does not exist. */
export function serveLayout(files: OnnxLayout['files']) {
  return (input: RequestInfo | URL): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input);
    const bytes = files.get(url.slice(url.lastIndexOf('/') + 1));
    return Promise.resolve(bytes ? new Response(bytes) : new Response(null, { status: 404 }));
  };
}
