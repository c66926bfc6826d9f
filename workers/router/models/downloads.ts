/**
 * Brings the missing files of a model onto this disk, one after the other: fetched, hashed, stored. One stream at a time,
 * so that a kill costs at most the one shard in flight; what is stored is whole and was right.
 */
import { fail, ok, type Failure, type Result } from '../../../src/core/failure.ts';
import type { GenerationModel } from '../../../src/core/generation-model.ts';
import type { ModelCache } from '../../runtimes/model-cache.ts';
import { sha256 } from '../fleet-files.ts';
import type { ModelDoors } from './doors.ts';
import { bytesOf } from './manifest.ts';
import type { OpenSource } from './sources.ts';

export interface DownloadState {
  loadedBytes: number;
  totalBytes: number;
  /** What it waits for; null while it moves. */
  waiting: Failure | null;
}

export interface DownloadOptions {
  doors: ModelDoors;
  cache: ModelCache;
  signal: AbortSignal;
  onState: (state: DownloadState) => void;
  /** A file more is stored. */
  onStored: () => Promise<void>;
}

/** Room that the browser needs besides the bytes themselves. */
const SPARE_BYTES = 2 ** 20;

/**
 * Fails with storage_full (before the start, or in the middle), storage_failed, hash_mismatch, and as the source's `read`.
 * Whatever happens, the files that were stored stay and are not fetched again.
 */
export async function downloadModel(
  { manifest, read, ready }: OpenSource,
  options: DownloadOptions,
): Promise<Result<null>> {
  const { doors, cache, signal, onState, onStored } = options;
  const stored = await cache.hashes();
  const totalBytes = bytesOf(manifest);
  let loadedBytes = bytesOf(manifest, (hash) => stored.has(hash));
  const tell = (received: number, waiting: Failure | null = null): void =>
    onState({ loadedBytes: loadedBytes + received, totalBytes, waiting });
  tell(0);
  const room = await checkRoom(manifest, totalBytes - loadedBytes, doors);
  if (!room.ok) return room;
  for (const file of manifest.files) {
    if (stored.has(file.sha256)) continue;
    const given = ready.get(file.sha256);
    const bytes = given
      ? ok(given)
      : await read(file, { doors, signal, onBytes: tell, onWait: (why) => tell(0, why) });
    if (!bytes.ok) return bytes;
    if (signal.aborted) return fail('cancelled', `The download of ${manifest.id} was stopped.`);
    const hash = await sha256(bytes.value);
    if (hash !== file.sha256)
      return fail('hash_mismatch', `${file.path} has the hash ${hash}, not ${file.sha256}.`);
    const kept = await cache.write(hash, bytes.value);
    if (kept === 'full') return full(manifest, totalBytes - loadedBytes, doors);
    if (kept === 'unavailable')
      return fail('storage_failed', `${file.path} could not be stored in this browser.`);
    stored.add(hash);
    loadedBytes += file.bytes;
    tell(0);
    await onStored();
  }
  await cache.keepOnly(manifest.files.map((file) => file.sha256));
  return ok(null);
}

async function checkRoom(
  manifest: GenerationModel,
  missingBytes: number,
  doors: ModelDoors,
): Promise<Result<null>> {
  const { quota, usage } = await doors.estimate();
  if (quota === undefined || usage === undefined || missingBytes === 0) return ok(null);
  return quota - usage >= missingBytes + SPARE_BYTES
    ? ok(null)
    : full(manifest, missingBytes, doors);
}

async function full(
  { title }: GenerationModel,
  missingBytes: number,
  doors: ModelDoors,
): Promise<Result<never>> {
  const { quota, usage } = await doors.estimate();
  const left = quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
  // Browsers may round what they tell up, by gigabytes, so that sites cannot be told apart by it.
  const room =
    left === null || left >= missingBytes + SPARE_BYTES
      ? 'it grants no more'
      : `it has ${megabytes(left)} left of ${megabytes(quota ?? 0)}`;
  return fail(
    'storage_full',
    `${title} needs ${megabytes(missingBytes)} more in this browser’s storage, and ${room}.`,
  );
}

const megabytes = (bytes: number): string =>
  `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: bytes < 1e7 ? 1 : 0 })} MB`;
