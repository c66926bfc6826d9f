/** The server client: the only place that opens a connection for content. It asks the policy again before it does. */
import type { ChatReply } from '../../src/core/chat-completions.ts';
import { fail, ok, type FailureCode, type Result } from '../../src/core/failure.ts';
import { egressAllowed } from '../../src/core/policy.ts';
import type { Policy, PolicyServer } from '../../src/core/policy-schema.ts';
import type { Mode, TaskId } from '../../src/core/request.ts';
import { addressProblem, endpointUrl } from '../../src/core/server-address.ts';
import { createCircuitBreaker, type CircuitBreaker } from './circuit-breaker.ts';
import { attemptChat, type AttemptResult, type HttpParts } from './http-attempt.ts';

const MAX_ATTEMPTS = 3;
const FIRST_BACKOFF_MS = 250;

export interface ClientParts extends HttpParts {
  policy: () => Policy;
  /** The access token that a host page gave for the server, null without one. */
  accessToken: (serverId: string) => string | null;
  /** By server id. Shared by all connections: a server that fails, fails for everyone. */
  breakers: Map<string, CircuitBreaker>;
  /** 0 ≤ n < 1, for the jitter. */
  random: () => number;
  /** Resolves after `ms`, or as soon as `signal` fires. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface ChatCall<T> {
  serverId: string;
  task: TaskId;
  mode?: Mode | undefined;
  body: Uint8Array<ArrayBuffer>;
  /** Milliseconds since the epoch. */
  deadlineAt: number;
  signal?: AbortSignal | undefined;
  /** Asked before every further attempt, because each one sends the body again. */
  mayTryAgain: () => Promise<Result<null>>;
  /** Validates what was answered; a failure counts against the server and is not tried again. */
  read: (reply: ChatReply) => Result<T>;
}

export interface ChatOutcome<T> {
  result: Result<T>;
  /** How often the body was handed to the network. */
  attempts: number;
}

export interface ServerClient {
  /** Is the server being left alone after failures in a row? */
  isResting: (serverId: string) => boolean;
  /** Never throws. */
  send<T>(call: ChatCall<T>): Promise<ChatOutcome<T>>;
}

export function createServerClient(parts: ClientParts): ServerClient {
  const { breakers } = parts;

  function breakerOf(server: PolicyServer): CircuitBreaker {
    const known = breakers.get(server.id);
    if (known) return known;
    const limits = { allowedFails: server.allowed_fails, cooldownMs: server.cooldown_ms };
    const breaker = createCircuitBreaker(limits, parts.now);
    breakers.set(server.id, breaker);
    return breaker;
  }

  return {
    isResting: (serverId) => breakers.get(serverId)?.isResting() ?? false,
    async send<T>(call: ChatCall<T>): Promise<ChatOutcome<T>> {
      const server = checkAtTheSocket(parts.policy(), call);
      if (!server.ok) return { result: server, attempts: 0 };
      const breaker = breakerOf(server.value);
      if (!breaker.enter()) {
        return {
          result: fail('circuit_open', `${server.value.id} failed several times in a row.`),
          attempts: 0,
        };
      }
      const { result: reply, attempts } = await sendWithRetry(parts, server.value, call);
      const result = reply.ok ? call.read(reply.value) : reply;
      breaker.settle(verdictOn(result));
      return { result, attempts };
    },
  };
}

/** Nothing is sent unless the policy, read again now, allows this task to go to this very address. */
function checkAtTheSocket(policy: Policy, call: ChatCall<unknown>): Result<PolicyServer> {
  const verdict = egressAllowed(policy, call.task, call.serverId, call.mode);
  if (!verdict.allowed) return fail('policy_denied', verdict.explanation);
  const server = policy.servers.find((one) => one.id === call.serverId);
  if (!server) return fail('policy_denied', `The policy names no server "${call.serverId}".`);
  const problem = addressProblem(server.base_url);
  if (problem !== null) return fail('policy_denied', problem);
  if (!URL.canParse(server.base_url)) return fail('policy_denied', 'base_url is not an address.');
  const { username, password, protocol } = new URL(server.base_url);
  const isClean = username === '' && password === '' && /^https?:$/.test(protocol);
  return isClean
    ? ok(server)
    : fail('policy_denied', 'base_url holds credentials or another scheme.');
}

async function sendWithRetry(
  parts: ClientParts,
  server: PolicyServer,
  call: ChatCall<unknown>,
): Promise<ChatOutcome<ChatReply>> {
  for (let attempts = 0; ;) {
    const late = whyTooLate(parts, call);
    if (late) return { result: late, attempts };
    attempts++;
    const attempt = await timedAttempt(parts, server, call);
    if (attempt.result.ok || !attempt.mayRetry || attempts === MAX_ATTEMPTS)
      return { result: attempt.result, attempts };
    const waitMs =
      attempt.retryAfterMs ?? FIRST_BACKOFF_MS * 2 ** (attempts - 1) * (0.5 + parts.random());
    if (parts.now() + waitMs >= call.deadlineAt) return { result: attempt.result, attempts };
    await parts.sleep(waitMs, call.signal ?? new AbortController().signal);
    const again = await call.mayTryAgain();
    if (!again.ok) return { result: again, attempts };
  }
}

function whyTooLate(parts: ClientParts, call: ChatCall<unknown>): Result<never> | null {
  if (call.signal?.aborted) return fail('cancelled', 'The request was cancelled.');
  return parts.now() >= call.deadlineAt
    ? fail('deadline', 'The time for this request was used up.')
    : null;
}

/** Ends the attempt at timeout_ms or at the deadline, whichever is first, and says which it was. */
async function timedAttempt(
  parts: ClientParts,
  server: PolicyServer,
  call: ChatCall<unknown>,
): Promise<AttemptResult> {
  const remainingMs = call.deadlineAt - parts.now();
  const limitMs = Math.min(server.timeout_ms, remainingMs);
  const timer = new AbortController();
  const done = new AbortController();
  const signal = AbortSignal.any([timer.signal, ...(call.signal ? [call.signal] : [])]);
  void parts.sleep(limitMs, done.signal).then(() => {
    if (!done.signal.aborted) timer.abort();
  });
  const attempt = await attemptChat(
    parts,
    {
      url: endpointUrl(server.base_url, 'chat/completions'),
      body: call.body,
      accessToken: parts.accessToken(server.id),
    },
    signal,
  );
  done.abort();
  if (attempt.result.ok || !signal.aborted) return attempt;
  const ended = (code: FailureCode, message: string) => ({
    result: fail(code, message),
    mayRetry: false,
    retryAfterMs: null,
  });
  if (call.signal?.aborted) return ended('cancelled', 'The request was cancelled.');
  if (remainingMs <= server.timeout_ms)
    return ended('deadline', 'The server did not answer before the deadline.');
  return ended('server_timeout', `The server did not answer within ${server.timeout_ms} ms.`);
}

function verdictOn(result: Result<unknown>): 'worked' | 'failed' | 'ignored' {
  if (result.ok) return 'worked';
  return result.failure.code.startsWith('server_') ? 'failed' : 'ignored';
}
