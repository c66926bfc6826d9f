/** What the settings page reads and does: the policy in force and what this device can do. */
import type { Capabilities, FlotillaApp } from '../core/threads.ts';
import { troubleOf, type Trouble } from './trouble.ts';

export type PolicyInForce = Awaited<ReturnType<FlotillaApp['policy']>>;

export class Settings {
  policy = $state.raw<PolicyInForce | null>(null);
  capabilities = $state.raw<Capabilities | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  readonly #app: FlotillaApp;

  constructor(app: FlotillaApp) {
    this.#app = app;
  }

  async load(): Promise<void> {
    try {
      [this.policy, this.capabilities] = await Promise.all([
        this.#app.policy(),
        this.#app.capabilities(),
      ]);
      this.trouble = null;
    } catch (error) {
      this.trouble = troubleOf(error);
    }
  }
}
