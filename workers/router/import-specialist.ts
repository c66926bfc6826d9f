/** Takes in a specialist that was exported somewhere else. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { SpecialistCard } from '../../src/core/specialist.ts';
import type { Caller, Engine } from './engine.ts';
import { fromBlob } from './specialist-file.ts';

/** Fails with file_corrupt, hash_mismatch, bad_request (its id is taken by a shipped one), storage_full, storage_failed. */
export async function importSpecialist(
  engine: Engine,
  caller: Caller,
  blob: Blob,
): Promise<Result<SpecialistCard>> {
  const read = await fromBlob(blob);
  if (!read.ok) return read;
  const { id } = read.value.manifest;
  const isShipped = engine.fleet
    .specialists()
    .some(({ origin, manifest }) => origin === 'shipped' && manifest.id === id);
  if (isShipped)
    return fail('bad_request', `“${id}” is the id of a specialist that this build ships.`);
  const put = await engine.fleet.put(read.value);
  if (!put.ok) return put;
  const card = engine.cards(caller).find((one) => one.id === id);
  return card ? ok(card) : fail('storage_failed', 'It was not stored.');
}
