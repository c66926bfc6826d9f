/** A specialist as one file that its owner can keep and carry: 8 bytes length, the manifest as JSON, the head. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import { parseJson, parseManifest } from '../../src/core/fleet-schema.ts';
import type { StoredSpecialist } from './fleet-store.ts';

const MAGIC = 'FLOTILLA';
const MOST_BYTES = 8 * 1024 * 1024;

export function toBlob({ manifest, head }: StoredSpecialist): Blob {
  const json = new TextEncoder().encode(JSON.stringify(manifest));
  const start = new Uint8Array(12);
  start.set(new TextEncoder().encode(MAGIC));
  new DataView(start.buffer).setUint32(8, json.length, true);
  return new Blob([start, json, head], { type: 'application/octet-stream' });
}

export async function fromBlob(blob: Blob): Promise<Result<StoredSpecialist>> {
  if (blob.size > MOST_BYTES)
    return fail(
      'input_too_long',
      `The file has ${blob.size} bytes; a specialist has at most ${MOST_BYTES}.`,
    );
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const length = bytes.length >= 12 ? new DataView(bytes.buffer).getUint32(8, true) : 0;
  if (
    new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC ||
    length === 0 ||
    12 + length > bytes.length
  ) {
    return fail('unsupported_input', 'This is not a specialist that Flotilla exported.');
  }
  const json = parseJson(bytes.subarray(12, 12 + length), 'The manifest');
  const manifest = json.ok ? parseManifest(json.value) : json;
  return manifest.ok ? ok({ manifest: manifest.value, head: bytes.slice(12 + length) }) : manifest;
}
