/** The rest of the page's state: boundary and consent, engine summary, places, notices, figures and words. */
import type { Receipt } from '../../src/core/threads.ts';
import { describe, expect, it, vi } from 'vitest';
import type { ConsentQuestion, FlotillaApp, RuntimeState } from '../../src/core/threads.ts';
import { Boundary } from '../../src/state/boundary.svelte.ts';
import { summaryOf } from '../../src/state/engine.svelte.ts';
import { hashOf, placeOf } from '../../src/state/navigation.svelte.ts';
import { Notices } from '../../src/state/notices.svelte.ts';
import { stopsOf } from '../../src/ui/desk/track.ts';
import { duration, share, size, sureness, timeLeft } from '../../src/ui/figures.ts';
import { matching } from '../../src/ui/parts/picker-filter.ts';
import { extentOf, nearestIndex, ticksOf } from '../../src/ui/parts/plot-scale.ts';
import { headlineOf, labelWords, promiseWords, whoLine } from '../../src/ui/words.ts';
import { answerOf, appDouble, cardOf } from './doubles/app.ts';

const plain = (text: string): string => text.replaceAll('\u202F', ' ');

describe('the boundary', () => {
  const question = (requestId: string): ConsentQuestion => ({
    requestId,
    server: 's',
    url: 'http://127.0.0.1/v1',
    region: 'eu',
    masked: 'm',
    bytes: 1,
    maskedCounts: {},
  });

  it('asks one question after the other and answers each once', async () => {
    let ask: Parameters<FlotillaApp['onConsent']>[0] = () => Promise.resolve(true);
    const boundary = new Boundary({ ...appDouble(), onConsent: (asked) => (ask = asked) });
    boundary.start();
    const answers = [ask(question('a')), ask(question('b'))];
    expect(boundary.sendings.first?.requestId).toBe('a');
    boundary.sendings.decide(true);
    expect(boundary.sendings.first?.requestId).toBe('b');
    boundary.sendings.withdraw();
    expect(boundary.sendings.first).toBe(null);
    expect(await Promise.all(answers)).toEqual([true, false]);
  });

  it('asks for each call of a tool in turn', async () => {
    let ask: Parameters<FlotillaApp['onToolCall']>[0] = () => Promise.resolve(true);
    const boundary = new Boundary({ ...appDouble(), onToolCall: (asked) => void (ask = asked) });
    boundary.start();
    const answers = [
      ask({ name: 'close_ticket', arguments: '{"id":12}' }),
      ask({ name: 'refund', arguments: '{}' }),
    ];
    expect(boundary.toolCalls.first?.name).toBe('close_ticket');
    boundary.toolCalls.decide(true);
    expect(boundary.toolCalls.first?.name).toBe('refund');
    boundary.toolCalls.decide(false);
    expect(boundary.toolCalls.first).toBeNull();
    expect(await Promise.all(answers)).toEqual([true, false]);
  });

  it('counts the bytes of failed sendings too', async () => {
    const receipt: Omit<Receipt, 'bytes' | 'outcome'> = {
      id: '1',
      time: '',
      requestId: '',
      server: '',
      url: '',
      region: '',
      sha256: '',
      body: '',
      masked: {},
      attempts: 1,
    };
    const boundary = new Boundary({
      ...appDouble(),
      receipts: () =>
        Promise.resolve([
          { ...receipt, bytes: 100, outcome: 'answered' },
          { ...receipt, id: '2', bytes: 20, outcome: 'failed' },
        ]),
    });
    await boundary.refresh();
    expect(boundary.bytes).toBe(120);
  });
});

describe('the engine in one word', () => {
  const runtime = (state: RuntimeState['state']): RuntimeState => ({
    state,
    loadedBytes: 5,
    totalBytes: 10,
    backend: '',
    loadMs: null,
    failure: state === 'failed' ? { code: 'hash_mismatch', message: 'wrong hash' } : null,
  });

  it.each([
    [[], 'starting'],
    [['ready', 'ready'], 'ready'],
    [['ready', 'loading'], 'loading'],
    [['ready', 'failed'], 'degraded'],
    [['failed', 'failed'], 'failed'],
    [['ready', 'idle'], 'starting'],
  ] as const)('%s is %s', (states, tone) => {
    const runtimes = Object.fromEntries(states.map((state, i) => [`r${i}`, runtime(state)]));
    expect(summaryOf(runtimes).tone).toBe(tone);
  });

  it('names the reason', () => {
    expect(summaryOf({ static: runtime('ready'), encoder: runtime('failed') }).reasons).toEqual([
      'encoder: wrong hash',
    ]);
  });
});

