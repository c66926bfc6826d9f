/**
 * The way to the frame, through its reloads:
 *
 *   waiting ──ready──▶ greeted ──connected──▶ open        over a port of its own each time
 *      ▲                  │refused              │
 *      └── frame reloaded or removed ◀──────────┘         any `ready` with another challenge begins again
 */
import { PROTOCOL, type GuestOptions, type ToGuest, type ToHost } from '../core/embed-protocol.ts';
import type { EmbedRules } from '../core/embed.ts';
import { Calls, uncloneable } from './calls.ts';
import { failure, FlotillaError } from './errors.ts';
import type { Address } from './frame.ts';
import { freshNonce, greeting, notConnected, nothingHeard, otherVersion } from './greeting.ts';
import { readMessage, readReady } from './messages.ts';

/** How often it is looked whether the frame is still in the page, while calls are under way. */
const LOOK_EVERY_MS = 1000;

/** What belongs to no call. */
export type PageMessage = Exclude<ToHost, { id: number } | { nonce: string }>;

/** What the frame says of itself when it connects. */
export interface Site {
  build: string;
  rules: EmbedRules;
}

interface LinkOptions {
  frame: HTMLIFrameElement;
  address: Address;
  timeoutMs: number;
  /** As they are now: looks and tokens change. */
  guestOptions: () => GuestOptions;
  onMessage: (message: PageMessage) => void;
}

export class Link {
  readonly calls: Calls;
  /** Of the last document that connected. */
  site: Site | null = null;
  ignoredMessages = 0;
  readonly #options: LinkOptions;
  readonly #window: Window;
  #settle: (outcome: Site | FlotillaError) => void = () => undefined;
  #challenge: string | null = null;
  #nonce = '';
  #port: MessagePort | null = null;
  #isOpen = false;
  #isRemoved = false;
  #heardSinceLoad = false;
  /** Why there is no way at the moment, and none is expected. */
  #problem: FlotillaError | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#window = options.frame.ownerDocument.defaultView ?? window;
    this.calls = new Calls({
      blocked: () => this.#blocked(),
      busy: (isBusy) => this.#lookAfterFrame(isBusy),
    });
    this.#window.addEventListener('message', this.#onReady);
    options.frame.addEventListener('load', this.#onLoad);
  }

  /** Waits for the frame that was just put into the page. */
  connected(): Promise<Site> {
    return new Promise((resolve, reject) => {
      this.#settle = (outcome) =>
        outcome instanceof FlotillaError ? reject(outcome) : resolve(outcome);
      this.#expectReady();
    });
  }

  /** What is not connected hears the looks and tokens of then. Throws bad_request. */
  post(message: ToGuest): void {
    try {
      if (this.#isOpen) this.calls.post(message);
    } catch (error) {
      throw uncloneable(error);
    }
  }

  close(problem: FlotillaError): void {
    this.post({ kind: 'goodbye' });
    this.#give(problem);
    this.#leave();
    this.#isRemoved = false;
    this.#problem = failure('frame_gone', 'This connection was closed.');
    this.#window.removeEventListener('message', this.#onReady);
    this.#options.frame.removeEventListener('load', this.#onLoad);
  }

  readonly #onReady = ({ source, origin, data }: MessageEvent<unknown>): void => {
    const { frame, address } = this.#options;
    if (!source || source !== frame.contentWindow || origin !== address.origin) return;
    const ready = readReady(data);
    if (!ready || ready.challenge === this.#challenge) {
      this.ignoredMessages += 1;
      return;
    }
    this.#challenge = ready.challenge;
    this.#heardSinceLoad = true;
    this.#leave();
    if (ready.protocol === PROTOCOL) this.#greet(ready.challenge);
    else this.#give(otherVersion(ready.protocol));
  };

  /** A load without a `ready`: another page is in the frame. Told by the port's end where browsers tell it. */
  readonly #onLoad = (): void => {
    if (!this.#heardSinceLoad && this.#isOpen) this.#lose();
    this.#heardSinceLoad = false;
  };

  #greet(challenge: string): void {
    const { frame, address, guestOptions } = this.#options;
    const { port1: port, port2: theirs } = new MessageChannel();
    this.#expectReady();
    this.#port = port;
    this.#nonce = freshNonce();
    port.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(port, data);
    port.onmessageerror = () => (this.ignoredMessages += 1);
    port.addEventListener('close', () => port === this.#port && this.#lose());
    const message = greeting(challenge, this.#nonce, guestOptions());
    try {
      frame.contentWindow?.postMessage(message, address.target, [theirs]);
    } catch (error) {
      this.#give(uncloneable(error));
    }
  }

  #hear(port: MessagePort, data: unknown): void {
    if (port !== this.#port) return;
    const message = readMessage(data);
    if (!message || !this.#handle(port, message)) this.ignoredMessages += 1;
  }

  /** False: it made no sense at this point. */
  #handle(port: MessagePort, message: ToHost): boolean {
    if ('nonce' in message) return message.nonce === this.#nonce && this.#answer(port, message);
    if (!this.#isOpen) return false;
    if ('id' in message) return this.calls.hear(message);
    this.#options.onMessage(message);
    return true;
  }

  #answer(port: MessagePort, message: Extract<ToHost, { nonce: string }>): boolean {
    if (message.kind === 'refused') {
      this.#give(new FlotillaError(message.failure));
      this.#leave();
    } else {
      if (this.#isOpen) return false;
      clearTimeout(this.#timer);
      this.#problem = null;
      this.#isOpen = true;
      this.site = { build: message.build, rules: message.rules };
      this.calls.attach(port);
      this.#settle(this.site);
    }
    return true;
  }

  /** Gives the frame its time to say, or to say again, that it listens. */
  #expectReady(): void {
    const { timeoutMs } = this.#options;
    clearTimeout(this.#timer);
    this.#problem = null;
    this.#isRemoved = false;
    this.#timer = setTimeout(() => this.#give(this.#whySilent()), timeoutMs);
  }

  #whySilent(): FlotillaError {
    if (this.site) return failure('frame_gone', 'Nothing is heard of the frame any more.');
    return this.#challenge === null ? nothingHeard(this.#options) : notConnected(this.#options);
  }

  /** The document of the frame is gone; another one may come. */
  #lose(): void {
    this.#leave();
    this.#isRemoved = !this.#options.frame.isConnected;
    if (this.#isRemoved) this.#give(failure('frame_gone', 'The frame was removed from the page.'));
    else this.#expectReady();
  }

  #leave(): void {
    this.#isOpen = false;
    const port = this.#port;
    this.#port = null;
    port?.close();
    this.calls.detach();
  }

  /** There is no way: whoever waits hears why. A later `ready` begins again. */
  #give(problem: FlotillaError): void {
    clearTimeout(this.#timer);
    this.#problem = problem;
    this.calls.endAll(problem);
    this.#settle(problem);
  }

  #blocked(): FlotillaError | null {
    const { isConnected } = this.#options.frame;
    if (this.#isOpen && !isConnected) this.#lose();
    else if (this.#isRemoved && isConnected) this.#expectReady();
    return this.#problem;
  }

  #lookAfterFrame(isBusy: boolean): void {
    if (!isBusy) {
      clearInterval(this.#looking);
      this.#looking = undefined;
    } else
      this.#looking ??= setInterval(() => {
        if (!this.#options.frame.isConnected) this.#lose();
      }, LOOK_EVERY_MS);
  }
}
