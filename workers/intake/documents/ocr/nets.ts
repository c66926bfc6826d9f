/** The two OCR networks in onnxruntime-web, from files of this origin whose hash was checked. */
import { fail, ok, type Result } from '../../../../src/core/failure.ts';
import type { SharedModel } from '../../../../src/core/specialist.ts';
import { BASE_URL, wholeAddress } from '../../../addresses.ts';
import { cacheStorage } from '../../../../src/platform/browser-storage.ts';
import { loadModelFiles, type ModelFiles } from '../../../runtimes/model-files.ts';
import manifest from './model.json' with { type: 'json' };
import type { Nets } from './read-picture.ts';

const MOST_THREADS = 4;

/** Where the fleet lies: beside the app, in whatever folder it is served. */
const fleetUrl = (): string => new URL('fleet/', BASE_URL).href;

let opening: Promise<Result<Nets>> | null = null;

/** Loads the networks once. A failed attempt is forgotten, so that the next one may succeed. */
export function openNets(
  signal: AbortSignal,
  onProgress: (loaded: number, total: number) => void,
): Promise<Result<Nets>> {
  opening ??= open(signal, onProgress).then((result) => {
    if (!result.ok) opening = null;
    return result;
  });
  return opening;
}

async function open(
  signal: AbortSignal,
  onProgress: (loaded: number, total: number) => void,
): Promise<Result<Nets>> {
  const model: SharedModel = { ...manifest, dims: 0, maxTokens: 0 };
  const files = await loadModelFiles(model, fleetUrl(), {
    fetch: (...request) => fetch(...request),
    caches: cacheStorage(),
    signal,
    onProgress,
  });
  if (!files.ok) return files;
  try {
    return ok(await startSessions(files.value));
  } catch (cause) {
    return fail('runtime_failed', `The OCR networks could not be started: ${String(cause)}.`);
  }
}

async function startSessions(files: ModelFiles): Promise<Nets> {
  const [onnx, factory, binary] = await Promise.all([
    import('onnxruntime-web/wasm'),
    import('onnxruntime-web/ort-wasm-simd-threaded.mjs?url'),
    import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url'),
  ]);
  const cores = navigator.hardwareConcurrency;
  onnx.env.logLevel = 'error';
  onnx.env.wasm.numThreads = globalThis.crossOriginIsolated
    ? Math.max(1, Math.min(MOST_THREADS, cores))
    : 1;
  onnx.env.wasm.wasmPaths = {
    mjs: wholeAddress(factory.default),
    wasm: wholeAddress(binary.default),
  };
  // Threads that wait must sleep: spinning ones starve the page on a busy machine.
  const options = { extra: { session: { intra_op: { allow_spinning: '0' } } } };
  const session = (name: string) =>
    onnx.InferenceSession.create(files.byName.get(name) ?? new Uint8Array(), options);
  const detector = await session('detect.onnx');
  const recogniser = await session('recognise.onnx');
  const classes = JSON.parse(
    new TextDecoder().decode(files.byName.get('characters.json')),
  ) as string[];
  const run = async (
    net: typeof detector,
    input: Float32Array,
    width: number,
    height: number,
  ): Promise<Float32Array> => {
    const tensor = new onnx.Tensor('float32', input, [1, 3, height, width]);
    const output = (await net.run({ x: tensor }))['fetch_name_0'];
    if (output === undefined) throw new Error('an OCR network gave no output');
    return output.data as Float32Array;
  };
  return {
    classes,
    detect: (input, width, height) => run(detector, input, width, height),
    recognise: (input, width) => run(recogniser, input, width, 48),
  };
}
