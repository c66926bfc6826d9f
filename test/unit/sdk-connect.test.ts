/** The SDK's way to the frame: address, handshake, looks, focus, reloads and the end, over real ports. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HINTS } from '../../src/core/failure.ts';
import { connect, FlotillaError, type ConnectOptions } from '../../src/sdk/index.ts';
import type { FlotillaConnection } from '../../src/sdk/contract.ts';
import {
  answer,
  HostPage,
  RULES,
  settled,
  WIDGET,
  type Frame,
  type Guest,
} from './doubles/host-page.ts';

let page: HostPage;
let guests: Guest[];
let open: FlotillaConnection[];

beforeEach(() => {
  page = new HostPage();
  guests = [];
  open = [];
  page.onGuest = (guest) => {
    guests.push(guest);
    guest.admit();
  };
  vi.stubGlobal('document', page);
});

afterEach(() => {
  for (const one of open) one.close();
  for (const { port } of guests) port.close();
  vi.unstubAllGlobals();
});

async function connected(options: ConnectOptions = {}): Promise<FlotillaConnection> {
  const flotilla = await connect({ src: WIDGET, ...options });
  open.push(flotilla);
  return flotilla;
}

const failed = (work: Promise<unknown>): Promise<FlotillaError> =>
  work.then(
    () => expect.unreachable('it should reject'),
    (error: unknown) => error as FlotillaError,
  );

const container = (): Element => page.body as unknown as Element;
const frame = (): Frame => page.frames.at(-1)!;

describe('the frame', () => {
  it('is hidden without a container, and nothing of the page is in its address', async () => {
    const flotilla = await connected({ text: 'my ticket', title: 'Labels' });
    expect(frame().src).toBe(WIDGET);
    expect(frame()).toMatchObject({ title: 'Labels', tabIndex: -1, referrerPolicy: 'no-referrer' });
    expect(frame().attributes).toEqual({ 'aria-hidden': 'true' });
    expect(frame().style).toMatchObject({ position: 'fixed', opacity: '0', pointerEvents: 'none' });
    expect(frame().style).not.toHaveProperty('display');
    expect(guests[0]!.connect.options).toEqual({ hidden: true, language: 'de', text: 'my ticket' });
    expect(flotilla.rules).toEqual(RULES);
    expect(flotilla.build).toBe('b1');
  });

  it('resolves a relative address against the page', async () => {
    page.onFrame = (one) => page.ready(one, { origin: 'https://portal.example' });
    await connected({ src: '/flotilla/widget.html' });
    expect(frame().src).toBe('https://portal.example/flotilla/widget.html');
    expect(guests[0]!.target).toBe('https://portal.example');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'blob:https://a.example/1', 'https://'])(
    'refuses %s as an address',
    async (src) => {
      const error = await failed(connect({ src }));
      expect(error.code).toBe('bad_request');
      expect(page.frames).toHaveLength(0);
    },
  );

  it('is as high as its content, within a limit, and only in a container', async () => {
    await connected({ container: container() });
    guests[0]!.say({ kind: 'height', px: 312.4 });
    await settled();
    expect(frame().style['height']).toBe('313px');
    guests[0]!.say({ kind: 'height', px: 1e9 });
    await settled();
    expect(frame().style['height']).toBe('4000px');
    for (const px of [NaN, Infinity, '99' as unknown as number])
      guests[0]!.say({ kind: 'height', px });
    guests[0]!.say({ kind: 'height', px: -5 });
    await settled();
    expect(frame().style['height']).toBe('0px');
    expect(open[0]!.ignoredMessages).toBe(3);
    await connected();
    guests[1]!.say({ kind: 'height', px: 500 });
    await settled();
    expect(frame().style['height']).toBe('1px');
  });

  it('keeps the height of the page where the page says so', async () => {
    await connected({ container: container(), autoHeight: false, layout: 'full' });
    const before = frame().style['height'];
    guests[0]!.say({ kind: 'height', px: 100 });
    await settled();
    expect(frame().style['height']).toBe(before);
  });

  it('gives the focus back to where it was, only if it has it', async () => {
    const flotilla = await connected({ container: container() });
    const field = { isConnected: true, focus: vi.fn() };
    page.activeElement = field;
    guests[0]!.say({ kind: 'leave' });
    await settled();
    expect(field.focus).not.toHaveBeenCalled();
    flotilla.focus();
    expect(page.activeElement).toBe(frame());
    await settled();
    expect(guests[0]!.heard).toContainEqual({ kind: 'focus' });
    guests[0]!.say({ kind: 'leave' });
    await settled();
    expect(field.focus).toHaveBeenCalledOnce();
  });
});

describe('the handshake', () => {
  it('answers only the frame itself, at its exact origin, and each challenge once', async () => {
    const challenge = 'the-only-one';
    page.onFrame = (one) => {
      const data = { flotilla: 'ready', protocol: 1, challenge: 'wrong' };
      page.ready(one, { data, origin: 'https://evil.example' });
      page.ready(one, { data, origin: 'https://flotilla.example.evil.example' });
      page.ready(one, { data, source: {} });
      page.ready(one, { data, source: null });
      page.ready(one, { data: { flotilla: 'ready', protocol: '1', challenge: 'wrong' } });
      page.ready(one, { data: { ...data, challenge } });
      page.ready(one, { data: { ...data, challenge } });
    };
    await connected();
    await settled();
    expect(guests.map((guest) => guest.connect.challenge)).toEqual([challenge]);
    expect(guests[0]!.target).toBe('https://flotilla.example');
    expect(guests[0]!.connect.nonce).toMatch(/^[0-9a-f]{32}$/);
  });

  it('takes no answer with another nonce', async () => {
    page.onGuest = (guest) => {
      guests.push(guest);
      guest.say({ kind: 'connected', nonce: 'x', protocol: 1, build: 'b', rules: RULES });
      guest.say({
        kind: 'refused',
        nonce: 'x',
        failure: { code: 'cancelled', message: '', hint: '' },
      });
      setTimeout(() => guest.admit(), 10);
    };
    const flotilla = await connected();
    expect(flotilla.ignoredMessages).toBe(2);
  });

  it('says when nothing answers, and leaves no frame', async () => {
    page.onFrame = () => undefined;
    const error = await failed(connect({ src: WIDGET, timeoutMs: 20 }));
    expect(error).toBeInstanceOf(FlotillaError);
    expect(error).toMatchObject({ name: 'FlotillaError', code: 'frame_blocked' });
    expect(error.message).toContain('https://flotilla.example');
    expect(frame().isConnected).toBe(false);
  });

  it('says when the frame listens and does not connect', async () => {
    page.onGuest = (guest) => void guests.push(guest);
    expect((await failed(connect({ src: WIDGET, timeoutMs: 20 }))).code).toBe('timed_out');
  });

  it('passes a refusal on as it is', async () => {
    const failure = { code: 'embedding_denied', message: 'Not you.', hint: 'Ask.' } as const;
    page.onGuest = (guest) => {
      guests.push(guest);
      guest.say({ kind: 'refused', nonce: guest.connect.nonce, failure });
    };
    expect(await failed(connect({ src: WIDGET }))).toMatchObject(failure);
    expect(frame().isConnected).toBe(false);
  });

  it('refuses another version of the protocol', async () => {
    page.onFrame = (one) =>
      page.ready(one, { data: { flotilla: 'ready', protocol: 2, challenge: 'c' } });
    const error = await failed(connect({ src: WIDGET }));
    expect(error.code).toBe('version_mismatch');
    expect(error.message).toMatch(/version 2.*version 1/);
    expect(guests).toHaveLength(0);
  });

  it('gives up on a signal, before and during', async () => {
    page.onFrame = () => undefined;
    expect((await failed(connect({ src: WIDGET, signal: AbortSignal.abort() }))).code).toBe(
      'cancelled',
    );
    expect(page.frames).toHaveLength(0);
    const controller = new AbortController();
    const waiting = failed(connect({ src: WIDGET, signal: controller.signal }));
    controller.abort();
    expect((await waiting).code).toBe('cancelled');
    expect(frame().isConnected).toBe(false);
  });

  it.each([
    { container: null },
    { timeoutMs: 0 },
    { timeoutMs: NaN },
    { signal: {} },
    { sandbox: 'allow-same-origin' },
    { accessTokens: { onprem: 5 } },
    { theme: { accent: () => 'red' } },
    { policy: { mode: Symbol('x') } },
  ])('names a wrong option: %j', async (options) => {
    const error = await failed(connect({ src: WIDGET, ...(options as ConnectOptions) }));
    expect(error.code).toBe('bad_request');
  });

  it('knows a frame without an origin by being that frame, and trusts it with no token', async () => {
    const sandbox = 'allow-scripts';
    page.onFrame = (one) => page.ready(one, { origin: 'null' });
    const flotilla = await connected({ sandbox });
    expect(frame().attributes['sandbox']).toBe(sandbox);
    expect(guests[0]!.target).toBe('*');
    expect(() => flotilla.giveAccessTokens({ onprem: 't' })).toThrow(/no access tokens/);
    const error = await failed(connect({ src: WIDGET, sandbox, accessTokens: { onprem: 't' } }));
    expect(error.code).toBe('bad_request');
  });

  it('keeps the exact origin for a sandbox with allow-same-origin', async () => {
    await connected({ sandbox: 'allow-scripts allow-same-origin' });
    expect(guests[0]!.target).toBe('https://flotilla.example');
  });
});

describe('after a reload of the frame', () => {
  it('connects again with the looks and tokens of now', async () => {
    const flotilla = await connected({ layout: 'card', accessTokens: { onprem: 'old' } });
    flotilla.setLook({ text: 'next ticket', task: undefined as never });
    flotilla.giveAccessTokens({ onprem: 'new' });
    page.ready(frame());
    await settled();
    expect(guests).toHaveLength(2);
    expect(guests[0]!.heard).toContainEqual({ kind: 'look', look: { text: 'next ticket' } });
    expect(guests[0]!.heard).toContainEqual({ kind: 'tokens', accessTokens: { onprem: 'new' } });
    expect(guests[1]!.connect.options).toEqual({
      hidden: true,
      language: 'de',
      layout: 'card',
      text: 'next ticket',
      accessTokens: { onprem: 'new' },
    });
    expect(guests[1]!.connect.nonce).not.toBe(guests[0]!.connect.nonce);
  });

  it('asks again what was not accepted, once, and nothing else', async () => {
    const flotilla = await connected();
    guests[0]!.onCall = ({ id, call }) => {
      if (call === 'train') guests[0]!.say({ kind: 'accepted', id });
    };
    const lost = failed(flotilla.train({ id: 'a', title: 'A', task: 'classify', rows: [] }));
    const kept = flotilla.run({ text: 'a' });
    await settled();
    page.onGuest = (guest) => void guests.push(guest.serve(() => answer('1')).admit());
    page.ready(frame());
    expect(await lost).toMatchObject({ code: 'frame_gone', hint: HINTS.frame_gone });
    expect((await kept).id).toBe('1');
    expect(guests[1]!.heard.map((one) => one.kind)).toEqual(['call']);
    expect(guests[1]!.calls('run')[0]!.args).toEqual([{ text: 'a' }]);
  });

  it('sends a call at most twice', async () => {
    const flotilla = await connected();
    const error = failed(flotilla.run({ text: 'a' }));
    for (let i = 0; i < 3; i++) {
      await settled();
      page.ready(frame());
    }
    expect((await error).code).toBe('frame_gone');
    expect(guests.map((guest) => guest.calls('run').length).reduce((a, b) => a + b)).toBe(2);
  });

  it('hears nothing of the old port', async () => {
    const flotilla = await connected();
    const running = flotilla.run({ text: 'a' });
    await settled();
    const [old] = guests;
    page.ready(frame());
    await settled();
    old!.say({ kind: 'result', id: 1, value: answer('old') });
    await settled();
    guests[1]!.say({ kind: 'result', id: 1, value: answer('new') });
    expect((await running).id).toBe('new');
  });

  it('waits for the frame to come back when its port ends, and says when it does not', async () => {
    const flotilla = await connected({ timeoutMs: 60 });
    guests[0]!.port.close();
    await settled();
    const error = await failed(flotilla.run({ text: 'a' }));
    expect(error.code).toBe('frame_gone');
    page.ready(frame());
    await settled();
    guests[1]!.serve(() => answer('2'));
    expect((await flotilla.run({ text: 'a' })).id).toBe('2');
  });

  it('notices another page in the frame where ports do not tell', async () => {
    const flotilla = await connected({ timeoutMs: 60 });
    frame().dispatchEvent(new Event('load'));
    guests[0]!.onCall = ({ id }) => guests[0]!.say({ kind: 'accepted', id });
    const error = failed(flotilla.run({ text: 'a' }));
    await settled();
    frame().dispatchEvent(new Event('load'));
    expect((await error).code).toBe('frame_gone');
  });

  it('is refused when the policy changed', async () => {
    const flotilla = await connected();
    const failure = { code: 'embedding_denied', message: 'No more.', hint: 'Ask.' } as const;
    page.onGuest = (guest) => {
      guests.push(guest);
      guest.say({ kind: 'refused', nonce: guest.connect.nonce, failure });
    };
    page.ready(frame());
    await settled();
    expect(await failed(flotilla.run({ text: 'a' }))).toMatchObject(failure);
  });
});

describe('the end', () => {
  it('a removed frame ends its calls and refuses new ones', async () => {
    const flotilla = await connected();
    guests[0]!.onCall = ({ id }) => guests[0]!.say({ kind: 'accepted', id });
    const running = failed(flotilla.run({ text: 'a' }));
    await settled();
    frame().remove();
    expect((await failed(flotilla.run({ text: 'b' }))).code).toBe('frame_gone');
    expect((await running).code).toBe('frame_gone');
  });

  it('a frame that is put back connects again', async () => {
    const flotilla = await connected();
    const removed = frame();
    removed.remove();
    expect((await failed(flotilla.run({ text: 'a' }))).code).toBe('frame_gone');
    page.onGuest = (guest) => void guests.push(guest.serve(() => answer('back')).admit());
    page.body.append(removed);
    expect((await flotilla.run({ text: 'a' })).id).toBe('back');
  });

  it('a frame that is removed while a call is under way is noticed', async () => {
    const flotilla = await connected();
    const running = failed(flotilla.run({ text: 'a' }));
    await settled();
    frame().remove();
    expect((await running).code).toBe('frame_gone');
  });

  it('close says goodbye, removes the frame, cancels what is open, and listens no more', async () => {
    const flotilla = await connected();
    guests[0]!.onCall = ({ id }) => guests[0]!.say({ kind: 'accepted', id });
    const running = failed(flotilla.run({ text: 'a' }));
    await settled();
    flotilla.close();
    flotilla.close();
    expect((await running).code).toBe('cancelled');
    await settled();
    expect(guests[0]!.heard.at(-1)).toEqual({ kind: 'goodbye' });
    expect(frame().isConnected).toBe(false);
    expect((await failed(flotilla.run({ text: 'b' }))).code).toBe('frame_gone');
    page.ready(frame());
    await settled();
    expect(guests).toHaveLength(1);
  });

  it('a guest that hangs up with a reason ends the calls with it', async () => {
    const flotilla = await connected();
    const running = failed(flotilla.run({ text: 'a' }));
    await settled();
    const failure = { code: 'bad_request', message: 'Too many messages.', hint: 'Stop.' } as const;
    guests[0]!.say({ kind: 'refused', nonce: guests[0]!.connect.nonce, failure });
    expect(await running).toMatchObject(failure);
  });
});

describe('what a person does in the form', () => {
  it('reaches the page, checked', async () => {
    const onAnswered = vi.fn();
    const onCorrected = vi.fn();
    const flotilla = await connected({ container: container(), onAnswered, onCorrected });
    const given = answer('1') as never;
    guests[0]!.say({ kind: 'answered', answer: given });
    guests[0]!.say({ kind: 'corrected', answer: given, label: 'other' });
    guests[0]!.say({ kind: 'answered', answer: 'no answer' as never });
    guests[0]!.say({ kind: 'corrected', answer: given, label: 4 as never });
    await settled();
    expect(onAnswered.mock.calls).toEqual([[answer('1')]]);
    expect(onCorrected.mock.calls).toEqual([[answer('1'), 'other']]);
    expect(flotilla.ignoredMessages).toBe(2);
  });
});
