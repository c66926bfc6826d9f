/** The conversations of this browser. Where it stores nothing they live as long as the page. */
import type { ChatStore, Conversation, Turn } from '../core/conversation.ts';
import { troubleOfStorage, type Trouble } from './trouble.ts';

const newestFirst = (a: Conversation, b: Conversation): number => b.time.localeCompare(a.time);

export class ChatList {
  all = $state.raw<Conversation[]>([]);
  loaded = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  readonly #store: ChatStore;
  /** Turns that could not be stored, by conversation. */
  readonly #unsaved = new Map<string, Turn[]>();
  readonly #otherTabs =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('flotilla-chats');

  constructor(store: ChatStore) {
    this.#store = store;
    this.#otherTabs?.addEventListener('message', () => void this.load());
  }

  find(id: string): Conversation | undefined {
    return this.all.find((conversation) => conversation.id === id);
  }

  async load(): Promise<void> {
    await this.#attempt(async () => {
      const stored = await this.#store.list();
      const unsaved = this.all.filter(({ id }) => this.#unsaved.has(id));
      const others = stored.filter(({ id }) => !this.#unsaved.has(id));
      this.all = [...others, ...unsaved].sort(newestFirst);
    });
    this.loaded = true;
  }

  async turns(id: string): Promise<Turn[]> {
    let stored: Turn[] = [];
    await this.#attempt(async () => {
      stored = await this.#store.turns(id);
    });
    const unsaved = this.#unsaved.get(id) ?? [];
    return merged(stored, unsaved);
  }

  /** Adds or replaces; shown at once, stored behind. */
  async put(conversation: Conversation, turns: Turn[]): Promise<void> {
    const others = this.all.filter(({ id }) => id !== conversation.id);
    this.all = [conversation, ...others].sort(newestFirst);
    const unsaved = merged(this.#unsaved.get(conversation.id) ?? [], turns);
    this.#unsaved.set(conversation.id, unsaved);
    await this.#attempt(async () => {
      await this.#store.put(conversation, unsaved);
      if (this.#unsaved.get(conversation.id) === unsaved) this.#unsaved.delete(conversation.id);
      this.#otherTabs?.postMessage('changed');
    });
  }

  async removeTurns(conversation: string, ids: string[]): Promise<void> {
    const left = this.#unsaved.get(conversation)?.filter((turn) => !ids.includes(turn.id));
    if (left) this.#unsaved.set(conversation, left);
    await this.#attempt(() => this.#store.removeTurns(ids));
  }

  async remove(id: string): Promise<void> {
    this.#unsaved.delete(id);
    this.all = this.all.filter((conversation) => conversation.id !== id);
    await this.#attempt(() => this.#store.remove(id));
    this.#otherTabs?.postMessage('changed');
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.trouble = null;
    } catch (error) {
      this.trouble = troubleOfStorage(error, 'conversation');
    }
  }
}

/** Both lists in order; a turn of the second replaces that of the first. */
function merged(before: readonly Turn[], added: readonly Turn[]): Turn[] {
  const ids = new Set(added.map((turn) => turn.id));
  return [...before.filter((turn) => !ids.has(turn.id)), ...added].sort((a, b) => a.seq - b.seq);
}
