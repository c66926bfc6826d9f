/** Calls of the SDK over real ports: arguments, results, events, cancelling, time limits, limits; batches and streams. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToGuest } from '../../src/core/embed-protocol.ts';
import { BATCH_WINDOW, STREAM_WINDOW } from '../../src/core/embed-protocol.ts';
import { FlotillaError as AppError, HINTS } from '../../src/core/failure.ts';
import type { RunRequest } from '../../src/core/request.ts';
import { MAX_CALLS_IN_FRAME, MAX_OPEN_CALLS } from '../../src/sdk/calls.ts';
import type { FlotillaConnection } from '../../src/sdk/contract.ts';
import { failure } from '../../src/sdk/errors.ts';
import { connect, type FlotillaError } from '../../src/sdk/index.ts';
import { answer, HostPage, settled, WIDGET, type Guest } from './doubles/host-page.ts';

let flotilla: FlotillaConnection;
let guest: Guest;

beforeEach(async () => {
  const page = new HostPage();
  page.onGuest = (one) => {
    guest = one.admit();
  };
  vi.stubGlobal('document', page);
  flotilla = await connect({ src: WIDGET });
});

afterEach(() => {
  flotilla.close();
  guest.port.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const failed = (work: Promise<unknown>): Promise<FlotillaError> =>
  work.then(
    () => expect.unreachable('it should reject'),
    (error: unknown) => error as FlotillaError,
  );

describe('every call', () => {
  const blob = new Blob(['head']);
  const rows = [{ text: 'a', label: 'x' }];
  const spec = { id: 'a', title: 'A', task: 'classify' as const, rows };
  const chat = { model: 'auto', messages: [{ role: 'user' as const, content: 'Hi' }] };
  const before = { id: 'r1' } as never;

  it.each<[string, unknown, (f: FlotillaConnection) => Promise<unknown>, unknown[]]>([
    ['capabilities', { webgpu: false }, (f) => f.capabilities(), []],
    ['specialists', [{ id: 'a' }], (f) => f.specialists(), []],
    ['run', answer('1'), (f) => f.run({ text: 'a' }), [{ text: 'a' }]],
    ['train', { id: 'a' }, (f) => f.train(spec), [spec]],
    ['evaluate', { n: 1 }, (f) => f.evaluate('a', rows), ['a', rows]],
    ['exportSpecialist', blob, (f) => f.exportSpecialist('a'), ['a']],
    ['importSpecialist', { id: 'a' }, (f) => f.importSpecialist(blob), [blob]],
    ['workflows', [], (f) => f.workflows(), []],
    [
      'runWorkflow',
      { id: 'r1' },
      (f) => f.runWorkflow('w', { text: 'a' }, { before }),
      ['w', { text: 'a' }, { before }],
    ],
    ['chat', { id: 'c' }, (f) => f.chat.completions.create(chat), [chat]],
    ['auditExport', [], (f) => f.audit.export(), []],
    ['auditVerify', { intact: true }, (f) => f.audit.verify(), []],
  ])('%s hands its arguments over and gives what comes back', async (name, value, act, args) => {
    guest.serve(() => value);
    expect(await act(flotilla)).toEqual(value);
    const [call] = guest.heard as [Extract<ToGuest, { kind: 'call' }>];
    expect(call).toMatchObject({ kind: 'call', call: name });
    expect(call.args).toEqual(args);
  });

  it('hands a file over by reference, with its name', async () => {
    const file = new File(['text,label\na,x\n'], 'rows.csv', { type: 'text/csv' });
    guest.serve(() => ({ id: 'a' }));
    await flotilla.train({ ...spec, rows: file });
    expect((guest.calls('train')[0]!.args[0] as typeof spec).rows).toBeInstanceOf(Blob);
  });

  it('rejects with code, message and hint of the frame', async () => {
    const wire = { code: 'unknown_specialist', message: 'None such.', hint: 'Look.' } as const;
    guest.onCall = ({ id }) => guest.say({ kind: 'failed', id, failure: wire });
    const error = await failed(flotilla.exportSpecialist('x'));
    expect(error).toMatchObject({ name: 'FlotillaError', ...wire });
    expect(error).toBeInstanceOf(Error);
  });

  it('gives results back to their calls, in whatever order they come', async () => {
    const calls: number[] = [];
    guest.onCall = ({ id }) => {
      if (calls.push(id) < 3) return;
      for (const one of calls.reverse())
        guest.say({ kind: 'result', id: one, value: answer(String(one)) });
    };
    const answers = await Promise.all(['a', 'b', 'c'].map((text) => flotilla.run({ text })));
    expect(answers.map((one) => one.id)).toEqual(['1', '2', '3']);
  });

  it('tells events in order, and is not stopped by what a listener throws', async () => {
    const uncaught: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error));
    guest.onCall = ({ id }) => {
      guest.say({ kind: 'event', id, event: { type: 'escalated', because: 'a', to: 'encoder' } });
      guest.say({ kind: 'event', id, event: { type: 'draft', delta: 'b' } });
      guest.say({ kind: 'event', id, event: 'none' as never });
      guest.say({ kind: 'result', id, value: answer('1') });
    };
    const seen: string[] = [];
    await flotilla.run(
      { text: 'a' },
      {
        onEvent: ({ type }) => {
          seen.push(type);
          throw new Error('of the page');
        },
      },
    );
    await settled();
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
    expect(seen).toEqual(['escalated', 'draft']);
    expect(uncaught).toHaveLength(2);
    expect(flotilla.ignoredMessages).toBe(1);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a function', () => flotilla.run({ text: 'a', input: () => 1 })],
    ['a promise', () => flotilla.run(Promise.resolve({ text: 'a' }) as never)],
    ['a symbol', () => flotilla.evaluate(Symbol('x') as never, [])],
    ['no signal', () => flotilla.run({ text: 'a' }, { signal: {} as never })],
    ['no listener', () => flotilla.run({ text: 'a' }, { onEvent: 'x' as never })],
    ['no time', () => flotilla.run({ text: 'a' }, { timeoutMs: -1 })],
  ])('refuses %s', async (_what, act) => {
    expect((await failed(act())).code).toBe('bad_request');
    expect(guest.heard).toEqual([]);
  });

  it('a value that contains itself crosses; whether it makes sense is for the frame to say', async () => {
    const input: Record<string, unknown> = {};
    input['itself'] = input;
    guest.serve(() => answer('1'));
    await flotilla.run({ text: 'a', input });
    expect(guest.calls('run')).toHaveLength(1);
  });

  it('refuses a result of another shape', async () => {
    guest.serve(() => 'done');
    expect((await failed(flotilla.run({ text: 'a' }))).code).toBe('version_mismatch');
    expect((await failed(flotilla.specialists())).code).toBe('version_mismatch');
    expect((await failed(flotilla.exportSpecialist('a'))).code).toBe('version_mismatch');
  });

  it('has the words of the app for its own failures', () => {
    const codes = [
      'bad_request',
      'cancelled',
      'frame_blocked',
      'frame_gone',
      'timed_out',
      'too_busy',
      'version_mismatch',
    ] as const;
    for (const code of codes) {
      const { name, hint, message } = failure(code, 'm');
      expect({ name, hint, message }).toEqual({
        name: new AppError({ code, message }).name,
        hint: HINTS[code],
        message,
      });
    }
  });
});

describe('limits', () => {
  it('a signal asks the frame to stop, and what the frame says then is the outcome', async () => {
    const controller = new AbortController();
    guest.onMessage = (message) => {
      if (message.kind === 'cancel')
        guest.say({
          kind: 'result',
          id: message.id,
          value: { ...answer('1'), status: 'cancelled' },
        });
    };
    const running = flotilla.run({ text: 'a' }, { signal: controller.signal });
    await settled();
    controller.abort();
    expect((await running).status).toBe('cancelled');
  });

  it('a frame that says nothing to a cancel is not waited for', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const controller = new AbortController();
    const running = failed(flotilla.run({ text: 'a' }, { signal: controller.signal }));
    controller.abort();
    controller.abort();
    vi.advanceTimersByTime(5000);
    expect((await running).code).toBe('cancelled');
  });

  it('a signal that was aborted before sends nothing', async () => {
    const { code } = await failed(flotilla.run({ text: 'a' }, { signal: AbortSignal.abort() }));
    expect(code).toBe('cancelled');
    await settled();
    expect(guest.heard).toEqual([]);
  });

  it('a time limit ends the call on both sides; a late result changes nothing', async () => {
    const error = await failed(flotilla.run({ text: 'a' }, { timeoutMs: 15 }));
    expect(error.code).toBe('timed_out');
    expect(error.message).toContain('15 ms');
    await settled();
    expect(guest.heard.map((one) => one.kind)).toEqual(['call', 'cancel']);
    guest.say({ kind: 'result', id: 1, value: answer('1') });
    await settled();
    expect(flotilla.ignoredMessages).toBe(0);
  });

  it('the frame has a few calls at a time, in order; more than a thousand are refused', async () => {
    const waiting: number[] = [];
    guest.onCall = ({ id }) => void waiting.push(id);
    const all = Array.from({ length: MAX_OPEN_CALLS }, (_, i) => flotilla.run({ text: String(i) }));
    expect((await failed(flotilla.run({ text: 'one more' }))).code).toBe('too_busy');
    await settled();
    expect(waiting).toHaveLength(MAX_CALLS_IN_FRAME);
    guest.onCall = ({ id }) => guest.say({ kind: 'result', id, value: answer(String(id)) });
    for (const id of waiting) guest.say({ kind: 'result', id, value: answer(String(id)) });
    const answers = await Promise.all(all);
    expect(answers.map((one) => Number(one.id))).toEqual(answers.map((_, i) => i + 1));
    expect(guest.heard.map((one) => 'id' in one && one.id)).toEqual(answers.map((_, i) => i + 1));
  });
});

/** Plays a batch: asks for requests and answers each with its text as id. */
function playBatch({ ask = BATCH_WINDOW, answers = true } = {}) {
  const got: RunRequest[] = [];
  const pushes: number[] = [];
  let underWay = 0;
  guest.onMessage = (message) => {
    if (message.kind === 'call') {
      guest.say({ kind: 'accepted', id: message.id });
      guest.say({ kind: 'want', id: message.id, n: ask });
    }
    if (message.kind === 'push') {
      got.push(...message.requests);
      pushes.push(message.requests.length);
      const items = message.requests.map((one) => answer(one.text ?? ''));
      underWay += items.length;
      if (answers) guest.say({ kind: 'items', id: message.id, items });
      if (underWay <= STREAM_WINDOW / 2)
        guest.say({ kind: 'want', id: message.id, n: message.requests.length });
    }
    if (message.kind === 'took') {
      underWay -= message.n;
      guest.say({ kind: 'want', id: message.id, n: message.n });
    }
    if (message.kind === 'end' && answers)
      guest.say({ kind: 'result', id: message.id, value: null });
  };
  return { got, pushes };
}

