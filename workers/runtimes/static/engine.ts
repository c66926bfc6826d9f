/** Engine of the static runtime: pure TypeScript over the unpacked table (8 bits a value: 7.8 MB for 30,522 × 256). */
import { fail, ok } from '../../../src/core/failure.ts';
import type { OpenEngine } from '../runtime.ts';
import { embedTokens, readStaticTable } from './table.ts';

export const TABLE_FILE = 'table.safetensors';

export const openStaticEngine: OpenEngine = (model, files, _golden, wordPiece) => {
  const bytes = files.byName.get(TABLE_FILE);
  if (!bytes) return fail('file_missing', `${model.id} names no ${TABLE_FILE}.`);
  const table = readStaticTable(bytes, model.dims, wordPiece.vocabularySize);
  if (!table.ok) return table;
  return ok({
    backend: 'typescript',
    others: [],
    embedTokens: (ids, row) => embedTokens(table.value, ids, row),
    dispose: () => Promise.resolve(),
  });
};
