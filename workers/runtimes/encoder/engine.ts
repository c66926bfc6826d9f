/** Engine of the encoder runtime: always one text per run, the latest vectors remembered, the faster backend chosen. */
import { fail, ok } from '../../../src/core/failure.ts';
import type { WordPiece } from '../../../src/core/wordpiece.ts';
import type { SelfTest } from '../contract.ts';
import { smallestCosine, type Golden } from '../golden.ts';
import type { Engine, OpenEngine } from '../runtime.ts';
import type { ModelFiles } from '../model-files.ts';
import { rememberVectors } from './remembered.ts';
import { openWasmSession, type Session } from './wasm.ts';
import { hasRealGpu, openWebgpuSession } from './webgpu.ts';

const REMEMBERED = 512;
const ROUNDS = 9;
/** The engine compiles its hot code after some dozens of runs. */
const WARM_UP_RUNS = 40;
/** [CLS], twenty common words, [SEP]. */
const WARM_UP_IDS = [101, ...Array.from({ length: 20 }, (_, index) => 2000 + index), 102];

interface EncoderEngine extends Engine {
  /** Runs past the memory of vectors; does nothing once disposed of. */
  runOnce(ids: readonly number[]): Promise<void>;
  /** Calls of `embedTokens` so far. */
  calls(): number;
}

export const openEncoderEngine: OpenEngine = async (
  model,
  files,
  golden,
  wordPiece,
  { threads },
) => {
  if (!files.byName.has('model.onnx'))
    return fail('file_missing', `${model.id} names no model.onnx.`);
  if (!files.byName.has('config.json'))
    return fail('file_missing', `${model.id} names no config.json.`);
  const wasm = await openWasmSession(files, threads ?? navigator.hardwareConcurrency);
  const chosen = await chooseSession(wasm, files, golden, wordPiece, model.maxTokens);
  return ok(createEngine(chosen.session, chosen.others));
};

function createEngine(session: Session, others: SelfTest['backends']): EncoderEngine {
  const remembered = rememberVectors(REMEMBERED);
  let calls = 0;
  let disposed = false;
  return {
    backend: session.backend,
    others,
    calls: () => calls,
    runOnce: async (ids) => {
      if (!disposed) await session.run(ids);
    },
    embedTokens: async (ids, row) => {
      calls++;
      const known = remembered.get(ids);
      const vector = known ?? (await session.run(ids)).slice();
      if (known === undefined) remembered.set(ids, vector);
      row.set(vector);
    },
    tokenVectors: async (ids) => {
      calls++;
      return (await session.runTokens(ids)).slice();
    },
    dispose: () => {
      disposed = true;
      return session.dispose();
    },
  };
}

/** WebGPU only where a real GPU is, its vectors are right, and it is faster than WASM in turns. */
async function chooseSession(
  wasm: Session,
  files: ModelFiles,
  golden: Golden,
  wordPiece: WordPiece,
  maxTokens: number,
) {
  const none: { session: Session; others: SelfTest['backends'] } = { session: wasm, others: [] };
  if (!(await hasRealGpu())) return none;
  const gpu = await openWebgpuSession(files).catch(() => null);
  if (gpu === null) return none;
  const minCosine = await goldenCosine(gpu, golden, wordPiece, maxTokens).catch(() => -1);
  const right = minCosine >= golden.requiredCosine;
  const [gpuMs, wasmMs] = right ? await raceInTurns(gpu, wasm) : [Infinity, 0];
  const gpuWins = right && gpuMs < wasmMs;
  const [winner, loser] = gpuWins ? [gpu, wasm] : [wasm, gpu];
  await loser.dispose();
  const record = gpuWins
    ? { backend: wasm.backend, minCosine: 1, medianMs: wasmMs }
    : { backend: 'webgpu', minCosine, medianMs: gpuMs };
  return { session: winner, others: [record] };
}

async function goldenCosine(
  session: Session,
  golden: Golden,
  wordPiece: WordPiece,
  maxTokens: number,
): Promise<number> {
  const vectors = new Float32Array(golden.texts.length * golden.dims);
  for (const [index, { text }] of golden.texts.entries()) {
    vectors.set(await session.run(wordPiece.encode(text, maxTokens).ids), index * golden.dims);
  }
  return smallestCosine(golden, vectors);
}

/** Median time of both, measured alternately so that a busy machine hits both alike. */
async function raceInTurns(a: Session, b: Session): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, session] of [a, b].entries()) {
      const started = performance.now();
      await session.run(WARM_UP_IDS);
      (times[index] as number[]).push(performance.now() - started);
    }
  }
  const median = (values: number[]): number =>
    values.sort((x, y) => x - y)[values.length >> 1] ?? Infinity;
  return [median(times[0]), median(times[1])];
}

/** Runs the engine hot between real calls; a call that comes in waits for one run at most. */
export function warmUp(engine: Engine): void {
  const encoder = engine as EncoderEngine;
  const step = async (left: number, seen: number): Promise<void> => {
    const idle = encoder.calls() === seen;
    if (idle) await encoder.runOnce(WARM_UP_IDS);
    if (left > 1)
      setTimeout(
        () => void step(idle ? left - 1 : left, encoder.calls()).catch(() => undefined),
        idle ? 0 : 50,
      );
  };
  setTimeout(() => void step(WARM_UP_RUNS, encoder.calls()).catch(() => undefined), 0);
}
