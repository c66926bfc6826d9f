/** One connection to the engine: what it may do, whom to ask for it, and what it has under way. */
import type { CallId, SessionLimits } from '../../src/core/door.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import {
  limitedPolicy,
  narrowed,
  NO_LIMITS,
  taskDenial,
  type Limits,
} from '../../src/core/session-limits.ts';
import type { AskConsent, RuntimeState } from '../../src/core/threads.ts';
import { parseAccessTokens } from './access-tokens.ts';
import type { Caller, Engine } from './engine.ts';

/** `T` may come at once. */
type Soon<T> = Promise<T> | T;

export class Session {
  /** Is it the page that started this thread, and lives as long? */
  readonly isHome: boolean;
  askConsent: AskConsent | null = null;
  onStates: ((runtimes: Record<string, RuntimeState>) => void) | null = null;
  /** Resolves when the page knows; see RouterDoor.onLeaving. */
  onLeaving: ((call: CallId) => Soon<void>) | null = null;
  readonly #engine: () => Promise<Result<Engine>>;
  /** Calls that another engine was asked before. */
  readonly #again = new Set<CallId>();
  readonly #running = new Map<CallId, AbortController>();
  readonly #closing: (() => void)[] = [];
  readonly #gone = new AbortController();
  #limits: Limits = NO_LIMITS;
  #tokens: ReadonlyMap<string, string> = new Map();

  constructor(engine: () => Promise<Result<Engine>>, isHome: boolean) {
    this.#engine = engine;
    this.isHome = isHome;
  }

  async withEngine<T>(
    use: (engine: Engine, caller: Caller) => Soon<Result<T>>,
    call: CallId | null = null,
  ): Promise<Result<T>> {
    const opened = await this.#engine();
    return opened.ok ? use(opened.value, this.#callerOf(opened.value, call)) : opened;
  }

  /** Runs a call that the page can cancel by its id. */
  async cancellable<T>(
    call: CallId,
    use: (engine: Engine, caller: Caller, signal: AbortSignal) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    if (this.#gone.signal.aborted) return fail('cancelled', 'The page is gone.');
    const controller = new AbortController();
    this.#running.set(call, controller);
    try {
      return await this.withEngine(
        (engine, caller) => use(engine, caller, controller.signal),
        call,
      );
    } finally {
      this.#running.delete(call);
      this.#again.delete(call);
    }
  }

  askedBefore(call: CallId): void {
    this.#again.add(call);
  }

  cancel(call: CallId): void {
    this.#running.get(call)?.abort();
  }

  /** In force from this moment on, also for what comes before the promise resolves. Fails with policy_invalid. */
  limit(limits: SessionLimits): Result<null> {
    const narrower = narrowed(this.#limits, limits);
    if (!narrower.ok) return narrower;
    this.#limits = narrower.value;
    return ok(null);
  }

  /** In place of those given before. Fails with bad_request, also for a server that the policy does not name. */
  async giveAccessTokens(given: unknown): Promise<Result<null>> {
    const tokens = parseAccessTokens(given);
    if (!tokens.ok) return tokens;
    this.#tokens = tokens.value;
    return this.withEngine((_engine, { policy }) => {
      const known = new Set(policy.servers.map(({ id }) => id));
      const unknown = [...tokens.value.keys()].find((id) => !known.has(id));
      return unknown === undefined
        ? ok(null)
        : fail('bad_request', `The policy names no server “${unknown}” for this page.`);
    });
  }

  /** `stop` runs when the connection ends. */
  onClose(stop: () => void): void {
    if (this.#gone.signal.aborted) stop();
    else this.#closing.push(stop);
  }

  /** The page is gone: what it asked for is cancelled, and nobody is left to agree to anything. */
  close(): void {
    this.#gone.abort();
    this.askConsent = null;
    this.onStates = null;
    this.onLeaving = null;
    this.#tokens = new Map();
    for (const controller of this.#running.values()) controller.abort();
    for (const stop of this.#closing.splice(0)) stop();
  }

  #callerOf({ policy, trust }: Engine, call: CallId | null): Caller {
    const inForce = (): Caller['policy'] => limitedPolicy(policy.policy, this.#limits);
    return {
      policy: inForce(),
      id: call ?? crypto.randomUUID(),
      append: (kind, data) =>
        call !== null && this.#again.has(call)
          ? trust.appendAgain(kind, data)
          : trust.audit.append(kind, data),
      denial: (task) => taskDenial(this.#limits, task),
      server: trust.serverFor({
        policy: inForce, // read again at the socket: it may have become tighter
        askConsent: () => this.askConsent,
        accessToken: (server) => this.#tokens.get(server) ?? null,
        beforeLeaving: () => this.#tellLeaving(call),
      }),
    };
  }

  async #tellLeaving(call: CallId | null): Promise<void> {
    if (call === null || !this.onLeaving) return;
    const { signal } = this.#gone;
    const gone = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await Promise.race([this.onLeaving(call), gone]);
  }
}
