/** The page's line to an engine that may move: what is told and asked again, and what is not. */
import { describe, expect, it } from 'vitest';
import { askOnce } from '../../src/bridge/consent-once.ts';
import { EngineLine, type Connection } from '../../src/bridge/engine-line.ts';
import { repeatable } from '../../src/bridge/repeatable.ts';
import type { EventSink } from '../../src/core/door.ts';
import type { RunRequest } from '../../src/core/request.ts';
import type { ConsentQuestion, FlotillaEvent } from '../../src/core/threads.ts';

const CALL = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const REQUEST: RunRequest = { text: 'a' };

interface Heard {
  method: string;
  args: unknown[];
  answer: (value: unknown) => void;
}

/** An engine that answers when the test says so. */
function engine() {
  const heard: Heard[] = [];
  const door = new Proxy(
    {},
    {
      get:
        (_, method: string) =>
        (...args: unknown[]) =>
          new Promise((answer) => heard.push({ method, args, answer })),
    },
  );
  const last = (method: string): Heard => {
    const found = heard.findLast((one) => one.method === method);
    if (!found) throw new Error(`The engine never heard “${method}”.`);
    return found;
  };
  const leaves = (call: string): void => (last('onLeaving').args[0] as (id: string) => void)(call);
  const methods = (): string[] => heard.map(({ method }) => method);
  return { connection: { door } as unknown as Connection, last, leaves, methods };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const ask = (line: EngineLine, call = CALL, sink: EventSink = null) =>
  line.door.run(REQUEST, call, sink, false);

describe('a call', () => {
  it('waits until there is an engine', async () => {
    const [line, one] = [new EngineLine(), engine()];
    const answer = ask(line);
    line.connect(one.connection);
    one.last('run').answer('done');
    expect(await answer).toBe('done');
  });

  it('is asked again at the next engine, which is told so; the first one is not listened to', async () => {
    const [line, one, two] = [new EngineLine(), engine(), engine()];
    line.connect(one.connection);
    const answer = ask(line);
    line.lose(one.connection);
    line.connect(two.connection);
    expect(two.last('askedBefore').args).toEqual([CALL]);
    expect(two.methods().indexOf('run')).toBeGreaterThan(-1);
    one.last('run').answer('late');
    await settled();
    two.last('run').answer('done');
    expect(await answer).toBe('done');
  });

  it('fails when something of it may have left', async () => {
    const [line, one, two] = [new EngineLine(), engine(), engine()];
    line.connect(one.connection);
    const other = '11111111-8b86-4d01-b42d-00cf4fc964ff';
    const [left, stayed] = [ask(line), ask(line, other)];
    one.leaves(CALL);
    line.lose(one.connection);
    expect(await left).toMatchObject({ failure: { code: 'engine_lost' } });
    line.connect(two.connection);
    expect(two.methods().filter((method) => method === 'run')).toHaveLength(1);
    two.last('run').answer('done');
    expect(await stayed).toBe('done');
  });

  it('is not asked a third time: it may be what ends the engines. To wake the engine is', async () => {
    const [line, one, two, three] = [new EngineLine(), engine(), engine(), engine()];
    line.connect(one.connection);
    const warm = line.door.warmUp(() => undefined);
    const answer = ask(line);
    line.lose(one.connection);
    line.connect(two.connection);
    line.lose(two.connection);
    expect(await answer).toMatchObject({ failure: { code: 'engine_lost' } });
    line.connect(three.connection);
    three.last('warmUp').answer('warm');
    expect(await warm).toBe('warm');
  });

  it('that was cancelled while no engine was there is cancelled at the next', () => {
    const [line, one] = [new EngineLine(), engine()];
    void ask(line);
    void line.door.cancel(CALL);
    line.connect(one.connection);
    expect(one.methods().slice(-2)).toEqual(['run', 'cancel']);
    expect(one.last('cancel').args).toEqual([CALL]);
  });

  it('that cannot be sent rejects', async () => {
    const line = new EngineLine();
    const refuse = () => Promise.reject(new Error('could not be cloned'));
    line.connect({ door: new Proxy({}, { get: () => refuse }) } as unknown as Connection);
    await expect(ask(line)).rejects.toThrow('could not be cloned');
  });
});

describe('what the page told the engine', () => {
  it('is told to the next one before it is asked anything, and only once', async () => {
    const [line, one, two] = [new EngineLine(), engine(), engine()];
    line.connect(one.connection);
    void line.door.limit({ tasks: ['classify'] });
    void line.door.limit({ tasks: ['classify', 'chat'] });
    void line.door.giveAccessTokens({ onprem: 'old' });
    void line.door.giveAccessTokens({ onprem: 'new' });
    void line.door.onConsent(() => Promise.resolve(false));
    one.last('onConsent').answer(null);
    one.last('giveAccessTokens').answer(null);
    await settled();
    const answer = ask(line);
    line.lose(one.connection);
    line.connect(two.connection);
    const told = two.methods();
    expect(told.slice(0, 3)).toEqual(['onLeaving', 'limit', 'limit']);
    expect(told.filter((method) => method === 'onConsent')).toHaveLength(1);
    expect(two.last('giveAccessTokens').args).toEqual([{ onprem: 'new' }]);
    expect(told.at(-1)).toBe('run');
    expect(told.lastIndexOf('limit')).toBeLessThan(told.indexOf('run'));
    two.last('run').answer('done');
    expect(await answer).toBe('done');
  });
});

describe('a text that is written twice', () => {
  const drafts = (...deltas: string[]): FlotillaEvent[] =>
    deltas.map((delta) => ({ type: 'draft', delta }));
  const textOf = (events: FlotillaEvent[]): string =>
    events.map((event) => (event.type === 'draft' ? event.delta : '')).join('');

  it('is heard once, in whatever pieces it comes', () => {
    const heard: FlotillaEvent[] = [];
    const listener = repeatable(
      (event) => heard.push(event),
      () => expect.unreachable(),
    );
    drafts('The ca', 'rd is ').forEach(listener.hear);
    listener.again();
    drafts('The', ' card', ' is on its', ' way.').forEach(listener.hear);
    expect(textOf(heard)).toBe('The card is on its way.');
  });

  it('is given up when the second one is another text', async () => {
    const [line, one, two] = [new EngineLine(), engine(), engine()];
    const heard: FlotillaEvent[] = [];
    line.connect(one.connection);
    const answer = ask(line, CALL, (event) => void heard.push(event));
    const sinkOf = (run: Heard) => run.args[2] as (event: FlotillaEvent) => void;
    drafts('The card').forEach(sinkOf(one.last('run')));
    line.lose(one.connection);
    line.connect(two.connection);
    drafts('A card').forEach(sinkOf(two.last('run')));
    expect(await answer).toMatchObject({ failure: { code: 'engine_lost' } });
    expect(textOf(heard)).toBe('The card');
  });
});

describe('a question that two engines ask', () => {
  const question = { requestId: '1', server: 's', url: 'u', region: 'eu', masked: 'm' };

  it('is put to the person once; that of another request is another one', async () => {
    const open: ((agreed: boolean) => void)[] = [];
    const asking = askOnce(() => new Promise((answer) => open.push(answer)));
    const [first, again] = [
      asking(question as ConsentQuestion),
      asking({ ...question } as ConsentQuestion),
    ];
    void asking({ ...question, requestId: '2' } as ConsentQuestion);
    expect(open).toHaveLength(2);
    open[0]?.(true);
    expect([await first, await again]).toEqual([true, true]);
    void asking(question as ConsentQuestion);
    expect(open).toHaveLength(3);
  });
});
