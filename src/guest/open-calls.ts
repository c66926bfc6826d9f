/** The calls of a host page that are under way: accepted, held against the limits, cancelled, answered. */
import type { EmbedRules } from '../core/embed.ts';
import type { CallName, ToHost } from '../core/embed-protocol.ts';
import { fail, FlotillaError, type Failure, type Result } from '../core/failure.ts';
import type { FlotillaApp } from '../core/threads.ts';
import type { Perform } from './calls.ts';
import { ItemWindow, RequestQueue } from './flow.ts';
import { CALL_BUDGET, weigh } from './object-budget.ts';
import type { HostMessage } from './read-message.ts';
import { failureOf, wireFailure } from './wire-failure.ts';

export const MOST_CALLS = 64;
/** Text of all calls under way together, in UTF-16 code units. */
export const MOST_UNITS = 2 * CALL_BUDGET.units;

export interface Engine {
  rules: EmbedRules;
  /** Starts it when it is first asked for. */
  app: () => Promise<FlotillaApp>;
}

interface OpenCall {
  id: number;
  controller: AbortController;
  queue: RequestQueue;
  window: ItemWindow;
  /** Text that it holds, in code units. */
  units: number;
}

export class OpenCalls {
  readonly #post: (message: ToHost) => void;
  readonly #engine: Engine;
  readonly #open = new Map<number, OpenCall>();
  #lastId = -1;
  #units = 0;

  constructor(engine: Engine, post: (message: ToHost) => void) {
    this.#engine = engine;
    this.#post = post;
  }

  /** Accepts a call before any work, or says why not. False: its id is that of a call under way. */
  begin({ id, call, args }: Extract<HostMessage, { kind: 'call' }>): boolean {
    if (this.#open.has(id)) return false;
    const refusal = this.#refusalOf(id);
    if (refusal) {
      this.#post({ kind: 'failed', id, failure: wireFailure(refusal) });
      return true;
    }
    this.#lastId = id;
    const opened = this.#opened(id);
    this.#open.set(id, opened);
    this.#post({ kind: 'accepted', id });
    const charged = this.#charge(opened, args);
    if (!charged.ok) this.#fail(opened, charged.failure);
    else void this.#answer(opened, call, args);
    return true;
  }

  /** Passes a message on to the call that it belongs to. False: there is none, or it asked for less. */
  tell(message: Extract<HostMessage, { kind: 'cancel' | 'end' | 'push' | 'took' }>): boolean {
    const call = this.#open.get(message.id);
    if (!call) return false;
    switch (message.kind) {
      case 'cancel':
        call.controller.abort();
        return true;
      case 'end':
        call.queue.end();
        return true;
      case 'took':
        return call.window.took(message.n);
      case 'push':
        return this.#push(call, message.requests);
    }
  }

  cancelAll(): void {
    for (const { controller } of this.#open.values()) controller.abort();
  }

  #opened(id: number): OpenCall {
    const controller = new AbortController();
    const { signal } = controller;
    const queue = new RequestQueue(signal, {
      want: (n) => this.#post({ kind: 'want', id, n }),
      used: (units) => this.#hold(call, -units),
    });
    const call: OpenCall = { id, controller, queue, window: new ItemWindow(signal), units: 0 };
    return call;
  }

  #refusalOf(id: number): Failure | null {
    if (id <= this.#lastId)
      return { code: 'bad_request', message: `The call's id ${id} was used before.` };
    if (this.#open.size >= MOST_CALLS)
      return { code: 'too_busy', message: `${MOST_CALLS} calls are under way, which is the most.` };
    return null;
  }

  #push(call: OpenCall, requests: unknown[]): boolean {
    const charged = this.#charge(call, requests);
    if (!charged.ok) {
      this.#fail(call, charged.failure);
      return true;
    }
    const { units } = charged.value;
    const taken = call.queue.push(requests, units);
    if (!taken) this.#hold(call, -units);
    return taken;
  }

  /** Counts text against the limits of the call and of the connection, before anything reads it. */
  #charge(call: OpenCall, data: unknown[]): Result<{ units: number }> {
    const weighed = weigh(data, CALL_BUDGET);
    if (!weighed.ok) return weighed;
    const { units } = weighed.value;
    if (this.#units + units > MOST_UNITS)
      return fail('too_busy', `Calls under way hold ${this.#units} characters.`);
    this.#hold(call, units);
    return weighed;
  }

  #hold(call: OpenCall, units: number): void {
    if (this.#open.get(call.id) !== call) return;
    call.units += units;
    this.#units += units;
  }

  async #answer(call: OpenCall, name: CallName, args: unknown[]): Promise<void> {
    const { id, controller, queue, window } = call;
    try {
      const perform = await performer();
      const value = await perform(name, args, {
        ...this.#engine,
        signal: controller.signal,
        onEvent: (event) => this.#post({ kind: 'event', id, event }),
        requests: queue,
        give: async (item) => {
          const may = await window.room();
          if (may) this.#post({ kind: 'items', id, items: [item] });
          return may;
        },
      });
      if (this.#open.get(id) === call) this.#post({ kind: 'result', id, value });
      this.#end(call);
    } catch (error) {
      this.#fail(call, failureOf(error));
    }
  }

  /** Ends a call with a failure, once; whatever it still does is cancelled. */
  #fail(call: OpenCall, failure: Failure): void {
    const { id, controller } = call;
    if (this.#open.get(id) === call)
      this.#post({ kind: 'failed', id, failure: wireFailure(failure) });
    this.#end(call);
    controller.abort();
  }

  #end(call: OpenCall): void {
    if (this.#open.get(call.id) !== call) return;
    this.#open.delete(call.id);
    this.#units -= call.units;
  }
}

/** Loaded with the first call: the shell of the widget stays small. */
async function performer(): Promise<Perform> {
  try {
    return (await import('./calls.ts')).perform;
  } catch {
    throw new FlotillaError({
      code: 'file_missing',
      message: 'A part of the widget could not be loaded.',
    });
  }
}
