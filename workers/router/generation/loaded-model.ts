/** One language model in memory: the backend that was right and fast enough, and how to run it to a deadline. */
import { backendsFor, SLOW_PER_SECOND, TRY_ANOTHER } from '../../../src/core/choose-backend.ts';
import { fail, ok, type Failure, type Result } from '../../../src/core/failure.ts';
import type {
  Generated,
  GenerateRequest,
  GenerationInfo,
  GeneratorKind,
} from '../../../src/core/generation.ts';
import type {
  BackendChoice,
  DeviceProbe,
  GenerationModel,
} from '../../../src/core/generation-model.ts';
import type { GenerateOptions } from '../../../src/core/ports.ts';
import { startGenerator, type WorkerGenerator } from '../../runtimes/generation-client.ts';
import type { GenerationRuntime, LoadStep } from '../../runtimes/generation-contract.ts';

export interface Loaded {
  runtime: GenerationRuntime;
  info: GenerationInfo;
  /** Backends that were refused or slower, each with the reason, for the page. */
  others: { kind: GeneratorKind; why: string }[];
}

/** Starts a runtime on its thread; a test hands in a double. */
export type Start = (kind: WorkerGenerator) => GenerationRuntime;

/**
 * Loads a model on the first backend that passes its self-test. If that one is slow, the next is measured too and the
 * faster one stays. Fails with the last failure when none works.
 */
export async function loadModel(
  model: GenerationModel,
  probe: DeviceProbe,
  choice: BackendChoice,
  onStep: (step: LoadStep) => void,
  start: Start = startGenerator,
): Promise<Result<Loaded>> {
  const kinds = backendsFor(model, probe, choice).filter((kind) => kind !== 'prompt-api');
  let failure: Failure | null = null;
  let best: Loaded | null = null;
  const others: Loaded['others'] = [];
  for (const kind of kinds) {
    const runtime = start(kind);
    const result = await runtime.load(model, onStep);
    if (!result.ok) {
      await runtime.dispose();
      failure = result.failure;
      others.push({ kind, why: failure.message });
      if (!(TRY_ANOTHER as readonly string[]).includes(failure.code)) break;
      continue;
    }
    const mine: Loaded = { runtime, info: result.value, others };
    best = best ? await fasterOf(best, mine, others) : mine;
    if (choice !== 'auto' || speedOf(best) >= SLOW_PER_SECOND) break;
  }
  if (best) return ok(best);
  return { ok: false, failure: failure ?? noBackend(model, choice).failure };
}

/** Produced tokens per second in the self-test; a model without golden answers counts as fast enough. */
const speedOf = ({ info }: Loaded): number => info.selfTest?.decodePerSecond ?? Infinity;

async function fasterOf(a: Loaded, b: Loaded, others: Loaded['others']): Promise<Loaded> {
  const [kept, left] = speedOf(a) >= speedOf(b) ? [a, b] : [b, a];
  const tokens = (one: Loaded): string => `${speedOf(one).toFixed(1)} tokens a second`;
  others.push({ kind: left.info.runtime, why: `slower: ${tokens(left)} against ${tokens(kept)}` });
  await left.runtime.dispose();
  return kept;
}

function noBackend(model: GenerationModel, choice: BackendChoice) {
  if (choice === 'webgpu')
    return fail('no_webgpu', `“${model.title}” cannot run on WebGPU on this device.`);
  const needs = model.needs.shaderF16 ? ' with shader-f16' : '';
  return fail('no_webgpu', `“${model.title}” needs WebGPU${needs}, which this device lacks.`);
}

/** Runs one request; the deadline and the signal interrupt it, and the text so far comes back. */
export async function runToDeadline(
  runtime: Pick<GenerationRuntime, 'generate' | 'interrupt'>,
  request: GenerateRequest,
  { deadlineAt, signal }: GenerateOptions,
  onDelta: (delta: string) => void,
): Promise<Result<Generated>> {
  if (signal?.aborted) return fail('cancelled', 'The request was cancelled.');
  const id = crypto.randomUUID();
  const interrupt = (): void => void runtime.interrupt(id);
  const timer = setTimeout(interrupt, Math.max(0, deadlineAt - Date.now()));
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    return await runtime.generate(request, id, onDelta);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', interrupt);
  }
}
