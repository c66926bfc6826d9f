/** One model of the shelf: what is on this disk, what is on its way, and how that shows. */
import type { Failure, Result } from '../../../src/core/failure.ts';
import type {
  CatalogueEntry,
  Fit,
  GenerationModel,
  ModelCard,
  ModelPhase,
} from '../../../src/core/generation-model.ts';
import type { DownloadState } from './downloads.ts';
import { bytesOf } from './manifest.ts';
import type { ModelRecord } from './model-records.ts';
import { Rate } from './rate.ts';

export class ShelfItem {
  readonly entry: CatalogueEntry;
  /** What this disk says; null where no download of this version was begun. */
  record: ModelRecord | null = null;
  storedBytes = 0;
  /** The download of this tab, while there is one. */
  running: Promise<Result<null>> | null = null;
  /** Another tab is at it. */
  elsewhere = false;
  #controller: AbortController | null = null;
  #state: DownloadState | null = null;
  #failure: Failure | null = null;
  #rate = new Rate();

  constructor(entry: CatalogueEntry) {
    this.entry = entry;
  }

  get phase(): ModelPhase {
    if (this.#controller !== null || this.elsewhere) return 'downloading';
    if (this.isComplete()) return 'stored';
    if (this.#failure !== null) return 'failed';
    return this.record === null ? 'absent' : 'paused';
  }

  isComplete(): boolean {
    return this.record !== null && this.storedBytes === bytesOf(this.record.manifest);
  }

  /** A download begins; the signal is what `stop` fires. */
  start(): AbortSignal {
    this.#controller = new AbortController();
    this.#failure = null;
    this.#rate = new Rate();
    return this.#controller.signal;
  }

  stop(): void {
    this.#controller?.abort();
  }

  progress(state: DownloadState, at: number): void {
    this.#state = state;
    this.#rate.add(state.loadedBytes, at);
  }

  end(result: Result<null>): void {
    this.#controller = null;
    this.#state = null;
    this.#failure = result.ok || result.failure.code === 'cancelled' ? null : result.failure;
  }

  /** What the disk holds now. `outdated`: the record is of another version than the build ships. */
  seen(record: ModelRecord | null, hashes: ReadonlySet<string>, outdated: boolean): void {
    const manifest: GenerationModel | undefined = record?.manifest;
    this.storedBytes = manifest ? bytesOf(manifest, (hash) => hashes.has(hash)) : 0;
    this.record = outdated ? null : record;
  }

  /** Nothing of it is here any more, and what went wrong before does not matter. */
  forget(): void {
    this.record = null;
    this.storedBytes = 0;
    this.#failure = null;
  }

  card(shipped: boolean, fit: Fit): ModelCard {
    const { entry, record, storedBytes, phase } = this;
    const state = this.#state;
    const total = record
      ? bytesOf(record.manifest)
      : (entry.downloadBytes ?? entry.downloadBytesAbout);
    return {
      id: entry.id,
      title: entry.title,
      entry,
      version: record?.manifest.version ?? null,
      shipped,
      fit,
      phase,
      loadedBytes: Math.max(storedBytes, state?.loadedBytes ?? 0),
      totalBytes: state?.totalBytes ?? total ?? 0,
      bytesPerSecond: state && state.waiting === null ? this.#rate.perSecond() : null,
      storedBytes,
      info: null,
      failure: state?.waiting ?? this.#failure,
    };
  }
}
