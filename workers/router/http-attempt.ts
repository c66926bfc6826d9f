/** One attempt of a chat completion over HTTP: sends the bytes, reads the answer within its limits, maps every failure. */
import {
  createChunkReader,
  parseCompletion,
  type ChatReply,
} from '../../src/core/chat-completions.ts';
import { fail, type FailureCode, type Result } from '../../src/core/failure.ts';
import { createSseReader } from '../../src/core/sse.ts';

/** Longest answer that is read, in bytes. */
const MAX_ANSWER_BYTES = 1_048_576;

export interface AttemptResult {
  result: Result<ChatReply>;
  /** True only where no byte of an answer was accepted and the server may be better soon. */
  mayRetry: boolean;
  /** What the server asked for with Retry-After. */
  retryAfterMs: number | null;
}

export interface HttpParts {
  fetch: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  now: () => number;
}

export interface HttpRequest {
  url: string;
  body: Uint8Array<ArrayBuffer>;
  /** Sent as `Authorization: Bearer …`; a redirect is an error, so it goes to `url` only. */
  accessToken: string | null;
}

/** `signal` ends the attempt; the caller knows why it fired. Never throws. */
export async function attemptChat(
  parts: HttpParts,
  { url, body, accessToken }: HttpRequest,
  signal: AbortSignal,
): Promise<AttemptResult> {
  let response: Response;
  try {
    response = await parts.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(accessToken !== null && { authorization: `Bearer ${accessToken}` }),
      },
      body,
      signal,
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
    });
  } catch {
    const result = fail(
      'server_unreachable',
      'The server could not be reached, or sent the request elsewhere.',
    );
    return { result, mayRetry: true, retryAfterMs: null };
  }
  if (!response.ok) {
    discard(response);
    return { ...statusFailure(response.status), retryAfterMs: retryAfterMs(response, parts.now()) };
  }
  return { result: await readReply(response), mayRetry: false, retryAfterMs: null };
}

function statusFailure(status: number): Pick<AttemptResult, 'result' | 'mayRetry'> {
  const failed = (code: FailureCode, message: string, mayRetry: boolean) => ({
    result: fail(code, `${message} (HTTP ${status}).`),
    mayRetry,
  });
  if (status === 401 || status === 403)
    return failed('server_unauthorized', 'The server refused access', false);
  if (status === 408) return failed('server_timeout', 'The server gave up waiting', false);
  if (status === 429) return failed('server_rate_limited', 'The server has too much to do', true);
  if (status >= 500)
    return failed('server_error', 'The server failed', status >= 502 && status <= 504);
  return failed('server_error', 'The server did not take the request', false);
}

/** Retry-After is a number of seconds or an HTTP date (RFC 9110, section 10.2.3). */
function retryAfterMs(response: Response, nowMs: number): number | null {
  const value = response.headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

async function readReply(response: Response): Promise<Result<ChatReply>> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const take = isStream ? createStreamTaker() : createWholeTaker();
  const reader = response.body?.getReader();
  if (!reader) return fail('server_nonsense', 'The server sent an empty answer.');
  const decoder = new TextDecoder();
  let bytes = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.byteLength;
      if (bytes > MAX_ANSWER_BYTES)
        return fail('server_nonsense', `The answer is longer than ${MAX_ANSWER_BYTES} bytes.`);
      const problem = take.push(decoder.decode(part.value, { stream: true }));
      if (!problem.ok) return problem;
    }
    return take.end(decoder.decode());
  } catch {
    return fail('server_error', 'The server closed the connection in the middle of its answer.');
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

interface Taker {
  push(text: string): Result<null>;
  end(text: string): Result<ChatReply>;
}

function createWholeTaker(): Taker {
  const parts: string[] = [];
  return {
    push(text) {
      parts.push(text);
      return { ok: true, value: null };
    },
    end: (text) => parseCompletion(parts.join('') + text),
  };
}

function createStreamTaker(): Taker {
  const events = createSseReader();
  const chunks = createChunkReader();
  const takeAll = (all: string[]): Result<null> => {
    for (const data of all) {
      const taken = chunks.take(data);
      if (!taken.ok) return taken;
    }
    return { ok: true, value: null };
  };
  return {
    push: (text) => takeAll(events.push(text)),
    end(text) {
      const taken = takeAll([...events.push(text), ...events.end()]);
      return taken.ok ? chunks.finish() : taken;
    },
  };
}

function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}
