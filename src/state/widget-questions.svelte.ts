/** Questions to the person before something leaves or a tool is called: one at a time, and no answer means no. */
import type { ToolCall } from '../core/chat-api.ts';
import type { ConsentQuestion } from '../core/threads.ts';

export type Question =
  { ask: 'consent'; of: ConsentQuestion } | { ask: 'tool'; of: ToolCall['function'] };

interface Pending {
  question: Question;
  answer: (agreed: boolean) => void;
}

export class WidgetQuestions {
  #pending = $state.raw<Pending[]>([]);

  /** The one that waits for the person; further ones wait behind it. */
  get first(): Question | null {
    return this.#pending[0]?.question ?? null;
  }

  ask(question: Question): Promise<boolean> {
    return new Promise((answer) => (this.#pending = [...this.#pending, { question, answer }]));
  }

  decide(agreed: boolean): void {
    const [first, ...rest] = this.#pending;
    this.#pending = rest;
    first?.answer(agreed);
  }

  /** A cancelled request asks nothing any more. */
  withdraw(): void {
    const all = this.#pending;
    this.#pending = [];
    for (const { answer } of all) answer(false);
  }
}
