/** The review queue: order, later, steps, and what leaves it. */
import { describe, expect, it } from 'vitest';
import type { HistoryEntry, HistoryStore } from '../../src/core/history.ts';
import { History } from '../../src/state/history.svelte.ts';
import { queueOf, Review } from '../../src/state/review.svelte.ts';
import { workAnswer } from './doubles/work.ts';

const store: HistoryStore = {
  all: () => Promise.resolve([]),
  put: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

const entry = (
  id: string,
  task: Parameters<typeof workAnswer>[0],
  time: string,
  change: Partial<HistoryEntry> = {},
): HistoryEntry => ({
  id,
  time,
  text: id,
  answer: workAnswer(task, { id, status: 'needs_review' }),
  verdict: null,
  ...change,
});

const ENTRIES = [
  entry('new draft', 'draft', '2026-01-03'),
  entry('old draft', 'draft', '2026-01-01'),
  entry('new code', 'code', '2026-01-04'),
  entry('judged', 'code', '2026-01-01', { verdict: 'accepted' }),
  entry('sure', 'redact', '2026-01-01', {
    answer: workAnswer('redact', { id: 'sure', status: 'accepted' }),
  }),
];

describe('the review queue', () => {
  it('holds what needs a person, riskiest first, then oldest, and what was put off last', () => {
    const ids = (later: string[]): string[] => queueOf(ENTRIES, later).map(({ id }) => id);
    expect(ids([])).toEqual(['new code', 'old draft', 'new draft']);
    expect(ids(['new code'])).toEqual(['old draft', 'new draft', 'new code']);
    expect(ids(['old draft', 'new code'])).toEqual(['new draft', 'old draft', 'new code']);
  });

  it('goes on by itself when the current one has its verdict', async () => {
    const history = new History(store);
    await history.put(...ENTRIES);
    const review = new Review(history);
    expect(review.current?.id).toBe('new code');
    review.step(-1);
    expect(review.current?.id).toBe('new code');
    review.step(1);
    expect(review.current?.id).toBe('old draft');
    await history.put({ ...ENTRIES[1]!, verdict: 'accepted' });
    expect(review.current?.id).toBe('new code');
    review.putOff();
    expect(review.current?.id).toBe('new draft');
    review.putOff();
    expect(review.current?.id).toBe('new code');
    expect(review.queue.map(({ id }) => id)).toEqual(['new code', 'new draft']);
  });

  it('an empty history has nothing to look at', () => {
    const review = new Review(new History(store));
    review.step(1);
    review.putOff();
    expect([review.current, review.queue]).toEqual([null, []]);
  });
});
