/** The browser's own model behind its port, against a double of the Prompt API. */
import { describe, expect, it } from 'vitest';
import type { LanguageModelApi } from '../../src/bridge/language-model-api.ts';
import { openBrowserModel } from '../../src/bridge/prompt-api.ts';
import type { GenerateRequest } from '../../src/core/generation.ts';

const REQUEST: GenerateRequest = {
  turns: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'Hi!' },
    { role: 'user', content: 'How are you?' },
  ],
  maxTokens: 50,
  temperature: 0,
  topP: 1,
  seed: null,
  stop: [],
  schema: null,
};

type Created = Parameters<LanguageModelApi['create']>[0];
type Prompted = { input: string; responseConstraint?: object };

interface Behaviour {
  availability?: string;
  chunks?: string[];
  /** Thrown by `create`, as often as there are entries. */
  createErrors?: DOMException[];
  promptError?: DOMException;
  /** Never ends after its chunks, until it is aborted. */
  endless?: boolean;
}

/** Does what the specification says of these calls, and keeps what it was asked. */
function doubleOf(behaviour: Behaviour) {
  const created: Created[] = [];
  const prompted: Prompted[] = [];
  let destroyed = 0;
  const errors = [...(behaviour.createErrors ?? [])];
  const api: LanguageModelApi = {
    availability: () => Promise.resolve(behaviour.availability ?? 'available'),
    create: (options) => {
      created.push(options);
      const error = errors.shift();
      if (error) return Promise.reject(error);
      const monitor = new EventTarget();
      options.monitor?.(monitor);
      for (const loaded of [0, 0.5, 1])
        monitor.dispatchEvent(Object.assign(new Event('downloadprogress'), { loaded }));
      return Promise.resolve({
        contextUsage: 10,
        measureContextUsage: () => Promise.resolve(4),
        promptStreaming: (input, { signal, ...rest }) => {
          prompted.push({ input, ...rest });
          return new ReadableStream<string>({
            start(controller) {
              if (behaviour.promptError) {
                controller.error(behaviour.promptError);
                return;
              }
              for (const chunk of behaviour.chunks ?? ['Fine', ', thanks', '.'])
                controller.enqueue(chunk);
              if (!behaviour.endless) {
                controller.close();
                return;
              }
              signal.addEventListener('abort', () => controller.error(signal.reason));
            },
          });
        },
        destroy: () => {
          destroyed++;
        },
      });
    },
  };
  return { api, created, prompted, destroyed: () => destroyed };
}

const open = (behaviour: Behaviour = {}) => {
  const double = doubleOf(behaviour);
  const model = openBrowserModel(double.api, () => 0);
  if (model === null) throw new Error('no model');
  const deltas: string[] = [];
  const ask = (changes: Partial<GenerateRequest> = {}) =>
    model.generate({ ...REQUEST, ...changes }, 'id', (delta) => deltas.push(delta));
  return { ...double, model, ask, deltas };
};

const error = (name: string) => new DOMException('because', name);

