/** The state of the runtimes, in one word and one sentence. */
import type { FlotillaApp, RuntimeState } from '../core/threads.ts';
import { troubleOf, type Trouble } from './trouble.ts';

export type EngineTone = 'starting' | 'loading' | 'ready' | 'degraded' | 'failed';

export interface EngineSummary {
  tone: EngineTone;
  loadedBytes: number;
  totalBytes: number;
  /** Names of the runtimes that do not work, with the reason. */
  reasons: string[];
}

/** Pure: what the states of all runtimes mean together. */
export function summaryOf(runtimes: Record<string, RuntimeState>): EngineSummary {
  const all = Object.entries(runtimes);
  const failed = all.filter(([, r]) => r.state === 'failed');
  const loading = all.filter(([, r]) => r.state === 'loading');
  const sum = (pick: (r: RuntimeState) => number): number =>
    loading.reduce((n, [, r]) => n + pick(r), 0);
  const tone = (): EngineTone => {
    if (all.length === 0) return 'starting';
    if (failed.length === all.length) return 'failed';
    if (loading.length > 0) return 'loading';
    if (failed.length > 0) return 'degraded';
    return all.every(([, r]) => r.state === 'ready') ? 'ready' : 'starting';
  };
  return {
    tone: tone(),
    loadedBytes: sum((r) => r.loadedBytes),
    totalBytes: sum((r) => r.totalBytes),
    reasons: failed.map(([name, r]) => `${name}: ${r.failure?.message ?? 'did not start'}`),
  };
}

export class Engine {
  runtimes = $state.raw<Record<string, RuntimeState>>({});
  trouble = $state.raw<Trouble | null>(null);
  /** Resolves when the runtimes answer; never when they cannot be loaded. */
  readonly ready: Promise<void>;
  #markReady!: () => void;
  readonly #app: FlotillaApp;

  constructor(app: FlotillaApp) {
    this.#app = app;
    this.ready = new Promise((resolve) => (this.#markReady = resolve));
  }

  get summary(): EngineSummary {
    return summaryOf(this.runtimes);
  }

  async start(): Promise<void> {
    try {
      await this.#app.warmUp((runtimes) => (this.runtimes = runtimes));
      this.trouble = null;
      this.#markReady();
    } catch (error) {
      this.trouble = troubleOf(error);
    }
  }
}
