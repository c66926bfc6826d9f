/** Shared and opened things on the desk: the draft before is kept first, can be put back, and nothing goes without room. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fail, ok } from '../../src/core/failure.ts';
import type { Arrival } from '../../src/core/arrival.ts';
import { Arrivals } from '../../src/state/arrivals.svelte.ts';
import { Desk } from '../../src/state/desk.svelte.ts';
import { History } from '../../src/state/history.svelte.ts';
import { Notices } from '../../src/state/notices.svelte.ts';
import { Navigation } from '../../src/state/navigation.svelte.ts';
import { appDouble } from './doubles/app.ts';
import { memoryDrafts } from './doubles/drafts.ts';

const nothing = {
  all: () => Promise.resolve([]),
  put: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};
const noLaunches = { onLaunch: () => undefined };

function memoryStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}

beforeEach(() => {
  vi.stubGlobal('localStorage', memoryStorage());
  vi.stubGlobal('sessionStorage', memoryStorage());
  vi.stubGlobal('location', { hash: '#/desk', search: '', pathname: '/' });
});

function setUp() {
  const drafts = memoryDrafts();
  const desk = new Desk(appDouble(), new History(nothing), drafts);
  const notices = new Notices();
  const navigation = new Navigation();
  const batch = () => Promise.reject(new Error('not for the desk'));
  return {
    drafts,
    desk,
    notices,
    arrivals: new Arrivals({ desk, batch, navigation, notices, drafts }),
  };
}

const shared = (text: string): Arrival => ({ id: text, time: '2026-01-01', text, files: [] });

describe('a shared text', () => {
  it('takes an empty desk without a question', async () => {
    const { desk, notices, arrivals } = setUp();
    expect(await arrivals.take(shared('block my card'))).toBe(true);
    expect(desk.text).toBe('block my card');
    expect(notices.list.map(({ action }) => action)).toEqual([null]);
  });

  it('keeps what was typed, on disk too, and puts it back', async () => {
    const { drafts, desk, notices, arrivals } = setUp();
    desk.write('typed');
    expect(await arrivals.take(shared('from outside'))).toBe(true);
    expect(desk.text).toBe('from outside');
    expect(drafts.held.get('before-arrival')?.choice).toMatchObject({
      page: 'desk',
      text: 'typed',
    });
    notices.list[0]?.action?.run();
    await vi.waitFor(() => expect(desk.text).toBe('typed'));
    await vi.waitFor(() => expect(drafts.held.get('before-arrival')?.choice).toBeNull());
  });

  it('waits where the browser has no room for what was typed', async () => {
    const { drafts, desk, arrivals } = setUp();
    desk.write('typed');
    drafts.saveDraft = () => Promise.resolve(fail('storage_full', 'full'));
    expect(await arrivals.take(shared('from outside'))).toBe(false);
    expect(desk.text).toBe('typed');
  });

  it('offers the draft before again after a page died', async () => {
    const { drafts, desk, notices, arrivals } = setUp();
    const choice = { page: 'desk', text: 'typed', time: Date.now() };
    drafts.draft = () => Promise.resolve(ok({ file: null, files: [], choice }));
    await arrivals.start({ takeEach: () => Promise.resolve() }, noLaunches);
    notices.list[0]?.action?.run();
    await vi.waitFor(() => expect(desk.text).toBe('typed'));
  });

  it('a refused database is no trouble for the page', async () => {
    const { arrivals } = setUp();
    const takeEach = () => Promise.reject(new DOMException('refused', 'SecurityError'));
    await expect(arrivals.start({ takeEach }, noLaunches)).resolves.toBeUndefined();
  });
});

it('a file lies over the typed text, which comes back with it', async () => {
  const { desk, arrivals } = setUp();
  desk.write('typed');
  const file = new File(['x'], 'letter.eml');
  expect(await arrivals.take({ text: '', files: [file] })).toBe(true);
  expect(desk.document.file).toBe(file);
  expect(desk.text).toBe('typed');
});
