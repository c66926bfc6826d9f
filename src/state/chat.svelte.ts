/** The chat page: conversations kept in this browser, one answer at a time, every deletion with undo. */
import type { ChatCompletionRequest } from '../core/chat-api.ts';
import {
  messagesOf,
  nextSeq,
  titleOf,
  type ChatStore,
  type Conversation,
  type Outcome,
  type Turn,
} from '../core/conversation.ts';
import type { FlotillaApp } from '../core/threads.ts';
import { ChatDraft } from './chat-draft.svelte.ts';
import { wantedFormat, type WantedFormat } from './chat-format.ts';
import { ChatList } from './chat-list.svelte.ts';
import { LiveAnswer, type OnFrame } from './chat-live.svelte.ts';
import { keep, recall } from './kept.ts';
import { troubleOfFailure, type Trouble } from './trouble.ts';

/** While an answer comes in it is stored this often: a crash loses at most as much. */
const SAVE_EVERY_MS = 1000;
/** Another answer to the same question needs another draw; at 0 it would be the same text. */
const AGAIN_TEMPERATURE = 0.8;

/** No model of a browser reads further back than this. */
const MOST_TURNS = 500;

export type Undo = () => Promise<void>;

export interface Running {
  conversation: Conversation;
  /** The answer as a message, still without its text. */
  turn: Turn;
  live: LiveAnswer;
  /** Resolves when it is whole, stopped or failed, and stored. */
  done: Promise<void>;
}

export interface ChatDoors {
  app: FlotillaApp;
  store: ChatStore;
  /** How a model runs here, e.g. `WebAssembly, 2 threads`; empty where it is not known. */
  backendOf: (model: string) => string;
  onFrame: OnFrame;
}

const now = (): string => new Date().toISOString();

export class Chat {
  readonly list: ChatList;
  readonly draft = new ChatDraft();
  /** Null: a conversation that has no message yet. */
  current = $state.raw<Conversation | null>(null);
  turns = $state.raw<Turn[]>([]);
  /** `auto`, a language model or a specialist. */
  choice = $state(recall('chat-model') ?? 'auto');
  running = $state.raw<Running | null>(null);
  /** What is wrong with the request itself, e.g. its schema. */
  trouble = $state.raw<Trouble | null>(null);
  /** Hears of every answer that has ended. */
  onEnded: (turn: Turn) => void = () => undefined;
  readonly #doors: ChatDoors;
  #openings = 0;

  constructor(doors: ChatDoors) {
    this.#doors = doors;
    this.list = new ChatList(doors.store);
  }

  /** The messages of the conversation that is shown, the one that comes in included. */
  get shown(): Turn[] {
    return this.isLive ? [...this.turns, (this.running as Running).turn] : this.turns;
  }

  /** Whether an answer comes in for the conversation that is shown. */
  get isLive(): boolean {
    return this.running !== null && this.running.conversation.id === this.current?.id;
  }

  choose(model: string): void {
    this.choice = model;
    keep('chat-model', model === 'auto' ? null : model);
  }

