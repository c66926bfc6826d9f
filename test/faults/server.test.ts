/** A hostile server: every misbehaviour gets its code, and rows, receipt and bytes stay consistent. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FailureCode } from '../../src/core/failure.ts';
import {
  completion,
  json,
  startHostile,
  status,
  stream,
  type Behaviour,
  type HostileServer,
} from '../servers/hostile.ts';
import { callFor, policyFor, trustFor } from '../servers/trust-for-tests.ts';

const TEXT = 'My card was stolen, write to anna@mail.example.';
const GOOD = completion({ label: 'lost_or_stolen_card', evidence: 'write to [EMAIL_1]' });

let server: HostileServer;
beforeAll(async () => {
  server = await startHostile();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.bodies.length = 0;
});

/** Asks once and checks what must hold whatever the server did. */
async function ask(
  behaviour: Behaviour,
  limits: object = {},
  call: Parameters<typeof callFor>[1] = {},
) {
  server.behave(behaviour);
  const trust = trustFor(policyFor(server.baseUrl, {}, { timeout_ms: 400, ...limits }));
  const outcome = await trust.server.classify(callFor(TEXT, call));
  const rows = await trust.rows();
  const [receipt] = await trust.receiptList();
  expect(rows.map((row) => row.kind)).toEqual(['leaving', 'settled']);
  expect(rows[1]?.data['outcome']).toBe(receipt?.outcome);
  expect(rows[1]?.data['code']).toBe(outcome.result.ok ? null : outcome.result.failure.code);
  expect(outcome.receipt).toEqual(receipt);
  expect(receipt?.attempts).toBe(server.bodies.length);
  expect(new Set(server.bodies)).toEqual(new Set([receipt?.body]));
  expect(outcome.bytes).toBe(server.bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0));
  expect(server.bodies.join()).not.toContain('anna@');
  expect(JSON.stringify(rows)).not.toMatch(/stolen|anna/);
  expect(await trust.audit.verify()).toMatchObject({ value: { intact: true } });
  return outcome;
}

