/** The language models as the router thread's engine uses them: the shelf (disk) and the generators (memory) as one. */
import { writerCardOf } from '../../../src/core/card.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { Generated, GenerateRequest, GenerationInfo } from '../../../src/core/generation.ts';
import {
  BROWSER_MODEL,
  type BackendChoice,
  type DeviceProbe,
  type ModelCard,
  type ModelSource,
} from '../../../src/core/generation-model.ts';
import type { GenerateOptions, ModelName, SlmPort } from '../../../src/core/ports.ts';
import type { PromptPort } from '../../../src/core/prompt-port.ts';
import type { WriterCard } from '../../../src/core/specialist.ts';
import { fetchChecked } from '../fleet-files.ts';
import { readModel } from '../models/manifest.ts';
import { probeDevice } from '../models/probe.ts';
import { ModelShelf, type ShelfOptions } from '../models/shelf.ts';
import { Generators } from './generators.ts';

interface Options extends Omit<ShelfOptions, 'probe'> {
  /** policy.licences: may a model under this licence run here? */
  licenceAllowed: (licence: string) => boolean;
}

export class LanguageModels implements SlmPort {
  readonly #options: Options;
  readonly #generators: Generators;
  readonly #listeners = new Set<(cards: ModelCard[]) => void>();
  #opening: Promise<ModelShelf> | null = null;
  #shelf: ModelShelf | null = null;
  #promptApi: DeviceProbe['promptApi'] = 'none';

