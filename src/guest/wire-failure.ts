/** Failures as they cross to the host page: a code, a sentence, the next step. Never what the engine was working on. */
import { FlotillaError, HINTS, type Failure } from '../core/failure.ts';
import type { WireFailure } from '../core/embed-protocol.ts';

export const wireFailure = ({ code, message }: Failure): WireFailure => ({
  code,
  message,
  hint: HINTS[code],
});

/** Of anything that was thrown. An error that is not ours may quote content, so its text stays here. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FlotillaError) return { code: error.code, message: error.message };
  return { code: 'runtime_failed', message: 'The call ended by an error inside the widget.' };
}
