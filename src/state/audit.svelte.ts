/** The audit page: rows of the chain, newest first, and the verdict on it. */
import type { AuditRow, AuditVerdict, FlotillaApp } from '../core/threads.ts';
import { troubleOf, type Trouble } from './trouble.ts';

export class Audit {
  rows = $state.raw<AuditRow[]>([]);
  verdict = $state.raw<AuditVerdict | null>(null);
  busy = $state<'loading' | 'verifying' | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  readonly #app: FlotillaApp;

  constructor(app: FlotillaApp) {
    this.#app = app;
  }

  load(): Promise<void> {
    return this.#attempt('loading', async () => {
      this.rows = (await this.#app.audit.export()).toReversed();
    });
  }

  /** Recomputes every hash of the chain in the router thread. */
  verify(): Promise<void> {
    return this.#attempt('verifying', async () => {
      this.verdict = await this.#app.audit.verify();
    });
  }

  async #attempt(busy: 'loading' | 'verifying', work: () => Promise<void>): Promise<void> {
    this.busy = busy;
    try {
      await work();
      this.trouble = null;
    } catch (error) {
      this.trouble = troubleOf(error);
    }
    this.busy = null;
  }
}
