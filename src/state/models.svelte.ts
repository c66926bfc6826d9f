/** The language models of this device: what is here, what runs, and everything that can be done with them. */
import type {
  BackendChoice,
  DeviceProbe,
  ModelCard,
  ModelSource,
} from '../core/generation-model.ts';
import type { FlotillaApp } from '../core/threads.ts';
import { modelInFolder } from './models-folder.ts';
import { troubleOf, troubleOfFailure, wasCancelled, type Trouble } from './trouble.ts';

const idOf = (model: string): string => model.split('@', 1)[0] ?? model;

/** Pure: the model that an open question goes to, or that has to be fetched for it; null where none fits. */
export function modelFor(cards: readonly ModelCard[], choice: string): ModelCard | null {
  const chosen = cards.find((card) => card.id === choice);
  if (chosen) return chosen;
  const phases = ['ready', 'loading', 'stored', 'downloading', 'paused'] as const;
  for (const phase of phases) {
    const there = cards.find((card) => card.phase === phase);
    if (there) return there;
  }
  const fitting = cards.filter((card) => card.fit.fits && !isBuiltIn(card));
  return fitting.find((card) => card.shipped) ?? fitting[0] ?? null;
}

/** Pure: the browser's own model, which this app neither stores nor deletes. */
export const isBuiltIn = ({ entry }: ModelCard): boolean => entry.runtime === 'prompt-api';

/** Pure: its files are on this disk, whatever else is going on. */
export const isHere = ({ phase, storedBytes }: ModelCard): boolean =>
  phase === 'stored' ||
  phase === 'loading' ||
  phase === 'ready' ||
  (phase === 'failed' && storedBytes > 0);

export class Models {
  cards = $state.raw<ModelCard[]>([]);
  /** Whether `cards` has been asked for. */
  loaded = $state(false);
  probe = $state.raw<DeviceProbe | null>(null);
  backend = $state<BackendChoice>('auto');
  trouble = $state.raw<Trouble | null>(null);
  /** What went wrong with the last action on a model, by its id. */
  troubles = $state.raw<Record<string, Trouble>>({});
  #isHeard = false;
  readonly #app: FlotillaApp;

  constructor(app: FlotillaApp) {
    this.#app = app;
  }

  /** The model that is being read into memory, or else the one that is being fetched. */
  get underWay(): ModelCard | null {
    const at = (phase: ModelCard['phase']): ModelCard | undefined =>
      this.cards.find((card) => card.phase === phase);
    return at('loading') ?? at('downloading') ?? null;
  }

  card(id: string): ModelCard | undefined {
    return this.cards.find((card) => card.id === id);
  }

  /** How a model runs here, e.g. `WebAssembly, 2 threads`. `model` may carry a version. */
  backendOf(model: string): string {
    return this.card(idOf(model))?.info?.backend ?? '';
  }

  /** Reads the list and hears of its changes; safe to call again after a failure. */
  async start(): Promise<void> {
    try {
      if (!this.#isHeard) this.#app.models.onChange((cards) => (this.cards = cards));
      this.#isHeard = true;
      this.cards = await this.#app.models.list();
      this.trouble = null;
    } catch (error) {
      this.trouble = troubleOf(error);
    }
    this.loaded = true;
  }

  /** What the device can do; for the models page. */
  async look(): Promise<void> {
    try {
      const { models } = this.#app;
      [this.probe, this.backend] = await Promise.all([models.probe(), models.backend()]);
    } catch (error) {
      this.trouble = troubleOf(error);
    }
  }

  /** Resolves to true when all files are here; false when it was paused or failed (see `troubles`). */
  download(id: string, source?: ModelSource): Promise<boolean> {
    return this.#act(id, () => this.#app.models.download(id, source));
  }

  pause(id: string): Promise<boolean> {
    return this.#act(id, () => this.#app.models.pause(id));
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.#act(id, () => this.#app.models.remove(id));
    void this.look();
    return removed;
  }

  load(id: string): Promise<boolean> {
    return this.#act(id, () => this.#app.models.load(id));
  }

  unload(id: string): Promise<boolean> {
    return this.#act(id, () => this.#app.models.unload(id));
  }

  async chooseBackend(choice: BackendChoice): Promise<void> {
    const before = this.backend;
    this.backend = choice;
    try {
      await this.#app.models.chooseBackend(choice);
      this.trouble = null;
    } catch (error) {
      this.backend = before;
      this.trouble = troubleOf(error);
    }
  }

  /** Takes a model from files that the person chose. Resolves to its id when all of it is here. */
  async addFolder(files: { path: string; file: Blob }[]): Promise<string | null> {
    const found = await modelInFolder(files);
    if (!found.ok) {
      this.trouble = troubleOfFailure(found.failure);
      return null;
    }
    this.trouble = null;
    const { id, files: own } = found.value;
    const added = await this.#act(id, () =>
      this.#app.models.download(id, { kind: 'files', files: own }),
    );
    // A model that the list does not know has no line where its trouble could be shown.
    if (!added && !this.card(id)) this.trouble = this.troubles[id] ?? null;
    return added ? id : null;
  }

  async #act(id: string, work: () => Promise<unknown>): Promise<boolean> {
    this.#setTrouble(id, null);
    try {
      await work();
      return true;
    } catch (error) {
      if (!wasCancelled(error)) this.#setTrouble(id, troubleOf(error));
      return false;
    }
  }

  #setTrouble(id: string, trouble: Trouble | null): void {
    const others = Object.entries(this.troubles).filter(([other]) => other !== id);
    this.troubles = Object.fromEntries(trouble ? [...others, [id, trouble]] : others);
  }
}
