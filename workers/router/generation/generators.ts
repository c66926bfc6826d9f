/**
 * The language models of this device: brought into memory when first needed, thrown out by memory budget, replayed when
 * the graphics device is lost.
 *
 * absent ──download──► stored ──load──► ready ──generate──► text
 *                        ▲                │ device lost, worker dead
 *                        └── unloaded ◄───┘ load once more, run again, say nothing twice
 */
import { fail, ok, type Failure, type Result } from '../../../src/core/failure.ts';
import { modelMemoryBytes } from '../../../src/core/fit.ts';
import type { Generated, GenerateRequest, GenerationInfo } from '../../../src/core/generation.ts';
import {
  BROWSER_MODEL,
  type BackendChoice,
  type DeviceProbe,
  type GenerationModel,
} from '../../../src/core/generation-model.ts';
import type { GenerateOptions } from '../../../src/core/ports.ts';
import type { PromptPort } from '../../../src/core/prompt-port.ts';
import { startGenerator } from '../../runtimes/generation-client.ts';
import type { LoadStep } from '../../runtimes/generation-contract.ts';
import { loadModel, runToDeadline, type Loaded, type Start } from './loaded-model.ts';
import { onlyNew } from './only-new.ts';

/** Where stored models come from; ModelShelf is the real one. */
export interface Shelf {
  /** The manifest of a model whose files are all on this disk. Fails with model_not_stored, unknown_model. */
  manifestOf(id: string): Promise<Result<GenerationModel>>;
}

/** One model in memory or on its way there. */
interface Resident {
  model: GenerationModel;
  loading: Promise<Result<Loaded>>;
  usedAt: number;
  running: number;
}

/** For the page: what a model is doing. */
export interface ResidentState {
  phase: 'loading' | 'ready' | 'failed';
  loadedBytes: number;
  totalBytes: number;
  info: GenerationInfo | null;
  failure: Failure | null;
  others: Loaded['others'];
}

/** Failures after which a fresh runtime may do what the broken one could not. */
const RELOAD = ['device_lost', 'runtime_failed'];

export class Generators {
  readonly #start: Start;
  readonly #shelf: Shelf;
  readonly #probe: () => Promise<DeviceProbe>;
  readonly #changed: () => void;
  readonly #residents = new Map<string, Resident>();
  readonly #states = new Map<string, ResidentState>();
  #choice: BackendChoice = 'auto';
  prompt: PromptPort | null = null;

  constructor(
    shelf: Shelf,
    probe: () => Promise<DeviceProbe>,
    changed: () => void,
    start: Start = startGenerator,
  ) {
    this.#start = start;
    this.#shelf = shelf;
    this.#probe = probe;
    this.#changed = changed;
  }

  get choice(): BackendChoice {
    return this.#choice;
  }

