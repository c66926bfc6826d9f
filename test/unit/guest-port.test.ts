/** The guest's side of the port: what it accepts, counts, limits and cancels. The engine is a double; the port is real. */
import { afterEach, describe, expect, it } from 'vitest';
import { LAYOUTS, type EmbedRules } from '../../src/core/embed.ts';
import { BATCH_WINDOW, STREAM_WINDOW, type ToHost } from '../../src/core/embed-protocol.ts';
import { FlotillaError } from '../../src/core/failure.ts';
import { TASKS, type RunRequest } from '../../src/core/request.ts';
import type { FlotillaApp, RunOptions } from '../../src/core/threads.ts';
import { MOST_CALLS, MOST_UNITS } from '../../src/guest/open-calls.ts';
import { MOST_IGNORED, MOST_MALFORMED, PortServer } from '../../src/guest/port-server.ts';

const EVERYTHING: EmbedRules = { tasks: TASKS, layouts: LAYOUTS, manage: true };
const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

interface Heard {
  messages: ToHost[];
  until(fits: (message: ToHost) => boolean): Promise<ToHost>;
}

/** A guest with this engine, and the host's end of its port. */
function connected(app: Partial<FlotillaApp>, rules = EVERYTHING) {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const started = { times: 0 };
  const server = new PortServer(port2, 'nonce', {
    rules,
    app: () => {
      started.times += 1;
      return Promise.resolve(app as FlotillaApp);
    },
    onLook: (look) => typeof look === 'object',
    onTokens: () => false,
    onFocus: () => undefined,
  });
  return {
    send: (message: unknown) => port1.postMessage(message),
    host: listen(port1),
    server,
    started,
  };
}

function listen(port: MessagePort): Heard {
  const messages: ToHost[] = [];
  let wake = (): void => undefined;
  port.onmessage = ({ data }: MessageEvent<ToHost>) => {
    messages.push(data);
    wake();
  };
  const until = async (fits: (message: ToHost) => boolean): Promise<ToHost> => {
    for (;;) {
      const found = messages.find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { messages, until };
}

const settled = (id: number) => (message: ToHost) =>
  (message.kind === 'result' || message.kind === 'failed') && message.id === id;
const failureOf = (message: ToHost) => ('failure' in message ? message.failure : null);
const run = (id: number, request: unknown) => ({ kind: 'call', id, call: 'run', args: [request] });
/** Works until it is cancelled. */
const endless = (_request: RunRequest, { signal }: RunOptions = {}): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () =>
      reject(new FlotillaError({ code: 'cancelled', message: 'Cancelled.' })),
    );
  });
const echo = (request: RunRequest) => Promise.resolve({ id: request.text } as never);