describe('the browser’s own model', () => {
  it('is not there where the browser brings none', () => {
    expect(openBrowserModel(undefined)).toBeNull();
  });

  it.each([
    ['available', 'ready'],
    ['downloadable', 'downloadable'],
    ['downloading', 'downloadable'],
    ['unavailable', 'none'],
    ['something new', 'none'],
  ])('calls %s %s', async (availability, expected) => {
    expect(await open({ availability }).model.availability()).toBe(expected);
  });

  it('answers without tokens, streams, and frees its session', async () => {
    const { ask, created, prompted, deltas, destroyed } = open();
    expect(await ask()).toMatchObject({
      ok: true,
      value: {
        text: 'Fine, thanks.',
        finish: 'stop',
        tokens: [],
        promptTokens: 14,
        droppedTurns: 0,
      },
    });
    expect(deltas).toEqual(['Fine', ', thanks', '.']);
    expect(created[0]).toMatchObject({
      initialPrompts: REQUEST.turns.slice(0, 3),
      samplingMode: 'most-predictable',
    });
    expect(prompted).toEqual([{ input: 'How are you?' }]);
    expect(destroyed()).toBe(1);
  });

  it('hands the schema over as an object, and refuses one that is none', async () => {
    const { ask, prompted } = open({ chunks: ['{}'] });
    await ask({ schema: '{"type":"object"}' });
    expect(prompted[0]?.responseConstraint).toEqual({ type: 'object' });
    expect(await ask({ schema: 'nonsense' })).toMatchObject({
      failure: { code: 'schema_unsupported' },
    });
  });

  it('never shows a stop string, also when it comes in pieces', async () => {
    const { ask, deltas } = open({ chunks: ['one E', 'N', 'D two'] });
    expect(await ask({ stop: ['END'] })).toMatchObject({ value: { text: 'one ', finish: 'stop' } });
    expect(deltas.join('')).toBe('one ');
  });

  it('shows what was held back when the text ends', async () => {
    const { ask, deltas } = open({ chunks: ['all', ' E', 'N'] });
    expect(await ask({ stop: ['END'] })).toMatchObject({ value: { text: 'all EN' } });
    expect(deltas.join('')).toBe('all EN');
  });

  it('ends at the most chunks', async () => {
    const { ask } = open({ chunks: ['a', 'b', 'c'], endless: true });
    expect(await ask({ maxTokens: 2 })).toMatchObject({ value: { text: 'ab', finish: 'length' } });
  });

  it('keeps the text of an interrupted answer', async () => {
    const { model, destroyed } = open({ chunks: ['so', ' far'], endless: true });
    const answer = model.generate(REQUEST, 'mine', (delta) => {
      if (delta === ' far') void model.interrupt('mine');
    });
    await model.interrupt('another');
    expect(await answer).toMatchObject({ value: { text: 'so far', finish: 'interrupted' } });
    expect(destroyed()).toBe(1);
  });

  it('leaves the oldest turns out until the rest fits, then gives up', async () => {
    const { ask, created } = open({ createErrors: [error('QuotaExceededError')] });
    expect(await ask()).toMatchObject({ value: { droppedTurns: 2 } });
    expect(created[1]?.initialPrompts).toEqual([{ role: 'system', content: 'Be brief.' }]);
    const full = open({ promptError: error('QuotaExceededError') });
    expect(await full.ask()).toMatchObject({ failure: { code: 'input_too_long' } });
    expect(full.destroyed()).toBe(2);
  });

  it.each([
    [{ createErrors: [error('NotAllowedError')] }, {}, 'unknown_model'],
    [{ createErrors: [error('NotSupportedError')] }, {}, 'unknown_model'],
    [{ promptError: error('NotSupportedError') }, { schema: '{}' }, 'schema_unsupported'],
    [{ promptError: error('UnknownError') }, {}, 'runtime_failed'],
  ])('%o is %o a %s', async (behaviour, changes, code) => {
    expect(await open(behaviour).ask(changes)).toMatchObject({ ok: false, failure: { code } });
  });

  it('downloads with progress, and says why not', async () => {
    const shares: number[] = [];
    const signal = new AbortController().signal;
    const { model, destroyed } = open();
    expect(await model.prepare((share) => shares.push(share), signal)).toEqual({
      ok: true,
      value: null,
    });
    expect(shares).toEqual([0, 0.5, 1]);
    expect(destroyed()).toBe(1);
    const refused = open({ createErrors: [error('NotAllowedError')] });
    expect(await refused.model.prepare(() => undefined, signal)).toMatchObject({
      failure: { code: 'unknown_model' },
    });
    const stopped = open({ createErrors: [error('AbortError')] });
    expect(await stopped.model.prepare(() => undefined, AbortSignal.abort())).toMatchObject({
      failure: { code: 'cancelled' },
    });
  });
});