  constructor(options: Options) {
    this.#options = options;
    this.#generators = new Generators(
      { manifestOf: async (id) => (await this.open()).manifestOf(id) },
      () => this.probe(),
      () => this.#tell(),
    );
  }

  /** Reads the catalogue and the disk, once. Nothing of it is needed for the specialists' first answer. */
  open(): Promise<ModelShelf> {
    this.#opening ??= (async () => {
      const shelf = await ModelShelf.open({ ...this.#options, probe: await this.probe() });
      this.#shelf = shelf;
      shelf.onChange(() => this.#tell());
      shelf.resumeInterrupted();
      return shelf;
    })();
    return this.#opening;
  }

  async probe(): Promise<DeviceProbe> {
    const { prompt } = this.#generators;
    this.#promptApi = (await prompt?.availability().catch(() => 'none' as const)) ?? 'none';
    return probeDevice(this.#promptApi);
  }

  /** The page that started this thread hands over the browser's own model. */
  async offer(prompt: PromptPort): Promise<void> {
    this.#generators.prompt = prompt;
    await this.lookAgain();
  }

  /** The state of the browser's own model may have changed. */
  async lookAgain(): Promise<void> {
    if (this.#shelf) this.#shelf.useProbe(await this.probe());
  }

  /** Gives the way to stop listening. */
  onCards(listener: (cards: ModelCard[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(): void {
    if (!this.#shelf) return;
    const cards = this.#cardsOf(this.#shelf);
    for (const listener of this.#listeners) listener(cards);
  }

  async cards(): Promise<ModelCard[]> {
    return this.#cardsOf(await this.open());
  }

  #cardsOf(shelf: ModelShelf): ModelCard[] {
    return shelf.list().map((card) => this.#withMemory(card));
  }

  /** What the disk says of a model, overlaid with what it is doing in memory. */
  #withMemory(card: ModelCard): ModelCard {
    const denied = this.#denial(card);
    if (denied) {
      const { message } = denied.failure;
      const why = card.fit.fits ? message : `${card.fit.why} ${message}`;
      return { ...card, fit: { fits: false, recommended: false, why } };
    }
    if (card.id === BROWSER_MODEL)
      return { ...card, phase: this.#promptApi === 'ready' ? 'ready' : 'absent' };
    const version = card.version ?? this.#shippedVersion(card.id);
    const state = this.#generators.state(card.id);
    if (!state || card.phase !== 'stored') return { ...card, version };
    const { phase, info, failure, others, loadedBytes, totalBytes } = state;
    const moving = phase === 'loading' && totalBytes > 0 ? { loadedBytes, totalBytes } : {};
    return { ...card, ...moving, version, phase, info, failure, others };
  }

  #denial({ title, entry: { licence } }: Pick<ModelCard, 'title' | 'entry'>) {
    if (this.#options.licenceAllowed(licence)) return null;
    return fail(
      'policy_denied',
      `The licence of ${title} (${licence}) is not among those that policy.json allows.`,
    );
  }

  /** Null when the model may be used; a model that no list names yet is judged once its manifest is known. */
  async #denied(id: string): Promise<Result<never> | null> {
    const card = (await this.open()).list().find((one) => one.id === id);
    return card ? this.#denial(card) : null;
  }

  #shippedVersion(id: string): string | null {
    return this.#options.shipped.find((one) => one.id === id)?.version ?? null;
  }

  /** Cards of the models that ship, from their manifests alone; one that cannot be read is left out. */
  async writers(): Promise<WriterCard[]> {
    const { baseUrl, shipped } = this.#options;
    const fleetUrl = new URL('fleet/', baseUrl).href;
    const models = await Promise.all(
      shipped.map(async ({ manifest }) => {
        const bytes = await fetchChecked(fleetUrl, manifest);
        return bytes.ok ? readModel(bytes.value) : bytes;
      }),
    );
    return models.flatMap((model) => (model.ok ? [writerCardOf(model.value)] : []));
  }

  async download(id: string, source: ModelSource | null): Promise<Result<null>> {
    const denied = await this.#denied(id);
    return denied ?? (await this.open()).download(id, source ?? undefined);
  }

  async pause(id: string): Promise<Result<null>> {
    await (await this.open()).pause(id);
    return ok(null);
  }

  async remove(id: string): Promise<Result<null>> {
    await this.#generators.unload(id);
    return (await this.open()).remove(id);
  }

  async load(id: string): Promise<Result<GenerationInfo>> {
    return (await this.#denied(id)) ?? this.#generators.load(id);
  }

  async unload(id: string): Promise<Result<null>> {
    await this.#generators.unload(id);
    return ok(null);
  }

  get choice(): BackendChoice {
    return this.#generators.choice;
  }

  async choose(choice: BackendChoice): Promise<Result<null>> {
    await this.#generators.choose(choice);
    return ok(null);
  }

  /** One that is in memory first, then the largest that a person has stored. The browser's own only by name. */
  modelFor(wanted: string | null): ModelName | null {
    const all = this.#shelf ? this.#cardsOf(this.#shelf) : [];
    const mayRun = (card: ModelCard): boolean => this.#denial(card) === null;
    const cards =
      wanted === null ? all.filter((card) => card.id !== BROWSER_MODEL && mayRun(card)) : all;
    const isHere = ({ phase }: ModelCard): boolean =>
      phase === 'stored' || phase === 'loading' || phase === 'ready';
    const found =
      wanted === null
        ? (cards.find(({ phase }) => phase === 'ready') ??
          cards.filter(isHere).sort((a, b) => b.entry.parameters - a.entry.parameters)[0])
        : cards.find(({ id }) => id === wanted);
    if (!found) return null;
    const { id, title, version } = found;
    return { id, title, version: version ?? '0', stored: isHere(found) };
  }

  async generate(
    id: string,
    request: GenerateRequest,
    options: GenerateOptions,
  ): Promise<Result<Generated>> {
    const denied = await this.#denied(id);
    if (denied) return denied;
    const shelf = await this.open();
    const from = Date.now();
    const stop = shelf.onChange((cards) => tellLoading(cards, id, options));
    try {
      const here = id === BROWSER_MODEL ? ok(null) : await this.#bringHere(shelf, id, options);
      if (!here.ok) return here;
    } finally {
      stop();
    }
    // The time of a download is not the time of the answer.
    const deadlineAt = options.deadlineAt + (Date.now() - from);
    return this.#generators.generate(id, request, { ...options, deadlineAt });
  }

  /** A model that ships with the build is fetched when it is asked for by name; others are for the Models page. */
  async #bringHere(
    shelf: ModelShelf,
    id: string,
    { signal }: GenerateOptions,
  ): Promise<Result<null>> {
    const card = shelf.list().find((one) => one.id === id);
    if (!card) return fail('unknown_model', `There is no language model “${id}”.`);
    if (card.phase === 'stored') return ok(null);
    if (!card.shipped) return fail('model_not_stored', `“${card.title}” is not on this device.`);
    const pause = (): void => void shelf.pause(id);
    signal?.addEventListener('abort', pause, { once: true });
    try {
      return await shelf.download(id);
    } finally {
      signal?.removeEventListener('abort', pause);
    }
  }
}

function tellLoading(cards: readonly ModelCard[], id: string, { onEvent }: GenerateOptions): void {
  const card = cards.find((one) => one.id === id);
  if (card)
    onEvent?.({
      type: 'loading',
      specialist: id,
      loaded_bytes: card.loadedBytes,
      total_bytes: card.totalBytes,
    });
}
