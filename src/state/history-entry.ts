/** Makes entries of the history, and lists without some of them. */
import type { Answer } from '../core/answer.ts';
import type { HistoryEntry } from '../core/history.ts';

export const entryOf = (text: string, answer: Answer): HistoryEntry => ({
  id: answer.id,
  time: new Date().toISOString(),
  text,
  answer,
  verdict: null,
});

/** `entries` without those that share an id with `removed`. */
export function without(entries: HistoryEntry[], removed: HistoryEntry[]): HistoryEntry[] {
  const ids = new Set(removed.map((entry) => entry.id));
  return entries.filter((entry) => !ids.has(entry.id));
}
