/**
 * The shelf: every language model that this browser knows, what is on this disk, and what is on its way.
 *
 *   absent ─► downloading ─► stored          pause, reload or kill: paused, whole files stay, download() goes on
 *                │  ▲                        a wrong file: failed, with the reason; download() tries again
 *                ▼  │
 *           paused / failed                  remove() from any of them: absent
 */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { recommend } from '../../../src/core/fit.ts';
import type {
  DeviceProbe,
  Fit,
  GenerationModel,
  ModelCard,
  ModelSource,
} from '../../../src/core/generation-model.ts';
import { openModelCache, type ModelCache } from '../../runtimes/model-cache.ts';
import { threadDoors, type ModelDoors } from './doors.ts';
import { entryOf, loadKnownModels, type ShippedModel } from './known-models.ts';
import { parseModel } from './manifest.ts';
import { ModelRecords } from './model-records.ts';
import { ShelfItem } from './shelf-item.ts';
import { openFor, runDownload, type DownloadContext } from './run-download.ts';
import { Tabs } from './tabs.ts';

export interface ShelfOptions {
  /** Absolute address of the app, ending with a slash. */
  baseUrl: string;
  /** fleet.json's `generators`. */
  shipped: readonly ShippedModel[];
  /** policy.model_sources. */
  modelSources: readonly string[];
  probe: DeviceProbe;
  doors?: ModelDoors;
}

/** Cards are told at most this often, in ms. */
const TELL_EVERY_MS = 100;

