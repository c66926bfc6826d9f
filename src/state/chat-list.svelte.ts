/** The conversations of this browser. Where it stores nothing they live as long as the page. */
import type { ChatStore, Conversation, Turn } from '../core/conversation.ts';
import { openTabChannel } from './tab-channel.ts';
import { troubleOfStorage, type Trouble } from './trouble.ts';

const newestFirst = (a: Conversation, b: Conversation): number => b.time.localeCompare(a.time);

export class ChatList {
  all = $state.raw<Conversation[]>([]);
  loaded = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  readonly #store: ChatStore;
  /** Turns that are not stored yet, or could not be. */
  #unsaved: Turn[] = [];
  readonly #otherTabs = openTabChannel('flotilla-chats');

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
      const waits = ({ id }: Conversation): boolean => this.#unsavedOf(id).length > 0;
      const unsaved = this.all.filter(waits);
      const others = stored.filter((one) => !waits(one));
      this.all = [...others, ...unsaved].sort(newestFirst);
    });
    this.loaded = true;
  }

  async turns(id: string): Promise<Turn[]> {
    let stored: Turn[] = [];
    await this.#attempt(async () => {
      stored = await this.#store.turns(id);
    });
    return merged(stored, this.#unsavedOf(id));
  }

  /** Adds or replaces; shown at once, stored behind. */
  async put(conversation: Conversation, turns: Turn[]): Promise<void> {
    const others = this.all.filter(({ id }) => id !== conversation.id);
    this.all = [conversation, ...others].sort(newestFirst);
    const waiting = merged(this.#unsavedOf(conversation.id), turns);
    this.#unsaved = [...this.#unsavedWithout(conversation.id), ...waiting];
    await this.#attempt(async () => {
      await this.#store.put(conversation, waiting);
      // A newer version of a turn that came meanwhile waits on.
      this.#unsaved = this.#unsaved.filter((turn) => !waiting.includes(turn));
      this.#otherTabs?.postMessage('changed');
    });
  }

  async removeTurns(ids: string[]): Promise<void> {
    this.#unsaved = this.#unsaved.filter(({ id }) => !ids.includes(id));
    await this.#attempt(() => this.#store.removeTurns(ids));
  }

  async remove(id: string): Promise<void> {
    this.#unsaved = this.#unsavedWithout(id);
    this.all = this.all.filter((conversation) => conversation.id !== id);
    await this.#attempt(() => this.#store.remove(id));
    this.#otherTabs?.postMessage('changed');
  }

  #unsavedOf(id: string): Turn[] {
    return this.#unsaved.filter(({ conversation }) => conversation === id);
  }

  #unsavedWithout(id: string): Turn[] {
    return this.#unsaved.filter(({ conversation }) => conversation !== id);
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
