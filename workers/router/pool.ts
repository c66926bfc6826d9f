/** The runtimes of this router: started when first needed, fed in batches, their state shown to the page. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { Embedding } from '../../src/core/ports.ts';
import type { LocalTier } from '../../src/core/route.ts';
import type { SharedModel } from '../../src/core/specialist.ts';
import type { RuntimeState } from '../../src/core/threads.ts';
import type { TokenVectors } from '../../src/core/work.ts';
import { startRuntime } from '../runtimes/client.ts';
import type { RuntimeInfo, TextRuntime } from '../runtimes/contract.ts';

/** Texts per message to a runtime: large for the static table, small for the encoder so that a cancel bites soon. */
const BATCH: Record<LocalTier, number> = { static: 512, encoder: 16 };

/** Texts per message where the vectors of all tokens come back (up to 0.4 MB a text). */
const BATCH_OF_TOKENS = 4;

/** The result, or a failure at the deadline (ms since the epoch) or when the signal fires. */
function settleBy<T>(
  pending: Promise<Result<T>>,
  tier: LocalTier,
  deadlineAt: number,
  signal: AbortSignal | undefined,
): Promise<Result<T>> {
  return new Promise((resolve) => {
    const give = (result: Result<T>): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      resolve(result);
    };
    const cancel = (): void => give(fail('cancelled', 'The request was cancelled.'));
    const late = (): void => give(fail('deadline', `The ${tier} runtime did not answer in time.`));
    const timer = setTimeout(late, Math.max(0, deadlineAt - Date.now()));
    if (signal?.aborted === true) cancel();
    else signal?.addEventListener('abort', cancel);
    void pending.then(give);
  });
}

interface Waiting {
  text: string;
  resolve: (result: Result<Embedding>) => void;
}

const IDLE: RuntimeState = {
  state: 'idle',
  loadedBytes: 0,
  totalBytes: 0,
  backend: '',
  loadMs: null,
  failure: null,
};

/** One runtime, loaded once. Texts asked for in the same turn travel together. */
class Lane {
  state: RuntimeState = IDLE;
  readonly #tier: LocalTier;
  readonly #changed: () => void;
  #runtime: TextRuntime | null = null;
  #loading: Promise<Result<RuntimeInfo>> | null = null;
  #queue: Waiting[] = [];
  #draining = false;

  constructor(tier: LocalTier, changed: () => void) {
    this.#tier = tier;
    this.#changed = changed;
  }

  load(model: SharedModel, baseUrl: string): Promise<Result<RuntimeInfo>> {
    this.#loading ??= this.#start(model, baseUrl);
    return this.#loading;
  }

  async #start(model: SharedModel, baseUrl: string): Promise<Result<RuntimeInfo>> {
    const runtime = startRuntime(this.#tier);
    this.#set({ state: 'loading' });
    const loaded = await runtime.load(model, baseUrl, (loadedBytes, totalBytes) =>
      this.#set({ loadedBytes, totalBytes }),
    );
    if (loaded.ok) {
      this.#runtime = runtime;
      this.#set({ state: 'ready', backend: loaded.value.backend, loadMs: loaded.value.loadMs });
    } else {
      await runtime.dispose();
      this.#loading = null;
      this.#set({ state: 'failed', failure: loaded.failure });
    }
    return loaded;
  }

