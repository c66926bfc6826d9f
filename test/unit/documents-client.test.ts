/** The client of the documents thread: starts late, ends when idle, answers whatever becomes of the thread. */
import * as Comlink from 'comlink';
import { afterEach, expect, test, vi } from 'vitest';
import { documentOfText } from '../../src/core/document.ts';
import { fail, ok } from '../../src/core/failure.ts';
import { connectDocuments } from '../../workers/intake/documents-client.ts';
import type { DocumentsThread } from '../../workers/intake/documents/contract.ts';

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close();
    port2.close();
  }
});

interface Started {
  worker: Worker;
  events: EventTarget;
  terminated: boolean;
}

/** A worker made of a message channel: `thread` runs behind it. */
function start(thread: Partial<DocumentsThread>): Started {
  const channel = new MessageChannel();
  channels.push(channel);
  Comlink.expose(thread, channel.port2);
  const events = new EventTarget();
  const target = (type: string) => (type === 'message' ? channel.port1 : events);
  const started: Started = { worker: null as unknown as Worker, events, terminated: false };
  started.worker = {
    postMessage: channel.port1.postMessage.bind(channel.port1),
    addEventListener: (type: string, listener: EventListener) =>
      target(type).addEventListener(type, listener),
    removeEventListener: (type: string, listener: EventListener) =>
      target(type).removeEventListener(type, listener),
    terminate: () => (started.terminated = true),
  } as unknown as Worker;
  channel.port1.start();
  return started;
}

const file = { name: 'a.txt' } as File;
const never = <T>(): Promise<T> => new Promise(() => undefined);
const document = documentOfText('text', 'a.txt');

test('no thread before the first call; one for all; progress crosses; ended when idle', async () => {
  const threads: Started[] = [];
  const reader = connectDocuments({
    idleMs: 30,
    startWorker: () => {
      const thread = start({
        read: (_, __, onProgress) => {
          onProgress({ stage: 'Reading', done: 1, total: 2 });
          return Promise.resolve(ok(document));
        },
        attachment: () => Promise.resolve(fail('bad_request', 'none')),
      });
      threads.push(thread);
      return thread.worker;
    },
  });
  expect(threads).toHaveLength(0);
  const steps: string[] = [];
  expect(await reader.read(file, { onProgress: ({ stage }) => steps.push(stage) })).toEqual(
    ok(document),
  );
  expect(await reader.attachment(file, 0)).toMatchObject({ failure: { code: 'bad_request' } });
  await expect.poll(() => steps).toEqual(['Reading']);
  expect(threads).toHaveLength(1);
  await expect.poll(() => threads[0]?.terminated).toBe(true);
  expect(await reader.read(file)).toEqual(ok(document));
  expect(threads).toHaveLength(2);
});

test('a thread that dies answers runtime_failed, and the next call starts another', async () => {
  let thread: Started | undefined;
  let starts = 0;
  const reader = connectDocuments({
    startWorker: () => {
      starts += 1;
      thread = start({ read: () => (starts === 1 ? never() : Promise.resolve(ok(document))) });
      return thread.worker;
    },
  });
  const reading = reader.read(file);
  const other = reader.read(file);
  thread?.events.dispatchEvent(
    Object.assign(new Event('error', { cancelable: true }), { message: 'out of memory' }),
  );
  for (const one of [await reading, await other])
    expect(one).toMatchObject({
      failure: { code: 'runtime_failed', message: expect.stringContaining('out of memory') },
    });
  expect(thread?.terminated).toBe(true);
  expect(await reader.read(file)).toEqual(ok(document));
});

test('cancelling answers at once; a thread that does not stop is ended, and other calls begin anew', async () => {
  const threads: Started[] = [];
  const cancel = vi.fn();
  const reader = connectDocuments({
    graceMs: 30,
    startWorker: () => {
      const isFirst = threads.length === 0;
      const thread = start({
        cancel,
        read: () => (isFirst ? never() : Promise.resolve(ok(document))),
      });
      threads.push(thread);
      return thread.worker;
    },
  });
  const stop = new AbortController();
  const stuck = reader.read(file, { signal: stop.signal });
  const waiting = reader.read(file);
  const started = performance.now();
  stop.abort();
  expect(await stuck).toMatchObject({ failure: { code: 'cancelled' } });
  expect(performance.now() - started).toBeLessThan(200);
  expect(await waiting).toEqual(ok(document));
  expect(cancel).toHaveBeenCalled();
  expect(threads.map(({ terminated }) => terminated)).toEqual([true, false]);
});

test('a thread that stops in time is kept; a call that was cancelled before it began starts none', async () => {
  const threads: Started[] = [];
  const stops = new Map<number, () => void>();
  const reader = connectDocuments({
    graceMs: 30,
    startWorker: () => {
      const thread = start({
        cancel: (id) => stops.get(id)?.(),
        read: (id) =>
          new Promise((resolve) => stops.set(id, () => resolve(fail('cancelled', 'stopped')))),
        attachment: () => Promise.resolve(fail('bad_request', 'none')),
      });
      threads.push(thread);
      return thread.worker;
    },
  });
  const early = AbortSignal.abort();
  expect(await reader.read(file, { signal: early })).toMatchObject({
    failure: { code: 'cancelled' },
  });
  expect(threads).toHaveLength(0);
  const stop = new AbortController();
  const reading = reader.read(file, { signal: stop.signal });
  await expect.poll(() => stops.size).toBe(1);
  stop.abort();
  expect(await reading).toMatchObject({ failure: { code: 'cancelled' } });
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(await reader.attachment(file, 0)).toMatchObject({ failure: { code: 'bad_request' } });
  expect(threads.map(({ terminated }) => terminated)).toEqual([false]);
});
