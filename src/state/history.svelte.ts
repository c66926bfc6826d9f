/** The list below the desk: what was asked and answered, searchable, each deletion with undo. */
import type { HistoryEntry, HistoryStore } from '../core/history.ts';
import { without } from './history-entry.ts';
import { openTabChannel } from './tab-channel.ts';
import { troubleOfStorage, type Trouble } from './trouble.ts';

/** Pure: entries whose text, label or specialist contains every word of the query. */
export function found(entries: HistoryEntry[], query: string): HistoryEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries;
  return entries.filter((entry) => {
    // The label that is shown, not what else it could be: those would turn up where nobody sees why.
    const label = (entry.answer.output as { label?: string | null } | null)?.label ?? '';
    const shown = `${label} ${label.replaceAll('_', ' ')} ${entry.answer.specialist.id} ${entry.answer.task}`;
    const text = `${entry.file?.name ?? ''} ${entry.text} ${shown}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export class History {
  entries = $state.raw<HistoryEntry[]>([]);
  query = $state('');
  loaded = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  readonly #store: HistoryStore;
  readonly #otherTabs = openTabChannel('flotilla-history');

  constructor(store: HistoryStore) {
    this.#store = store;
    this.#otherTabs?.addEventListener('message', () => void this.load());
  }

  get visible(): HistoryEntry[] {
    return found(this.entries, this.query);
  }

  entry(id: string): HistoryEntry | undefined {
    return this.entries.find((entry) => entry.id === id);
  }

  async load(): Promise<void> {
    await this.#attempt(async () => {
      this.entries = await this.#store.all();
    });
    this.loaded = true;
  }

  /** Adds or replaces; shown at once, stored behind. */
  async put(...changed: HistoryEntry[]): Promise<void> {
    const others = without(this.entries, changed);
    this.entries = [...changed, ...others].sort((a, b) => b.time.localeCompare(a.time));
    await this.#attempt(() => this.#store.put(changed));
    this.#otherTabs?.postMessage('changed');
  }

  /** Removes and resolves to the function that undoes it. */
  async remove(entries: HistoryEntry[]): Promise<() => Promise<void>> {
    this.entries = without(this.entries, entries);
    await this.#attempt(() => this.#store.remove(entries.map((entry) => entry.id)));
    this.#otherTabs?.postMessage('changed');
    return () => this.put(...entries);
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.trouble = null;
    } catch (error) {
      this.trouble = troubleOfStorage(error, 'history');
    }
  }
}
