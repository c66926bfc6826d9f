/** What the settings page reads and does: policy in force, storage, deletion of everything local. */
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

  /** Asks the browser not to clear this site's data when the disk fills up. */
  async makePersistent(): Promise<boolean> {
    const granted = await navigator.storage.persist();
    await this.load();
    return granted;
  }
}
