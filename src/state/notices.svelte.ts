/** Short messages: shown with an action such as undo, and read out at most once a second. */
export interface Notice {
  id: number;
  text: string;
  action: { label: string; run: () => void } | null;
}

const SHOWN_MS = 8000;
const SPOKEN_EVERY_MS = 1000;

export class Notices {
  list = $state.raw<Notice[]>([]);
  /** Height at the foot of the view that messages must not cover, in px. */
  clearPx = $state(0);
  /** Text of the polite live region. */
  spoken = $state('');
  #next = 1;
  #waiting: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Shows a message; without `sticky` it goes after eight seconds. */
  say(text: string, action: Notice['action'] = null, sticky = false): void {
    const notice = { id: this.#next++, text, action };
    this.list = [...this.list.slice(-2), notice];
    this.announce(action ? `${text} ${action.label} is possible.` : text);
    if (!sticky) setTimeout(() => this.dismiss(notice.id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** For screen readers only. Of several messages within a second only the last is read. */
  announce(text: string): void {
    this.#waiting = text;
    this.#timer ??= setTimeout(() => this.#speak(), 100);
  }

  #speak(): void {
    this.#timer = null;
    if (this.#waiting === null) return;
    // The same text twice would not be read again without a difference.
    this.spoken = this.#waiting === this.spoken ? `${this.#waiting}\u00A0` : this.#waiting;
    this.#waiting = null;
    this.#timer = setTimeout(() => this.#speak(), SPOKEN_EVERY_MS);
  }
}
