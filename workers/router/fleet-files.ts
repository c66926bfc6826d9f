/** Small files of the fleet (manifests, heads, background texts): fetched from this origin, hashed before use. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { FleetFile } from '../../src/core/specialist.ts';

export async function sha256(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Fetches a file of this origin. Fails with file_missing. */
export async function fetchFile(
  url: string,
  cache: RequestCache = 'default',
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  try {
    const response = await fetch(url, { cache, credentials: 'same-origin', redirect: 'error' });
    if (!response.ok)
      return fail(
        'file_missing',
        `${new URL(url).pathname} could not be loaded (${response.status}).`,
      );
    return ok(new Uint8Array(await response.arrayBuffer()));
  } catch {
    return fail(
      'file_missing',
      `${new URL(url).pathname} could not be loaded: there is no connection.`,
    );
  }
}

/** Fetches a file and checks length and hash. A copy in the HTTP cache that is stale is fetched once more. */
export async function fetchChecked(
  baseUrl: string,
  file: FleetFile,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const url = new URL(file.path, baseUrl).href;
  for (const cache of ['default', 'reload'] as const) {
    const bytes = await fetchFile(url, cache);
    if (!bytes.ok) return bytes;
    if (bytes.value.length === file.bytes && (await sha256(bytes.value)) === file.sha256)
      return bytes;
  }
  return fail(
    'hash_mismatch',
    `${file.path} is not the file that the fleet names: its hash differs, so it is not used.`,
  );
}
