/** What is about to be sent: a draft for each conversation, a changed message, and the form of the answer. */
import * as v from 'valibot';
import { keep, recall } from './kept.ts';

/** Above this length the draft is stored after a pause, so that typing stays quick. */
const INSTANT_DRAFT_UNITS = 20_000;
const DRAFT_PAUSE_MS = 250;

/** A message that is being changed, kept beside the draft. */
const CHANGE = v.object({ turn: v.string(), text: v.string() });

function changeOf(kept: string | null): v.InferOutput<typeof CHANGE> | null {
  try {
    const parsed = v.safeParse(CHANGE, JSON.parse(kept ?? 'null'));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

const keyOf = (conversation: string | null): string =>
  conversation === null ? 'chat-draft' : `chat-draft.${conversation}`;

export class ChatDraft {
  text = $state('');
  asJson = $state(recall('chat-json') === 'on');
  schema = $state(recall('chat-schema') ?? '');
  /** Id of the message that `text` is going to replace. */
  changes = $state<string | null>(null);
  /** False when the browser refused to keep what was typed. */
  kept = $state(true);
  #key = keyOf(null);
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Shows what was typed in this conversation; null: in the new one. */
  open(conversation: string | null): void {
    this.keepNow();
    this.#key = keyOf(conversation);
    const change = changeOf(recall(`${this.#key}.change`));
    this.changes = change?.turn ?? null;
    this.text = change?.text ?? recall(this.#key) ?? '';
  }

  write(text: string): void {
    this.text = text;
    if (text.length <= INSTANT_DRAFT_UNITS) this.#store();
    else this.#timer ??= setTimeout(() => this.#store(), DRAFT_PAUSE_MS);
  }

  /** Stores what waits for a pause in typing; also called when the page is hidden. */
  keepNow(): void {
    if (this.#timer !== null) this.#store();
  }

  /** Takes a message into the field; the draft stays where it is until the change is done. */
  change(turn: string, text: string): void {
    this.keepNow();
    this.changes = turn;
    this.write(text);
  }

  /** Ends a change, done or not: the draft comes back. */
  endChange(): void {
    if (this.changes === null) return;
    this.#cancelTimer();
    keep(`${this.#key}.change`, null);
    this.changes = null;
    this.text = recall(this.#key) ?? '';
  }

  clear(): void {
    this.write('');
  }

  /** Nothing is kept of a conversation that is gone. */
  forget(conversation: string): void {
    keep(keyOf(conversation), null);
    keep(`${keyOf(conversation)}.change`, null);
  }

  wantJson(on: boolean): void {
    this.asJson = on;
    keep('chat-json', on ? 'on' : null);
  }

  writeSchema(text: string): void {
    this.schema = text;
    keep('chat-schema', text === '' ? null : text);
  }

  #store(): void {
    this.#cancelTimer();
    const { changes: turn, text } = this;
    this.kept =
      turn === null
        ? keep(this.#key, text === '' ? null : text)
        : keep(`${this.#key}.change`, JSON.stringify({ turn, text }));
  }

  #cancelTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
