/** What has left this device: the receipts, their sum, and the question that is asked before anything leaves. */
import type { ToolCall } from '../core/chat-api.ts';
import type { ConsentQuestion, FlotillaApp, Receipt } from '../core/threads.ts';
import { OpenQuestions } from './open-questions.svelte.ts';
import { troubleOf, type Trouble } from './trouble.ts';

export class Boundary {
  receipts = $state.raw<Receipt[]>([]);
  known = $state(false);
  egressAllowed = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  /** May this leave? */
  readonly sendings = new OpenQuestions<ConsentQuestion>();
  /** May this tool be called? */
  readonly toolCalls = new OpenQuestions<ToolCall['function']>();
  readonly #app: FlotillaApp;

  constructor(app: FlotillaApp) {
    this.#app = app;
  }

  /** Bytes of content in all receipts. A failed sending counts too: its bytes have left. */
  get bytes(): number {
    return this.receipts.reduce((sum, receipt) => sum + receipt.bytes, 0);
  }

  start(): void {
    this.#app.onToolCall((call) => this.toolCalls.ask(call));
    this.#app.onConsent((question) => this.sendings.ask(question));
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
