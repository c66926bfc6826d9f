/** Embeddings of training rows, kept so that training again takes seconds. Keys are digests of model and text. */
import type { DBSchema, IDBPDatabase } from 'idb';
import { openDatabase } from '../../src/platform/browser-storage.ts';

interface Kept {
  keys: string[];
  dims: number;
  vectors: Float32Array;
}

interface Database extends DBSchema {
  embeddings: { key: string; value: Kept };
}

const open = (): Promise<IDBPDatabase<Database>> =>
  openDatabase<Database>('flotilla-embeddings', 1, {
    upgrade: (db) => void db.createObjectStore('embeddings'),
  });

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(
    await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)),
  );
  return String.fromCharCode(...bytes.subarray(0, 16));
}

export const keysOf = (model: string, texts: readonly string[]): Promise<string[]> =>
  Promise.all(texts.map((text) => digest(`${model}\n${text}`)));

/** The vectors kept under a name, by key. An unreadable store is an empty one: the cache is a convenience. */
export async function recall(name: string): Promise<Map<string, Float32Array>> {
  try {
    const kept = await (await open()).get('embeddings', name);
    return new Map(
      kept?.keys.map((key, i) => [
        key,
        kept.vectors.subarray(i * kept.dims, (i + 1) * kept.dims),
      ]) ?? [],
    );
  } catch {
    return new Map();
  }
}

/** Keeps the vectors of the last training under its name. A full disk loses nothing but time. */
export async function keep(
  name: string,
  keys: string[],
  vectors: Float32Array,
  dims: number,
): Promise<void> {
  try {
    await (await open()).put('embeddings', { keys, vectors, dims }, name);
  } catch {
    // The next training computes them again.
  }
}

export async function forget(name: string): Promise<void> {
  try {
    await (await open()).delete('embeddings', name);
  } catch {
    // Nothing was kept.
  }
}
