/** The shipped static table in Node, so that recipe and evaluation see the vectors that the app sees. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { createWordPiece } from '../../src/core/wordpiece.ts';
import { embedTokens, readStaticTable } from '../../workers/runtimes/static/table.ts';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../public/fleet/static/1.0.0');
const FLEET = join(FOLDER, '../../fleet.json');

export function openStatic(): (text: string) => Float32Array {
  const unpack = (name: string): Uint8Array =>
    new Uint8Array(gunzipSync(readFileSync(join(FOLDER, name))));
  const { dims, maxTokens } = (
    JSON.parse(readFileSync(FLEET, 'utf8')) as { static: { dims: number; maxTokens: number } }
  ).static;
  const words = createWordPiece(new TextDecoder().decode(unpack('vocab.txt.gzip')));
  if (!words.ok) throw new Error(words.failure.message);
  const table = readStaticTable(unpack('table.safetensors.gzip'), dims, words.value.vocabularySize);
  if (!table.ok) throw new Error(table.failure.message);
  return (text) => {
    const row = new Float32Array(dims);
    embedTokens(table.value, words.value.encode(text, maxTokens).ids, row);
    return row;
  };
}
