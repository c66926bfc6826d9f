/**
 * What WebLLM takes for Cache Storage: it holds nothing but files whose hash was just checked, under made-up addresses.
 * Whatever else it asks for is an error: no byte comes from the network.
 */
import type { Failure, Result } from '../../../src/core/failure.ts';

/** Reads and checks one file when it is wanted. */
export type ReadFile = () => Promise<Result<Uint8Array<ArrayBuffer>>>;

export interface ServedFiles {
  /** In place of `globalThis.caches`, for WebLLM alone. */
  caches: object;
  /** In place of `globalThis.fetch`. */
  fetch: () => Promise<never>;
  /** Why a file was not handed out; null if none was refused. */
  failure(): Failure | null;
}

class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

/** `files` by address. */
export function serveFiles(files: ReadonlyMap<string, ReadFile>): ServedFiles {
  let failure: Failure | null = null;
  const read = async (url: string, file: ReadFile): Promise<ArrayBuffer> => {
    const result = await file();
    if (!result.ok) {
      failure ??= result.failure;
      throw new FileRefused(`${url}: ${result.failure.message}`);
    }
    const bytes = result.value;
    const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    return whole.buffer;
  };
  const refuse = (wanted: unknown): Promise<never> => {
    const url = addressOf(wanted);
    failure ??= { code: 'file_missing', message: `The model has no file at ${url}.` };
    return Promise.reject(new FileRefused(`${url} is not part of the model`));
  };
  const cache = {
    // WebLLM asks twice for each file and reads only the second answer: the file is read when its body is.
    match: (wanted: unknown) => {
      const url = addressOf(wanted);
      const file = files.get(url);
      if (!file) return Promise.resolve(undefined);
      return Promise.resolve({
        arrayBuffer: () => read(url, file),
        json: async () => JSON.parse(new TextDecoder().decode(await read(url, file))) as unknown,
      });
    },
    keys: () => Promise.resolve([...files.keys()].map((url) => ({ url }))),
    add: refuse,
    addAll: refuse,
    put: refuse,
    delete: () => Promise.resolve(false),
  };
  return {
    caches: { open: () => Promise.resolve(cache) },
    fetch: refuse as () => Promise<never>,
    failure: () => failure,
  };
}

function addressOf(wanted: unknown): string {
  return typeof wanted === 'object' && wanted !== null && 'url' in wanted
    ? String(wanted.url)
    : String(wanted);
}

/** From now on this thread sees only these files. WebLLM reads the globals whenever it needs one. */
export function standInFor(served: ServedFiles): void {
  for (const [name, value] of [
    ['caches', served.caches],
    ['fetch', served.fetch],
  ] as const)
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
