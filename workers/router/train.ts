/** Trains a specialist: check the rows, hold some out, embed, build on the trainer's thread, put it into the fleet. */
import * as Comlink from 'comlink';
import type { BuildInput, BuiltSpecialist } from '../../src/core/build-specialist.ts';
import { checkRows, splitByLabel, usableRows } from '../../src/core/data-checks.ts';
import type { EmbeddedRows } from '../../src/core/embedded-rows.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import { seeded } from '../../src/core/random.ts';
import type { LoadedSpecialist } from '../../src/core/specialist.ts';
import type { OnEvent, TrainRow } from '../../src/core/threads.ts';
import {
  DEFAULT_PROMISE,
  HELD_OUT_SHARE,
  manifestOf,
  PROMISED_ERRORS,
  type TrainJob,
} from '../../src/core/train-job.ts';
import { startThread } from '../../src/platform/start-thread.ts';
import type { Trainer } from '../training.worker.ts';
import trainingThread from '../training.worker.ts?worker&url';
import type { Background } from './background.ts';
import { keep, keysOf, recall } from './embedding-cache.ts';
import { sha256 } from './fleet-files.ts';
import type { FleetStore } from './fleet-store.ts';
import type { RuntimePool } from './pool.ts';

const LEAST_ROWS = 20;
const MOST_ROWS = 100_000;
/** Time that the trainer gets to stop by itself, in ms. */
const GRACE_MS = 500;

export interface TrainPorts {
  fleet: FleetStore;
  pool: RuntimePool;
  background(): Promise<Result<Background>>;
  now(): number;
}

interface Texts {
  labels: string[];
  train: TrainRow[];
  heldOut: TrainRow[];
  outOfScope: string[];
  background: string[];
  /** Embeddings of the encoder that are known already, by text. */
  vectors: Background['vectors'];
}

/** Fails with too_few_rows, too_many_rows, bad_request, cancelled, or as the runtimes fail. */
export async function trainSpecialist(
  job: TrainJob,
  ports: TrainPorts,
  signal: AbortSignal,
  onEvent: OnEvent,
): Promise<Result<LoadedSpecialist>> {
  const startedAt = ports.now();
  const texts = await gather(job, ports);
  if (!texts.ok) return texts;
  const input = await embedTexts(job, texts.value, ports, signal, onEvent);
  if (!input.ok) return input;
  const built = await build(input.value, signal, (share) =>
    onEvent({ type: 'progress', stage: 'training', done: Math.round(share * 100), total: 100 }),
  );
  if (!built.ok) return built;
  const head = new Uint8Array(built.value.head);
  const { static: table, encoder } = ports.fleet.manifest;
  const version = job.version ?? nextVersion(job.id, ports.fleet);
  const manifest = manifestOf({ ...job, version }, texts.value.labels, built.value, {
    sha256: await sha256(head),
    models: { static: `${table.id}@${table.version}`, encoder: `${encoder.id}@${encoder.version}` },
    dataProblems: checkRows(job.rows).slice(0, 50),
    trainMs: Math.round(ports.now() - startedAt),
    facetLabels: input.value.facets.map((facet) => facet.labels),
  });
  return ports.fleet.put({ manifest, head });
}

/** 1.0.0, then 1.1.0, 1.2.0 … for each training under the same id. */
function nextVersion(id: string, fleet: FleetStore): string {
  const known = fleet.specialists().find((s) => s.manifest.id === id)?.manifest.version;
  const [major = 1, minor = -1] = known?.split('.').map(Number) ?? [];
  return `${major}.${minor + 1}.0`;
}

async function gather(job: TrainJob, ports: TrainPorts): Promise<Result<Texts>> {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/u.test(job.id))
    return fail('bad_request', 'The id must be made of lower-case letters, digits and hyphens.');
  if (ports.fleet.specialists().some((s) => s.manifest.id === job.id && s.origin === 'shipped')) {
    return fail(
      'bad_request',
      `“${job.id}” is the id of a specialist that this build ships. Choose another.`,
    );
  }
  if (job.rows.length > MOST_ROWS)
    return fail(
      'too_many_rows',
      `At most ${MOST_ROWS} rows can be trained on; the file has ${job.rows.length}.`,
    );
  const rows = job.heldOut ? job.rows : usableRows(job.rows);
  const labels = [...new Set(rows.map((row) => row.label))].sort();
  if (labels.length < 2)
    return fail('too_few_rows', 'Training needs at least two different labels.');
  if (rows.length < LEAST_ROWS)
    return fail(
      'too_few_rows',
      `Training needs at least ${LEAST_ROWS} usable rows and has ${rows.length}.`,
    );
  const split = job.heldOut
    ? { train: rows, heldOut: job.heldOut }
    : splitByLabel(rows, HELD_OUT_SHARE, seeded(job.seed ?? 1));
  const outOfScope = job.outOfScope ?? [];
  if (job.background)
    return ok({ labels, ...split, outOfScope, background: job.background, vectors: new Map() });
  const shipped = await ports.background();
  if (!shipped.ok) return shipped;
  const { texts, vectors } = shipped.value;
  // Odd background texts teach what is not this specialist's business, even ones test it as out of scope.
  const half = (part: 0 | 1): string[] => texts.filter((_, i) => i % 2 === part);
  return ok({
    labels,
    ...split,
    outOfScope: [...outOfScope, ...half(0)],
    background: half(1),
    vectors,
  });
}

