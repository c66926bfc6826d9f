/** Puts a runtime behind comlink: vectors are transferred, not copied. */
import * as Comlink from 'comlink';
import { cacheStorage } from '../../src/platform/browser-storage.ts';
import type { TextRuntime } from './contract.ts';

export function exposeRuntime(runtime: TextRuntime): void {
  const remote: TextRuntime = {
    load: (model, baseUrl, onProgress, options) =>
      runtime.load(model, baseUrl, onProgress, options),
    selfTest: () => runtime.selfTest(),
    dispose: () => runtime.dispose(),
    embed: async (texts) => {
      const result = await runtime.embed(texts);
      return result.ok
        ? Comlink.transfer(result, [result.value.vectors.buffer, result.value.cut.buffer])
        : result;
    },
    tokens: async (texts) => {
      const result = await runtime.tokens(texts);
      if (!result.ok) return result;
      const buffers = result.value.flatMap((one) => [one.vectors.buffer, one.offsets.buffer]);
      return Comlink.transfer(result, buffers);
    },
  };
  Comlink.expose(remote);
}

/** What a runtime needs from its thread. */
export const threadDoors = {
  fetch: (...request: Parameters<typeof fetch>) => fetch(...request),
  caches: cacheStorage(),
  now: () => performance.now(),
};
