/** The chat's state: streams put together, stopping, changing, asking again, undo, and what survives a reload. */
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openChats } from '../../src/bridge/chat-store.ts';
import { messagesOf, titleOf, type ChatStore, type Turn } from '../../src/core/conversation.ts';
import { FlotillaError } from '../../src/core/failure.ts';
import { Chat } from '../../src/state/chat.svelte.ts';
import { wantedFormat } from '../../src/state/chat-format.ts';
import { appDouble } from './doubles/app.ts';
import { chatDouble, chunk, written, type Stream } from './doubles/language.ts';

let kept: Map<string, string>;
let stores = 0;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      kept.set(key, value);
    },
    removeItem: (key: string) => {
      kept.delete(key);
    },
  });
  vi.stubGlobal('BroadcastChannel', undefined);
});

const newStore = (): ChatStore => openChats(`chats-${++stores}`);

/** A chat whose frames are drawn when the test says so. */
function chatWith(stream: Stream, store = newStore()) {
  const api = chatDouble(stream);
  const frames: (() => void)[] = [];
  const chat = new Chat({
    app: { ...appDouble(), chat: api },
    store,
    backendOf: (model) => (model.startsWith('house-slm') ? 'WebAssembly, 2 threads' : ''),
    onFrame: (run) => void frames.push(run),
  });
  const draw = (): void => frames.splice(0).forEach((run) => run());
  const say = async (text: string): Promise<void> => {
    chat.draft.write(text);
    await chat.send();
    await chat.running?.done;
  };
  return { chat, api, frames, draw, say };
}

/** Writes what the test hands over, and never ends by itself. */
function heldStream(): { stream: Stream; write: (text: string) => void } {
  const waiting: string[] = [];
  let wake = (): void => undefined;
  const stream: Stream = async function* () {
    for (;;) {
      if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      yield chunk({}, waiting.shift() ?? '');
    }
  };
  const write = (text: string): void => {
    waiting.push(text);
    wake();
  };
  return { stream, write };
}

const texts = (turns: readonly Turn[]): string[] => turns.map((turn) => turn.text);

describe('an answer that comes in', () => {
  it('is put together from its pieces, with who wrote it and how fast', async () => {
    const { chat, say } = chatWith(written('It ', 'is ', 'a **term**.'));
    await say('What is a chargeback?');
    expect(texts(chat.turns)).toEqual(['What is a chargeback?', 'It is a **term**.']);
    expect(chat.turns[1]?.outcome).toMatchObject({
      state: 'done',
      model: 'house-slm@1.0.0',
      backend: 'WebAssembly, 2 threads',
      finish: 'stop',
      failure: null,
    });
    expect(chat.turns[1]?.outcome?.answer?.decision.tier).toBe('slm');
    expect(chat.running).toBe(null);
    expect(chat.draft.text).toBe('');
  });

  it('is drawn once a frame, however many pieces came', async () => {
    const { chat, frames, draw } = chatWith(written(...'a long answer in many pieces'.split('')));
    chat.draft.write('q');
    await chat.send();
    const live = chat.running?.live;
    await chat.running?.done;
    expect(frames).toHaveLength(1);
    expect(live?.text).toBe('');
    draw();
    expect(live?.text).toBe('a long answer in many pieces');
  });

  it('sends the whole conversation, the chosen model and the form that is wanted', async () => {
    const { chat, api, say } = chatWith(written('yes'));
    await say('first');
    chat.choose('banking-tickets');
    chat.draft.wantJson(true);
    chat.draft.writeSchema('{"type":"object"}');
    await say('second');
    expect(api.asked[0]).toMatchObject({ model: 'auto', stream: true });
    expect(api.asked[0]?.response_format).toBeUndefined();
    expect(api.asked[1]).toMatchObject({
      model: 'banking-tickets',
      messages: [
        { role: 'user', content: 'first' },
        { role: 'assistant', content: 'yes' },
        { role: 'user', content: 'second' },
      ],
      response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } },
    });
    expect(chat.turns.at(-1)?.outcome?.format).toBe('schema');
  });

  it('stops at once, keeps its text and hears nothing more', async () => {
    const { stream, write } = heldStream();
    const { chat } = chatWith(stream);
    chat.draft.write('q');
    await chat.send();
    write('half a ');
    await vi.waitFor(() => expect(chat.running?.live.received).toBe('half a '));
    const running = chat.running;
    chat.stop();
    await running?.done;
    write('late');
    expect(chat.turns[1]).toMatchObject({ text: 'half a ', outcome: { state: 'stopped' } });
  });

  it('fails with what happened and the next step; the text so far and the question are kept', async () => {
    const failure = { code: 'device_lost', message: 'The device was lost.' } as const;
    const { chat, say } = chatWith(async function* () {
      yield chunk({}, 'so far');
      await Promise.resolve();
      throw new FlotillaError(failure);
    });
    await say('q');
    expect(texts(chat.turns)).toEqual(['q', 'so far']);
    expect(chat.turns[1]?.outcome?.failure).toEqual({
      ...failure,
      hint: 'The graphics device was reset. Ask again: the model is loaded anew.',
    });
    expect(messagesOf(chat.turns)).toEqual([{ role: 'user', content: 'q' }]);
  });

  it('takes no second question meanwhile, nor an empty one', async () => {
    const { stream } = heldStream();
    const { chat, api } = chatWith(stream);
    chat.draft.write('   ');
    await chat.send();
    chat.draft.write('one');
    await chat.send();
    chat.draft.write('two');
    await chat.send();
    expect(api.asked).toHaveLength(1);
    expect(chat.draft.text).toBe('two');
    chat.stop();
  });

  it('goes to its own conversation while another one is shown', async () => {
    const { stream, write } = heldStream();
    const { chat } = chatWith(stream);
    chat.draft.write('slow question');
    await chat.send();
    const [id, running] = [chat.current?.id ?? '', chat.running];
    await chat.open(null);
    expect(chat.shown).toEqual([]);
    write('an answer');
    await vi.waitFor(() => expect(running?.live.received).toBe('an answer'));
    chat.stop();
    await running?.done;
    expect(chat.turns).toEqual([]);
    await chat.open(id);
    expect(texts(chat.turns)).toEqual(['slow question', 'an answer']);
  });
});

