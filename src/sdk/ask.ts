/** A call with one result, and what holds for the options of every call. */
import type { CallArguments } from '../core/embed-protocol.ts';
import type { Calls } from './calls.ts';
import type { CallOptions } from './contract.ts';
import { failure, type FlotillaError } from './errors.ts';
import { isObject } from './messages.ts';

/** Longest delay that a timer can hold, ms. */
const LONGEST_MS = 2 ** 31 - 1;

/** `fits` looks at the outline of the result: the frame is checked, and trusted no further than that. */
export async function ask<T, Name extends keyof CallArguments>(
  calls: Calls,
  name: Name,
  args: CallArguments[Name],
  given: CallOptions | undefined,
  fits: (value: unknown) => boolean = isObject,
): Promise<T> {
  const options = checked(given);
  const call = calls.open(name, args, options);
  const timer = limited(options.timeoutMs, () => {
    calls.drop(call.id, late(name, options));
  });
  try {
    const value = await call.outcome;
    if (!fits(value)) throw misfit(name);
    return value as T;
  } finally {
    clearTimeout(timer);
  }
}

/** Throws bad_request for options that could not mean anything. */
export function checked<Options extends CallOptions>(options: Options = {} as Options): Options {
  const { signal, onEvent, timeoutMs } = options;
  if (signal !== undefined && !('aborted' in Object(signal)))
    throw failure('bad_request', '`signal` is not an AbortSignal.');
  if (onEvent !== undefined && typeof onEvent !== 'function')
    throw failure('bad_request', '`onEvent` is not a function.');
  if (timeoutMs !== undefined && !(timeoutMs > 0))
    throw failure('bad_request', '`timeoutMs` is not a number above 0.');
  return options;
}

export const limited = (
  timeoutMs: number | undefined,
  act: () => void,
): ReturnType<typeof setTimeout> | undefined =>
  timeoutMs === undefined ? undefined : setTimeout(act, Math.min(timeoutMs, LONGEST_MS));

export const late = (name: string, { timeoutMs = 0 }: CallOptions): FlotillaError =>
  failure('timed_out', `“${name}” gave nothing within ${timeoutMs} ms.`);

export const misfit = (name: string): FlotillaError =>
  failure('version_mismatch', `What the frame gave for “${name}” is not of the expected shape.`);
