/** Where a browser keeps nothing, everything works in memory; where its storage is only broken, that is told. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { storageKindOf } from '../../src/core/storage-kind.ts';

const answers = () => Promise.resolve([]);
const refuses = () => Promise.reject(new DOMException('denied', 'SecurityError'));
const breaks = () => {
  throw new DOMException('Internal error opening backing store', 'UnknownError');
};

describe('storageKindOf', () => {
  it.each([
    ['both answer', answers, answers, 'lasting'],
    ['databases are refused and caches too', refuses, refuses, 'memory'],
    ['databases are broken and caches answer', breaks, answers, 'lasting'],
    ['there are no caches', answers, breaks, 'lasting'],
  ] as const)('%s', async (_, listDatabases, listCaches, kind) => {
    expect(await storageKindOf({ listDatabases, listCaches })).toBe(kind);
  });
});

/** As a sandboxed frame answers. */
const REFUSING = {
  indexedDB: { databases: refuses, open: breaks },
  caches: { keys: refuses, open: refuses },
};

/** The page's side does the same; test/browser/everywhere.spec.ts sees it where Chromium refuses. */
describe('in threads', () => {
  beforeEach(() => vi.resetModules());
  afterEach(() => vi.unstubAllGlobals());

  it('a database in memory takes the place of one that is refused', async () => {
    for (const [name, value] of Object.entries(REFUSING)) vi.stubGlobal(name, value);
    const { ensureStorage, openDatabase } = await import('../../src/platform/browser-storage.ts');
    const database = await openDatabase<{ texts: { key: string; value: string } }>('test', 1, {
      upgrade: (db) => void db.createObjectStore('texts'),
    });
    await database.put('texts', 'kept', 'key');
    expect(await database.get('texts', 'key')).toBe('kept');
    expect(await ensureStorage()).toBe('memory');
  });

  it('a browser that keeps things keeps them', async () => {
    const { IDBFactory } = await import('fake-indexeddb');
    const own = new IDBFactory();
    vi.stubGlobal('indexedDB', own);
    vi.stubGlobal('caches', REFUSING.caches);
    const { ensureStorage } = await import('../../src/platform/browser-storage.ts');
    expect(await ensureStorage()).toBe('lasting');
    expect(globalThis.indexedDB).toBe(own);
  });
});

describe('in a thread without shared storage', () => {
  beforeEach(() => vi.resetModules());
  afterEach(() => vi.unstubAllGlobals());

  it('locks are not asked, and one runs after the other', async () => {
    for (const [name, value] of Object.entries(REFUSING)) vi.stubGlobal(name, value);
    vi.stubGlobal('navigator', { locks: { request: refuses } });
    const { createExclusive } = await import('../../workers/router/thread-clock.ts');
    const exclusively = createExclusive('test');
    const order: string[] = [];
    const run = (name: string) =>
      exclusively(async () => {
        order.push(`${name} begins`);
        await Promise.resolve();
        order.push(`${name} ends`);
      });
    await Promise.all([run('first'), run('second')]);
    expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('a frame without an origin is not even asked', async () => {
    const asked = vi.fn(answers);
    vi.stubGlobal('origin', 'null');
    vi.stubGlobal('indexedDB', { databases: asked });
    const { ensureStorage } = await import('../../src/platform/browser-storage.ts');
    expect(await ensureStorage()).toBe('memory');
    expect(asked).not.toHaveBeenCalled();
  });

  it('asking for Cache Storage does not throw', async () => {
    vi.stubGlobal('caches', undefined);
    Object.defineProperty(globalThis, 'caches', { get: breaks, configurable: true });
    const { cacheStorage } = await import('../../src/platform/browser-storage.ts');
    expect(cacheStorage()).toBeUndefined();
  });
});