  #set(change: Partial<RuntimeState>): void {
    this.state = { ...this.state, ...change };
    this.#changed();
  }

  embed(text: string): Promise<Result<Embedding>> {
    return new Promise((resolve) => {
      this.#queue.push({ text, resolve });
      if (!this.#draining) {
        this.#draining = true;
        // A macrotask later, so that every request of a chunk that got this far has joined the queue.
        setTimeout(() => void this.#drain(), 0);
      }
    });
  }

  async #drain(): Promise<void> {
    const loaded = await (this.#loading ??
      Promise.resolve(fail('runtime_failed', `The ${this.#tier} runtime was not started.`)));
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, BATCH[this.#tier]);
      if (!loaded.ok || !this.#runtime) {
        const failed = loaded.ok
          ? fail('runtime_failed', `The ${this.#tier} runtime stopped.`)
          : loaded;
        batch.forEach((waiting) => waiting.resolve(failed));
        continue;
      }
      const result = await this.#runtime.embed(batch.map((waiting) => waiting.text));
      batch.forEach((waiting, i) => {
        if (!result.ok) {
          waiting.resolve(result);
          return;
        }
        const { vectors, cut, dims } = result.value;
        waiting.resolve(
          ok({ vector: vectors.subarray(i * dims, (i + 1) * dims), cut: cut[i] === 1 }),
        );
      });
      if (!result.ok) this.#fail(result.failure);
    }
    this.#draining = false;
  }

  /** Vectors of the tokens of a few texts, in one message to the runtime. */
  async tokens(texts: readonly string[]): Promise<Result<TokenVectors[]>> {
    const loaded = await this.#loading;
    if (loaded && !loaded.ok) return loaded;
    if (!this.#runtime) return fail('runtime_failed', `The ${this.#tier} runtime stopped.`);
    const result = await this.#runtime.tokens(texts);
    if (!result.ok) this.#fail(result.failure);
    return result;
  }

  async dispose(): Promise<void> {
    await this.#loading;
    await this.#runtime?.dispose();
  }

  /** A broken runtime is thrown away; the next `load` starts a new one. */
  #fail(failure: RuntimeState['failure']): void {
    void this.#runtime?.dispose();
    this.#runtime = null;
    this.#loading = null;
    this.#set({ state: 'failed', failure });
  }
}

export class RuntimePool {
  readonly #lanes: Record<LocalTier, Lane>;
  readonly #models: Record<LocalTier, SharedModel>;
  readonly #baseUrl: string;

  constructor(
    models: Record<LocalTier, SharedModel>,
    baseUrl: string,
    onState: (states: Record<string, RuntimeState>) => void,
  ) {
    const changed = (): void => onState(this.states());
    this.#models = models;
    this.#baseUrl = baseUrl;
    this.#lanes = { static: new Lane('static', changed), encoder: new Lane('encoder', changed) };
  }

  states(): Record<LocalTier, RuntimeState> {
    return { static: this.#lanes.static.state, encoder: this.#lanes.encoder.state };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#lanes.static.dispose(), this.#lanes.encoder.dispose()]);
  }

  load(tier: LocalTier): Promise<Result<RuntimeInfo>> {
    return this.#lanes[tier].load(this.#models[tier], this.#baseUrl);
  }

  /** Embeds one text, starting the runtime if it has not been started. */
  embed(tier: LocalTier, text: string): Promise<Result<Embedding>> {
    void this.load(tier);
    return this.#lanes[tier].embed(text);
  }

  /** Embeds one text, or gives up at the deadline (ms since the epoch) or when the signal fires. */
  embedBy(
    tier: LocalTier,
    text: string,
    deadlineAt: number,
    signal: AbortSignal | undefined,
  ): Promise<Result<Embedding>> {
    return settleBy(this.embed(tier, text), tier, deadlineAt, signal);
  }

  /**
   * Vectors of the tokens of many texts from the encoder, in order; each text is read up to the model's 256 tokens. Stops
   * with the first failure, at the deadline (ms since the epoch) or when the signal fires.
   */
  async tokens(
    texts: readonly string[],
    deadlineAt: number,
    signal: AbortSignal | undefined,
  ): Promise<Result<TokenVectors[]>> {
    void this.load('encoder');
    const all: TokenVectors[] = [];
    for (let start = 0; start < texts.length; start += BATCH_OF_TOKENS) {
      const batch = this.#lanes.encoder.tokens(texts.slice(start, start + BATCH_OF_TOKENS));
      const result = await settleBy(batch, 'encoder', deadlineAt, signal);
      if (!result.ok) return result;
      all.push(...result.value);
    }
    return ok(all);
  }

  /** Embeds many texts in order, [n × dims]; `onDone` hears how many are done. Fails with the first failure. */
  async embedAll(
    tier: LocalTier,
    texts: readonly string[],
    signal: AbortSignal | undefined,
    onDone: (done: number) => void,
  ): Promise<Result<Float32Array>> {
    const { dims } = this.#models[tier];
    const out = new Float32Array(texts.length * dims);
    const step = BATCH[tier] * 2;
    for (let start = 0; start < texts.length; start += step) {
      if (signal?.aborted) return fail('cancelled', 'The embedding was cancelled.');
      const results = await Promise.all(
        texts.slice(start, start + step).map((text) => this.embed(tier, text)),
      );
      for (const [i, result] of results.entries()) {
        if (!result.ok) return result;
        out.set(result.value.vector, (start + i) * dims);
      }
      onDone(Math.min(texts.length, start + step));
    }
    return ok(out);
  }
}
