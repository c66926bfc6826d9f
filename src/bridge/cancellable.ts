/** Calls to the router thread: failures become errors again, an abort is passed on by the call's id. */
import type * as Comlink from 'comlink';
import type { RouterDoor } from '../core/door.ts';
import { FlotillaError, type Result } from '../core/failure.ts';

export type Door = Comlink.Remote<RouterDoor>;

export const unwrap = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new FlotillaError(result.failure);
};

export const asked = async <T>(result: Promise<Result<T>>): Promise<T> => unwrap(await result);

/** Runs a call under a fresh id and passes an abort on by that id. */
export async function cancellable<T>(
  door: Door,
  signal: AbortSignal | undefined,
  use: (id: string) => Promise<Result<T>>,
): Promise<T> {
  const id = crypto.randomUUID();
  const cancel = (): void => void door.cancel(id);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const running = use(id);
    if (signal?.aborted) cancel();
    return unwrap(await running);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
