/** Access tokens that a host page hands over: in memory only, each for one server of the policy. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../src/core/failure.ts';

const MAX_TOKEN_CHARACTERS = 8192;
const MAX_TOKENS = 100;

/** What may stand in a header as one word (RFC 6750 allows less). */
const Token = v.pipe(v.string(), v.maxLength(MAX_TOKEN_CHARACTERS), v.regex(/^[\x21-\x7e]+$/));
const Tokens = v.record(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)), Token);

/** Fails with bad_request, which never repeats a token. */
export function parseAccessTokens(given: unknown): Result<ReadonlyMap<string, string>> {
  const parsed = v.safeParse(Tokens, given);
  const entries = parsed.success ? Object.entries(parsed.output) : [];
  if (!parsed.success || entries.length > MAX_TOKENS)
    return fail(
      'bad_request',
      `Access tokens are an object of server ids and tokens of 1 to ${MAX_TOKEN_CHARACTERS} visible ASCII characters.`,
    );
  return ok(new Map(entries));
}
