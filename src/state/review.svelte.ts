/** The queue of what needs a person: answers of the history without a verdict, riskiest and oldest first. */
import type { HistoryEntry } from '../core/history.ts';
import type { TaskId } from '../core/request.ts';
import type { History } from './history.svelte.ts';

/** What a wrong answer of the task can cost, high first; the contract calls coding high. */
const RISK: Record<TaskId, number> = {
  code: 3,
  redact: 3,
  check: 2,
  extract: 2,
  draft: 1,
  generate: 1,
  summarize: 1,
  classify: 0,
  chat: 0,
};

/** Written chat has no verdict to give. */
const needsPerson = ({ answer, verdict }: HistoryEntry): boolean =>
  answer.status === 'needs_review' && verdict === null && answer.task !== 'chat';

/** Pure: the queue; those in `later` come last, in the order in which they were put off. */
export function queueOf(
  entries: readonly HistoryEntry[],
  later: readonly string[],
): HistoryEntry[] {
  const place = (entry: HistoryEntry): number => later.indexOf(entry.id);
  return entries
    .filter(needsPerson)
    .sort(
      (a, b) =>
        place(a) - place(b) ||
        RISK[b.answer.task] - RISK[a.answer.task] ||
        a.time.localeCompare(b.time),
    );
}

export class Review {
  /** Ids that were put off, in this visit. */
  #later = $state.raw<readonly string[]>([]);
  #at = $state<string | null>(null);
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  get queue(): HistoryEntry[] {
    return queueOf(this.#history.entries, this.#later);
  }

  /** The one that is looked at: the chosen one, also when it has just got its verdict, else the first. */
  get current(): HistoryEntry | null {
    const chosen = this.#at === null ? undefined : this.#history.entry(this.#at);
    return chosen && needsPerson(chosen) ? chosen : (this.queue[0] ?? null);
  }

  choose(id: string): void {
    this.#at = id;
  }

  /** The next (1) or previous (-1) of the queue; stops at its ends. */
  step(by: 1 | -1): void {
    const queue = this.queue;
    const at = queue.findIndex(({ id }) => id === this.current?.id);
    const next = queue[Math.max(0, Math.min(queue.length - 1, at + by))];
    if (next) this.choose(next.id);
  }

  /** Puts the current one at the end and goes on with the next. */
  putOff(): void {
    const { current, queue } = this;
    if (!current) return;
    const at = queue.findIndex(({ id }) => id === current.id);
    const next = queue[at + 1] ?? queue[0];
    this.#later = [...this.#later.filter((id) => id !== current.id), current.id];
    this.choose(next?.id ?? current.id);
  }
}
