/** Opens a model of checked files: library, tokenizer, session on the best provider that passes the golden answers. */
import type { PreTrainedModel, PreTrainedTokenizer } from '@huggingface/transformers';
import * as v from 'valibot';
import { fail, ok, type Failure, type Result } from '../../../src/core/failure.ts';
import type { GenerationSelfTest } from '../../../src/core/generation.ts';
import type { GenerationModel, ModelFileRole } from '../../../src/core/generation-model.ts';
import { isSoftware } from '../encoder/webgpu.ts';
import type { GenerationLoadOptions, LoadStep } from '../generation-contract.ts';
import { parseGenerationGolden, type GenerationGolden } from '../generation-self-test.ts';
import { readStoredFiles, type StoredDoors } from '../stored-files.ts';
import { readLayout, serveLayout, type OnnxLayout } from './layout.ts';
import { openLibrary, type Library } from './library.ts';
import { chooseRuntime, type Provider } from './onnx-runtime.ts';
import { testModel } from './self-test.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';
import { createWriter, type Writer } from './writer.ts';

export interface LoadedModel {
  library: Library;
  model: PreTrainedModel;
  tokenizer: PreTrainedTokenizer;
  vocabulary: Vocabulary;
  writer: Writer;
  golden: GenerationGolden | null;
  contextTokens: number;
  backend: string;
  now: () => number;
}

export interface LoadDoors extends Omit<StoredDoors, 'onBytes'> {
  gpu: GPU | undefined;
  isolated: boolean;
  cores: number;
  now: () => number;
  onStep: (step: LoadStep) => void;
}

const ROLES: ModelFileRole[] = ['weights', 'config', 'tokenizer', 'golden', 'other'];
/** Under which the library asks for its files. */
const MODEL_ID = 'language-model';
/** Tokens of a prompt that are read in one pass. */
const CHUNK: Record<Provider['name'], number> = { wasm: 16, webgpu: 128 };

export interface TestedModel {
  loaded: LoadedModel;
  /** Of the first golden prompt; null where the model brings none. */
  selfTest: GenerationSelfTest | null;
}

interface CheckedFiles extends Pick<LoadedModel, 'vocabulary' | 'golden'> {
  layout: OnnxLayout;
}

export async function loadModel(
  model: GenerationModel,
  { threads = Infinity }: GenerationLoadOptions,
  doors: LoadDoors,
): Promise<Result<TestedModel>> {
  const files = await readFiles(model, doors);
  if (!files.ok) return files;
  doors.onStep({ stage: 'compiling', loadedBytes: 0, totalBytes: 0 });
  const wanted = Math.min(threads, doors.cores);
  // WebGPU was seen to compute wrongly in silence: only golden answers can tell.
  const gpu = files.value.golden === null ? null : await realGpu(doors.gpu);
  const providers = await chooseRuntime(gpu, wanted, doors.isolated);
  const library = await openLibrary();
  let result: Result<TestedModel> = fail('runtime_failed', `${model.id} did not start.`);
  for (const provider of providers) {
    if (doors.signal.aborted) break;
    result = await openOn(provider, model, files.value, library, doors);
    // transformers.js opens no further session once one could not be opened.
    if (result.ok || result.failure.code !== 'self_test_failed') break;
  }
  if (!doors.signal.aborted) return result;
  if (result.ok) await result.value.loaded.model.dispose();
  return fail('cancelled', `Loading ${model.id} was cancelled.`);
}

async function readFiles(model: GenerationModel, doors: LoadDoors): Promise<Result<CheckedFiles>> {
  const stored = await readStoredFiles(model, ROLES, {
    ...doors,
    onBytes: (loadedBytes, totalBytes) =>
      doors.onStep({ stage: 'reading', loadedBytes, totalBytes }),
  });
  if (!stored.ok) return stored;
  const layout = readLayout(stored.value);
  if (!layout.ok) return layout;
  const vocabulary = readVocabulary(layout.value.files);
  if (!vocabulary.ok) return vocabulary;
  const bytes = layout.value.files.get('golden.json');
  const golden = bytes === undefined ? ok(null) : parseGenerationGolden(bytes);
  if (!golden.ok) return golden;
  return ok({ layout: layout.value, vocabulary: vocabulary.value, golden: golden.value });
}