const requests = (n: number): RunRequest[] =>
  Array.from({ length: n }, (_, i) => ({ text: String(i) }));
const ids = async (answers: AsyncIterable<{ id: string }>): Promise<string[]> => {
  const list: string[] = [];
  for await (const { id } of answers) list.push(id);
  return list;
};

describe('runBatch', () => {
  it.each([0, 1, 128, 129, 1000])('%i requests come back in their order', async (n) => {
    const { pushes } = playBatch();
    expect(await ids(flotilla.runBatch(requests(n)))).toEqual(requests(n).map((one) => one.text));
    expect(Math.max(0, ...pushes)).toBeLessThanOrEqual(BATCH_WINDOW);
  });

  it('passes on what comes at its own pace one by one', async () => {
    const { got } = playBatch();
    let release = (): void => undefined;
    async function* slow() {
      yield { text: 'a' };
      await new Promise<void>((resolve) => (release = resolve));
      yield { text: 'b' };
    }
    const reader = flotilla.runBatch(slow())[Symbol.asyncIterator]();
    expect((await reader.next()).value).toMatchObject({ id: 'a' });
    expect(got).toHaveLength(1);
    release();
    expect((await reader.next()).value).toMatchObject({ id: 'b' });
    expect((await reader.next()).done).toBe(true);
  });

  it('takes no more from the iterable than the frame asked for', async () => {
    playBatch({ ask: 3, answers: false });
    let taken = 0;
    function* endless() {
      for (;;) yield { text: String(taken++) };
    }
    guest.onMessage = ({ kind, ...rest }) => {
      if (kind === 'call') guest.say({ kind: 'want', id: (rest as { id: number }).id, n: 3 });
    };
    const reader = flotilla.runBatch(endless())[Symbol.asyncIterator]();
    const next = reader.next();
    await settled();
    expect(taken).toBe(3);
    flotilla.close();
    await expect(next).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('holds at most a window of answers for a reader that is slow', async () => {
    const { got } = playBatch();
    const reader = flotilla.runBatch(requests(5000))[Symbol.asyncIterator]();
    await reader.next();
    await settled(6);
    const ahead = got.length;
    expect(ahead).toBeLessThanOrEqual(2 * STREAM_WINDOW);
    for (let i = 1; i < 5000; i++)
      expect((await reader.next()).value).toMatchObject({ id: String(i) });
    expect(got).toHaveLength(5000);
  });

  it('a reader that leaves early ends the call and closes the iterable', async () => {
    playBatch();
    let closed = false;
    function* source() {
      try {
        for (let i = 0; ; i++) yield { text: String(i) };
      } finally {
        closed = true;
      }
    }
    for await (const { id } of flotilla.runBatch(source())) if (id === '5') break;
    await settled();
    expect(closed).toBe(true);
    expect(guest.heard.filter((one) => one.kind === 'cancel')).toHaveLength(1);
  });

  it('what the iterable throws comes after the answers before it', async () => {
    playBatch();
    function* source() {
      yield* requests(2);
      throw new RangeError('of the page');
    }
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { id } of flotilla.runBatch(source())) seen.push(id);
    })();
    await expect(reading).rejects.toThrow(RangeError);
    expect(seen).toEqual(['0', '1']);
  });

  it('an iterable that fails to close hurts nobody', async () => {
    playBatch();
    const source: Iterable<RunRequest> = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: { text: 'a' } }),
        return: () => {
          throw new Error('of the page');
        },
      }),
    };
    const reader = flotilla.runBatch(source)[Symbol.asyncIterator]();
    await reader.next();
    await expect(reader.return!()).resolves.toMatchObject({ done: true });
  });

  it.each([undefined, null, 5, 'text', {}])('refuses %j as requests', async (what) => {
    expect((await failed(ids(flotilla.runBatch(what as never)))).code).toBe('bad_request');
  });

  it('refuses a request that cannot be handed over, and ends the call', async () => {
    playBatch();
    const bad = [{ text: 'a' }, { text: 'b', input: () => 1 }];
    expect((await failed(ids(flotilla.runBatch(bad)))).code).toBe('bad_request');
    await settled();
    expect(guest.heard.at(-1)!.kind).toBe('cancel');
  });

  it('a signal ends it as the frame says', async () => {
    playBatch();
    const controller = new AbortController();
    const { onMessage } = guest;
    guest.onMessage = (message) => {
      if (message.kind === 'cancel') guest.say({ kind: 'result', id: message.id, value: null });
      else onMessage(message);
    };
    const seen: string[] = [];
    for await (const { id } of flotilla.runBatch(requests(1000), { signal: controller.signal })) {
      seen.push(id);
      if (id === '300') controller.abort();
    }
    expect(seen).toEqual(requests(seen.length).map((one) => one.text));
    expect(seen.length).toBeLessThan(1000);
  });

  it('a missing answer is an error, because it would shift all that follow', async () => {
    guest.onMessage = (message) => {
      if (message.kind === 'call') guest.say({ kind: 'want', id: message.id, n: 8 });
      if (message.kind !== 'end') return;
      guest.say({ kind: 'items', id: message.id, items: [answer('0')] });
      guest.say({ kind: 'result', id: message.id, value: null });
    };
    expect((await failed(ids(flotilla.runBatch(requests(2))))).code).toBe('version_mismatch');
  });

  it('more than a window, or something that is no answer, ends it', async () => {
    const flood = Array.from({ length: STREAM_WINDOW }, () => answer('x'));
    for (const batches of [[flood, flood], [[answer('1'), 'none']]]) {
      guest.onMessage = (message) => {
        if (message.kind !== 'call') return;
        for (const items of batches) guest.say({ kind: 'items', id: message.id, items });
      };
      const reading = flotilla.runBatch(requests(1))[Symbol.asyncIterator]();
      const first = reading.next().then(async () => {
        await settled();
        for (;;) if ((await reading.next()).done) return;
      });
      expect((await failed(first)).code).toBe('version_mismatch');
    }
  });

  it('a time limit counts while the reader waits for the next answer', async () => {
    playBatch({ answers: false });
    const error = await failed(ids(flotilla.runBatch(requests(1), { timeoutMs: 20 })));
    expect(error.code).toBe('timed_out');
  });
});

describe('chat', () => {
  it('streams chunks, and ends with the failure of the frame after them', async () => {
    const wire = { code: 'runtime_failed', message: 'Broke.', hint: 'Reload.' } as const;
    guest.onCall = ({ id }) => {
      guest.say({ kind: 'items', id, items: [{ id: 'a' }, { id: 'b' }] });
      guest.say({ kind: 'failed', id, failure: wire });
    };
    const seen: string[] = [];
    const reading = (async () => {
      const request = { model: 'auto', messages: [], stream: true as const };
      for await (const { id } of flotilla.chat.completions.create(request)) seen.push(id);
    })();
    expect(await failed(reading)).toMatchObject(wire);
    expect(seen).toEqual(['a', 'b']);
    expect(guest.calls('chatStream')).toHaveLength(1);
  });
});
