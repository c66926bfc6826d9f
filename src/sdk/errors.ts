/** What a call rejects with. The words for its own failures; those of the frame bring theirs along. */
import type { WireFailure } from '../core/embed-protocol.ts';
import type { FailureCode } from '../core/failure.ts';

/** The next step, by failure that is found on this side. The same words as in the app. */
const HINTS = {
  bad_request: 'Correct the request as the message says and send it again.',
  cancelled: 'Nothing to do.',
  frame_blocked:
    'Check the address of widget.html, `frame-src` in the Content-Security-Policy of this page, and `embeds` in policy.json.',
  frame_gone: 'Connect again; what the frame was working on was not finished.',
  timed_out: 'Try again, or allow more time.',
  too_busy: 'Wait for the calls that are under way, or use runBatch for many requests.',
  version_mismatch: 'Load sdk.js from the same Flotilla that serves widget.html.',
} satisfies Partial<Record<FailureCode, string>>;

/** A call that could not be done. A doubtful answer is no error: it is an `Answer` with a status and a reason. */
export class FlotillaError extends Error {
  /** What failed, from a closed list. */
  readonly code: FailureCode;
  /** The next step. */
  readonly hint: string;

  constructor({ code, message, hint }: WireFailure) {
    super(message);
    this.name = 'FlotillaError';
    this.code = code;
    this.hint = hint;
  }
}

/** A failure that is found on this side of the port. */
export const failure = (code: keyof typeof HINTS, message: string): FlotillaError =>
  new FlotillaError({ code, message, hint: HINTS[code] });
