/** One download of a model: choose the source, read its manifest, remember both, bring the files. */
import { fail, type Result } from '../../../src/core/failure.ts';
import type {
  CatalogueEntry,
  GenerationModel,
  ModelSource,
} from '../../../src/core/generation-model.ts';
import { openModelCache } from '../../runtimes/model-cache.ts';
import { chooseSource, type Places } from './choose-source.ts';
import type { ModelDoors } from './doors.ts';
import { downloadModel } from './downloads.ts';
import type { ModelRecord, ModelRecords } from './model-records.ts';
import type { ShelfItem } from './shelf-item.ts';
import { openSource, type OpenSource } from './sources.ts';

export interface DownloadContext {
  places: Places;
  doors: ModelDoors;
  records: ModelRecords;
  signal: AbortSignal;
  onProgress: () => void;
  /** A file more is on this disk. */
  onStored: () => Promise<void>;
}

/** Runs while no other tab works on the same model. Fails as ModelShelf.download does. */
export async function runDownload(
  item: ShelfItem,
  wanted: ModelSource | undefined,
  context: DownloadContext,
): Promise<Result<null>> {
  const { entry } = item;
  const { doors, places, signal, onProgress, onStored } = context;
  const cache = await openModelCache(doors.caches, entry.id, places.baseUrl);
  if (!cache) return fail('storage_failed', 'This browser keeps no files for this site.');
  const source = chooseSource(entry, wanted, item.record, places);
  if (!source.ok) return source;
  const opened = await openFor(entry.id, entry, source.value, context);
  if (!opened.ok) return opened;
  const begun = await begin(item, source.value, opened.value.manifest, context);
  if (!begun.ok) return begun;
  return downloadModel(opened.value, {
    doors,
    cache,
    signal,
    onStored,
    onState: (state) => {
      item.progress(state, doors.now());
      onProgress();
    },
  });
}

/** Finds the manifest of a model at a source. */
export function openFor(
  id: string,
  entry: CatalogueEntry | null,
  source: ModelSource,
  { places, doors, signal }: DownloadContext,
): Promise<Result<OpenSource>> {
  const pinned = places.shipped?.manifest ?? null;
  const options = { doors, signal, onBytes: () => undefined, onWait: () => undefined };
  return openSource(id, entry, source, { ...places, pinned }, options);
}

/** Kept before the first byte, so that a killed tab goes on with the same files. */
async function begin(
  item: ShelfItem,
  source: ModelSource,
  manifest: GenerationModel,
  { records, places }: DownloadContext,
): Promise<Result<null>> {
  const { entry } = item;
  const record: ModelRecord = {
    id: entry.id,
    manifest,
    entry,
    source: source.kind === 'files' ? { kind: 'files' } : source,
    pinned: places.shipped?.manifest.sha256 ?? null,
    running: source.kind !== 'files',
  };
  const put = await records.put(record);
  if (put.ok) item.record = record;
  return put;
}
