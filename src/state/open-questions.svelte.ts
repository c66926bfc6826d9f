/** Questions to the person that wait for a yes or a no: one at a time, the others behind it. */

interface Open<Question> {
  question: Question;
  answer: (agreed: boolean) => void;
}

export class OpenQuestions<Question> {
  #open = $state.raw<Open<Question>[]>([]);

  /** The one that the person sees. */
  get first(): Question | null {
    return this.#open[0]?.question ?? null;
  }

  ask(question: Question): Promise<boolean> {
    return new Promise((answer) => (this.#open = [...this.#open, { question, answer }]));
  }

  /** Answers the first. */
  decide(agreed: boolean): void {
    const [first, ...rest] = this.#open;
    this.#open = rest;
    first?.answer(agreed);
  }

  /** What was cancelled asks nothing any more: no answer means no. */
  withdraw(): void {
    const all = this.#open;
    this.#open = [];
    for (const { answer } of all) answer(false);
  }
}
