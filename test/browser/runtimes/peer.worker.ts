/** The peer of the benchmark: transformers.js' own feature-extraction pipeline on the same model file. */
import { env, pipeline } from '@huggingface/transformers';
import factoryUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import binaryUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';

const unpacked = async (name: string): Promise<ArrayBuffer> => {
  const { body } = await fetch(`/fleet/encoder/1.0.0/${name}`);
  if (body === null) throw new Error(`${name} is missing`);
  return new Response(
    name.endsWith('.gzip') ? body.pipeThrough(new DecompressionStream('gzip')) : body,
  ).arrayBuffer();
};

/** The base model's tokenizer.json, rebuilt around the shipped vocabulary. */
async function tokenizerJson(): Promise<object> {
  const tokens = new TextDecoder()
    .decode(await unpacked('vocab.txt.gzip'))
    .trimEnd()
    .split('\n');
  const special = (content: string) => ({
    id: tokens.indexOf(content),
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  });
  const cls = { SpecialToken: { id: '[CLS]', type_id: 0 } };
  const sep = { SpecialToken: { id: '[SEP]', type_id: 0 } };
  const ids = (token: string) => ({ id: token, ids: [tokens.indexOf(token)], tokens: [token] });
  return {
    version: '1.0',
    added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map(special),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [cls, { Sequence: { id: 'A', type_id: 0 } }, sep],
      pair: [cls, { Sequence: { id: 'A', type_id: 0 } }, sep],
      special_tokens: { '[CLS]': ids('[CLS]'), '[SEP]': ids('[SEP]') },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    },
  };
}

async function start(threads: number) {
  const json = (value: unknown) => new Response(JSON.stringify(value));
  const served: Record<string, () => Promise<Response>> = {
    'config.json': async () => new Response(await unpacked('config.json')),
    'tokenizer.json': async () => json(await tokenizerJson()),
    'tokenizer_config.json': () =>
      Promise.resolve(
        json({ tokenizer_class: 'BertTokenizer', model_max_length: 256, do_lower_case: true }),
      ),
    'onnx/model_quantized.onnx': async () => new Response(await unpacked('model.onnx.gzip')),
  };
  Object.assign(env, {
    allowRemoteModels: false,
    allowLocalModels: true,
    localModelPath: '/',
    useBrowserCache: false,
    useWasmCache: false,
  });
  env.fetch = (input: RequestInfo | URL) => {
    const url = input instanceof Request ? input.url : String(input);
    return (
      served[url.slice(url.indexOf('peer/') + 5)]?.() ??
      Promise.resolve(new Response(null, { status: 404 }))
    );
  };
  const { wasm } = env.backends.onnx;
  if (wasm === undefined) throw new Error('no wasm backend');
  wasm.wasmPaths = {
    mjs: new URL(factoryUrl, location.href).href,
    wasm: new URL(binaryUrl, location.href).href,
  };
  wasm.numThreads = threads;
  return pipeline('feature-extraction', 'peer', { dtype: 'q8', device: 'wasm' });
}

let extractor: Awaited<ReturnType<typeof start>> | null = null;

/** `{ threads }` starts it and answers the vector of a text; `{ texts }` answers the time of each call in ms. */
self.onmessage = async ({ data }: MessageEvent<{ threads?: number; texts?: string[] }>) => {
  try {
    extractor ??= await start(data.threads ?? 1);
    const times: number[] = [];
    let vector: number[] = [];
    for (const text of data.texts ?? []) {
      const started = performance.now();
      const output = await extractor(text, { pooling: 'mean', normalize: true });
      times.push(performance.now() - started);
      vector = Array.from(output.data as Float32Array);
    }
    self.postMessage({ times, vector });
  } catch (cause) {
    self.postMessage({ times: [], vector: [], error: String(cause) });
  }
};
