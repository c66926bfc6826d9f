/** The files of specialists: fetched from this origin when a task asks for them, hashed before use, kept while used. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { WorkManifest } from '../../src/core/work.ts';
import { fetchChecked } from '../router/fleet-files.ts';

const PACKED = '.gzip';
/** Unzipped bytes that are kept; what was used longest ago goes first. */
const MOST_KEPT_BYTES = 96 * 1_048_576;
/** No file of a specialist unpacks to more. */
const MOST_FILE_BYTES = 64 * 1_048_576;

type Bytes = Uint8Array<ArrayBuffer>;

export class SpecialistFiles {
  /** In the order of their last use. */
  readonly #kept = new Map<string, Promise<Result<Bytes>>>();
  readonly #sizes = new Map<string, number>();

  /** Fails with file_missing, hash_mismatch and file_corrupt. */
  async bring(
    manifestUrl: string,
    { id, version, files }: WorkManifest,
    name: string,
  ): Promise<Result<Bytes>> {
    const file = files.find(({ path }) => path === name || path === name + PACKED);
    if (!file) return fail('file_missing', `“${id}” names no file “${name}”.`);
    const key = `${id}@${version}/${file.sha256}`;
    const loading = this.#kept.get(key) ?? load(manifestUrl, file);
    this.#kept.delete(key);
    this.#kept.set(key, loading);
    const loaded = await loading;
    if (loaded.ok) this.#keep(key, loaded.value.length);
    else this.#drop(key);
    return loaded;
  }

  #keep(key: string, bytes: number): void {
    this.#sizes.set(key, bytes);
    let sum = [...this.#sizes.values()].reduce((a, b) => a + b, 0);
    for (const oldest of this.#kept.keys()) {
      if (sum <= MOST_KEPT_BYTES || oldest === key) return;
      sum -= this.#sizes.get(oldest) ?? 0;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#kept.delete(key);
    this.#sizes.delete(key);
  }
}

async function load(
  manifestUrl: string,
  file: WorkManifest['files'][number],
): Promise<Result<Bytes>> {
  const stored = await fetchChecked(manifestUrl, file);
  if (!stored.ok || !file.path.endsWith(PACKED)) return stored;
  const unpacked = await unpack(stored.value);
  return unpacked ? ok(unpacked) : fail('file_corrupt', `${file.path} is not a whole gzip file.`);
}

async function unpack(packed: Bytes): Promise<Bytes | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    for (const reader = stream.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > MOST_FILE_BYTES) return null;
      pieces.push(value);
    }
  } catch {
    return null;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
