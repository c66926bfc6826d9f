/** The shipped background: texts of all kinds of other work, and their embeddings, so that no training computes them anew. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import { readSafeTensors } from '../../src/core/safetensors.ts';
import type { FleetManifest } from '../../src/core/specialist.ts';
import { fetchChecked } from './fleet-files.ts';

export interface Background {
  texts: string[];
  /** Of the encoder, [dims] each, by text; empty where the build ships none. */
  vectors: ReadonlyMap<string, Float32Array>;
}

/** Fails with file_missing, hash_mismatch, file_corrupt. */
export async function readBackground(
  baseUrl: string,
  { background, encoder }: Pick<FleetManifest, 'background' | 'encoder'>,
): Promise<Result<Background>> {
  const file = await fetchChecked(baseUrl, background.texts);
  if (!file.ok) return file;
  const texts = new TextDecoder().decode(file.value).split('\n').filter(Boolean);
  if (!background.vectors) return ok({ texts, vectors: new Map() });
  const stored = await fetchChecked(baseUrl, background.vectors);
  if (!stored.ok) return stored;
  const parsed = readSafeTensors(stored.value);
  if (!parsed.ok) return parsed;
  const { tensors, metadata } = parsed.value;
  const rows = tensors.get('encoder');
  const fits =
    metadata['model'] === `${encoder.id}@${encoder.version}` &&
    rows?.shape.length === 2 &&
    rows.shape[0] === texts.length &&
    rows.shape[1] === encoder.dims;
  if (!fits || !(rows.data instanceof Float32Array))
    return fail('file_corrupt', 'The embeddings of the background are not those of its texts.');
  const { data } = rows;
  const vectorOf = (row: number): Float32Array =>
    data.subarray(row * encoder.dims, (row + 1) * encoder.dims);
  return ok({ texts, vectors: new Map(texts.map((text, row) => [text, vectorOf(row)])) });
}
