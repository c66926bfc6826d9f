/** A guest that says anything at all: nothing of it throws in the host page, settles a wrong call or touches the page. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { STREAM_WINDOW } from '../../src/core/embed-protocol.ts';
import type { FlotillaConnection } from '../../src/sdk/contract.ts';
import { connect } from '../../src/sdk/index.ts';
import { readMessage, readReady } from '../../src/sdk/messages.ts';
import { answer, HostPage, settled, WIDGET, type Guest } from './doubles/host-page.ts';

const KINDS = [
  'connected',
  'refused',
  'accepted',
  'event',
  'result',
  'failed',
  'want',
  'items',
  'height',
  'leave',
  'answered',
  'corrected',
];

/** Messages that begin well: a known kind, and fields of the right name with anything in them. */
const nearly = fc.record(
  {
    kind: fc.constantFrom(...KINDS, 'constructor', '__proto__', 'toString', ''),
    id: fc.oneof(fc.constantFrom(0, -1, 2 ** 53, 1e308, NaN, 99), fc.anything()),
    nonce: fc.anything(),
    protocol: fc.anything(),
    failure: fc.anything(),
    rules: fc.anything(),
    n: fc.anything(),
    items: fc.oneof(fc.anything(), fc.array(fc.anything())),
    px: fc.oneof(fc.double(), fc.anything()),
    answer: fc.anything(),
    label: fc.anything(),
    value: fc.anything(),
    event: fc.oneof(fc.record({ type: fc.string() }), fc.anything()),
  },
  { requiredKeys: ['kind'] },
);
const anything = fc.oneof(nearly, fc.anything({ withBigInt: true, withDate: true, withMap: true }));

it('reading a message gives its known fields or nothing, and never throws', () => {
  fc.assert(
    fc.property(anything, (data) => {
      const read = readMessage(data);
      for (const [field, value] of Object.entries(read ?? {}))
        expect((data as Record<string, unknown>)[field]).toBe(value);
      expect(readReady(data)).toBeNull();
      if (read?.kind === 'height')
        expect([Object.keys(read), Number.isFinite(read.px)]).toEqual([['kind', 'px'], true]);
      if (read && 'id' in read) expect(read.id).toBeGreaterThanOrEqual(0);
      if (read?.kind === 'items') expect(read.items.length).toBeLessThanOrEqual(STREAM_WINDOW);
    }),
    { numRuns: 5000 },
  );
});

let page: HostPage;
let flotilla: FlotillaConnection;
let guest: Guest;
const listener = { onAnswered: vi.fn(), onCorrected: vi.fn() };

beforeEach(async () => {
  page = new HostPage();
  page.onGuest = (one) => {
    guest = one.admit();
  };
  vi.stubGlobal('document', page);
  const container = page.body as unknown as Element;
  flotilla = await connect({ src: WIDGET, container, ...listener });
});

afterEach(() => {
  flotilla.close();
  guest.port.close();
  vi.unstubAllGlobals();
});

/** Structured cloning refuses some values; then the guest could not send them either. */
function say(data: unknown): boolean {
  try {
    guest.port.postMessage(data);
    return true;
  } catch {
    return false;
  }
}

it('10,000 messages of any shape: calls of the page get their own answers, and the page stays as it was', async () => {
  const running = flotilla.run({ text: 'a' });
  await settled();
  let sent = 0;
  fc.assert(
    fc.property(
      // Not the one id that is under way: a guest may of course answer its call.
      anything.filter((data) => (data as { id?: unknown } | null)?.id !== 1),
      (data) => {
        if (say(data)) sent += 1;
      },
    ),
    { numRuns: 10_000 },
  );
  guest.say({ kind: 'result', id: 1, value: answer('mine') });
  expect((await running).id).toBe('mine');
  expect(sent).toBeGreaterThan(5000);
  expect(flotilla.ignoredMessages).toBeGreaterThan(sent / 2);
  expect(flotilla.ignoredMessages).toBeLessThanOrEqual(sent);
  expect(page.frames[0]!.style['height']).toMatch(/^\d{1,4}px$/);
  expect(Number.parseInt(page.frames[0]!.style['height']!, 10)).toBeLessThanOrEqual(4000);
  expect(listener.onAnswered).not.toHaveBeenCalled();
  expect(Object.prototype).not.toHaveProperty('kind');
});

it('messages to the window that are no ready of the frame have no effect', async () => {
  const posted = page.frames[0]!.contentWindow!.posted.length;
  fc.assert(
    fc.property(anything, fc.webUrl(), (data, origin) => {
      page.dispatchEvent(Object.assign(new Event('message'), { data, origin, source: {} }));
      const source = page.frames[0]!.contentWindow;
      page.dispatchEvent(Object.assign(new Event('message'), { data, origin, source }));
      const own = new URL(WIDGET).origin;
      page.dispatchEvent(Object.assign(new Event('message'), { data, origin: own, source }));
    }),
    { numRuns: 500 },
  );
  await settled();
  expect(page.frames[0]!.contentWindow!.posted).toHaveLength(posted);
  guest.serve(() => answer('1'));
  expect((await flotilla.run({ text: 'a' })).id).toBe('1');
});

it('a guest that asks for everything gets no more than a window of requests', async () => {
  guest.onCall = ({ id }) => {
    for (let i = 0; i < 10; i++) guest.say({ kind: 'want', id, n: Number.MAX_SAFE_INTEGER });
  };
  let taken = 0;
  function* endless() {
    for (;;) yield { text: String(taken++) };
  }
  const reader = flotilla.runBatch(endless())[Symbol.asyncIterator]();
  const next = reader.next().catch((error: unknown) => error);
  await settled();
  expect(taken).toBeLessThanOrEqual(10 * 128);
  flotilla.close();
  await next;
});