async function embedTexts(
  job: TrainJob,
  texts: Texts,
  ports: TrainPorts,
  signal: AbortSignal,
  onEvent: OnEvent,
): Promise<Result<BuildInput>> {
  const groups = [
    texts.train.map((r) => r.text),
    texts.heldOut.map((r) => r.text),
    texts.outOfScope,
    texts.background,
  ];
  const all = groups.flat();
  const vectors: Record<'static' | 'encoder', Float32Array> = {
    static: new Float32Array(0),
    encoder: new Float32Array(0),
  };
  for (const tier of ['static', 'encoder'] as const) {
    const startedAt = ports.now();
    const result = await embedKept(tier, job.id, all, texts.vectors, ports, signal, (done) =>
      onEvent({
        type: 'progress',
        stage: tier === 'static' ? 'reading' : 'embedding',
        done,
        total: all.length,
        rowsPerSecond: done / Math.max(0.001, (ports.now() - startedAt) / 1000),
      }),
    );
    if (!result.ok) return result;
    vectors[tier] = result.value;
  }
  const { static: table, encoder } = ports.fleet.manifest;
  const dims = { static: table.dims, encoder: encoder.dims };
  let start = 0;
  const cut = (n: number, labels: Int32Array): EmbeddedRows => {
    const rows = {
      static: vectors.static.slice(start * dims.static, (start + n) * dims.static),
      encoder: vectors.encoder.slice(start * dims.encoder, (start + n) * dims.encoder),
      labels,
    };
    start += n;
    return rows;
  };
  const numbers = new Map(texts.labels.map((label, i) => [label, i]));
  const known = (rows: TrainRow[]): Int32Array =>
    Int32Array.from(rows, (row) => numbers.get(row.label) ?? -1);
  const outside = (n: number): Int32Array => new Int32Array(n).fill(-1);
  return ok({
    labels: texts.labels,
    dims,
    train: cut(texts.train.length, known(texts.train)),
    heldOut: cut(texts.heldOut.length, known(texts.heldOut)),
    outOfScope: cut(texts.outOfScope.length, outside(texts.outOfScope.length)),
    background: cut(texts.background.length, outside(texts.background.length)),
    facets: (job.facets ?? []).map((facet) => {
      const labels = [...new Set(facet.train)].sort();
      return {
        name: facet.name,
        labels,
        train: Int32Array.from(facet.train, (label) => labels.indexOf(label)),
      };
    }),
    promise: {
      maxErrors: [...new Set([...PROMISED_ERRORS, job.maxError ?? DEFAULT_PROMISE.maxError])].sort(
        (a, b) => a - b,
      ),
      confidence: job.confidence ?? DEFAULT_PROMISE.confidence,
      outOfScopeShare: job.outOfScopeShare ?? DEFAULT_PROMISE.outOfScopeShare,
    },
    seed: job.seed ?? 1,
  });
}

/** Embeds what neither ships nor was embedded by an earlier training of the same name, and keeps all for the next. */
async function embedKept(
  tier: 'static' | 'encoder',
  name: string,
  texts: string[],
  shipped: Background['vectors'],
  ports: TrainPorts,
  signal: AbortSignal,
  onDone: (done: number) => void,
): Promise<Result<Float32Array>> {
  if (tier === 'static') return ports.pool.embedAll(tier, texts, signal, onDone);
  const { encoder } = ports.fleet.manifest;
  const [keys, known] = await Promise.all([
    keysOf(`${encoder.id}@${encoder.version}`, texts),
    recall(name),
  ]);
  texts.forEach((text, i) => {
    const vector = shipped.get(text);
    if (vector) known.set(keys[i] as string, vector);
  });
  const missing = texts.flatMap((_, i) => (known.has(keys[i] as string) ? [] : [i]));
  const fresh = await ports.pool.embedAll(
    tier,
    missing.map((i) => texts[i] as string),
    signal,
    (done) => onDone(texts.length - missing.length + done),
  );
  if (!fresh.ok) return fresh;
  const out = new Float32Array(texts.length * encoder.dims);
  missing.forEach((row, i) =>
    known.set(keys[row] as string, fresh.value.subarray(i * encoder.dims, (i + 1) * encoder.dims)),
  );
  keys.forEach((key, i) => out.set(known.get(key) ?? [], i * encoder.dims));
  await keep(name, keys, out, encoder.dims);
  return ok(out);
}

async function build(
  input: BuildInput,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<Result<BuiltSpecialist>> {
  const worker = startThread(trainingThread, 'training');
  const trainer = Comlink.wrap<Trainer>(worker);
  const broken = new Promise<Result<never>>((resolve) =>
    worker.addEventListener('error', (event) =>
      resolve(fail('runtime_failed', `The trainer stopped: ${event.message}.`)),
    ),
  );
  const stopped = new Promise<Result<never>>((resolve) => {
    const stop = (): void => {
      void trainer.cancel();
      setTimeout(
        () => resolve(fail('cancelled', 'The training was cancelled. Nothing was published.')),
        GRACE_MS,
      );
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([trainer.build(input, Comlink.proxy(onShare)), broken, stopped]);
  } finally {
    worker.terminate();
  }
}
