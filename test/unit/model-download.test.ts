/** The order of a download: room first, then one file after the other, each hashed before it is stored. */
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/core/failure.ts';
import { ok } from '../../src/core/failure.ts';
import type { ModelDoors } from '../../workers/router/models/doors.ts';
import { downloadModel, type DownloadState } from '../../workers/router/models/downloads.ts';
import { Rate } from '../../workers/router/models/rate.ts';
import type { OpenSource } from '../../workers/router/models/sources.ts';
import type { ModelCache } from '../../workers/runtimes/model-cache.ts';
import { hashOf, modelOf } from './doubles/model-files.ts';

const FILES = {
  'weights.0': new Uint8Array(4e6).fill(1),
  'weights.1': new Uint8Array(2e6).fill(2),
};

/** A disk in memory, and what happened on it. */
function disk(estimate: StorageEstimate = {}, full: (bytes: number) => boolean = () => false) {
  const stored = new Map<string, number>();
  const events: string[] = [];
  const states: DownloadState[] = [];
  const cache: ModelCache = {
    read: () => Promise.resolve(null),
    hashes: () => Promise.resolve(new Set(stored.keys())),
    write: (hash, bytes) => {
      events.push(`write ${bytes.length}`);
      if (full(bytes.length)) return Promise.resolve('full');
      stored.set(hash, bytes.length);
      return Promise.resolve('kept');
    },
    keepOnly: (hashes) => {
      events.push(`keep ${hashes.length}`);
      return Promise.resolve();
    },
  };
  const doors = { estimate: () => Promise.resolve(estimate) } as ModelDoors;
  const run = (change: Partial<OpenSource> = {}, signal = new AbortController().signal) => {
    const manifest = modelOf(FILES);
    const source: OpenSource = {
      manifest,
      ready: new Map(),
      read: ({ path }, options) => {
        events.push(`read ${path}`);
        options.onBytes(10);
        return Promise.resolve(ok(new Uint8Array(FILES[path as keyof typeof FILES])));
      },
      ...change,
    };
    const onState = (state: DownloadState) => states.push(state);
    return downloadModel(source, { doors, cache, signal, onState, onStored: async () => {} });
  };
  return { run, stored, events, states };
}

describe('a download', () => {
  it('reads, stores, and only then reads on; old files go at the end', async () => {
    const { run, events, states } = disk();
    expect(await run()).toEqual(ok(null));
    expect(events).toEqual([
      'read weights.0',
      'write 4000000',
      'read weights.1',
      'write 2000000',
      'keep 2',
    ]);
    expect(states.map(({ loadedBytes }) => loadedBytes)).toEqual([0, 10, 4e6, 4e6 + 10, 6e6]);
    expect(states.every(({ totalBytes }) => totalBytes === 6e6)).toBe(true);
  });

  it('fetches what is missing only, and takes what was read on the way', async () => {
    const { run, events, stored } = disk();
    stored.set(hashOf(FILES['weights.0']), 4e6);
    const ready = new Map([[hashOf(FILES['weights.1']), FILES['weights.1']]]);
    expect(await run({ ready })).toEqual(ok(null));
    expect(events).toEqual(['write 2000000', 'keep 2']);
  });

  it('needs room before it starts, and names the figures', async () => {
    const { run, events } = disk({ quota: 10e6, usage: 5e6 });
    expect(await run()).toEqual({
      ok: false,
      failure: {
        code: 'storage_full',
        message:
          'Test model needs 6 MB more in this browser’s storage, and it has 5 MB left of 10 MB.',
      },
    });
    expect(events).toEqual([]);
    expect((await disk({ quota: 13e6, usage: 5e6 }).run()).ok).toBe(true);
    const half = disk({ quota: 10e6, usage: 5e6 });
    half.stored.set(hashOf(FILES['weights.0']), 4e6);
    expect((await half.run()).ok).toBe(true);
  });

  it('names no room that the browser only claims', async () => {
    const { run, stored } = disk({ quota: 1e12, usage: 0 }, (bytes) => bytes < 3e6);
    expect(await run()).toMatchObject({
      failure: {
        code: 'storage_full',
        message: expect.stringMatching(/2 MB more .* grants no more/),
      },
    });
    expect(stored.size).toBe(1);
  });

  it('stores nothing with another hash', async () => {
    const { run, stored } = disk();
    const wrong = new Uint8Array(4e6).fill(3);
    const read = () => Promise.resolve(ok(wrong));
    expect(await run({ read })).toMatchObject({ failure: { code: 'hash_mismatch' } });
    expect(stored.size).toBe(0);
  });

  it('tells what it waits for', async () => {
    const { run, states } = disk();
    const waiting: Failure = { code: 'file_missing', message: 'There is no connection.' };
    await run({
      read: ({ path }, { onWait }) => {
        onWait(waiting);
        return Promise.resolve(ok(new Uint8Array(FILES[path as keyof typeof FILES])));
      },
    });
    expect(states.map((state) => state.waiting)).toEqual([null, waiting, null, waiting, null]);
  });

  it('stores nothing after it was stopped', async () => {
    const { run, stored } = disk();
    const controller = new AbortController();
    const read: OpenSource['read'] = ({ path }) => {
      controller.abort();
      return Promise.resolve(ok(new Uint8Array(FILES[path as keyof typeof FILES])));
    };
    expect(await run({ read }, controller.signal)).toMatchObject({
      failure: { code: 'cancelled' },
    });
    expect(stored.size).toBe(0);
  });
});

describe('the rate', () => {
  it('is that of the last seconds, and unknown at first', () => {
    const rate = new Rate();
    rate.add(0, 0);
    expect(rate.perSecond()).toBeNull();
    rate.add(100, 100);
    expect(rate.perSecond()).toBeNull();
    rate.add(1_000, 1_000);
    expect(rate.perSecond()).toBe(1_000);
    for (let second = 2; second <= 20; second++)
      rate.add(1_000 + (second - 1) * 500, second * 1000);
    expect(rate.perSecond()).toBe(500);
    rate.add(0, 20_100); // a broken file begins again
    expect(rate.perSecond()).toBeNull();
  });
});
