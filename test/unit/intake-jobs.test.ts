/** Jobs in IndexedDB: what a reload finds, what a full storage leaves usable, what a crash leaves behind. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RowAnswer } from '../../src/core/batch-rows.ts';
import type { Job } from '../../src/core/intake.ts';
import { JobStore } from '../../workers/intake/job-store.ts';
import { Jobs } from '../../workers/intake/jobs.ts';
import { Table } from '../../workers/intake/table.ts';

const ROWS = 2500;
const CHOICE = { textColumn: 0, labelColumn: 1, specialist: null };
let bytesLeft = 1e9;

async function openTable(): Promise<Table> {
  const lines = Array.from({ length: ROWS }, (_, i) => `text ${i},${i % 2 ? 'odd' : 'even'}`);
  const opened = await Table.open(new File([`text,label\n${lines.join('\n')}`], 'rows.csv'), {
    id: 't',
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}

const answer = (label: string): RowAnswer => ({
  id: crypto.randomUUID(),
  label,
  confidence: 0.99,
  status: 'accepted',
  tier: 'static',
  reason: 'local_ok',
  specialist: 'parity',
  version: '1.0.0',
  inferenceSource: 'on_device',
  egressBytes: 0,
  receipt: null,
  ms: 1,
});
const answers = (count: number): RowAnswer[] => Array.from({ length: count }, () => answer('odd'));

async function created(jobs: Jobs): Promise<Job> {
  const job = await jobs.create(await openTable(), CHOICE, () => undefined);
  if (!job.ok) throw new Error(job.failure.message);
  return job.value;
}

beforeEach(() => {
  bytesLeft = 1e9;
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('navigator', {
    storage: { estimate: () => Promise.resolve({ quota: bytesLeft, usage: 0 }) },
    locks: {
      request: (_name: string, _options: LockOptions, work: (lock: object) => unknown) =>
        Promise.resolve(work({})),
    },
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('a kept job', () => {
  it('goes on after a reload where it stopped', async () => {
    const before = new Jobs();
    const job = await created(before);
    await before.saveAnswers(job.id, 0, answers(200));
    await before.saveAnswers(job.id, 200, answers(37));
    await before.correct(job.id, 4, 'even');

    const after = new Jobs();
    const found = await after.open(job.id);
    if (!found.ok) throw new Error(found.failure.message);
    expect(found.value.tally).toMatchObject({
      done: 237,
      accepted: { static: 237 },
      compared: 237,
      agreed: 118,
    });
    expect(found.value.rows).toBe(ROWS);
    expect(after.texts(job.id, 237, 2)).toEqual(['text 237', 'text 238']);
    expect(after.texts(job.id, ROWS - 1, 5)).toEqual([`text ${ROWS - 1}`]);
    expect(after.slice(job.id, 4, 1)[0]?.corrected).toBe('even');
    expect(
      (await (await after.export(job.id, 'jsonl', () => undefined)).text()).trimEnd().split('\n'),
    ).toHaveLength(ROWS);
  });

  it('keeps the order of the file over many blocks', async () => {
    const before = new Jobs();
    const job = await created(before);
    for (let from = 0; from < 1200; from += 100) {
      await before.saveAnswers(
        job.id,
        from,
        Array.from({ length: 100 }, (_, i) => answer(`label ${from + i}`)),
      );
    }
    const after = new Jobs();
    await after.open(job.id);
    expect(after.slice(job.id, 995, 10).map((row) => row.answer?.label)).toEqual(
      Array.from({ length: 10 }, (_, i) => `label ${995 + i}`),
    );
  });

  it('is gone with all its rows after it was deleted', async () => {
    const jobs = new Jobs();
    const [first, second] = [await created(jobs), await created(jobs)];
    await jobs.saveAnswers(first.id, 0, answers(10));
    expect(await jobs.remove(first.id)).toEqual({ ok: true, value: null });
    expect((await new Jobs().open(first.id)).ok).toBe(false);
    const kept = new Jobs();
    expect((await kept.open(second.id)).ok).toBe(true);
    expect(kept.texts(second.id, 0, ROWS)).toHaveLength(ROWS);
    const list = await kept.list();
    expect(list.ok && list.value.map((job) => job.id)).toEqual([second.id]);
  });
});

describe('storage that is full', () => {
  it('is seen before the rows are written; the job works in memory and says why', async () => {
    bytesLeft = 1000;
    const jobs = new Jobs();
    const job = await created(jobs);
    expect(job).toMatchObject({ kept: 'memory', storageFailure: { code: 'storage_full' } });
    const saved = await jobs.saveAnswers(job.id, 0, answers(50));
    expect(saved.ok && saved.value.tally.done).toBe(50);
    const list = await jobs.list();
    expect(list.ok && list.value[0]?.kept).toBe('memory');
    expect((await new Jobs().open(job.id)).ok).toBe(false);
  });

  it('in the middle of a run keeps what was written and goes on in memory', async () => {
    const jobs = new Jobs();
    const job = await created(jobs);
    await jobs.saveAnswers(job.id, 0, answers(100));
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const saved = await jobs.saveAnswers(job.id, 100, answers(100));
    expect(saved.ok && saved.value).toMatchObject({
      kept: 'memory',
      storageFailure: { code: 'storage_full' },
      tally: { done: 200 },
    });
    const again = await jobs.open(job.id);
    expect(again.ok && again.value.tally.done).toBe(200);
    vi.restoreAllMocks();
    const reloaded = await new Jobs().open(job.id);
    expect(reloaded.ok && reloaded.value.tally.done).toBe(100);
  });
});

it('clears rows of a job that was never finished being written', async () => {
  const store = new JobStore();
  await store.saveRows('half', 0, [['a']]);
  const jobs = new Jobs();
  const job = await created(jobs);
  await jobs.sweep();
  const left = await new Promise<IDBValidKey[]>((resolve, reject) => {
    const opening = indexedDB.open('flotilla-batch');
    opening.onsuccess = () => {
      const keys = opening.result.transaction('rows').objectStore('rows').getAllKeys();
      keys.onsuccess = () => resolve(keys.result);
      keys.onerror = () => reject(keys.error ?? new Error('no keys'));
    };
  });
  expect(new Set(left.map((key) => (key as [string, number])[0]))).toEqual(new Set([job.id]));
});
