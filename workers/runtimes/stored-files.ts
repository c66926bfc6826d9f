/** Reads a language model's files from Cache Storage, one after the other, each hashed before use. Never the network. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { GenerationModel, ModelFile, ModelFileRole } from '../../src/core/generation-model.ts';
import { gunzip, sha256 } from './file-bytes.ts';
import { openModelCache } from './model-cache.ts';

/** Stored with this ending, and unpacked here. */
const PACKED = '.gzip';

export interface StoredDoors {
  /** Missing where the browser offers none. */
  caches: CacheStorage | undefined;
  /** Of this app: cached files are named by its origin. */
  baseUrl: string;
  signal: AbortSignal;
  /** Bytes read and checked so far, of the files that are wanted. */
  onBytes: (loadedBytes: number, totalBytes: number) => void;
}

/** One checked file, unpacked if it was packed. */
export interface StoredFile {
  role: ModelFileRole;
  /** File name without folder and without the ending of the packing, e.g. `tokenizer.json`. */
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Files of the wanted roles in the order of the manifest. Fails with `file_missing`, `hash_mismatch`, `file_corrupt`. */
export async function readStoredFiles(
  model: GenerationModel,
  roles: readonly ModelFileRole[],
  doors: StoredDoors,
): Promise<Result<StoredFile[]>> {
  const cache = await openModelCache(doors.caches, model.id, doors.baseUrl);
  if (cache === null) return fail('file_missing', 'This context has no storage for model files.');
  const wanted = model.files.filter(({ role }) => roles.includes(role));
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  const files: StoredFile[] = [];
  let loaded = 0;
  for (const file of wanted) {
    if (doors.signal.aborted) return fail('cancelled', `Loading ${model.id} was cancelled.`);
    const bytes = await cache.read(file.sha256);
    if (bytes === null) return fail('file_missing', `${file.path} of ${model.id} is not stored.`);
    const read = await checkFile(file, bytes);
    if (!read.ok) return read;
    files.push(read.value);
    loaded += file.bytes;
    doors.onBytes(loaded, total);
  }
  return ok(files);
}

async function checkFile(
  file: ModelFile,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Result<StoredFile>> {
  const hash = await sha256(bytes);
  if (hash !== file.sha256)
    return fail('hash_mismatch', `${file.path} has the hash ${hash}, not ${file.sha256}.`);
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  if (!name.endsWith(PACKED)) return ok({ role: file.role, name, bytes });
  const unpacked = await gunzip(bytes);
  if (unpacked === null) return fail('file_corrupt', `${file.path} is not a whole gzip file.`);
  return ok({ role: file.role, name: name.slice(0, -PACKED.length), bytes: unpacked });
}