describe('changing what was said', () => {
  it('a changed message replaces what came after it, and undo brings all of it back', async () => {
    const { chat, say } = chatWith(written('answer'));
    await say('one');
    await say('two');
    const two = chat.turns[2];
    chat.draft.write('a draft that waits');
    chat.draft.change(two?.id ?? '', two?.text ?? '');
    chat.draft.write('two, better');
    const undo = await chat.send();
    await chat.running?.done;
    expect(texts(chat.turns)).toEqual(['one', 'answer', 'two, better', 'answer']);
    expect(chat.draft.text).toBe('a draft that waits');
    await undo?.();
    expect(texts(chat.turns)).toEqual(['one', 'answer', 'two', 'answer']);
  });

  it('asks again with another draw, and undo brings the answer before back', async () => {
    let asked = 0;
    const { chat, api, say } = chatWith((request, options) =>
      written(`answer ${++asked}`)(request, options),
    );
    await say('q');
    const undo = await chat.again();
    await chat.running?.done;
    expect(texts(chat.turns)).toEqual(['q', 'answer 2']);
    expect(api.asked[0]?.temperature).toBeUndefined();
    expect(api.asked[1]?.temperature).toBeGreaterThan(0);
    await undo?.();
    expect(texts(chat.turns)).toEqual(['q', 'answer 1']);
  });

  it('undo of asking again also works while the new answer comes in', async () => {
    const held = heldStream();
    let asked = 0;
    const { chat, say } = chatWith((request, options) =>
      asked++ === 0 ? written('first')(request, options) : held.stream(request, options),
    );
    await say('q');
    const undo = await chat.again();
    held.write('new');
    await undo?.();
    expect(texts(chat.turns)).toEqual(['q', 'first']);
    expect(chat.running).toBe(null);
  });

  it('deletes messages and conversations, each with a way back', async () => {
    const store = newStore();
    const { chat, say } = chatWith(written('answer'), store);
    await say('one');
    const id = chat.current?.id ?? '';
    const backTurn = await chat.removeTurns(chat.turns.slice(1));
    expect(await store.turns(id)).toHaveLength(1);
    await backTurn();
    expect(texts(await store.turns(id))).toEqual(['one', 'answer']);
    const backAll = await chat.removeConversation(chat.list.all[0]!);
    expect(chat.current).toBe(null);
    expect(await store.list()).toEqual([]);
    expect(await store.turns(id)).toEqual([]);
    await backAll();
    await chat.open(id);
    expect(texts(chat.turns)).toEqual(['one', 'answer']);
  });
});

