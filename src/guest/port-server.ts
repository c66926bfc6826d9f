/** Answers the host page over its port: bookkeeping of calls, limits, cancelling. What a call does is in calls.ts. */
import type { EmbedRules } from '../core/embed.ts';
import type { CallName, ToHost } from '../core/embed-protocol.ts';
import { FlotillaError, type Failure } from '../core/failure.ts';
import type { FlotillaApp } from '../core/threads.ts';
import type { Perform } from './calls.ts';
import { ItemWindow, RequestQueue } from './flow.ts';
import { CALL_BUDGET, weigh } from './object-budget.ts';
import { readMessage, type HostMessage } from './read-message.ts';
import { failureOf, wireFailure } from './wire-failure.ts';

export const MOST_CALLS = 64;
/** Text of all calls under way together, in UTF-16 code units. */
export const MOST_UNITS = 2 * CALL_BUDGET.units;
/** A host that sends so many messages without a meaning is broken or hostile. */
export const MOST_MALFORMED = 1_000;
/** Well-formed, but of calls that are over, or looks that are none. */
export const MOST_IGNORED = 10_000;

export interface ServerOptions {
  rules: EmbedRules;
  /** Starts the engine when it is first asked for. */
  app: () => Promise<FlotillaApp>;
  /** False: it was none of the kind, and nothing was done. */
  onLook(look: unknown): boolean;
  onTokens(accessTokens: unknown): boolean;
  onFocus(): void;
  /** The connection is over; every call was cancelled. */
  onClosed(): void;
}

/** One call under way. */
interface Running {
  controller: AbortController;
  queue: RequestQueue;
  window: ItemWindow;
  units: number;
}

export class PortServer {
  readonly #port: MessagePort;
  readonly #nonce: string;
  readonly #options: ServerOptions;
  readonly #running = new Map<number, Running>();
  #lastId = -1;
  #units = 0;
  #malformed = 0;
  #ignored = 0;
  #closed = false;

  constructor(port: MessagePort, nonce: string, options: ServerOptions) {
    this.#port = port;
    this.#nonce = nonce;
    this.#options = options;
    port.onmessage = ({ data, ports }: MessageEvent<unknown>) =>
      this.#hear(ports.length === 0 ? readMessage(data) : null);
    port.onmessageerror = () => this.#hear(null);
    // The host page is gone, or closed its end.
    port.addEventListener('close', () => this.close());
  }

  post(message: ToHost): void {
    if (!this.#closed) this.#port.postMessage(message);
  }

  /** Cancels everything; safe to call again. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { controller } of this.#running.values()) controller.abort();
    this.#port.close();
    this.#options.onClosed();
  }

  #hear(message: HostMessage | null): void {
    if (this.#closed) return;
    if (!message) this.#malformed += 1;
    else if (!this.#handle(message)) this.#ignored += 1;
    if (this.#malformed < MOST_MALFORMED && this.#ignored < MOST_IGNORED) return;
    const failure = wireFailure({
      code: 'bad_request',
      message: 'Too many messages made no sense, so the connection was closed.',
    });
    this.post({ kind: 'refused', nonce: this.#nonce, failure });
    this.close();
  }

  /** False: there was nothing to do. */
  #handle(message: HostMessage): boolean {
    switch (message.kind) {
      case 'call':
        return this.#begin(message);
      case 'look':
        return this.#options.onLook(message.look);
      case 'tokens':
        return this.#options.onTokens(message.accessTokens);
      case 'focus':
        this.#options.onFocus();
        return true;
      case 'goodbye':
        this.close();
        return true;
      default:
        return this.#tell(message);
    }
  }

  /** Passes a message on to the call that it belongs to. */
  #tell(message: Extract<HostMessage, { kind: 'cancel' | 'end' | 'push' | 'took' }>): boolean {
    const running = this.#running.get(message.id);
    if (!running) return false;
    switch (message.kind) {
      case 'cancel':
        running.controller.abort();
        return true;
      case 'end':
        running.queue.end();
        return true;
      case 'took':
        return running.window.took(message.n);
      case 'push':
        return this.#push(message, running);
    }
  }

  #push({ id, requests }: { id: number; requests: unknown[] }, running: Running): boolean {
    const failure = this.#charge(running, requests);
    if (failure) this.#fail(id, running, failure);
    return failure !== null || running.queue.push(requests);
  }

  #begin({ id, call, args }: { id: number; call: CallName; args: unknown[] }): boolean {
    if (this.#running.has(id)) return false;
    const refusal = this.#refusalOf(id);
    if (refusal) {
      this.post({ kind: 'failed', id, failure: wireFailure(refusal) });
      return true;
    }
    this.#lastId = id;
    const controller = new AbortController();
    const { signal } = controller;
    const running: Running = {
      controller,
      queue: new RequestQueue(signal, (n) => this.post({ kind: 'want', id, n })),
      window: new ItemWindow(signal),
      units: 0,
    };
    this.#running.set(id, running);
    this.post({ kind: 'accepted', id });
    const failure = this.#charge(running, args);
    if (failure) this.#fail(id, running, failure);
    else void this.#answer(id, call, args, running);
    return true;
  }

  #refusalOf(id: number): Failure | null {
    if (id <= this.#lastId)
      return { code: 'bad_request', message: `The call's id ${id} was used before.` };
    if (this.#running.size >= MOST_CALLS)
      return { code: 'too_busy', message: `${MOST_CALLS} calls are under way.` };
    return null;
  }

  /** Counts text against the limits of the call and of the connection, before anything reads it. */
  #charge(running: Running, data: unknown[]): Failure | null {
    const weighed = weigh(data, CALL_BUDGET);
    if (!weighed.ok) return weighed.failure;
    const { units } = weighed.value;
    if (this.#units + units > MOST_UNITS)
      return { code: 'too_busy', message: `Calls under way hold ${this.#units} characters.` };
    running.units += units;
    this.#units += units;
    return null;
  }

  async #answer(id: number, name: CallName, args: unknown[], running: Running): Promise<void> {
    const { controller, queue, window } = running;
    try {
      const perform = await performer();
      const value = await perform(name, args, {
        rules: this.#options.rules,
        app: this.#options.app,
        signal: controller.signal,
        onEvent: (event) => this.post({ kind: 'event', id, event }),
        requests: queue,
        give: async (item) => {
          const may = await window.room();
          if (may) this.post({ kind: 'items', id, items: [item] });
          return may;
        },
      });
      if (this.#running.get(id) === running) this.post({ kind: 'result', id, value });
      this.#end(id, running);
    } catch (error) {
      this.#fail(id, running, failureOf(error));
    }
  }

  /** Ends a call with a failure; whatever it still does is cancelled. */
  #fail(id: number, running: Running, failure: Failure): void {
    if (this.#running.get(id) === running)
      this.post({ kind: 'failed', id, failure: wireFailure(failure) });
    running.controller.abort();
    this.#end(id, running);
  }

  #end(id: number, running: Running): void {
    if (this.#running.get(id) !== running) return;
    this.#running.delete(id);
    this.#units -= running.units;
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
