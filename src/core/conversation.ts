/** Conversations of the chat page: what is kept of them in this browser, and the port that keeps it. */
import type { Answer } from './answer.ts';
import type { ChatMessage, FinishReason } from './chat-api.ts';

export interface Conversation {
  id: string;
  /** Taken from the first message. */
  title: string;
  /** Of the last change; ISO 8601, UTC. */
  time: string;
}

/** How an answer came out. `writing` in the store means that the page was closed before it ended. */
export type TurnState = 'writing' | 'done' | 'stopped' | 'failed';

/** What is known of an answer besides its text. */
export interface Outcome {
  state: TurnState;
  /** Who answered, `id@version`; empty where nobody did. */
  model: string;
  /** The whole answer with its decision; null where it was stopped or failed. */
  answer: Answer | null;
  failure: { code: string; message: string; hint: string } | null;
  finish: FinishReason | null;
  /** For people: `WebAssembly, 2 threads`; empty for specialists. */
  backend: string;
  /** From the question to the first piece of text, waiting and loading included, in ms. */
  firstTextMs: number | null;
  /** Tokens of the answer per second from the first piece of text on; null where it cannot be told. */
  tokensPerSecond: number | null;
  /** Whether JSON was asked for, and whether a schema had to be satisfied. */
  format: 'text' | 'json' | 'schema';
}

/** One message. */
export interface Turn {
  id: string;
  conversation: string;
  /** Order within the conversation, rising, with gaps where messages were deleted. */
  seq: number;
  time: string;
  text: string;
  /** Null: the person's message. */
  outcome: Outcome | null;
}

export interface ChatStore {
  /** Newest first. */
  list(): Promise<Conversation[]>;
  /** In order. */
  turns(conversation: string): Promise<Turn[]>;
  /** Adds or replaces. */
  put(conversation: Conversation, turns: Turn[]): Promise<void>;
  removeTurns(ids: string[]): Promise<void>;
  /** The conversation with all its turns. */
  remove(conversation: string): Promise<void>;
}

const TITLE_UNITS = 60;

/** The first line of a message, shortened at a word. */
export function titleOf(text: string): string {
  const line = text.trim().split('\n', 1)[0]?.replaceAll(/\s+/g, ' ') ?? '';
  if (line.length <= TITLE_UNITS) return line || 'Conversation';
  const cut = line.slice(0, TITLE_UNITS);
  const space = cut.lastIndexOf(' ');
  // A title that ends inside a surrogate pair would show a replacement mark.
  const title = space > TITLE_UNITS / 2 ? cut.slice(0, space) : cut.replace(/[\uD800-\uDBFF]$/, '');
  return `${title} …`;
}

/** What the model is told: the turns in order, without answers that never came. */
export const messagesOf = (turns: readonly Turn[]): ChatMessage[] =>
  turns.flatMap(({ text, outcome }): ChatMessage[] => {
    if (outcome === null) return [{ role: 'user', content: text }];
    return text === '' || outcome.state === 'failed' ? [] : [{ role: 'assistant', content: text }];
  });

export const nextSeq = (turns: readonly Turn[]): number => (turns.at(-1)?.seq ?? 0) + 1;