describe('nothing typed is lost', () => {
  it('a reload finds the conversation, the draft of each one and the half-changed message', async () => {
    const store = newStore();
    const { chat, say } = chatWith(written('answer'), store);
    chat.draft.open(null);
    await say('one');
    const id = chat.current?.id ?? '';
    chat.draft.write('a draft here');
    const reloaded = chatWith(written('answer'), store).chat;
    await reloaded.list.load();
    await reloaded.open(id);
    expect(texts(reloaded.turns)).toEqual(['one', 'answer']);
    expect(reloaded.draft.text).toBe('a draft here');
    reloaded.draft.change(reloaded.turns[0]?.id ?? '', 'one');
    reloaded.draft.write('one, bet');
    await reloaded.open(null);
    expect(reloaded.draft.text).toBe('');
    await reloaded.open(id);
    expect(reloaded.draft.text).toBe('one, bet');
    expect(reloaded.draft.changes).toBe(reloaded.turns[0]?.id);
    reloaded.draft.endChange();
    expect(reloaded.draft.text).toBe('a draft here');
    expect(kept.get('flotilla.chat-at')).toBe(id);
  });

  it('an answer is stored while it comes in, so that a crash loses at most a second of it', async () => {
    const store = newStore();
    const { stream, write } = heldStream();
    const { chat } = chatWith(stream, store);
    chat.draft.write('q');
    await chat.send();
    const id = chat.current?.id ?? '';
    write('half');
    await vi.waitFor(async () => expect(texts(await store.turns(id))).toEqual(['q', 'half']), {
      timeout: 3000,
    });
    expect((await store.turns(id))[1]?.outcome?.state).toBe('writing');
    chat.stop();
  });

  it('goes on in memory where the browser stores nothing, and says so', async () => {
    const no = (): Promise<never> =>
      Promise.reject(new DOMException('The quota has been exceeded.', 'QuotaExceededError'));
    const refusing: ChatStore = { list: no, turns: no, put: no, removeTurns: no, remove: no };
    const { chat, say } = chatWith(written('answer'), refusing);
    await say('one');
    expect(chat.list.trouble?.code).toBe('storage_full');
    const id = chat.current?.id ?? '';
    await chat.open(null);
    await chat.open(id);
    expect(texts(chat.turns)).toEqual(['one', 'answer']);
  });

  it('a long draft is stored after a pause and at once when the page goes', async () => {
    const { chat } = chatWith(written('answer'));
    const long = 'x'.repeat(30_000);
    await chat.open(null);
    chat.draft.write(long);
    expect(kept.has('flotilla.chat-draft')).toBe(false);
    chat.draft.keepNow();
    expect(kept.get('flotilla.chat-draft')).toBe(long);
  });
});

describe('the form of an answer', () => {
  it.each([
    ['{"type":', /not JSON/],
    ['[1]', /is an object/],
    ['"text"', /is an object/],
  ])('the schema %s is refused before anything is asked', async (schema, why) => {
    const { chat, api, say } = chatWith(written('{}'));
    chat.draft.wantJson(true);
    chat.draft.writeSchema(schema);
    await say('q');
    expect(api.asked).toEqual([]);
    expect(chat.trouble?.message).toMatch(why);
    expect(chat.draft.text).toBe('q');
  });

  it('without a schema any object will do', () => {
    expect(wantedFormat(true, ' ')).toEqual({
      ok: true,
      value: { kind: 'json', format: { type: 'json_object' } },
    });
  });
});

describe('the title of a conversation', () => {
  it.each([
    ['\n  Where is   my card?\nIt was sent', 'Where is my card?'],
    ['word '.repeat(30), `${'word '.repeat(11)}word …`],
    ['x'.repeat(80), `${'x'.repeat(60)} …`],
    [`${'x'.repeat(59)}💳`, `${'x'.repeat(59)} …`],
  ])('%j', (text, title) => expect(titleOf(text)).toBe(title));
});