export class ModelShelf {
  readonly #options: ShelfOptions;
  readonly #doors: ModelDoors;
  readonly #items = new Map<string, ShelfItem>();
  readonly #records = new ModelRecords();
  readonly #listeners = new Set<(cards: ModelCard[]) => void>();
  readonly #tabs = new Tabs(({ type, id }) => {
    if (type === 'stop') this.#items.get(id)?.stop();
    else void this.#refresh(id);
  });
  #mirrored = new Set<string>();
  #probe: DeviceProbe;
  #telling: ReturnType<typeof setTimeout> | null = null;

  private constructor(options: ShelfOptions) {
    this.#options = options;
    this.#doors = options.doors ?? threadDoors;
    this.#probe = options.probe;
  }

  /** Reads catalogue, mirrors and what is stored. What cannot be read is left out of the list. */
  static async open(options: ShelfOptions): Promise<ModelShelf> {
    const shelf = new ModelShelf(options);
    const [known, records] = await Promise.all([
      loadKnownModels(options.baseUrl, options.shipped),
      shelf.#records.all(),
    ]);
    shelf.#mirrored = known.mirrored;
    const stored = records.ok ? records.value.map(({ entry }) => entry) : [];
    for (const entry of [...known.entries, ...stored])
      if (!shelf.#items.has(entry.id)) shelf.#items.set(entry.id, new ShelfItem(entry));
    await Promise.all([...shelf.#items.keys()].map((id) => shelf.#refresh(id)));
    return shelf;
  }

  /** Shipped models first; phases without what a runtime is doing (loading, ready). */
  list(): ModelCard[] {
    const items = [...this.#items.values()];
    const fits = recommend(
      items.map(({ entry }) => entry),
      this.#probe,
    );
    return items
      .map((item, index) => item.card(this.#shipped(item.entry.id) !== null, fits[index] as Fit))
      .sort((one, other) => Number(other.shipped) - Number(one.shipped));
  }

  /** Hears all cards at most ten times a second. Returns how to stop. */
  onChange(listener: (cards: ModelCard[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A new probe, e.g. when the page knows more of the browser's own model. */
  useProbe(probe: DeviceProbe): void {
    this.#probe = probe;
    this.#changed();
  }

  /**
   * Brings the missing files here. A call while one runs joins it. Fails with unknown_model, policy_denied, file_missing,
   * file_corrupt, hash_mismatch, storage_full, storage_failed, out_of_memory, bad_request, cancelled (paused, removed).
   */
  async download(id: string, source?: ModelSource): Promise<Result<null>> {
    const found = this.#items.get(id);
    const adopted = found ? ok(found) : await this.#adopt(id, source);
    if (!adopted.ok) return adopted;
    const item = adopted.value;
    if (item.entry.runtime === 'prompt-api')
      return fail('bad_request', 'The browser downloads its own model itself.');
    item.running ??= this.#run(item, source).finally(() => {
      item.running = null;
    });
    return item.running;
  }

  /** Goes on with what was running when the tab was closed or killed. */
  resumeInterrupted(): void {
    for (const [id, { record, phase }] of this.#items)
      if (record?.running && phase === 'paused') void this.download(id);
  }

  /** Stops a download, in whichever tab it runs; whole files stay. */
  async pause(id: string): Promise<void> {
    const item = this.#items.get(id);
    this.#tabs.tell({ type: 'stop', id });
    item?.stop();
    await item?.running;
  }

  /** Stops what runs and deletes the files. Fails with unknown_model, storage_failed. */
  async remove(id: string): Promise<Result<null>> {
    const item = this.#items.get(id);
    if (!item) return fail('unknown_model', `There is no model “${id}” here.`);
    await this.pause(id);
    const removed = await this.#tabs.alone(id, new AbortController().signal, async () => {
      await (await this.#cache(id))?.keepOnly([]);
      return this.#records.delete(id);
    });
    item.forget();
    await this.#refresh(id);
    this.#tabs.tell({ type: 'changed', id });
    return removed ?? ok(null);
  }

  /** The manifest of a stored model, checked again. Fails with unknown_model, model_not_stored, file_corrupt. */
  async manifestOf(id: string): Promise<Result<GenerationModel>> {
    const item = this.#items.get(id);
    if (!item) return fail('unknown_model', `There is no model “${id}”.`);
    await this.#refresh(id);
    if (!item.record || !item.isComplete())
      return fail(
        'model_not_stored',
        `${item.entry.title} is not on this device, or not all of it.`,
      );
    return parseModel(item.record.manifest);
  }

  close(): void {
    for (const item of this.#items.values()) item.stop();
    this.#tabs.close();
  }

  async #run(item: ShelfItem, wanted: ModelSource | undefined): Promise<Result<null>> {
    const { id } = item.entry;
    const signal = item.start();
    this.#changed();
    const fetched = await this.#tabs.alone(id, signal, async () => {
      await this.#refresh(id); // another tab may have brought it meanwhile
      return item.isComplete() ? ok(null) : runDownload(item, wanted, this.#context(id, signal));
    });
    const result = fetched ?? fail('cancelled', `The download of ${item.entry.title} was stopped.`);
    // A reload goes on only with what was running: not with what a person paused or what cannot succeed.
    if (fetched && item.record) await this.#records.put({ ...item.record, running: false });
    item.end(result);
    await this.#refresh(id);
    this.#tabs.tell({ type: 'changed', id });
    return result;
  }

  /** A model that no list names yet: its own manifest, among files or at an address, says what it is. */
  async #adopt(id: string, source: ModelSource | undefined): Promise<Result<ShelfItem>> {
    if (!source || source.kind === 'hub') return fail('unknown_model', `No list names “${id}”.`);
    const opened = await openFor(id, null, source, this.#context(id, new AbortController().signal));
    if (!opened.ok) return opened;
    const item = new ShelfItem(entryOf(opened.value.manifest));
    this.#items.set(id, item);
    return ok(item);
  }

  #context(id: string, signal: AbortSignal): DownloadContext {
    return {
      places: {
        ...this.#options,
        shipped: this.#shipped(id),
        mirrored: this.#mirrored.has(id),
      },
      doors: this.#doors,
      records: this.#records,
      signal,
      onProgress: () => this.#changed(),
      onStored: async () => {
        await this.#refresh(id);
        this.#tabs.tell({ type: 'changed', id });
      },
    };
  }

  /** Reads the disk again. */
  async #refresh(id: string): Promise<void> {
    const record = await this.#records.get(id);
    const known = record.ok ? (record.value ?? null) : null;
    const item = this.#items.get(id) ?? (known && new ShelfItem(known.entry));
    if (!item) return;
    this.#items.set(id, item);
    const hashes = (await (await this.#cache(id))?.hashes()) ?? new Set<string>();
    const pinned = this.#shipped(id)?.manifest.sha256 ?? null;
    item.seen(known, hashes, known !== null && known.pinned !== pinned);
    const elsewhere = item.running === null && (await this.#tabs.isHeld(id));
    if (elsewhere && !item.elsewhere)
      void this.#tabs.untilFree(id).then(() => {
        item.elsewhere = false;
        return this.#refresh(id);
      });
    item.elsewhere = elsewhere;
    this.#changed();
  }

  #cache(id: string): Promise<ModelCache | null> {
    return openModelCache(this.#doors.caches, id, this.#options.baseUrl);
  }

  #shipped(id: string): ShippedModel | null {
    return this.#options.shipped.find((one) => one.id === id) ?? null;
  }

  #changed(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = null;
      const cards = this.list();
      for (const listener of this.#listeners) listener(cards);
    }, TELL_EVERY_MS);
  }
}
