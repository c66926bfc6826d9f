/** What the pages show when something failed: plain data made from a Failure, a FlotillaError or a bug. */
import { FlotillaError, HINTS, type Failure, type FailureCode } from '../core/failure.ts';

export interface Trouble {
  code: string;
  /** What happened. */
  message: string;
  /** What to do next. */
  hint: string;
}

const isFailureCode = (code: unknown): code is FailureCode =>
  typeof code === 'string' && Object.hasOwn(HINTS, code);

export const troubleOfFailure = (failure: Failure): Trouble => ({
  ...failure,
  hint: HINTS[failure.code],
});

/** Anything that was thrown. An error without a known code is a bug, and says so. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof FlotillaError)
    return { code: error.code, message: error.message, hint: error.hint };
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const message = error instanceof Error ? error.message : String(error);
  if (isFailureCode(code)) return { code, message, hint: HINTS[code] };
  return {
    code: 'unexpected',
    message: `Something that should not happen did: ${message}`,
    hint: 'Reload the page. What you typed is kept. If it happens again, report this sentence.',
  };
}

/** A browser that does not keep something: its disk is full, or it refuses. `what` is a singular noun. */
export function troubleOfStorage(error: unknown, what: string): Trouble {
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  return full
    ? {
        code: 'storage_full',
        message: 'The disk space of this site is full.',
        hint: 'Free some disk space or delete old history. What you typed is kept as long as this page is open.',
      }
    : {
        code: 'storage_failed',
        message: `The ${what} is not stored: ${troubleOf(error).message}`,
        hint: 'Allow this site to store data, or leave private browsing. What you typed is kept while this page is open.',
      };
}

/** True when the person stopped it: an abort is an outcome and no trouble. */
export const wasCancelled = (error: unknown): boolean =>
  (error instanceof DOMException && error.name === 'AbortError') ||
  (error instanceof FlotillaError && error.code === 'cancelled');
