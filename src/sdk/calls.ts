/**
 * The calls that are under way, over whichever port there is. A call that the frame accepted is never sent again; one
 * that it did not accept is sent once more after a reload of the frame.
 */
import type { CallName, ToGuest, ToHost } from '../core/embed-protocol.ts';
import type { CallOptions } from './contract.ts';
import { failure, FlotillaError } from './errors.ts';

/** Calls that are under way or wait for their turn. */
export const MAX_OPEN_CALLS = 1024;
/** Calls that the frame has at a time; it refuses more than 64, and what was just cancelled still counts there. */
export const MAX_CALLS_IN_FRAME = 48;
/** How long the frame may take to say what became of a call that was cancelled. */
export const CANCEL_GRACE_MS = 5000;
const MOST_OFTEN_SENT = 2;

type CallMessage = Extract<ToHost, { id: number }>;
/** Parts of a stream; everything else is heard here. */
export type StreamMessage = Extract<CallMessage, { kind: 'want' | 'items' }>;

interface OpenCall {
  name: CallName;
  args: unknown[];
  /** How often, and whether over the port of now. */
  sent: number;
  inFrame: boolean;
  accepted: boolean;
  onEvent: CallOptions['onEvent'];
  hear: (message: StreamMessage) => void;
  settle: (error: FlotillaError | null, value?: unknown) => void;
  grace?: ReturnType<typeof setTimeout>;
}

/** What the calls need to know of the frame. */
interface Reachable {
  /** Why no call can be made now; null if it can be, or soon. */
  blocked(): FlotillaError | null;
  /** The first call began, or the last one ended. */
  busy(isBusy: boolean): void;
}

export class Calls {
  readonly #open = new Map<number, OpenCall>();
  readonly #frame: Reachable;
  #port: MessagePort | null = null;
  #lastId = 0;

  constructor(frame: Reachable) {
    this.#frame = frame;
  }

  /** Sends a call, or keeps it until the frame is connected. */
  open(
    name: CallName,
    args: unknown[],
    { signal, onEvent }: CallOptions,
    hear: (message: StreamMessage) => void = () => undefined,
  ): { id: number; outcome: Promise<unknown> } {
    const id = ++this.#lastId;
    const refusal = this.#refusal(signal);
    if (refusal) return { id, outcome: Promise.reject(refusal) };
    const outcome = new Promise<unknown>((resolve, reject) => {
      const cancel = (): void => this.cancel(id);
      const settle: OpenCall['settle'] = (error, value) => {
        if (!this.#open.delete(id)) return;
        signal?.removeEventListener('abort', cancel);
        clearTimeout(call.grace);
        if (error) reject(error);
        else resolve(value);
        if (this.#open.size === 0) this.#frame.busy(false);
        else this.#sendNext();
      };
      const state = { sent: 0, inFrame: false, accepted: false };
      const call: OpenCall = { name, args, ...state, onEvent, hear, settle };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#open.set(id, call);
      this.#frame.busy(true);
      this.#sendNext();
    });
    return { id, outcome };
  }

  /** Asks the frame to stop; what it then says is the outcome. A call that it never got ends here. */
  cancel(id: number): void {
    const call = this.#open.get(id);
    if (!call || call.grace !== undefined) return;
    const end = (): void => call.settle(cancelled(call));
    if (!call.inFrame) {
      end();
      return;
    }
    this.post({ kind: 'cancel', id });
    call.grace = setTimeout(end, CANCEL_GRACE_MS);
  }

  /** Ends a call at once, here and in the frame. */
  drop(id: number, error?: FlotillaError): void {
    const call = this.#open.get(id);
    if (!call) return;
    if (call.inFrame) this.post({ kind: 'cancel', id });
    call.settle(error ?? cancelled(call));
  }

  /** Over the port, if there is one. Throws what structured cloning throws. */
  post(message: ToGuest): void {
    this.#port?.postMessage(message);
  }

  /** What the frame says of a call. False: of no call that was ever made. */
  hear(message: CallMessage): boolean {
    const call = this.#open.get(message.id);
    if (!call) return message.id <= this.#lastId;
    call.accepted = true;
    call.args = [];
    if (message.kind === 'result') call.settle(null, message.value);
    else if (message.kind === 'failed') call.settle(new FlotillaError(message.failure));
    else if (message.kind === 'event') this.#tell(call, message.event);
    else if (message.kind !== 'accepted') call.hear(message);
    return true;
  }

  /** The frame is connected: what it has not accepted is sent. */
  attach(port: MessagePort): void {
    this.#port = port;
    this.#sendNext();
  }

  /** The frame's document is gone: what it was working on is lost. */
  detach(): void {
    this.#port = null;
    for (const call of [...this.#open.values()]) {
      call.inFrame = false;
      if (call.grace !== undefined) call.settle(cancelled(call));
      else if (call.accepted || call.sent >= MOST_OFTEN_SENT) call.settle(gone(call));
    }
  }

  endAll(error: FlotillaError): void {
    for (const call of [...this.#open.values()]) call.settle(error);
  }

  #refusal(signal: AbortSignal | undefined): FlotillaError | null {
    if (signal?.aborted) return failure('cancelled', 'The signal was aborted before the call.');
    if (this.#open.size >= MAX_OPEN_CALLS)
      return failure('too_busy', `${MAX_OPEN_CALLS} calls are under way, which is the most.`);
    return this.#frame.blocked();
  }

  /** Ids rise on a port, so calls go in the order in which they were made. */
  #sendNext(): void {
    if (!this.#port) return;
    let inFrame = 0;
    for (const [id, call] of [...this.#open]) {
      if (!call.inFrame) this.#send(id, call);
      if (++inFrame >= MAX_CALLS_IN_FRAME) return;
    }
  }

  #send(id: number, call: OpenCall): void {
    call.sent += 1;
    call.inFrame = true;
    try {
      this.post({ kind: 'call', id, call: call.name, args: call.args });
    } catch (error) {
      call.settle(uncloneable(error));
    }
  }

  /** In a task of its own: what a listener throws is the page's, and stops nothing here. */
  #tell({ onEvent }: OpenCall, event: Extract<CallMessage, { kind: 'event' }>['event']): void {
    if (onEvent) queueMicrotask(() => onEvent(event));
  }
}

const gone = ({ name }: OpenCall): FlotillaError =>
  failure('frame_gone', `The frame was reloaded or removed while it worked on “${name}”.`);

const cancelled = ({ name }: OpenCall): FlotillaError =>
  failure('cancelled', `“${name}” was cancelled.`);

/** Functions, promises, elements and the like cannot be handed to another page. */
export const uncloneable = (error: unknown): FlotillaError =>
  failure(
    'bad_request',
    `An argument cannot be handed to the frame: ${error instanceof Error ? error.message : String(error)}`,
  );