it('a place survives its way through the URL', () => {
  for (const path of ['', 'banking-tickets', 'a/b?c#d', 'ö %']) {
    expect(placeOf(hashOf('fleet', path))).toEqual({ page: 'fleet', path });
  }
  expect(placeOf('#/fleet/%E0%A4%A')).toEqual({ page: 'fleet', path: '' });
  expect(placeOf('#garbage')).toEqual({ page: 'desk', path: '' });
});

it('notices are read out at most once a second, the last one wins', () => {
  vi.useFakeTimers();
  const notices = new Notices();
  notices.announce('one');
  notices.announce('two');
  vi.advanceTimersByTime(100);
  expect(notices.spoken).toBe('two');
  notices.announce('three');
  vi.advanceTimersByTime(500);
  expect(notices.spoken).toBe('two');
  vi.advanceTimersByTime(600);
  expect(notices.spoken).toBe('three');
  vi.useRealTimers();
});

it('figures carry units and no false precision', () => {
  expect([0.973, 0.9999, 1, 0, 0.004].map((p) => plain(sureness(p)))).toEqual([
    '97 %',
    '> 99 %',
    '> 99 %',
    '< 1 %',
    '< 1 %',
  ]);
  expect([0.02, 0.934, 1].map((p) => plain(share(p)))).toEqual(['2 %', '93.4 %', '100 %']);
  expect([0.2, 6.4, 1234, 90_000].map((ms) => plain(duration(ms)))).toEqual([
    '< 1 ms',
    '6 ms',
    '1.2 s',
    '2 min',
  ]);
  expect([0, 1, 999, 12_000_000].map((n) => plain(size(n)))).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '12.0 MB',
  ]);
  expect(plain(timeLeft(0.2))).toBe('about 1 s left');
  expect(timeLeft(Infinity)).toBe('');
});

describe('words about an answer', () => {
  it.each([
    ['card_arrival', 'Card arrival'],
    ['reverted_card_payment?', 'Reverted card payment'],
    ['openaccount', 'Openaccount'],
    ['checkBalance', 'Check balance'],
    ['___', '___'],
  ])('%s reads as %s', (label, words) => expect(labelWords(label)).toBe(words));

  it('says who, how sure, how long and where', () => {
    expect(plain(whoLine(answerOf('a?')))).toBe(
      'banking-tickets 1.0.0 · 97 % sure · 6 ms · on this device',
    );
  });

  it('says None of its labels for a request out of scope, and marks the person as the stop', () => {
    const answer = answerOf('no label');
    expect(headlineOf(answer)).toBe('None of its labels');
    expect(stopsOf(answer).map((stop) => [stop.tier, stop.state])).toEqual([
      ['static', 'tried'],
      ['encoder', 'proposed'],
      ['server', 'unused'],
      ['person', 'waiting'],
    ]);
  });

  it('states the promise with its condition', () => {
    const certificate = cardOf('banking-tickets').certificate;
    expect(certificate && plain(promiseWords(certificate))).toBe(
      'Wrong in at most 2 % of the requests it accepts, 95 % sure, measured on 1,234 held-out rows. It accepts 83.4 % of ' +
        'the requests it knows by itself. This holds for the same mix of requests, with 10 % out of scope.',
    );
  });
});

it('the picker wants every word and puts names that start with the query first', () => {
  const items = ['Lost card', 'Card arrival', 'Top up'].map((title) => ({ id: title, title }));
  expect(matching(items, 'card').map((item) => item.title)).toEqual(['Card arrival', 'Lost card']);
  expect(matching(items, 'lost card')).toHaveLength(1);
  expect(matching(items, 'x')).toEqual([]);
});

it('plots have round ticks and find the nearest point', () => {
  expect(ticksOf(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticksOf(3, 3)).toEqual([3]);
  expect(extentOf([], 'x')).toEqual([0, 1]);
  expect(
    nearestIndex(
      [
        { x: 0, y: 0 },
        { x: 1, y: 0 },
      ],
      0.7,
    ),
  ).toBe(1);
  expect(nearestIndex([], 0.7)).toBe(-1);
});
