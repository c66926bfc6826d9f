/** Listens on the host page's port: sorts messages, counts those without a meaning, ends the connection. */
import type { ToHost } from '../core/embed-protocol.ts';
import { OpenCalls, type Engine } from './open-calls.ts';
import { readMessage, type HostMessage } from './read-message.ts';
import { wireFailure } from './wire-failure.ts';

/** A host that sends so many messages of no known shape is broken or hostile. */
export const MOST_MALFORMED = 1_000;
/** Well-formed, but of calls that are over, or looks that are none. */
export const MOST_IGNORED = 10_000;

export interface ServerOptions extends Engine {
  /** False: it was none of the kind, and nothing was done. */
  onLook(look: unknown): boolean;
  onTokens(accessTokens: unknown): boolean;
  onFocus(): void;
}

export class PortServer {
  readonly #port: MessagePort;
  readonly #nonce: string;
  readonly #options: ServerOptions;
  readonly #calls: OpenCalls;
  #malformed = 0;
  #ignored = 0;
  #closed = false;

  constructor(port: MessagePort, nonce: string, options: ServerOptions) {
    this.#port = port;
    this.#nonce = nonce;
    this.#options = options;
    this.#calls = new OpenCalls(options, (message) => this.post(message));
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
    this.#calls.cancelAll();
    this.#port.close();
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
        return this.#calls.begin(message);
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
        return this.#calls.tell(message);
    }
  }
}
