/**
 * A page's line to the engine, which may move: to another page's router thread, or to one of this page.
 *   connected ──► lost ──► connected to the next engine: what the page had told the last one is told again, then
 *   calls of which nothing can have left are asked once more; the others fail with engine_lost.
 */
import * as Comlink from 'comlink';
import type { CallId, RouterDoor } from '../core/door.ts';
import { fail } from '../core/failure.ts';
import type { OnEvent } from '../core/threads.ts';
import type { Door } from './cancellable.ts';
import { repeatable, type Repeatable } from './repeatable.ts';

/** One engine, as long as it lives. The door is held here: a collected proxy hangs its caller. */
export interface Connection {
  door: Door;
}

type Method = keyof RouterDoor;

/** What the next engine has to know, too. Of each the last one counts; of limits all do, because they only narrow. */
const TOLD: readonly Method[] = [
  'giveAccessTokens',
  'onConsent',
  'onModels',
  'offerPrompt',
  'warmUp',
];

/** Not more often: the call may be what ended the engine. */
const MOST_TIMES = 2;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Ask {
  method: Method;
  args: unknown[];
  listeners: Repeatable[];
  /** Null while no engine has it. */
  connection: Connection | null;
  times: number;
  mayHaveLeft: boolean;
  /** The id by which it was cancelled. */
  cancelled: CallId | null;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export class EngineLine {
  /** The engine's door, whichever engine it is. */
  readonly door: Door = new Proxy({} as Door, {
    get: (_, name) =>
      typeof name === 'string' && name !== 'then'
        ? (...args: unknown[]) => this.#call(name as Method, args)
        : undefined,
  });
  #connection: Connection | null = null;
  readonly #pending = new Set<Ask>();
  readonly #limits: unknown[][] = [];
  readonly #told = new Map<Method, unknown[]>();

  connect(connection: Connection): void {
    this.#connection = connection;
    const hear = (call: CallId): void => this.#leaving(connection, call);
    tell(connection, 'onLeaving', [Comlink.proxy(hear)]);
    for (const args of this.#limits) tell(connection, 'limit', args);
    const asking = new Set([...this.#pending].map(({ method }) => method));
    for (const [method, args] of this.#told)
      if (!asking.has(method)) tell(connection, method, args);
    for (const ask of this.#pending) this.#send(ask, connection);
  }

  /** The engine is gone. What it had is asked again at the next one, or fails. */
  lose(lost: Connection): void {
    if (this.#connection === lost) this.#connection = null;
    for (const ask of this.#pending) {
      if (ask.connection !== lost) continue;
      ask.connection = null;
      if (ask.mayHaveLeft) this.#giveUp(ask, 'after something of this call may have been sent');
      else if (ask.times >= MOST_TIMES && !TOLD.includes(ask.method))
        this.#giveUp(ask, 'for the second time during this call');
    }
  }

  #call(method: Method, args: unknown[]): Promise<unknown> {
    if (method === 'cancel') {
      this.#cancel(args[0] as CallId);
      return Promise.resolve();
    }
    if (method === 'limit') this.#limits.push(args);
    if (TOLD.includes(method)) this.#told.set(method, args);
    return new Promise((resolve, reject) => {
      const ask: Ask = {
        method,
        args,
        listeners: [],
        connection: null,
        times: 0,
        mayHaveLeft: false,
        cancelled: null,
        resolve,
        reject,
      };
      if (!TOLD.includes(method))
        listenOnce(ask, () => {
          this.#giveUp(ask, 'and the next one went on with another text');
        });
      this.#pending.add(ask);
      if (this.#connection) this.#send(ask, this.#connection);
    });
  }

  #send(ask: Ask, connection: Connection): void {
    ask.connection = connection;
    ask.times += 1;
    if (ask.times > 1) askAgain(ask, connection);
    const settle = (give: () => void): void => {
      if (ask.connection === connection && this.#pending.delete(ask)) give();
    };
    at(connection, ask.method, this.#told.get(ask.method) ?? ask.args).then(
      (value) => settle(() => ask.resolve(value)),
      (error: unknown) => settle(() => ask.reject(error)),
    );
    if (ask.cancelled !== null) tell(connection, 'cancel', [ask.cancelled]);
  }

  #cancel(call: CallId): void {
    const ask = this.#askOf(call);
    if (!ask) return;
    ask.cancelled = call;
    if (ask.connection) tell(ask.connection, 'cancel', [call]);
  }

  #leaving(connection: Connection, call: CallId): void {
    const ask = this.#askOf(call);
    if (ask?.connection === connection) ask.mayHaveLeft = true;
  }

  #askOf(call: CallId): Ask | null {
    return [...this.#pending].find(({ args }) => args.includes(call)) ?? null;
  }

  #giveUp(ask: Ask, how: string): void {
    if (this.#pending.delete(ask))
      ask.resolve(fail('engine_lost', `The tab that ran the engine was closed, ${how}.`));
  }
}

/** Listeners hear a text once, although it may be written twice. */
function listenOnce(ask: Ask, onOther: () => void): void {
  ask.args = ask.args.map((arg) => {
    if (typeof arg !== 'function') return arg;
    const listener = repeatable(arg as OnEvent, onOther);
    ask.listeners.push(listener);
    return Comlink.proxy(listener.hear);
  });
}

function at({ door }: Connection, method: Method, args: unknown[]): Promise<unknown> {
  return (door as unknown as Record<Method, (...args: unknown[]) => Promise<unknown>>)[method](
    ...args,
  );
}

/** Listeners begin anew; the engine is told the call's id, which is among the arguments that are words. */
function askAgain({ listeners, args }: Ask, connection: Connection): void {
  for (const listener of listeners) listener.again();
  for (const arg of args)
    if (typeof arg === 'string' && UUID.test(arg)) tell(connection, 'askedBefore', [arg]);
}

/** Nobody waits for the answer. */
function tell(connection: Connection, method: Method, args: unknown[]): void {
  at(connection, method, args).catch(() => undefined);
}