const chunk = (content: string, rest: object = {}) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content }, ...rest }] })}\n\n`;

describe('a good answer', () => {
  it('is read, validated and restored', async () => {
    const { result } = await ask(json(GOOD));
    expect(result).toMatchObject({
      ok: true,
      value: {
        label: 'lost_or_stolen_card',
        evidence: 'write to anna@mail.example',
        confidence: null,
      },
    });
  });
  it('of fields is read and restored; found names are masked before anything leaves', async () => {
    const text = 'Ada Kern\nIBAN DE89 3704 0044 0532 0130 00';
    server.behave(json(completion({ iban: '[IBAN_1]', seller_name: '[PERSON_1]', other: 'x' })));
    const trust = trustFor(policyFor(server.baseUrl), null, {
      namesIn: () => Promise.resolve({ ok: true, value: [{ type: 'PERSON', start: 0, end: 8 }] }),
    });
    const { result, bytes } = await trust.server.fields({
      ...callFor(text),
      task: 'extract',
      fields: ['iban', 'seller_name'],
    });
    expect(result).toMatchObject({
      ok: true,
      value: { values: { iban: 'DE89 3704 0044 0532 0130 00', seller_name: 'Ada Kern' } },
    });
    expect(server.bodies.join()).not.toMatch(/Ada|Kern|3704/);
    expect(bytes).toBe(Buffer.byteLength(server.bodies.join()));
  });
  it('is never asked for where the search for names fails', async () => {
    server.behave(json(GOOD));
    const trust = trustFor(policyFor(server.baseUrl), null, {
      namesIn: () =>
        Promise.resolve({ ok: false, failure: { code: 'policy_denied', message: 'no names' } }),
    });
    const { result, receipt, bytes } = await trust.server.classify(callFor(TEXT));
    expect(result).toMatchObject({ ok: false, failure: { code: 'policy_denied' } });
    expect([receipt, bytes, server.bodies.length]).toEqual([null, 0, 0]);
    expect((await trust.rows()).map(({ kind }) => kind)).toEqual(['denied']);
  });
  it('may be streamed in pieces that cut lines and letters', async () => {
    const bytes = Buffer.from(
      chunk('{"label":"card_arrival",') +
        ': ping\r\n\r\n' +
        chunk('"evidence":"é"}', { finish_reason: 'stop' }) +
        'data: [DONE]\n\n',
    );
    const { result } = await ask((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      for (const byte of bytes) response.write(Buffer.from([byte]));
      response.end();
    });
    expect(result).toMatchObject({ ok: true, value: { label: 'card_arrival', evidence: null } });
  });
  it('of "none of these" is null', async () => {
    expect(
      (await ask(json(completion({ label: 'none_of_these', evidence: '' })))).result,
    ).toMatchObject({ ok: true, value: { label: null } });
  });
  it('has its price', async () => {
    const price = { input_per_mtok: 2, output_per_mtok: 10, currency: 'EUR' };
    expect((await ask(json(GOOD), { price })).result).toMatchObject({
      ok: true,
      value: { usage: { cost: 0.0021, currency: 'EUR' } },
    });
  });
});

describe('misbehaviour', () => {
  const huge = `{"x":"${'x'.repeat(2_000_000)}"}`;
  const half = completion({ label: 'card_arrival', evidence: '' }).slice(0, 40);
  const cases: [string, Behaviour, FailureCode, number][] = [
    ['nonsense', json('<html>hello</html>'), 'server_nonsense', 1],
    ['an empty answer', json(''), 'server_nonsense', 1],
    ['no choices', json('{"choices":[]}'), 'server_nonsense', 1],
    ['text instead of JSON', json(completion('card_arrival')), 'server_nonsense', 1],
    [
      'a label outside the list',
      json(completion({ label: 'refund_everything', evidence: '' })),
      'server_nonsense',
      1,
    ],
    [
      'a label of another type',
      json(completion({ label: ['card_arrival'] })),
      'server_nonsense',
      1,
    ],
    ['a huge answer', json(huge), 'server_nonsense', 1],
    ['400', status(400), 'server_error', 1],
    ['401', status(401), 'server_unauthorized', 1],
    ['403', status(403), 'server_unauthorized', 1],
    ['404', status(404), 'server_error', 1],
    ['500', status(500), 'server_error', 1],
    ['503 each time', status(503), 'server_error', 3],
    ['429 each time', status(429, { 'retry-after': '0' }), 'server_rate_limited', 3],
    [
      '429 until long after the deadline',
      status(429, { 'retry-after': '3600' }),
      'server_rate_limited',
      1,
    ],
    ['a hang', () => undefined, 'server_timeout', 1],
    [
      'a hang in the middle',
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
      'server_timeout',
      1,
    ],
    ['a streamed garbage', stream('data: {"choices":"x"}\n\n'), 'server_nonsense', 1],
    ['a stream of no JSON', stream('data: hello\n\n'), 'server_nonsense', 1],
    ['a stream that stops', stream(chunk('{"label":"card_')), 'server_error', 1],
    [
      'a connection closed mid-answer',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
        response.write(half, () => response.destroy());
      },
      'server_error',
      1,
    ],
  ];
  it.each(cases)('%s', async (_, behaviour, code, requests) => {
    const { result } = await ask(behaviour);
    expect(result).toMatchObject({ ok: false, failure: { code } });
    expect(server.bodies).toHaveLength(requests);
  });

  it('a redirect is not followed', async () => {
    const elsewhere = await startHostile();
    elsewhere.behave(json(GOOD));
    const { result } = await ask(
      status(307, { location: `${elsewhere.baseUrl}/chat/completions` }),
    );
    expect(result).toMatchObject({ ok: false, failure: { code: 'server_unreachable' } });
    expect(elsewhere.connections()).toBe(0);
    await elsewhere.stop();
  });

  it('a deadline shorter than the time-out, and a cancel, have their own codes', async () => {
    const late = await ask(() => undefined, { timeout_ms: 5000 }, { deadlineAt: Date.now() + 300 });
    expect(late.result).toMatchObject({ failure: { code: 'deadline' } });
    server.bodies.length = 0;
    const signal = AbortSignal.timeout(200);
    const cancelled = await ask(() => undefined, { timeout_ms: 5000 }, { signal });
    expect(cancelled.result).toMatchObject({ failure: { code: 'cancelled' } });
  });
});

describe('recovery', () => {
  it('tries again after 429 and 503 and then takes the answer', async () => {
    const { result } = await ask((response, request, count) => {
      if (count === 1) status(429, { 'retry-after': '0' })(response, request, count);
      else if (count === 2) status(503)(response, request, count);
      else json(GOOD)(response, request, count);
    });
    expect(result.ok).toBe(true);
    expect(server.bodies).toHaveLength(3);
  });

  it('leaves a failing server alone, tries once after the cool-down, and closes the circuit', async () => {
    const trust = trustFor(policyFor(server.baseUrl, {}, { allowed_fails: 2, cooldown_ms: 300 }));
    server.behave(status(500));
    const codes: (string | null)[] = [];
    const once = async () => {
      const { result } = await trust.server.classify(callFor(TEXT));
      codes.push(result.ok ? null : result.failure.code);
    };
    await once();
    await once();
    await once();
    expect(server.bodies).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 350));
    server.behave(json(GOOD));
    await once();
    await once();
    expect(codes).toEqual(['server_error', 'server_error', 'circuit_open', null, null]);
    expect((await trust.rows()).filter((row) => row.kind === 'denied')).toHaveLength(1);
  });

  it('counts retries against the daily number', async () => {
    const trust = trustFor(policyFor(server.baseUrl, {}, { max_requests_per_day: 2 }));
    server.behave(status(429, { 'retry-after': '0' }));
    const first = await trust.server.classify(callFor(TEXT));
    expect(first).toMatchObject({
      result: { failure: { code: 'quota_spent' } },
      receipt: { attempts: 2 },
    });
    const second = await trust.server.classify(callFor(TEXT));
    expect(second).toMatchObject({
      result: { failure: { code: 'quota_spent' } },
      receipt: null,
      bytes: 0,
    });
    expect(server.bodies).toHaveLength(2);
  });
});
