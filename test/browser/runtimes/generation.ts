/** Page side of the tests of text-generating runtimes: stores model files, starts real workers, returns plain data. */
import type { Result } from '../../../src/core/failure.ts';
import type { Generated, GenerateRequest, GenerationInfo } from '../../../src/core/generation.ts';
import type { GenerationModel } from '../../../src/core/generation-model.ts';
import {
  startGenerator,
  type WorkerGenerator,
} from '../../../workers/runtimes/generation-client.ts';
import type {
  GenerationLoadOptions,
  GenerationRuntime,
} from '../../../workers/runtimes/generation-contract.ts';
import { openModelCache } from '../../../workers/runtimes/model-cache.ts';

export interface TimedAnswer {
  result: Result<Generated>;
  deltas: string[];
  /** From the call to the first delta, in ms. */
  firstMs: number;
  /** From the call to the settled promise, in ms. */
  tookMs: number;
  /** From the interruption to the settled promise, in ms; null without one. */
  settledMs: number | null;
}

/** When to interrupt: after so many ms, or after the first delta. */
export type Interruption = { afterMs: number } | { afterDeltas: number };

/** One answer of WebLLM by itself, seen from the page. */
export interface PeerAnswer {
  text: string;
  tokens: number;
  firstMs: number;
  tookMs: number;
}

const runtimes = new Map<string, GenerationRuntime>();
let peer: Worker | null = null;
let calls = 0;

const request = (turns: GenerateRequest['turns'] | string): GenerateRequest => ({
  turns: typeof turns === 'string' ? [{ role: 'user', content: turns }] : turns,
  maxTokens: 16,
  temperature: 0,
  topP: 1,
  seed: null,
  stop: [],
  schema: null,
});

async function modelCache(model: GenerationModel) {
  const cache = await openModelCache(caches, model.id, location.origin);
  if (cache === null) throw new Error('no Cache Storage');
  return cache;
}

const generation = {
  steps: [] as string[],
  /** Downloads a model's files into Cache Storage, as the app's downloads do. */
  async store(folder: string): Promise<GenerationModel> {
    const model = (await (await fetch(`${folder}/model.json`)).json()) as GenerationModel;
    const cache = await modelCache(model);
    const here = await cache.hashes();
    for (const { path, sha256 } of model.files) {
      if (here.has(sha256)) continue;
      const response = await fetch(`${folder}/${path}`);
      const kept = await cache.write(sha256, new Uint8Array(await response.arrayBuffer()));
      if (kept !== 'kept') throw new Error(`${path}: ${kept}`);
    }
    return model;
  },
  /** Changes a stored file behind the app's back. */
  async spoil(model: GenerationModel, path: string, how: 'flip' | 'cut' | 'remove') {
    const file = model.files.find((one) => one.path === path);
    if (!file) throw new Error(`${path} is no file of the model`);
    const cache = await modelCache(model);
    const bytes = await cache.read(file.sha256);
    if (bytes === null) throw new Error(`${path} is not stored`);
    if (how === 'remove') return generation.forget(model, path);
    const middle = bytes.length >> 1;
    if (how === 'flip') bytes[middle] = (bytes[middle] as number) ^ 1;
    await cache.write(file.sha256, how === 'cut' ? bytes.slice(0, -1) : bytes);
  },
  /** Removes a file so that `store` brings it back. */
  async forget(model: GenerationModel, path: string) {
    const cache = await modelCache(model);
    const file = model.files.find((one) => one.path === path);
    const hashes = model.files.map(({ sha256 }) => sha256);
    await cache.keepOnly(hashes.filter((sha256) => sha256 !== file?.sha256));
  },
  load(
    kind: WorkerGenerator,
    model: GenerationModel,
    options: GenerationLoadOptions = {},
  ): Promise<Result<GenerationInfo>> {
    const runtime = runtimes.get(kind) ?? startGenerator(kind);
    runtimes.set(kind, runtime);
    generation.steps = [];
    return runtime.load(model, ({ stage }) => generation.steps.push(stage), options);
  },
  runtime(kind: WorkerGenerator): GenerationRuntime {
    const runtime = runtimes.get(kind);
    if (runtime === undefined) throw new Error(`${kind} was not started`);
    return runtime;
  },
  async ask(
    kind: WorkerGenerator,
    turns: GenerateRequest['turns'] | string,
    changes: Partial<GenerateRequest> = {},
    interruption: Interruption | null = null,
  ): Promise<TimedAnswer> {
    const runtime = generation.runtime(kind);
    const id = `call ${calls++}`;
    const deltas: string[] = [];
    const startedAt = performance.now();
    let firstMs = 0;
    const interruptedAt: number[] = [];
    const interrupt = (): void => {
      interruptedAt.push(performance.now());
      void runtime.interrupt(id);
    };
    if (interruption && 'afterMs' in interruption) setTimeout(interrupt, interruption.afterMs);
    const result = await runtime.generate({ ...request(turns), ...changes }, id, (delta) => {
      if (deltas.length === 0) firstMs = performance.now() - startedAt;
      deltas.push(delta);
      if (
        interruption &&
        'afterDeltas' in interruption &&
        deltas.length >= interruption.afterDeltas
      )
        interrupt();
    });
    const endedAt = performance.now();
    // Deltas come through a channel of their own: the last ones may arrive after the result.
    await new Promise((done) => setTimeout(done, 20));
    return {
      result,
      deltas,
      firstMs,
      tookMs: endedAt - startedAt,
      settledMs: interruptedAt[0] === undefined ? null : endedAt - interruptedAt[0],
    };
  },
  selfTest: (kind: WorkerGenerator) => generation.runtime(kind).selfTest(),
  async dispose(kind: WorkerGenerator): Promise<void> {
    await runtimes.get(kind)?.dispose();
    runtimes.delete(kind);
  },
  /** The first message starts it. */
  askPeer(message: {
    base?: string;
    messages?: GenerateRequest['turns'];
    maxTokens?: number;
  }): Promise<PeerAnswer> {
    peer ??= new Worker(new URL('./webllm-peer.worker.ts', import.meta.url), { type: 'module' });
    const worker = peer;
    const answer: PeerAnswer = { text: '', tokens: 0, firstMs: 0, tookMs: 0 };
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      worker.onmessage = ({
        data,
      }: MessageEvent<{ delta?: string; done?: number; error?: string }>) => {
        if (data.error !== undefined) reject(new Error(data.error));
        if (data.delta !== undefined) {
          if (answer.text === '') answer.firstMs = performance.now() - startedAt;
          answer.text += data.delta;
        }
        if (data.done !== undefined)
          resolve({ ...answer, tokens: data.done, tookMs: performance.now() - startedAt });
      };
      worker.postMessage(message);
    });
  },
};
export type GenerationHarness = typeof generation;

Object.assign(globalThis, { generation });
