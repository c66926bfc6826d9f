/** What the buttons and keys of the chat page do: each says what came of it, and every loss can be undone. */
import type { Conversation, Turn } from '../../core/conversation.ts';
import type { Chat, Undo } from '../../state/chat.svelte.ts';
import type { Shell } from '../../state/shell.svelte.ts';
import { spokenWords } from './chat-words.ts';

/** The path of a conversation that has no message yet. */
export const NEW = 'new';

const focusOn = (id: string): void => {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
};

export class ChatActions {
  readonly #shell: Shell;
  readonly #chat: Chat;

  constructor(shell: Shell, chat: Chat) {
    this.#shell = shell;
    this.#chat = chat;
    chat.onEnded = (turn) => {
      shell.notices.announce(spokenWords(turn));
      void shell.boundary.refresh();
    };
  }

  async send(): Promise<void> {
    const { navigation, notices } = this.#shell;
    if (this.#chat.running) {
      notices.say('An answer is being written. Stop it first, or wait for it.');
      return;
    }
    const undo = await this.#chat.send();
    if (this.#chat.current) navigation.replace('chat', this.#chat.current.id);
    if (this.#chat.isLive) notices.announce('Sent. The answer is being written.');
    if (undo) this.#offer('The message was changed and sent again.', undo);
  }

  async ask(text: string): Promise<void> {
    this.#chat.draft.write(text);
    await this.send();
  }

  async again(): Promise<void> {
    const undo = await this.#chat.again();
    if (undo) this.#offer('The answer is written anew.', undo);
  }

  stop(): void {
    if (!this.#chat.running) return;
    this.#chat.stop();
    this.#shell.notices.announce('Stopped. What was written is kept.');
  }

  edit(turn: Turn | undefined): void {
    if (!turn || this.#chat.running) return;
    this.#chat.draft.change(turn.id, turn.text);
    focusOn('chat-text');
  }

  async copy(text: string): Promise<void> {
    const { notices } = this.#shell;
    try {
      await navigator.clipboard.writeText(text);
      notices.say('Copied.');
    } catch {
      notices.say(
        'The browser did not allow copying. Allow the clipboard for this site and try again.',
      );
    }
  }

  /** A question goes with its answer, an answer alone. */
  async remove(turn: Turn): Promise<void> {
    const { shown, running } = this.#chat;
    const next = shown[shown.indexOf(turn) + 1];
    if (running && (turn.id === running.turn.id || next?.id === running.turn.id)) this.stop();
    await (running ?? { done: null }).done;
    const answer = turn.outcome === null && next?.outcome ? [next] : [];
    const ids = [turn, ...answer].map(({ id }) => id);
    const undo = await this.#chat.removeTurns(
      this.#chat.turns.filter(({ id }) => ids.includes(id)),
    );
    this.#offer(answer.length > 0 ? 'Question and answer deleted.' : 'Message deleted.', undo);
    focusOn('chat-text');
  }

  async clear(): Promise<void> {
    const { current, turns } = this.#chat;
    if (!current || turns.length === 0) return;
    await this.removeConversation(current);
  }

  async removeConversation(conversation: Conversation): Promise<void> {
    const wasShown = this.#chat.current?.id === conversation.id;
    const undo = await this.#chat.removeConversation(conversation);
    if (wasShown) this.#shell.navigation.replace('chat', NEW);
    this.#offer(`“${conversation.title}” is deleted.`, async () => {
      await undo();
      if (wasShown) this.open(conversation.id);
    });
    focusOn('chat-text');
  }

  open(id: string | null): void {
    this.#shell.navigation.go('chat', id ?? NEW);
    if (id === null) focusOn('chat-text');
  }

  #offer(text: string, undo: Undo): void {
    this.#shell.notices.say(text, { label: 'Undo', run: () => void undo() });
  }
}