describe('a call', () => {
  it('is accepted before any work, then answered', async () => {
    const { send, host } = connected({ run: echo });
    send(run(1, { text: 'a', task: undefined }));
    await host.until(settled(1));
    expect(host.messages).toEqual([
      { kind: 'accepted', id: 1 },
      { kind: 'result', id: 1, value: { id: 'a' } },
    ]);
  });

  it.each([
    ['a number', { text: 5 }, 'bad_request'],
    ['too much', { text: 'x'.repeat(33_554_433) }, 'input_too_long'],
    ['an unknown task', { text: 'a', task: 'hack' }, 'unknown_task'],
    ['nothing', undefined, 'bad_request'],
    ['a map', { text: 'a', input: new Map() }, 'bad_request'],
    ['a prototype', JSON.parse('{"text":"a","input":{"__proto__":{"x":1}}}'), 'bad_request'],
  ])('with %s does not reach the engine', async (_name, request, code) => {
    const { send, host, started } = connected({ run: echo });
    send(run(1, request));
    const failure = failureOf(await host.until(settled(1)));
    expect(failure).toMatchObject({ code, hint: expect.stringMatching(/./) });
    expect(started.times).toBe(0);
  });

  it('that throws something else says nothing of it', async () => {
    const { send, host } = connected({ run: () => Promise.reject(new Error('secret text')) });
    send(run(1, { text: 'a' }));
    const failure = failureOf(await host.until(settled(1)));
    expect(failure?.code).toBe('runtime_failed');
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  it('has an id that was never used', async () => {
    const { send, host } = connected({ run: echo });
    send(run(7, { text: 'a' }));
    await host.until(settled(7));
    send(run(3, { text: 'b' }));
    expect(failureOf(await host.until(settled(3)))?.code).toBe('bad_request');
  });

  it('is one of at most so many', async () => {
    const { send, host } = connected({ run: endless });
    for (let id = 0; id <= MOST_CALLS; id++) send(run(id, { text: 'a' }));
    expect(failureOf(await host.until(settled(MOST_CALLS)))?.code).toBe('too_busy');
    send({ kind: 'cancel', id: 0 });
    expect(failureOf(await host.until(settled(0)))?.code).toBe('cancelled');
    send(run(MOST_CALLS + 1, { text: 'a' }));
    await host.until((message) => message.kind === 'accepted' && message.id === MOST_CALLS + 1);
  });

  it('ends with the connection', async () => {
    let ended: (why: unknown) => void = () => undefined;
    let began: () => void = () => undefined;
    const over = new Promise((resolve) => (ended = resolve));
    const working = new Promise<void>((resolve) => (began = resolve));
    const { send } = connected({
      run: (_request, { signal } = {}) => {
        began();
        signal?.addEventListener('abort', () => ended('aborted'));
        return new Promise<never>(() => undefined);
      },
    });
    send(run(1, { text: 'a' }));
    await working;
    send({ kind: 'goodbye' });
    expect(await over).toBe('aborted');
  });
});

describe('rules of the origin', () => {
  const narrow: EmbedRules = { tasks: ['classify'], layouts: ['card'], manage: false };

  it.each([
    ['train', [{ id: 'a', title: 'A', task: 'classify', rows: [] }]],
    ['exportSpecialist', ['a']],
    ['importSpecialist', [new Blob(['x'])]],
    ['auditExport', []],
    ['auditVerify', []],
    ['chat', [{ model: 'auto', messages: [] }]],
    ['chatStream', [{ model: 'auto', messages: [] }]],
    ['run', [{ text: 'a', task: 'redact' }]],
  ])('refuse %s without starting the engine', async (call, args) => {
    const { send, host, started } = connected({}, narrow);
    send({ kind: 'call', id: 1, call, args });
    expect(failureOf(await host.until(settled(1)))?.code).toBe('policy_denied');
    expect(started.times).toBe(0);
  });
});

describe('a batch', () => {
  async function* answers(requests: AsyncIterable<RunRequest> | Iterable<RunRequest>) {
    for await (const { text } of requests) yield { id: text } as never;
  }

  it('asks for requests as they are used up, gives answers in order, waits for the reader', async () => {
    const { send, host } = connected({ runBatch: answers });
    const rows = Array.from({ length: 600 }, (_, i) => ({ text: `row ${i}` }));
    let [next, wanted, taken] = [0, 0, 0];
    const ids: unknown[] = [];
    let most = 0;
    send({ kind: 'call', id: 1, call: 'runBatch', args: [] });
    for (let seen = 0; ; seen++) {
      const message = await host.until((one) => host.messages.indexOf(one) >= seen);
      if (message.kind === 'want') {
        wanted += message.n;
        expect(message.n).toBeLessThanOrEqual(BATCH_WINDOW);
        const requests = rows.slice(next, next + message.n);
        next += requests.length;
        if (requests.length > 0) send({ kind: 'push', id: 1, requests });
        if (next === rows.length) send({ kind: 'end', id: 1 });
      }
      if (message.kind === 'items') {
        ids.push(...message.items.map((item) => (item as { id: string }).id));
        most = Math.max(most, ids.length - taken);
        if (ids.length - taken === STREAM_WINDOW || ids.length === rows.length) {
          send({ kind: 'took', id: 1, n: ids.length - taken });
          taken = ids.length;
        }
      }
      if (message.kind === 'result') break;
    }
    expect(ids).toEqual(rows.map(({ text }) => text));
    expect(most).toBe(STREAM_WINDOW);
    expect(wanted).toBeGreaterThanOrEqual(rows.length);
  });

  it('takes no more than it asked for, and ends when it is cancelled', async () => {
    const { send, host } = connected({ runBatch: answers });
    send({ kind: 'call', id: 1, call: 'runBatch', args: [] });
    await host.until((message) => message.kind === 'want');
    const requests = Array.from({ length: BATCH_WINDOW }, () => ({ text: 'a' }));
    send({ kind: 'push', id: 1, requests: [...requests, { text: 'b' }] }); // malformed: too many at once
    send({ kind: 'cancel', id: 1 });
    expect((await host.until(settled(1))).kind).toBe('result');
    expect(host.messages.filter(({ kind }) => kind === 'items')).toEqual([]);
  });

  it('may carry more text in all than the calls under way may hold at a time', async () => {
    const { send, host } = connected({ runBatch: answers });
    const text = 'a'.repeat(MOST_UNITS / 8);
    send({ kind: 'call', id: 1, call: 'runBatch', args: [] });
    await host.until((message) => message.kind === 'want');
    for (let pushed = 1; pushed <= 10; pushed++) {
      send({ kind: 'push', id: 1, requests: [{ text }] });
      const items = () => host.messages.filter(({ kind }) => kind === 'items').length;
      await host.until((message) => message.kind === 'failed' || items() === pushed);
    }
    send({ kind: 'end', id: 1 });
    expect((await host.until(settled(1))).kind).toBe('result');
  });

  it('ends at a request that is none', async () => {
    const { send, host } = connected({ runBatch: answers });
    send({ kind: 'call', id: 1, call: 'runBatch', args: [] });
    await host.until((message) => message.kind === 'want');
    send({ kind: 'push', id: 1, requests: [{ text: 'a' }, { text: {} }] });
    expect(failureOf(await host.until(settled(1)))?.code).toBe('bad_request');
  });
});

describe('messages without a meaning', () => {
  const NONSENSE = [
    null,
    1,
    'call',
    [],
    {},
    { kind: 'call' },
    { kind: '__proto__' },
    { kind: 'run', id: 1 },
  ];

  it('are not answered, and end the connection after so many', async () => {
    const { send, host } = connected({ run: echo });
    for (let i = 0; i < MOST_MALFORMED - 1; i++) send(NONSENSE[i % NONSENSE.length]);
    send(run(1, { text: 'a' }));
    await host.until(settled(1));
    expect(host.messages.map(({ kind }) => kind)).toEqual(['accepted', 'result']);
    send({ kind: 'call', id: 2, call: 'eval', args: [] });
    await host.until(({ kind }) => kind === 'refused');
    send(run(3, { text: 'a' }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(host.messages).toHaveLength(3);
  });

  it('of calls that never were end it later', async () => {
    const { send, host } = connected({});
    for (let i = 0; i < MOST_IGNORED; i++) send({ kind: 'cancel', id: i });
    await host.until(({ kind }) => kind === 'refused');
  });
});
