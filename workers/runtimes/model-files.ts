/**
 * Brings a model's files onto this thread: from Cache Storage or the network, hash-checked before use, then unpacked.
 *
 * cached? ── hash right ──► unpack
 *    └─ no / wrong ──► fetch (streamed) ──► length and hash right? ── yes ──► cache, unpack
 *                                                └─ no ──► failure; nothing is used, nothing is cached
 */
import { fail, ok, type Failure, type Result } from '../../src/core/failure.ts';
import type { FleetFile, SharedModel } from '../../src/core/specialist.ts';
import { gunzip, sha256 } from './file-bytes.ts';
import { openModelCache, type ModelCache } from './model-cache.ts';
import type { CacheState, OnProgress } from './contract.ts';

/** Stored with this ending, and unpacked here. Not `.gz`: servers would unpack that before its hash is checked. */
const PACKED = '.gzip';

export interface ModelFiles {
  /** Unpacked bytes by file name without folder and without the ending of the packing, e.g. `vocab.txt`. */
  byName: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  fetchedBytes: number;
  cache: CacheState;
}

export interface FileDoors {
  fetch: typeof fetch;
  /** Missing where the browser offers none. */
  caches: CacheStorage | undefined;
  signal: AbortSignal;
  onProgress: OnProgress;
}

interface Fetched {
  bytes: Uint8Array<ArrayBuffer>;
  fromCache: boolean;
  kept: 'kept' | 'full' | 'unavailable';
}

/** Loads all files of a model at once. The first failure is returned; the others are aborted. */
export async function loadModelFiles(
  model: SharedModel,
  baseUrl: string,
  doors: FileDoors,
): Promise<Result<ModelFiles>> {
  const cache = await openModelCache(doors.caches, model.id, baseUrl);
  const total = model.files.reduce((sum, file) => sum + file.bytes, 0);
  const loaded = new Map<FleetFile, number>();
  const stop = new AbortController();
  const signal = AbortSignal.any([doors.signal, stop.signal]);
  const results = await Promise.all(
    model.files.map(async (file) => {
      const result = await loadFile(
        file,
        new URL(file.path, baseUrl),
        cache,
        { ...doors, signal },
        (bytes) => {
          loaded.set(file, bytes);
          doors.onProgress(
            [...loaded.values()].reduce((sum, part) => sum + part, 0),
            total,
          );
        },
      );
      if (!result.ok && result.failure.code !== 'cancelled') stop.abort();
      return result;
    }),
  );
  const failure = firstFailure(results);
  if (doors.signal.aborted) return fail('cancelled', `Loading ${model.id} was cancelled.`);
  if (failure !== null) return { ok: false, failure };
  const fetched = results.flatMap((result) => (result.ok ? [result.value] : []));
  await cache?.keepOnly(model.files.map((file) => file.sha256));
  return unpackAll(model.files, fetched);
}

/** The failure that caused the others, which were only aborted. */
function firstFailure(results: readonly Result<unknown>[]): Failure | null {
  const failures = results.flatMap((result) => (result.ok ? [] : [result.failure]));
  return failures.find((failure) => failure.code !== 'cancelled') ?? failures[0] ?? null;
}

async function loadFile(
  file: FleetFile,
  url: URL,
  cache: ModelCache | null,
  doors: FileDoors,
  onBytes: (bytes: number) => void,
): Promise<Result<Fetched>> {
  const cached = await cache?.read(file.sha256);
  if (cached && (await sha256(cached)) === file.sha256) {
    onBytes(file.bytes);
    return ok({ bytes: cached, fromCache: true, kept: 'kept' });
  }
  const fetched = await fetchFile(file, url, doors, onBytes);
  if (!fetched.ok) return fetched;
  const hash = await sha256(fetched.value);
  if (hash !== file.sha256)
    return fail('hash_mismatch', `${file.path} has the hash ${hash}, not ${file.sha256}.`);
  const kept = cache === null ? 'unavailable' : await cache.write(file.sha256, fetched.value);
  return ok({ bytes: fetched.value, fromCache: false, kept });
}

/** Streams exactly `file.bytes` bytes; a shorter or longer body is a failure. */
async function fetchFile(
  file: FleetFile,
  url: URL,
  { fetch, signal }: FileDoors,
  onBytes: (bytes: number) => void,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const bytes = new Uint8Array(file.bytes);
  let received = 0;
  try {
    const response = await fetch(url, { signal, cache: 'no-store', credentials: 'same-origin' });
    if (!response.ok || response.body === null)
      return fail('file_missing', `${file.path}: the server answered ${response.status}.`);
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (received + part.value.length > file.bytes) {
        await reader.cancel();
        return fail('file_corrupt', `${file.path} is longer than its ${file.bytes} bytes.`);
      }
      bytes.set(part.value, received);
      received += part.value.length;
      onBytes(received);
    }
  } catch (cause) {
    if (signal.aborted) return fail('cancelled', `${file.path}: loading was cancelled.`);
    if (received > 0)
      return fail(
        'file_corrupt',
        `${file.path} broke off after ${received} of ${file.bytes} bytes.`,
      );
    return fail(
      'file_missing',
      `${file.path} could not be fetched: ${cause instanceof Error ? cause.message : String(cause)}.`,
    );
  }
  if (received < file.bytes)
    return fail('file_corrupt', `${file.path} ended after ${received} of ${file.bytes} bytes.`);
  return ok(bytes);
}

async function unpackAll(
  files: readonly FleetFile[],
  fetched: readonly Fetched[],
): Promise<Result<ModelFiles>> {
  const byName = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [index, file] of files.entries()) {
    const { bytes } = fetched[index] as Fetched;
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    if (!name.endsWith(PACKED)) byName.set(name, bytes);
    else {
      const unpacked = await gunzip(bytes);
      if (unpacked === null) return fail('file_corrupt', `${file.path} is not a whole gzip file.`);
      byName.set(name.slice(0, -PACKED.length), unpacked);
    }
  }
  const missed = fetched.filter((part) => !part.fromCache);
  const fetchedBytes = missed.reduce((sum, part) => sum + part.bytes.length, 0);
  const kept = fetched.find((part) => part.kept !== 'kept')?.kept;
  const cache: CacheState =
    kept === 'full' || kept === 'unavailable' ? kept : missed.length === 0 ? 'hit' : 'stored';
  return ok({ byName, fetchedBytes, cache });
}
