/**
 * Fetches one file of a model as a stream of exactly its bytes, again after a broken connection.
 *
 * fetch ─► whole? ── yes ─► bytes (the caller hashes them)
 *   ▲        ├─ broken off, no answer, server busy ─► wait, again (waits without end while the browser is offline)
 *   └────────┘
 *            └─ 404, a part (206), a redirect, a page, too long ─► failure at once
 */
import { fail, ok, type Failure, type Result } from '../../../src/core/failure.ts';
import type { FleetFile } from '../../../src/core/specialist.ts';
import type { ModelDoors } from './doors.ts';

/** Waiting times before the second, third, … attempt, in ms. Together with the attempts under ten seconds on a dead port. */
const BACK_OFF_MS = [500, 1000, 2000, 4000];
/** A connection on which nothing arrives for so long counts as broken, in ms. */
const STALL_MS = 10_000;
/** Answers that a later attempt may turn into the file. */
const PASSING = [408, 425, 429, 500, 502, 503, 504];

export interface FileAddress {
  url: string;
  /** Origins to which the server may send the request on; empty: a redirect is a failure. */
  redirectsTo: readonly string[];
}

export interface FetchOptions {
  doors: ModelDoors;
  signal: AbortSignal;
  /** Hears how many bytes of the file have arrived; it starts again at 0 after a broken connection. */
  onBytes: (received: number) => void;
  /** Hears what the download waits for. The next bytes say that it goes on. */
  onWait: (reason: Failure) => void;
}

const OFFLINE: Failure = {
  code: 'file_missing',
  message: 'There is no connection. The download goes on by itself.',
};

/** `online`: the network failed, so it is worth waiting for a connection where the browser reports none. */
type Attempt = { result: Result<Uint8Array<ArrayBuffer>>; again: 'never' | 'later' | 'online' };

const refuse = (result: Result<never>): Attempt => ({ result, again: 'never' });
const broken = (result: Result<never>): Attempt => ({ result, again: 'later' });

/** Fails with file_missing, file_corrupt, out_of_memory, cancelled. */
export async function fetchModelFile(
  file: FleetFile,
  address: FileAddress,
  options: FetchOptions,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const { doors, signal, onWait, onBytes } = options;
  for (let tries = 0; ; tries++) {
    const { result, again } = await attempt(file, address, options);
    if (signal.aborted) return fail('cancelled', `${file.path}: the download was stopped.`);
    if (result.ok || again === 'never') return result;
    onBytes(0);
    if (again === 'online' && !doors.isOnline()) {
      onWait(OFFLINE);
      await doors.untilOnline(signal);
      tries = -1;
    } else {
      const delay = BACK_OFF_MS[tries];
      if (delay === undefined) return result;
      onWait(result.failure);
      await doors.sleep(delay, signal);
    }
  }
}

async function attempt(
  file: FleetFile,
  address: FileAddress,
  { doors, signal, onBytes }: FetchOptions,
): Promise<Attempt> {
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), STALL_MS);
  let received = 0;
  let answered = false;
  try {
    const response = await doors.fetch(address.url, {
      signal: AbortSignal.any([signal, stalled.signal]),
      // The file is kept in Cache Storage; a second copy in the HTTP cache would only take room.
      cache: 'no-store',
      credentials: 'same-origin',
      referrerPolicy: 'no-referrer',
      redirect: address.redirectsTo.length > 0 ? 'follow' : 'manual',
    });
    const problem = problemOf(response, file, address);
    if (problem) return problem;
    answered = true;
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const bytes = room(file.bytes);
    if (bytes === null)
      return refuse(fail('out_of_memory', `${file.path} (${file.bytes} bytes) does not fit.`));
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(), STALL_MS);
      if (received + part.value.length > file.bytes) {
        await reader.cancel();
        return refuse(fail('file_corrupt', `${file.path} is longer than its ${file.bytes} bytes.`));
      }
      bytes.set(part.value, received);
      received += part.value.length;
      onBytes(received);
    }
    if (received < file.bytes) return broken(brokenOff(file, received));
    return { result: ok(bytes), again: 'never' };
  } catch (cause) {
    const why = stalled.signal.aborted ? 'the server does not answer' : messageOf(cause);
    const failure =
      answered && !stalled.signal.aborted
        ? brokenOff(file, received)
        : fail('file_missing', `${file.path} could not be fetched: ${why}.`);
    return { result: failure, again: 'online' };
  } finally {
    clearTimeout(timer);
    stalled.abort(); // what is left of a refused body is not wanted
  }
}

/** Anything but a whole file: what it is and whether another attempt may help. */
function problemOf(response: Response, file: FleetFile, address: FileAddress): Attempt | null {
  const { status, type, url, headers, body } = response;
  if (type === 'opaqueredirect')
    return refuse(fail('file_corrupt', `${file.path}: the server sends the request elsewhere.`));
  if (response.redirected && !address.redirectsTo.includes(new URL(url).origin))
    return refuse(
      fail('policy_denied', `${file.path} lies at ${new URL(url).origin}, which no policy names.`),
    );
  if (status !== 200) {
    const code = status === 206 ? 'file_corrupt' : 'file_missing';
    const why = status === 206 ? 'with a part of it (206)' : `${status}`;
    const failure = fail(code, `${file.path}: the server answered ${why}.`);
    return PASSING.includes(status) ? broken(failure) : refuse(failure);
  }
  if (/^text\/html\b/i.test(headers.get('content-type') ?? ''))
    return refuse(fail('file_corrupt', `${file.path}: the server answered with a page instead.`));
  return body === null
    ? broken(fail('file_corrupt', `${file.path}: the server answered with nothing.`))
    : null;
}

const brokenOff = ({ path, bytes }: FleetFile, received: number) =>
  fail('file_corrupt', `${path} broke off after ${received} of ${bytes} bytes.`);

function room(bytes: number): Uint8Array<ArrayBuffer> | null {
  try {
    return new Uint8Array(bytes);
  } catch {
    return null;
  }
}

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);
