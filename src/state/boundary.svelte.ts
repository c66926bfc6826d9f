/** What has left this device: the receipts, their sum, and the question that is asked before anything leaves. */
import type { ToolCall } from '../core/chat-api.ts';
import type { ConsentQuestion, FlotillaApp, Receipt } from '../core/threads.ts';
import { troubleOf, type Trouble } from './trouble.ts';

interface Pending {
  question: ConsentQuestion;
  answer: (agreed: boolean) => void;
}

interface PendingCall {
  call: ToolCall['function'];
  answer: (agreed: boolean) => void;
}

export class Boundary {
  receipts = $state.raw<Receipt[]>([]);
  known = $state(false);
  egressAllowed = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  #pending = $state.raw<Pending[]>([]);
  #calls = $state.raw<PendingCall[]>([]);
  readonly #app: FlotillaApp;

  constructor(app: FlotillaApp) {
    this.#app = app;
  }

  /** Bytes of content in all receipts. A failed sending counts too: its bytes have left. */
  get bytes(): number {
    return this.receipts.reduce((sum, receipt) => sum + receipt.bytes, 0);
  }

  /** The question that waits for the person; further ones wait behind it. */
  get question(): ConsentQuestion | null {
    return this.#pending[0]?.question ?? null;
  }

  /** The call of a tool that waits for the person. */
  get toolCall(): ToolCall['function'] | null {
    return this.#calls[0]?.call ?? null;
  }

  decideCall(agreed: boolean): void {
    const [first, ...rest] = this.#calls;
    this.#calls = rest;
    first?.answer(agreed);
  }

  start(): void {
    this.#app.onToolCall(
      (call) => new Promise((answer) => (this.#calls = [...this.#calls, { call, answer }])),
    );
    this.#app.onConsent(
      (question) =>
        new Promise(
          (resolve) => (this.#pending = [...this.#pending, { question, answer: resolve }]),
        ),
    );
  }

  decide(agreed: boolean): void {
    const [first, ...rest] = this.#pending;
    this.#pending = rest;
    first?.answer(agreed);
  }

  /** A cancelled request asks nothing any more: its questions are answered with no. */
  withdraw(): void {
    const all = this.#pending;
    this.#pending = [];
    for (const pending of all) pending.answer(false);
  }

  async refresh(): Promise<void> {
    try {
      const [receipts, policy] = await Promise.all([this.#app.receipts(), this.#app.policy()]);
      this.receipts = receipts.toSorted((a, b) => b.time.localeCompare(a.time));
      this.egressAllowed = policy.egressAllowed;
      this.known = true;
      this.trouble = null;
    } catch (error) {
      this.trouble = troubleOf(error);
    }
  }
}