async function openOn(
  provider: Provider,
  model: GenerationModel,
  { layout, vocabulary, golden }: CheckedFiles,
  library: Library,
  { now, onStep, signal }: LoadDoors,
): Promise<Result<TestedModel>> {
  const session = await openSession(provider, layout, library);
  if (!session.ok) return session;
  const loaded: LoadedModel = {
    ...session.value,
    library,
    vocabulary,
    golden,
    contextTokens: contextOf(model, layout.files),
    backend: provider.backend,
    now,
  };
  onStep({ stage: 'testing', loadedBytes: 0, totalBytes: 0 });
  const selfTest = await testModel(loaded, 1, signal);
  if (selfTest.ok) return ok({ loaded, selfTest: selfTest.value });
  await loaded.model.dispose();
  return selfTest;
}

/** Name of the graphics adapter; null where there is none or the processor simulates it. */
async function realGpu(gpu: GPU | undefined): Promise<string | null> {
  const adapter = await gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  if (!adapter || isSoftware(adapter)) return null;
  const { vendor, architecture } = adapter.info;
  return `${vendor} ${architecture}`.trim() || 'unnamed adapter';
}

async function openSession(
  { name }: Provider,
  { modelFileName, dtype, dataFiles, files }: OnnxLayout,
  library: Library,
): Promise<Result<Pick<LoadedModel, 'model' | 'tokenizer' | 'writer'>>> {
  library.env.fetch = serveLayout(files);
  try {
    const tokenizer = await library.AutoTokenizer.from_pretrained(MODEL_ID);
    const model = await library.AutoModelForCausalLM.from_pretrained(MODEL_ID, {
      dtype,
      // Of an onnxruntime that is not its own the library knows no device by name; the providers below count.
      device: 'auto',
      model_file_name: modelFileName,
      use_external_data_format: dataFiles,
      session_options: {
        executionProviders: [name],
        ...(name === 'webgpu' ? { preferredOutputLocation: cacheOnGpu(files) } : {}),
        // Threads that wait must sleep: spinning ones starve the page on a busy machine.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      },
    });
    const writer = createWriter(library, model, CHUNK[name]);
    return ok({ model, tokenizer, writer });
  } catch (cause) {
    return { ok: false, failure: failureOf(cause) };
  } finally {
    library.env.fetch = serveLayout(new Map());
  }
}

const configSchema = v.object({
  num_hidden_layers: v.optional(v.number(), 0),
  max_position_embeddings: v.optional(v.number(), Infinity),
});

/** What counts of config.json; it was read by the library before, so it is JSON. */
function configOf(files: OnnxLayout['files']): v.InferOutput<typeof configSchema> {
  return v.parse(configSchema, JSON.parse(new TextDecoder().decode(files.get('config.json'))));
}

/** Keys and values stay on the graphics device between two passes. */
function cacheOnGpu(files: OnnxLayout['files']): Record<string, 'gpu-buffer'> {
  const names = Array.from({ length: configOf(files).num_hidden_layers }, (_, layer) => [
    `present.${layer}.key`,
    `present.${layer}.value`,
  ]);
  return Object.fromEntries(names.flat().map((name) => [name, 'gpu-buffer']));
}

function contextOf(model: GenerationModel, files: OnnxLayout['files']): number {
  return Math.min(model.contextTokens, configOf(files).max_position_embeddings);
}

/** What an exception of the engine means. */
export function failureOf(cause: unknown): Failure {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/bad_alloc|out of memory|allocation failed|failed to allocate/i.test(message))
    return { code: 'out_of_memory', message: `The model does not fit into memory: ${message}` };
  if (/device (was|is) lost|lost device/i.test(message))
    return { code: 'device_lost', message: `The graphics device was lost: ${message}` };
  return { code: 'runtime_failed', message: `onnxruntime stopped: ${message}` };
}
