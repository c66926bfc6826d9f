/** Page side of the runtime tests: starts real workers and returns plain data to the test. */
import { startRuntime } from '../../../workers/runtimes/client.ts';
import type {
  LoadOptions,
  RuntimeInfo,
  RuntimeKind,
  TextRuntime,
} from '../../../workers/runtimes/contract.ts';
import type { Result } from '../../../src/core/failure.ts';
import type { SharedModel } from '../../../src/core/specialist.ts';

export interface PlainEmbeddings {
  rows: number[][];
  cut: number[];
}

let peer: Worker | null = null;
const runtimes = new Map<RuntimeKind, TextRuntime>();

const harness = {
  progress: [] as [number, number][],
  load(
    kind: RuntimeKind,
    model: SharedModel,
    options: LoadOptions = {},
  ): Promise<Result<RuntimeInfo>> {
    const runtime = startRuntime(kind);
    runtimes.set(kind, runtime);
    harness.progress = [];
    return runtime.load(
      model,
      `${location.origin}/fleet/`,
      (loaded, total) => harness.progress.push([loaded, total]),
      options,
    );
  },
  runtime(kind: RuntimeKind): TextRuntime {
    const runtime = runtimes.get(kind);
    if (runtime === undefined) throw new Error(`${kind} was not started`);
    return runtime;
  },
  async embed(kind: RuntimeKind, texts: string[]): Promise<PlainEmbeddings> {
    const result = await harness.runtime(kind).embed(texts);
    if (!result.ok) throw new Error(result.failure.message);
    const { vectors, cut, dims } = result.value;
    return {
      rows: texts.map((_, row) => [...vectors.subarray(row * dims, (row + 1) * dims)]),
      cut: [...cut],
    };
  },
  async tokens(kind: RuntimeKind, texts: string[]) {
    const result = await harness.runtime(kind).tokens(texts);
    if (!result.ok) throw new Error(result.failure.message);
    return result.value.map(({ vectors, offsets, dims, cut }) => ({
      rows: Array.from({ length: vectors.length / dims }, (_, row) => [
        ...vectors.subarray(row * dims, (row + 1) * dims),
      ]),
      offsets: [...offsets],
      cut,
    }));
  },
  async dispose(kind: RuntimeKind): Promise<void> {
    await runtimes.get(kind)?.dispose();
    runtimes.delete(kind);
  },
  /** Asks the peer (transformers.js' own pipeline); the first call starts it. */
  askPeer(message: {
    threads?: number;
    texts?: string[];
  }): Promise<{ times: number[]; vector: number[]; error?: string }> {
    peer ??= new Worker(new URL('./peer.worker.ts', import.meta.url), { type: 'module' });
    const worker = peer;
    return new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.postMessage(message);
    });
  },
  endPeer(): void {
    peer?.terminate();
    peer = null;
  },
  /** Texts per second of one batch call, with one 150-label head on each vector. */
  async rowsPerSecond(kind: RuntimeKind, texts: string[]): Promise<number> {
    const started = performance.now();
    const result = await harness.runtime(kind).embed(texts);
    if (!result.ok) throw new Error(result.failure.message);
    const { vectors, dims } = result.value;
    const head = Float32Array.from({ length: 150 * dims }, (_, index) => Math.sin(index));
    let best = 0;
    for (let row = 0; row < texts.length; row++) {
      for (let label = 0; label < 150; label++) {
        let sum = 0;
        for (let dim = 0; dim < dims; dim++)
          sum += (head[label * dims + dim] as number) * (vectors[row * dims + dim] as number);
        best = Math.max(best, sum);
      }
    }
    if (!Number.isFinite(best)) throw new Error('no finite logit');
    return texts.length / ((performance.now() - started) / 1000);
  },
  /** Times of single calls across the thread, in ms. */
  async time(kind: RuntimeKind, texts: string[]): Promise<number[]> {
    const runtime = harness.runtime(kind);
    const times: number[] = [];
    for (const text of texts) {
      const started = performance.now();
      await runtime.embed([text]);
      times.push(performance.now() - started);
    }
    return times;
  },
};
export type Harness = typeof harness;

Object.assign(globalThis, { harness });
