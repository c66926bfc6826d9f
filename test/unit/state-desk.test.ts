/** The desk's state: draft, one request at a time, cancel, verdicts, and a race between two answers. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer } from '../../src/core/answer.ts';
import { FlotillaError } from '../../src/core/failure.ts';
import type { FlotillaApp, RunOptions } from '../../src/core/threads.ts';
import { Desk } from '../../src/state/desk.svelte.ts';
import { History } from '../../src/state/history.svelte.ts';
import type { HistoryEntry, HistoryStore } from '../../src/core/history.ts';
import { answerOf, appDouble } from './doubles/app.ts';
import { memoryDrafts } from './doubles/drafts.ts';

/** A store in memory that tells what it holds. */
function memoryStore(): HistoryStore & { held: Map<string, HistoryEntry> } {
  const held = new Map<string, HistoryEntry>();
  return {
    held,
    all: () => Promise.resolve([...held.values()].reverse()),
    put: (entries) => {
      for (const entry of entries) held.set(entry.id, entry);
      return Promise.resolve();
    },
    remove: (ids) => {
      for (const id of ids) held.delete(id);
      return Promise.resolve();
    },
  };
}

function keptStrings(): Map<string, string> {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      kept.set(key, value);
    },
    removeItem: (key: string) => {
      kept.delete(key);
    },
  });
  return kept;
}

/** A client whose answers come when the test says so. */
function heldApp(): {
  app: FlotillaApp;
  calls: { options: RunOptions; resolve: (answer: Answer) => void }[];
} {
  const calls: { options: RunOptions; resolve: (answer: Answer) => void }[] = [];
  const run = (_request: unknown, options: RunOptions = {}): Promise<Answer> =>
    new Promise((resolve) => calls.push({ options, resolve }));
  return { app: { ...appDouble(), run }, calls };
}

