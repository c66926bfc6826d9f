/** Brings one model onto the device: adapter, checked files, WebLLM, golden answers. What can go wrong has a code. */
import { fail, ok, type Failure, type Result } from '../../../src/core/failure.ts';
import type { GenerationSelfTest } from '../../../src/core/generation.ts';
import type { GenerationModel } from '../../../src/core/generation-model.ts';
import type { GenerationLoadOptions, LoadStep } from '../generation-contract.ts';
import {
  parseGenerationGolden,
  goldenRunOf,
  GREEDY,
  judgedSelfTest,
  type GenerationGolden,
} from '../generation-self-test.ts';
import type { StoredDoors } from '../stored-files.ts';
import type { AnswerDoors } from './answer.ts';
import { findAdapter, watchDevices, type AdapterKind, type DeviceWatch } from './device.ts';
import { openPipeline } from './engine.ts';
import { addressModel, type AddressedModel } from './model-addresses.ts';
import { createPrompter } from './prompt.ts';
import { serveFiles, standInFor, type ServedFiles } from './served-files.ts';
import { createWriter, UnusableLogits } from './writer.ts';

export interface LoadedModel extends AnswerDoors {
  watch: DeviceWatch;
  adapter: AdapterKind;
  golden: GenerationGolden | null;
}

export interface LoadDoors extends Omit<StoredDoors, 'onBytes'> {
  gpu: GPU | undefined;
  now: () => number;
  onStep: (step: LoadStep) => void;
}

export async function loadModel(
  model: GenerationModel,
  options: GenerationLoadOptions,
  doors: LoadDoors,
): Promise<Result<LoadedModel>> {
  const adapter = await findAdapter(doors.gpu, model);
  if (!adapter.ok) return adapter;
  const stored = await addressModel(model, libraryFor(model, adapter.value, options), {
    ...doors,
    onBytes: (loadedBytes, totalBytes) =>
      doors.onStep({ stage: 'reading', loadedBytes, totalBytes }),
  });
  if (!stored.ok) return stored;
  const golden =
    stored.value.golden === null ? ok(null) : parseGenerationGolden(stored.value.golden);
  if (!golden.ok) return golden;
  doors.onStep({ stage: 'compiling', loadedBytes: 0, totalBytes: 0 });
  const watch = watchDevices();
  const opened = await openOnDevice(stored.value, model, watch, doors.signal);
  const prompter = opened.ok ? createPrompter(stored.value.config, opened.value) : opened;
  if (!opened.ok || !prompter.ok) {
    watch.release();
    return prompter.ok ? (opened as Result<never>) : prompter;
  }
  return ok({
    watch,
    adapter: adapter.value,
    golden: golden.value,
    prompter: prompter.value,
    writer: createWriter(opened.value, adapter.value.software),
    contextTokens: Math.min(model.contextTokens, opened.value.contextWindowSize),
    now: doors.now,
  });
}

function libraryFor(
  { files }: GenerationModel,
  { software }: AdapterKind,
  { library }: GenerationLoadOptions,
): 'library' | 'software-library' {
  if (library !== undefined) return library;
  const has = (role: string) => files.some((file) => file.role === role);
  return software && has('software-library') ? 'software-library' : 'library';
}

async function openOnDevice(
  { files, addresses }: AddressedModel,
  model: GenerationModel,
  watch: DeviceWatch,
  signal: AbortSignal,
): Promise<ReturnType<typeof openPipeline> extends Promise<infer P> ? Result<P> : never> {
  const served = serveFiles(files);
  standInFor(served);
  const cancelled = fail('cancelled', `Loading ${model.id} was cancelled.`);
  const opening = openPipeline(addresses, model.contextTokens).then(ok, async (cause: unknown) => ({
    ok: false as const,
    failure: await failureOf(cause, watch, served),
  }));
  const result = await Promise.race([
    opening,
    watch.lost.then((failure) => ({ ok: false as const, failure })),
    aborted(signal).then(() => cancelled),
  ]);
  // Nothing more is wanted of the files; what is in flight may be garbage now.
  standInFor(serveFiles(new Map()));
  if (!result.ok) return result;
  const failure = watch.failure();
  return failure === null ? result : { ok: false, failure };
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** A lost device is told a moment after the calls that it broke, later where the machine is busy. */
const LOST_MOMENT_MS = 2000;

/** What an exception of WebLLM or the device means. */
export async function failureOf(
  cause: unknown,
  watch: DeviceWatch,
  served: ServedFiles | null,
): Promise<Failure> {
  const refused = served?.failure() ?? null;
  if (refused !== null) return refused;
  await Promise.race([watch.lost, new Promise((done) => setTimeout(done, LOST_MOMENT_MS))]);
  const onDevice = watch.failure();
  if (onDevice !== null) return onDevice;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof UnusableLogits) return { code: 'device_lost', message };
  if (/out of memory|allocation failed|memory access out of bounds|OOM/i.test(message))
    return { code: 'out_of_memory', message: `The model does not fit into memory: ${message}` };
  if (/requested|required|compatible GPU|WebGPU/i.test(message) && served !== null)
    return { code: 'no_webgpu', message };
  return { code: 'runtime_failed', message: `WebLLM stopped: ${message}` };
}

/** Runs the golden prompts, or only the first. Null where the model brings none. */
export const testModel = (
  { golden, prompter, writer, now }: LoadedModel,
  most: number,
  signal: AbortSignal,
): Promise<Result<GenerationSelfTest | null>> =>
  judgedSelfTest(golden, most, 'WebGPU', (prompt) => {
    const ids = prompter.idsOf(prompt.turns);
    const tokens = writer.write(ids, { ...GREEDY, grammar: null, signal });
    return goldenRunOf(prompt, ids, tokens, now, signal);
  }).catch((cause: unknown) => {
    if (cause instanceof UnusableLogits) return fail('self_test_failed', cause.message);
    throw cause;
  });
