/** The client of a text-generating runtime: every call settles, whatever becomes of the worker. */
import * as Comlink from 'comlink';
import { afterEach, expect, test } from 'vitest';
import { ok } from '../../src/core/failure.ts';
import type { Generated, GenerateRequest } from '../../src/core/generation.ts';
import type { GenerationModel } from '../../src/core/generation-model.ts';
import { startGenerator } from '../../workers/runtimes/generation-client.ts';
import type { GenerationRuntime } from '../../workers/runtimes/generation-contract.ts';

const never = <T>(): Promise<T> => new Promise(() => undefined);
const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close();
    port2.close();
  }
});

/** A worker made of a message channel: `thread` runs behind it. */
function workerOf(thread: Partial<GenerationRuntime>) {
  const channel = new MessageChannel();
  channels.push(channel);
  Comlink.expose(thread, channel.port2);
  const events = new EventTarget();
  const state = { terminated: false };
  const worker = {
    postMessage: channel.port1.postMessage.bind(channel.port1),
    addEventListener: (type: string, listener: EventListener) =>
      (type === 'message' ? channel.port1 : events).addEventListener(type, listener),
    removeEventListener: (type: string, listener: EventListener) =>
      (type === 'message' ? channel.port1 : events).removeEventListener(type, listener),
    terminate: () => (state.terminated = true),
  };
  channel.port1.start();
  return { worker: worker as unknown as Worker, events, state };
}

const request = { turns: [], maxTokens: 1 } as unknown as GenerateRequest;
const model = { id: 'tiny' } as GenerationModel;
const generated = { text: 'ab', finish: 'stop' } as Generated;

test('calls and callbacks cross the thread', async () => {
  const { worker } = workerOf({
    load: (_, onStep) => {
      onStep({ stage: 'reading', loadedBytes: 1, totalBytes: 2 });
      return Promise.resolve(ok({ runtime: 'webllm' } as never));
    },
    generate: (_, id, onDelta) => {
      onDelta?.(id);
      return Promise.resolve(ok(generated));
    },
  });
  const runtime = startGenerator('webllm', worker);
  const heard: unknown[] = [];
  expect(await runtime.load(model, (step) => heard.push(step.stage))).toMatchObject({ ok: true });
  expect(await runtime.generate(request, 'x', (delta) => heard.push(delta))).toEqual(ok(generated));
  expect(await runtime.generate(request, 'y', null)).toEqual(ok(generated));
  await expect.poll(() => heard).toEqual(['reading', 'x']);
});

test('a worker that dies answers open and later calls, and is ended', async () => {
  const { worker, events, state } = workerOf({ generate: () => never(), interrupt: () => never() });
  const runtime = startGenerator('webllm', worker);
  const open = runtime.generate(request, 'x', null);
  events.dispatchEvent(Object.assign(new Event('error'), { message: 'boom' }));
  const failed = { ok: false, failure: { code: 'runtime_failed' } };
  expect(await open).toMatchObject(failed);
  expect(await runtime.selfTest()).toMatchObject(failed);
  await runtime.interrupt('x');
  expect(state.terminated).toBe(true);
});

test('what the thread throws is a failure', async () => {
  const { worker } = workerOf({ selfTest: () => Promise.reject(new Error('boom')) });
  const result = await startGenerator('webllm', worker).selfTest();
  expect(result).toMatchObject({ ok: false, failure: { code: 'runtime_failed' } });
});

test('dispose cancels open calls at once, and ends a thread that hangs', async () => {
  const { worker, state } = workerOf({ generate: () => never(), dispose: () => never() });
  const runtime = startGenerator('webllm', worker);
  const open = runtime.generate(request, 'x', null);
  const disposed = runtime.dispose();
  expect(await open).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  expect(state.terminated).toBe(false);
  await disposed;
  expect(state.terminated).toBe(true);
});
