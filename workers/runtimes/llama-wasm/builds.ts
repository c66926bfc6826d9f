/** The four builds of the engine, and which of them this browser can run. Made by models/llama_wasm/build.sh. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { wholeAddress } from '../../addresses.ts';
import type { EngineBuild } from './engine.ts';
import plainUrl from './plain.wasm?url';
import plainThreadsUrl from './plain-threads.wasm?url';
import relaxedUrl from './relaxed.wasm?url';
import relaxedThreadsUrl from './relaxed-threads.wasm?url';

/** A module whose only function holds an `i16x8.relaxed_dot_i8x16_i7x16_s`. */
const RELAXED_PROBE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 10, 15, 1, 13, 0],
  ...[0x41, 0, 0xfd, 15, 0x41, 0, 0xfd, 15, 0xfd, 0x92, 2, 11],
);

export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(RELAXED_PROBE);
}

/** Fetches (from this app's own address) and compiles the best build. Fails with `runtime_failed`. */
export async function compileBuild(threads: boolean): Promise<Result<EngineBuild>> {
  const relaxed = hasRelaxedSimd();
  const url = relaxed
    ? threads
      ? relaxedThreadsUrl
      : relaxedUrl
    : threads
      ? plainThreadsUrl
      : plainUrl;
  try {
    const response = await fetch(wholeAddress(url));
    if (!response.ok)
      return fail('runtime_failed', `The engine is not served: ${response.status}.`);
    const module = await WebAssembly.compile(await response.arrayBuffer());
    return ok({ module, relaxed, threads });
  } catch (cause) {
    return fail('runtime_failed', `This browser cannot run the engine: ${String(cause)}.`);
  }
}