describe('the desk', () => {
  let kept: Map<string, string>;
  beforeEach(() => (kept = keptStrings()));

  it('keeps the draft on each change and finds it again', () => {
    const desk = new Desk(appDouble(), new History(memoryStore()), memoryDrafts());
    desk.write('Where is');
    expect(kept.get('flotilla.draft')).toBe('Where is');
    expect(new Desk(appDouble(), new History(memoryStore()), memoryDrafts()).text).toBe('Where is');
  });

  it('stores a long draft after a pause, and at once when the page goes', () => {
    vi.useFakeTimers();
    const desk = new Desk(appDouble(), new History(memoryStore()), memoryDrafts());
    const long = 'x'.repeat(30_000);
    desk.write(long);
    expect(kept.has('flotilla.draft')).toBe(false);
    vi.advanceTimersByTime(300);
    expect(kept.get('flotilla.draft')).toBe(long);
    desk.write(`${long}y`);
    desk.keepDraft();
    expect(kept.get('flotilla.draft')).toBe(`${long}y`);
    vi.useRealTimers();
  });

  it('says so when the browser refuses to keep the draft', () => {
    const desk = new Desk(appDouble(), new History(memoryStore()), memoryDrafts());
    vi.stubGlobal('localStorage', {
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    });
    desk.write('text');
    expect(desk.draftKept).toBe(false);
    expect(desk.text).toBe('text');
  });

  it('shows an answer, keeps it in the history, and asks the chosen specialist', async () => {
    const app = appDouble();
    const run = vi.spyOn(app, 'run');
    const store = memoryStore();
    const desk = new Desk(app, new History(store), memoryDrafts());
    desk.write('Where is my card?');
    desk.choose('banking-tickets');
    expect(await desk.run()).toBe(true);
    expect(run.mock.calls[0]?.[0]).toEqual({
      text: 'Where is my card?',
      specialist: 'banking-tickets',
    });
    expect(desk.shown?.answer.status).toBe('accepted');
    await vi.waitFor(() => expect([...store.held.keys()]).toEqual([desk.shown?.id]));
  });

  it('lets the newer request win, whichever answer comes first', async () => {
    const { app, calls } = heldApp();
    const desk = new Desk(app, new History(memoryStore()), memoryDrafts());
    const first = desk.run();
    const second = desk.run();
    const [older, newer] = [answerOf('older?'), answerOf('newer?')];
    expect(calls[0]?.options.signal?.aborted).toBe(true);
    calls[1]?.resolve(newer);
    expect(await second).toBe(true);
    calls[0]?.resolve(older);
    expect(await first).toBe(false);
    expect(desk.shown?.id).toBe(newer.id);
  });

  it('drops an answer that comes after Stop, and keeps the text', async () => {
    const { app, calls } = heldApp();
    const desk = new Desk(app, new History(memoryStore()), memoryDrafts());
    desk.write('a ticket?');
    const run = desk.run();
    desk.cancel();
    expect(desk.running).toBe(null);
    calls[0]?.resolve(answerOf('a ticket?'));
    expect(await run).toBe(false);
    expect(desk.shown).toBe(null);
    expect(desk.text).toBe('a ticket?');
  });

  it('turns a failure into words with a next step, and a cancelled one into nothing', async () => {
    const failing = { code: 'empty_input', message: 'The request is empty.' } as const;
    const app = { ...appDouble(), run: () => Promise.reject(new FlotillaError(failing)) };
    const desk = new Desk(app, new History(memoryStore()), memoryDrafts());
    expect(await desk.run()).toBe(false);
    expect(desk.trouble).toEqual({ ...failing, hint: 'Type, paste or drop some text.' });
    app.run = () => Promise.reject(new FlotillaError({ code: 'cancelled', message: '' }));
    await desk.run();
    expect(desk.trouble).toBe(null);
  });

  it('keeps a correction only when the engine kept it', async () => {
    const app = appDouble();
    const store = memoryStore();
    const desk = new Desk(app, new History(store), memoryDrafts());
    desk.write('Where is my card?');
    await desk.run();
    const recordVerdict = vi.spyOn(app, 'recordVerdict');
    recordVerdict.mockResolvedValueOnce({
      ok: false,
      failure: { code: 'storage_full', message: 'full' },
    });
    expect(await desk.judge({ correctedTo: 'card_arrival' })).toBe(false);
    expect(desk.shown?.verdict).toBe(null);
    expect(desk.trouble?.code).toBe('storage_full');
    expect(await desk.judge({ correctedTo: 'card_arrival' })).toBe(true);
    expect(store.held.get(desk.shown?.id ?? '')?.verdict).toEqual({ correctedTo: 'card_arrival' });
  });
});

describe('the history', () => {
  it('finds every word in text, label or specialist, and undoes a deletion', async () => {
    const store = memoryStore();
    const history = new History(store);
    const entry = (text: string, time: string): HistoryEntry => {
      const answer = answerOf(text);
      return { id: answer.id, time, text, answer, verdict: null };
    };
    await history.put(
      entry('My card is late?', '2026-01-01'),
      entry('Play some music', '2026-01-02'),
    );
    expect(history.entries.map((e) => e.text)).toEqual(['Play some music', 'My card is late?']);
    history.query = 'late ARRIVAL';
    expect(history.visible.map((e) => e.text)).toEqual(['My card is late?']);
    const undo = await history.remove(history.entries);
    expect(store.held.size).toBe(0);
    await undo();
    expect(store.held.size).toBe(2);
    expect(history.entries).toHaveLength(2);
  });

  it('goes on in memory when the browser stores nothing, and says so', async () => {
    const refusing = {
      ...memoryStore(),
      put: () => Promise.reject(new DOMException('no', 'QuotaExceededError')),
    };
    const history = new History(refusing);
    const answer = answerOf('a?');
    await history.put({ id: answer.id, time: '2026-01-01', text: 'a?', answer, verdict: null });
    expect(history.entries).toHaveLength(1);
    expect(history.trouble?.code).toBe('storage_full');
  });
});