  /** Shows a conversation, or with null a new one; the last call wins. Resolves to false when there is none of this id. */
  async open(id: string | null): Promise<boolean> {
    const found = id === null ? null : this.list.find(id);
    if (found === undefined) return false;
    const opening = ++this.#openings;
    const turns = found ? await this.list.turns(found.id) : [];
    if (opening !== this.#openings) return true;
    this.trouble = null;
    this.current = found;
    this.turns = turns.filter((turn) => turn.id !== this.running?.turn.id);
    this.draft.open(id);
    keep('chat-at', id);
    return true;
  }

  /** Sends the draft. Where it changes a message, that one and what followed give way; resolves to the way back. */
  async send(): Promise<Undo | null> {
    const text = this.draft.text.trim();
    const wanted = this.#wanted();
    if (text === '' || this.running || !wanted) return null;
    const changes = this.draft.changes;
    if (changes === null) this.draft.clear();
    else this.draft.endChange();
    const changed = this.turns.find((turn) => turn.id === changes);
    const restore = changed ? await this.#cut(changed.seq) : null;
    const before = this.current;
    const conversation = before ?? { id: crypto.randomUUID(), title: titleOf(text), time: '' };
    const turn = this.#turn(conversation, text, null);
    if (!before) this.draft.open(conversation.id);
    keep('chat-at', conversation.id);
    this.#openings += 1; // one that is still being opened gives way
    this.current = conversation;
    this.turns = [...this.turns, turn];
    void this.list.put({ ...conversation, time: turn.time }, [turn]);
    const { done } = this.#answer(conversation, wanted, {});
    return restore ? this.#back(conversation, turn.seq, done, restore) : null;
  }

  /** Answers the last message anew; resolves to the way back to the answer before. */
  async again(): Promise<Undo | null> {
    const [last, conversation, wanted] = [this.turns.at(-1), this.current, this.#wanted()];
    if (!last || !conversation || !wanted || this.running) return null;
    const question = last.outcome ? this.turns.at(-2) : last;
    if (question?.outcome !== null) return null; // it was deleted
    const restore = last.outcome ? await this.#cut(last.seq) : null;
    const isOther = last.outcome?.state === 'done';
    const options = isOther ? { temperature: AGAIN_TEMPERATURE } : {};
    const { done } = this.#answer(conversation, wanted, options);
    return restore && isOther ? this.#back(conversation, last.seq, done, restore) : null;
  }

  stop(): void {
    this.running?.live.stop();
  }

  /** Deletes messages of the conversation that is shown; resolves to the way back. */
  async removeTurns(removed: Turn[]): Promise<Undo> {
    const conversation = this.current;
    const ids = removed.map((turn) => turn.id);
    this.turns = this.turns.filter((turn) => !ids.includes(turn.id));
    if (this.draft.changes !== null && ids.includes(this.draft.changes)) this.draft.endChange();
    await this.list.removeTurns(ids);
    return async () => {
      if (!conversation) return;
      await this.list.put({ ...conversation, time: now() }, removed);
      if (this.current?.id !== conversation.id) return;
      this.turns = [...this.turns, ...removed].sort((a, b) => a.seq - b.seq);
    };
  }

  /** Deletes a conversation; resolves to the way back. */
  async removeConversation(conversation: Conversation): Promise<Undo> {
    if (this.running?.conversation.id === conversation.id) {
      this.stop();
      await this.running.done;
    }
    const turns = await this.list.turns(conversation.id);
    await this.list.remove(conversation.id);
    this.draft.forget(conversation.id);
    if (this.current?.id === conversation.id) await this.open(null);
    return () => this.list.put(conversation, turns);
  }

  /** Removes everything from `seq` on from the conversation that is shown. */
  #cut(seq: number): Promise<Undo> {
    return this.removeTurns(this.turns.filter((turn) => turn.seq >= seq));
  }

  /** The way back from an answer that replaced another one. */
  #back(conversation: Conversation, seq: number, done: Promise<void>, restore: Undo): Undo {
    return async () => {
      if (this.running?.conversation.id === conversation.id) this.stop();
      await done;
      if (this.current?.id !== conversation.id && !(await this.open(conversation.id))) return;
      await this.#cut(seq);
      await restore();
    };
  }

  #wanted(): WantedFormat | null {
    const wanted = wantedFormat(this.draft.asJson, this.draft.schema);
    this.trouble = wanted.ok ? null : troubleOfFailure(wanted.failure);
    return wanted.ok ? wanted.value : null;
  }

  #turn(conversation: Conversation, text: string, outcome: Outcome | null): Turn {
    const [id, seq] = [crypto.randomUUID(), nextSeq(this.turns)];
    return { id, conversation: conversation.id, seq, time: now(), text, outcome };
  }

  #answer(
    conversation: Conversation,
    { kind, format }: WantedFormat,
    options: Partial<ChatCompletionRequest>,
  ): Running {
    const live = new LiveAnswer(kind, this.#doors.onFrame);
    const turn = this.#turn(conversation, '', live.outcomeSoFar);
    const request: ChatCompletionRequest = {
      model: this.choice,
      messages: messagesOf(this.turns.slice(-MOST_TURNS)),
      ...(kind === 'text' ? {} : { response_format: format }),
      ...options,
    };
    const running = { conversation, turn, live, done: Promise.resolve() };
    this.running = running;
    running.done = this.#run(running, request);
    return running;
  }

  async #run({ conversation, turn, live }: Running, request: ChatCompletionRequest): Promise<void> {
    const { app, backendOf } = this.#doors;
    const saving = setInterval(() => {
      const sofar = { ...turn, text: live.received, outcome: live.outcomeSoFar };
      void this.list.put({ ...conversation, time: now() }, [sofar]);
    }, SAVE_EVERY_MS);
    const { text, outcome } = await live.run(app.chat, request);
    clearInterval(saving);
    const backend = backendOf(outcome.model);
    const whole = { ...turn, text, time: now(), outcome: { ...outcome, backend } };
    this.running = null;
    if (this.current?.id === conversation.id) this.turns = [...this.turns, whole];
    await this.list.put({ ...conversation, time: whole.time }, [whole]);
    this.onEnded(whole);
  }
}

const chats = new WeakMap<FlotillaApp, Chat>();

/** One chat for each client, so that an answer goes on while another page is shown. */
export function chatOf(doors: Omit<ChatDoors, 'onFrame'>): Chat {
  const known = chats.get(doors.app);
  if (known) return known;
  const chat = new Chat({ ...doors, onFrame: (run) => requestAnimationFrame(run) });
  chats.set(doors.app, chat);
  return chat;
}
