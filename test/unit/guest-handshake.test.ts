/** Who may open a connection: the parent, with our challenge, once. Ports are real, the window is not. */
import { describe, expect, it } from 'vitest';
import { awaitHost, type FrameWindow, type Greeting } from '../../src/guest/handshake.ts';

const CHALLENGE = 'challenge-of-this-load';
const NONCE = 'nonce-0123456789abcdef';

function frame() {
  const listeners = new Set<(event: MessageEvent<unknown>) => void>();
  const posted: { message: unknown; target: unknown }[] = [];
  const parent = {
    postMessage: (message: unknown, target?: unknown) => void posted.push({ message, target }),
  };
  const window_: FrameWindow = {
    parent,
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
  };
  const greetings: Greeting[] = [];
  awaitHost(window_, CHALLENGE, (greeting) => void greetings.push(greeting));
  /** Sends a message as the browser would hand it over; resolves to what came back over the port at once. */
  const send = async (data: unknown, source: unknown = parent, ports = 1): Promise<unknown> => {
    const channels = Array.from({ length: ports }, () => new MessageChannel());
    const back = new Promise((resolve) => {
      const first = channels[0]?.port1;
      if (first) first.onmessage = ({ data: answer }: MessageEvent<unknown>) => resolve(answer);
      else resolve(null);
    });
    const event = {
      data,
      source,
      origin: 'https://portal.example',
      ports: channels.map((c) => c.port2),
    };
    for (const listener of listeners) listener(event as unknown as MessageEvent<unknown>);
    // Whatever the guest said went first, or nothing did.
    channels[0]?.port2.postMessage(null);
    const answer = await back;
    for (const { port1 } of channels) port1.close();
    return answer;
  };
  return { posted, greetings, send, listeners };
}

const connect = (changes: object = {}) => ({
  flotilla: 'connect',
  protocol: 1,
  challenge: CHALLENGE,
  nonce: NONCE,
  sdk: '1',
  options: { hidden: true },
  ...changes,
});

describe('the handshake', () => {
  it('says that it listens, without content', () => {
    const { posted } = frame();
    expect(posted).toEqual([
      { message: { flotilla: 'ready', protocol: 1, challenge: CHALLENGE }, target: '*' },
    ]);
  });

  it('hands over the first valid connect', async () => {
    const { send, greetings } = frame();
    await send(connect());
    expect(greetings).toMatchObject([
      { origin: 'https://portal.example', nonce: NONCE, protocol: 1 },
    ]);
  });

  it.each([
    ['another window', connect(), {}, 1],
    ['no port', connect(), undefined, 0],
    ['two ports', connect(), undefined, 2],
    ['another challenge', connect({ challenge: 'guess' }), undefined, 1],
    ['a short nonce', connect({ nonce: 'x' }), undefined, 1],
    ['a nonce that is no string', connect({ nonce: [NONCE] }), undefined, 1],
    ['no protocol', connect({ protocol: '1' }), undefined, 1],
    ['another message', connect({ flotilla: 'ready' }), undefined, 1],
    ['nothing', null, undefined, 1],
    ['a string', 'connect', undefined, 1],
  ])('drops %s without an answer', async (_name, data, source, ports) => {
    const { send, greetings } = frame();
    expect(await send(data, source, ports)).toBeNull();
    expect(greetings).toEqual([]);
  });

  it('drops a replay, refuses a second connect, and in the end does not even listen', async () => {
    const { send, greetings, listeners } = frame();
    await send(connect());
    expect(await send(connect())).toBeNull();
    for (let i = 0; i < 16; i++)
      expect(await send(connect({ nonce: `${NONCE}-${i}` }))).toMatchObject({
        kind: 'refused',
        nonce: `${NONCE}-${i}`,
        failure: { code: 'bad_request' },
      });
    expect(greetings).toHaveLength(1);
    expect(listeners.size).toBe(0);
  });
});
