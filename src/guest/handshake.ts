/** How a host page and the widget find each other: a challenge, one connect, one port. Nothing here reads the policy. */
import { PROTOCOL, type ReadyMessage, type ToHost } from '../core/embed-protocol.ts';
import type { Failure } from '../core/failure.ts';
import { wireFailure } from './wire-failure.ts';

/** Later attempts that are told why they are refused; more are not even listened to. */
const MOST_REFUSALS = 16;
/** A nonce is worth something only if it cannot be guessed. */
const NONCE = /^[\w-]{16,128}$/;

/** A connect that came from the parent, with our challenge. Whether its origin is allowed was not asked yet. */
export interface Greeting {
  /** As the browser says. */
  origin: string;
  port: MessagePort;
  nonce: string;
  /** Version of the SDK, cut; for the words of an error. */
  sdk: string;
  protocol: number;
  /** Unchecked. */
  options: unknown;
}

/** What the handshake needs of the frame's window. */
export interface FrameWindow {
  parent: Pick<Window, 'postMessage'>;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

/** Ends a connection before it began. */
export function refuse(port: MessagePort, nonce: string, failure: Failure): void {
  const message: ToHost = { kind: 'refused', nonce, failure: wireFailure(failure) };
  port.postMessage(message);
  port.close();
}

/**
 * Says that it listens, and hands over the first valid connect; each load of the frame has one. Messages of anyone but the
 * parent, and whatever has not the shape of a connect with our challenge, are dropped without an answer.
 * @returns stops listening
 */
export function awaitHost(
  frame: FrameWindow,
  challenge: string,
  onGreeting: (greeting: Greeting) => void,
): () => void {
  let greeted = false;
  let refusals = 0;
  const nonces = new Set<string>();
  const stop = (): void => frame.removeEventListener('message', listen);
  const listen = (event: MessageEvent<unknown>): void => {
    if (event.source !== frame.parent) return;
    const greeting = readConnect(event, challenge);
    if (!greeting || nonces.has(greeting.nonce)) return;
    nonces.add(greeting.nonce);
    if (!greeted) {
      greeted = true;
      onGreeting(greeting);
      return;
    }
    refuse(greeting.port, greeting.nonce, {
      code: 'bad_request',
      message: 'This frame is connected already. Load it again to connect anew.',
    });
    if (++refusals >= MOST_REFUSALS) stop();
  };
  frame.addEventListener('message', listen);
  const ready: ReadyMessage = { flotilla: 'ready', protocol: PROTOCOL, challenge };
  // To anyone: it says nothing but that a widget is here, and a frame cannot know the origin of its parent.
  frame.parent.postMessage(ready, '*');
  return stop;
}

/** The connect in a message, or null. Data may be anything that the structured clone lets pass. */
function readConnect(
  { data, ports, origin }: Pick<MessageEvent<unknown>, 'data' | 'ports' | 'origin'>,
  challenge: string,
): Greeting | null {
  const [port, ...others] = ports;
  if (!port || others.length > 0 || typeof data !== 'object' || data === null) return null;
  const message = data as Record<string, unknown>;
  const { flotilla, nonce, protocol, sdk, options } = message;
  if (flotilla !== 'connect' || message.challenge !== challenge) return null;
  if (typeof nonce !== 'string' || !NONCE.test(nonce) || typeof protocol !== 'number') return null;
  return {
    origin,
    port,
    nonce,
    protocol,
    sdk: typeof sdk === 'string' ? sdk.slice(0, 40) : 'unknown',
    options,
  };
}