  /** A loaded model leaves memory; its next use loads it on the chosen backend. */
  async choose(choice: BackendChoice): Promise<void> {
    if (choice === this.#choice) return;
    this.#choice = choice;
    await Promise.all([...this.#residents.keys()].map((id) => this.unload(id)));
  }

  state(id: string): ResidentState | null {
    return this.#states.get(id) ?? null;
  }

  /** Memory that loaded models take, in bytes. */
  memoryBytes(): number {
    return [...this.#residents.values()].reduce((sum, { model }) => sum + model.memoryBytes, 0);
  }

  async load(id: string): Promise<Result<GenerationInfo>> {
    const loaded = await this.#load(id);
    return loaded.ok ? ok(loaded.value.info) : loaded;
  }

  async unload(id: string): Promise<void> {
    const resident = this.#residents.get(id);
    this.#residents.delete(id);
    this.#states.delete(id);
    this.#changed();
    const loaded = await resident?.loading;
    if (loaded?.ok) await loaded.value.runtime.dispose();
  }

  async #load(id: string): Promise<Result<Loaded>> {
    const there = this.#residents.get(id);
    if (there) return there.loading;
    const model = await this.#shelf.manifestOf(id);
    if (!model.ok) return model;
    const racing = this.#residents.get(id); // another call came first while the manifest was read
    if (racing) return racing.loading;
    const resident: Resident = {
      model: model.value,
      loading: this.#bring(id, model.value),
      usedAt: Date.now(),
      running: 0,
    };
    this.#residents.set(id, resident);
    const loaded = await resident.loading;
    if (!loaded.ok && this.#residents.get(id) === resident) this.#residents.delete(id);
    return loaded;
  }

  async #bring(id: string, model: GenerationModel): Promise<Result<Loaded>> {
    this.#set(id, { phase: 'loading', failure: null, others: [] });
    const probe = await this.#probe();
    await this.#makeRoom(id, model.memoryBytes, probe);
    const onStep = ({ loadedBytes, totalBytes }: LoadStep): void =>
      this.#set(id, { loadedBytes, totalBytes });
    const loaded = await loadModel(model, probe, this.#choice, onStep, this.#start);
    if (loaded.ok) {
      const { info, others } = loaded.value;
      this.#set(id, { phase: 'ready', info, others });
    } else this.#set(id, { phase: 'failed', failure: loaded.failure });
    return loaded;
  }

  /** Throws out what was used longest ago until the new one fits; what is at work stays. */
  async #makeRoom(id: string, needed: number, probe: DeviceProbe): Promise<void> {
    const budget = modelMemoryBytes(probe);
    const idle = [...this.#residents.entries()]
      .filter(([other, { running }]) => other !== id && running === 0)
      .sort(([, a], [, b]) => a.usedAt - b.usedAt);
    let used = this.memoryBytes() - (this.#residents.get(id)?.model.memoryBytes ?? 0);
    for (const [other, { model }] of idle) {
      if (used + needed <= budget) return;
      used -= model.memoryBytes;
      await this.unload(other);
    }
  }

  #set(id: string, change: Partial<ResidentState>): void {
    const before = this.#states.get(id) ?? {
      phase: 'loading' as const,
      loadedBytes: 0,
      totalBytes: 0,
      info: null,
      failure: null,
      others: [],
    };
    this.#states.set(id, { ...before, ...change });
    this.#changed();
  }

  /** Runs a request. A broken runtime is replaced once, and what was told already is not told again. */
  async generate(
    id: string,
    request: GenerateRequest,
    options: GenerateOptions,
  ): Promise<Result<Generated>> {
    const tell = onlyNew((delta) => options.onEvent?.({ type: 'draft', delta }));
    if (id === BROWSER_MODEL) return this.#onPage(request, options, tell.take);
    const first = await this.#attempt(id, request, options, tell.take);
    if (first.ok || !RELOAD.includes(first.failure.code) || options.signal?.aborted) return first;
    await this.unload(id);
    tell.again();
    return this.#attempt(id, request, options, tell.take);
  }

  async #attempt(
    id: string,
    request: GenerateRequest,
    options: GenerateOptions,
    onDelta: (delta: string) => void,
  ): Promise<Result<Generated>> {
    const loaded = await this.#loadOr(id, options);
    if (!loaded.ok) return loaded;
    const resident = this.#residents.get(id);
    if (resident) {
      resident.usedAt = Date.now();
      resident.running += 1;
    }
    try {
      return await runToDeadline(loaded.value.runtime, request, options, onDelta);
    } finally {
      if (resident) resident.running -= 1;
    }
  }

  /** The load goes on for the next request when this one is cancelled or its time is up. */
  #loadOr(id: string, { signal, deadlineAt }: GenerateOptions): Promise<Result<Loaded>> {
    return new Promise((resolve) => {
      const stop = (): void => give(fail('cancelled', 'The request was cancelled.'));
      const late = (): void =>
        give(fail('deadline', 'The model was still loading when the time was up.'));
      const timer = setTimeout(late, Math.max(0, deadlineAt - Date.now()));
      const give = (result: Result<Loaded>): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
        resolve(result);
      };
      signal?.addEventListener('abort', stop, { once: true });
      if (signal?.aborted) stop();
      else void this.#load(id).then(give);
    });
  }

  #onPage(
    request: GenerateRequest,
    options: GenerateOptions,
    onDelta: (delta: string) => void,
  ): Promise<Result<Generated>> {
    return this.prompt
      ? runToDeadline(this.prompt, request, options, onDelta)
      : Promise.resolve(fail('unknown_model', 'This browser brings no language model.'));
  }
}
