/** The life of one request over in-memory ports: who is asked, who is not, and what the answer says about it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, ClassifyOutput } from '../../src/core/answer.ts';
import type { Failure } from '../../src/core/failure.ts';
import { handleRequest } from '../../src/core/handle-request.ts';
import type { HandleOptions } from '../../src/core/ports.ts';
import type { RunRequest } from '../../src/core/request.ts';
import type { FlotillaEvent } from '../../src/core/threads.ts';
import { answered, failed, policyWithServer, portsFor, type Script } from './doubles/ports.ts';
import { COMMANDS, promiseOf, TICKETS, VECTORS } from './doubles/specialist.ts';

const TEXT = 'MY CARD HAS NOT COME YET';
const BROKEN: Failure = { code: 'runtime_failed', message: 'The encoder did not start.' };
const SURE = { confidence: 0.99 };
const UNSURE = { confidence: 0.6 };

interface Ran extends ReturnType<typeof portsFor> {
  answer: Answer<ClassifyOutput>;
  events: FlotillaEvent[];
}

async function run(
  script: Script,
  request: RunRequest = {},
  options: HandleOptions = {},
): Promise<Ran> {
  const doubles = portsFor(script);
  const events: FlotillaEvent[] = [];
  const onEvent = (event: FlotillaEvent) => void events.push(event);
  const result = await handleRequest(request, TEXT, doubles.ports, { onEvent, ...options });
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return { ...doubles, events, answer: result.value as Answer<ClassifyOutput> };
}

const tiersAsked = ({ calls }: Ran) => calls.embed.map((call) => call.tier);
const outcomes = ({ answer }: Ran) =>
  answer.decision.attempts.map(({ tier, outcome }) => `${tier} ${outcome}`);

describe('local tiers', () => {
  it('static is sure: the encoder is never asked', async () => {
    const ran = await run({ static: { ...SURE, label: 'refund' } });
    expect(tiersAsked(ran)).toEqual(['static']);
    expect(ran.answer).toMatchObject({
      id: 'request-1',
      task: 'classify',
      specialist: { id: 'tickets', version: '1.0.0' },
      status: 'accepted',
      confidence: 0.99,
      inferenceSource: 'on_device',
      decision: {
        tier: 'static',
        reason: 'local_ok',
        certificate: { maxError: 0.05, threshold: 0.95 },
      },
      egress: { bytes: 0, receipt: null },
    });
    expect(ran.answer.output?.label).toBe('refund');
  });

  it('static is not sure: the encoder decides', async () => {
    const ran = await run({ static: UNSURE, encoder: { confidence: 0.85, label: 'limit' } });
    expect(tiersAsked(ran)).toEqual(['static', 'encoder']);
    expect(outcomes(ran)).toEqual(['static low_confidence', 'encoder accepted']);
    expect(ran.answer.decision.tier).toBe('encoder');
    expect(ran.answer.output?.label).toBe('limit');
  });

  it('sure of the label but not of the route: the encoder decides', async () => {
    const ran = await run({ static: { ...SURE, vector: VECTORS.ticketsPerhaps }, encoder: SURE });
    expect(tiersAsked(ran)).toEqual(['static', 'encoder']);
    expect(ran.answer.status).toBe('accepted');
  });

  it('no tier is sure: a person, with what is needed in words', async () => {
    const ran = await run({ static: UNSURE, encoder: UNSURE });
    expect(ran.answer).toMatchObject({
      status: 'needs_review',
      confidence: 0.6,
      decision: { reason: 'low_confidence', certificate: null },
    });
    expect(ran.answer.decision.explanation).toMatch(/60 %.*80 %.*at most 5 % error/);
    expect(ran.answer.output?.label).toBe('card');
  });

  it('a stricter promise needs a higher threshold', async () => {
    const policy = { ...policyWithServer(), servers: [] };
    const strict = { ...policy, defaults: { ...policy.defaults, max_error: 0.02 } };
    const script = { static: UNSURE, encoder: { confidence: 0.85 } };
    expect((await run({ ...script, policy })).answer.status).toBe('accepted');
    const held = await run({ ...script, policy: strict });
    expect(held.answer.status).toBe('needs_review');
    const none = await run({
      ...script,
      policy: { ...policy, defaults: { ...policy.defaults, max_error: 0.001 } },
    });
    expect(none.answer.decision.reason).toBe('no_certificate');
  });

  it('no certificate: nothing is accepted however sure it is', async () => {
    const manifest = {
      ...TICKETS.manifest,
      promises: { static: promiseOf([]), encoder: promiseOf([]) },
    };
    const script = { static: { confidence: 1 }, encoder: { confidence: 1 } };
    const ran = await run({ ...script, specialists: [{ ...TICKETS, manifest }] });
    expect(ran.answer).toMatchObject({
      status: 'needs_review',
      decision: { reason: 'no_certificate', certificate: null },
    });
  });

  it('each text is embedded once per tier, and the specialist uses the same embedding', async () => {
    const ran = await run({ static: UNSURE, encoder: UNSURE, policy: policyWithServer() });
    expect(ran.calls.embed).toEqual([
      { tier: 'static', text: TEXT },
      { tier: 'encoder', text: TEXT },
    ]);
    const [first, second] = [ran.calls.classify[0], ran.calls.classify.at(-1)];
    expect(first?.embeddings.encoder).toBeNull();
    expect(second?.embeddings.static).toBe(first?.embeddings.static);
    expect(second?.embeddings.encoder?.vector).toHaveLength(3);
  });

  it('the encoder may route it elsewhere', async () => {
    const ran = await run({
      static: { ...UNSURE, vector: VECTORS.ticketsPerhaps },
      encoder: { ...SURE, vector: VECTORS.commands },
    });
    expect(ran.answer.specialist.id).toBe('commands');
    expect(ran.answer.output?.label).toBe('lights');
    expect(ran.answer.decision.classifications.map((c) => c.label)).toEqual([
      'commands',
      'tickets',
    ]);
  });

  it('long text: the answer says that only its beginning was read', async () => {
    const ran = await run({ static: { ...SURE, cut: true } });
    expect(ran.answer.decision.explanation).toContain('Only the beginning');
  });
});

describe('a named specialist', () => {
  it.each(['commands', 'commands@1.0.0', 'commands@champion'])(
    '%s is used, whatever the router thinks',
    async (name) => {
      const ran = await run({ static: { ...SURE, vector: VECTORS.tickets } }, { specialist: name });
      expect(ran.answer.specialist).toEqual({ id: 'commands', version: '1.0.0' });
      expect(ran.calls.classify.every((call) => call.specialist === 'commands')).toBe(true);
      expect(ran.events.some((event) => event.type === 'routed')).toBe(false);
      expect(ran.answer.status).toBe('accepted');
    },
  );
});

describe('wrong calls', () => {
  it.each([
    [{}, '', 'empty_input'],
    [{}, ' \n\t ', 'empty_input'],
    [{}, 'x'.repeat(1_048_577), 'input_too_long'],
    [{ specialist: 'nobody' }, TEXT, 'unknown_specialist'],
    [{ specialist: 'tickets@9.9.9' }, TEXT, 'unknown_specialist'],
    [{ task: 'juggle' }, TEXT, 'unknown_task'],
    [{ task: 'summarize' }, TEXT, 'unknown_task'],
    [{ mode: 'in_the_cloud' }, TEXT, 'bad_request'],
  ])('%o fails', async (request, text, code) => {
    const { ports, calls } = portsFor({});
    const result = await handleRequest(request as RunRequest, text, ports);
    expect(result).toMatchObject({ ok: false, failure: { code } });
    expect(calls.embed).toEqual([]);
    expect(calls.audit).toEqual([]);
  });
});

describe('a request that no specialist claims', () => {
  const strange = { vector: VECTORS.strange, confidence: 0.97 };
  const openEnded = { vector: VECTORS.openEnded, confidence: 0.97 };

  it('has no label and a low confidence, however sure a specialist is', async () => {
    const ran = await run({ static: strange, encoder: strange });
    expect(tiersAsked(ran)).toEqual(['static', 'encoder']);
    expect(ran.answer).toMatchObject({
      status: 'needs_review',
      decision: { reason: 'out_of_scope', certificate: null },
    });
    expect(ran.answer.output?.label).toBeNull();
    expect(ran.answer.confidence).toBeLessThanOrEqual(0.2);
  });

  it('is recognised as open-ended', async () => {
    const ran = await run({ static: openEnded, encoder: openEnded });
    expect(ran.answer.decision.reason).toBe('open_ended');
    expect(ran.answer.output?.label).toBeNull();
    expect(ran.answer.confidence).toBeLessThanOrEqual(0.2);
  });

  it('the encoder may still claim it', async () => {
    const ran = await run({ static: strange, encoder: { ...SURE, vector: VECTORS.tickets } });
    expect(ran.answer.status).toBe('accepted');
    expect(ran.answer.output?.label).toBe('card');
  });

  it('the specialist itself may say that none of its labels fits', async () => {
    const ran = await run({ static: { confidence: 0.1 }, encoder: { confidence: 0.1 } });
    expect(ran.answer.decision.reason).toBe('out_of_scope');
    expect(ran.answer.output?.label).toBeNull();
    expect(ran.answer.confidence).toBe(0.1);
  });

  it('gets no label back because a server failed or a person sent it up', async () => {
    const down = failed({ code: 'server_error', message: 'The server answered 500.' });
    const policy = policyWithServer();
    const script = { static: strange, encoder: strange };
    for (const ran of [
      await run({ ...script, policy, server: down }),
      await run(script, {}, { byHand: true }),
    ]) {
      expect(ran.answer.status).toBe('needs_review');
      expect(ran.answer.output?.label).toBeNull();
      expect(ran.answer.confidence).toBeLessThanOrEqual(0.2);
    }
  });

  it('a server may label it', async () => {
    const script = { static: strange, encoder: strange, policy: policyWithServer() };
    const ran = await run({ ...script, server: answered('refund') });
    expect(ran.answer).toMatchObject({ status: 'accepted', decision: { reason: 'server_ok' } });
    expect(ran.answer.output?.label).toBe('refund');
  });

  it('an empty fleet claims nothing', async () => {
    const ran = await run({ specialists: [] });
    expect(ran.answer).toMatchObject({ status: 'needs_review', output: null, confidence: 0 });
    expect(ran.answer.inferenceSource).toBeNull();
  });
});

describe('a runtime that fails', () => {
  it('static: the encoder answers, but without the promise that both tiers make together', async () => {
    const ran = await run({ static: { fails: BROKEN }, encoder: SURE });
    expect(ran.answer.status).toBe('needs_review');
    expect(ran.answer.output?.label).not.toBeNull();
    expect(ran.answer.decision).toMatchObject({ reason: 'no_certificate', certificate: null });
    expect(outcomes(ran)).toEqual(['static runtime_failed', 'encoder no_certificate']);
  });

  it('encoder: what static thought stands, and the answer says why it went no further', async () => {
    const ran = await run({ static: UNSURE, encoder: { fails: BROKEN } });
    expect(ran.answer).toMatchObject({
      status: 'needs_review',
      confidence: 0.6,
      decision: { tier: 'static', reason: 'fell_back:runtime_failed', explanation: BROKEN.message },
    });
  });

  it('both: nothing is made up', async () => {
    const ran = await run({ static: { fails: BROKEN }, encoder: { fails: BROKEN } });
    expect(ran.answer).toMatchObject({
      status: 'needs_review',
      output: null,
      confidence: 0,
      inferenceSource: null,
      decision: { reason: 'fell_back:runtime_failed', certificate: null },
    });
    expect(ran.calls.classify).toEqual([]);
  });

  it('a file with a wrong hash is named', async () => {
    const fails: Failure = {
      code: 'hash_mismatch',
      message: 'table.bin is not the file it should be.',
    };
    const ran = await run({ static: { fails }, encoder: { fails } });
    expect(ran.answer.decision.reason).toBe('fell_back:hash_mismatch');
    expect(ran.answer.decision.explanation).toBe(fails.message);
  });
});

describe('time and cancel', () => {
  const policy = policyWithServer({ deadline_ms: 1000 });

  it('after the deadline no further tier is asked', async () => {
    const ran = await run({ static: { ...UNSURE, takesMs: 1500 }, encoder: SURE, policy });
    expect(tiersAsked(ran)).toEqual(['static']);
    expect(ran.calls.server).toEqual([]);
    expect(ran.answer).toMatchObject({
      status: 'needs_review',
      confidence: 0.6,
      decision: { reason: 'deadline' },
      usage: { ms: 1500 },
    });
  });

  it('an answer that is sure is not thrown away because it was late', async () => {
    const ran = await run({ static: { ...SURE, takesMs: 1500 }, policy });
    expect(ran.answer.status).toBe('accepted');
  });

  it('the time that a person thought about consent is no deadline', async () => {
    const denied = failed({ code: 'consent_denied', message: 'You kept it here.' });
    const ran = await run({
      static: UNSURE,
      encoder: UNSURE,
      policy,
      server: denied,
      serverTakesMs: 60_000,
    });
    expect(ran.answer.decision.reason).toBe('consent_denied');
  });

  it('cancelled before it began: nobody is asked', async () => {
    const ran = await run({ policy }, {}, { signal: AbortSignal.abort() });
    expect(ran.calls.embed).toEqual([]);
    expect(ran.answer).toMatchObject({
      status: 'cancelled',
      output: null,
      decision: { reason: 'cancelled' },
    });
  });

  it.each([
    ['static', {}],
    ['encoder', {}],
    ['encoder', { byHand: true }],
  ] as const)('cancelled during %s %o: it never goes up', async (tier, options) => {
    const control = new AbortController();
    const meanwhile = () => control.abort();
    const script = { static: UNSURE, encoder: UNSURE, [tier]: { ...UNSURE, meanwhile } };
    const ran = await run({ ...script, policy }, {}, { ...options, signal: control.signal });
    expect(ran.calls.server).toEqual([]);
    expect(ran.events.some((event) => event.type === 'escalated')).toBe(false);
    expect(ran.answer.status).toBe('cancelled');
    expect(ran.answer.decision.reason).toBe('cancelled');
  });

  it('cancelled while the server was asked: not a failure', async () => {
    const server = failed({ code: 'cancelled', message: 'Cancelled.' });
    const ran = await run({ static: UNSURE, encoder: UNSURE, policy, server });
    expect(ran.answer).toMatchObject({ status: 'cancelled', decision: { reason: 'cancelled' } });
  });
});

describe('the server', () => {
  const policy = policyWithServer();
  const doubtful = { static: UNSURE, encoder: { confidence: 0.6, label: 'card' } };

  it('is never asked without a policy', async () => {
    for (const mode of [
      undefined,
      'only_in_cloud',
      'prefer_in_cloud',
      'prefer_on_device',
    ] as const) {
      const ran = await run(doubtful, mode ? { mode } : {}, {});
      const byHand = await run(doubtful, mode ? { mode } : {}, { byHand: true });
      for (const one of [ran, byHand]) {
        expect(one.calls.server).toEqual([]);
        expect(one.answer.egress).toEqual({ bytes: 0, receipt: null });
      }
    }
  });

  it('is asked once, with the labels of the specialist and nothing more', async () => {
    const ran = await run({ ...doubtful, policy, server: answered('refund') });
    expect(ran.calls.server).toHaveLength(1);
    expect(ran.calls.server[0]).toMatchObject({
      requestId: 'request-1',
      task: 'classify',
      text: TEXT,
      labels: ['card', 'refund', 'limit'],
      specialist: 'tickets@1.0.0',
    });
    expect(ran.answer).toMatchObject({
      status: 'accepted',
      inferenceSource: 'in_cloud',
      decision: { tier: 'server', reason: 'server_ok', certificate: null },
    });
    expect(ran.answer.output?.label).toBe('refund');
    expect(outcomes(ran)).toEqual([
      'static low_confidence',
      'encoder low_confidence',
      'server answered',
    ]);
  });

  it('receipt, bytes and cost are those of the port', async () => {
    const { answer } = await run({ ...doubtful, policy, server: answered('refund') });
    expect(answer.egress).toEqual({ bytes: 642, receipt: 'receipt-1' });
    expect(answer.usage).toMatchObject({
      prompt_tokens: 120,
      completion_tokens: 9,
      cost: 0.25,
      currency: 'USD',
    });
  });

  it('its label has the confidence that was measured here, not one of its own', async () => {
    const same = await run({ ...doubtful, policy, server: answered('card') });
    expect(same.answer.confidence).toBe(0.6);
    const other = await run({ ...doubtful, policy, server: answered('refund') });
    expect(other.answer.confidence).toBeCloseTo(0.2, 10);
    expect(other.answer.decision.attempts.at(-1)?.confidence).toBeNull();
  });

  it('is not asked where the device is sure', async () => {
    const ran = await run({ static: SURE, policy, server: answered('refund') });
    expect(ran.calls.server).toEqual([]);
  });

  it('says that no label fits', async () => {
    const { answer } = await run({ ...doubtful, policy, server: answered(null) });
    expect(answer).toMatchObject({
      status: 'needs_review',
      confidence: 0,
      decision: { reason: 'out_of_scope' },
    });
    expect(answer.output?.label).toBeNull();
    expect(answer.egress.bytes).toBe(642);
  });

  it.each([
    'server_timeout',
    'server_nonsense',
    'server_unauthorized',
    'circuit_open',
    'audit_failed',
  ] as const)('%s: the local answer stays and a person is asked', async (code) => {
    const sent = { receipt: answered('card').receipt, bytes: 321 };
    const server = failed({ code, message: 'It did not work.' }, sent);
    const { answer } = await run({ ...doubtful, policy, server });
    expect(answer).toMatchObject({
      status: 'needs_review',
      confidence: 0.6,
      inferenceSource: 'on_device',
      decision: {
        tier: 'encoder',
        reason: `fell_back:${code}`,
        explanation: 'It did not work.',
        certificate: null,
      },
      egress: { bytes: 321, receipt: 'receipt-1' },
      usage: { cost: 0 },
    });
    expect(answer.output?.label).toBe('card');
  });

  it.each(['consent_denied', 'policy_denied'] as const)('%s keeps it here', async (code) => {
    const server = failed({ code, message: 'It stays here.' });
    const { answer } = await run({ ...doubtful, policy, server });
    expect(answer).toMatchObject({
      status: 'needs_review',
      decision: { reason: code, tier: 'encoder' },
      egress: { bytes: 0, receipt: null },
    });
  });

  it('tells the page what would leave, after saying that it goes up', async () => {
    const { events } = await run({ ...doubtful, policy, server: answered('card') });
    expect(events.map((event) => event.type)).toEqual([
      'routed',
      'attempt',
      'routed',
      'attempt',
      'escalated',
      'egress_preview',
      'attempt',
    ]);
    expect(events.find((event) => event.type === 'egress_preview')).toEqual({
      type: 'egress_preview',
      masked: 'masked form',
    });
  });

  it('a request may keep itself on the device', async () => {
    const ran = await run(
      { ...doubtful, policy, server: answered('card') },
      { mode: 'only_on_device' },
    );
    expect(ran.calls.server).toEqual([]);
    expect(ran.answer.status).toBe('needs_review');
  });

  it.each(['prefer_in_cloud', 'only_in_cloud'] as const)(
    '%s: asked first, once, with labels, also when untyped',
    async (mode) => {
      const script = { static: SURE, encoder: SURE, policy: policyWithServer({}, mode) };
      for (const request of [{}, { specialist: 'tickets' }]) {
        const ran = await run({ ...script, server: answered('limit') }, request);
        expect(ran.calls.server.map((call) => call.labels)).toEqual([['card', 'refund', 'limit']]);
        expect(ran.answer.output?.label).toBe('limit');
        expect(ran.answer.inferenceSource).toBe('in_cloud');
      }
    },
  );

  it('prefer_in_cloud: the device answers where the server is down', async () => {
    const script = { static: SURE, encoder: SURE, policy: policyWithServer({}, 'prefer_in_cloud') };
    const server = failed({ code: 'server_unreachable', message: 'No answer.' });
    const ran = await run({ ...script, server }, { specialist: 'tickets' });
    expect(ran.answer).toMatchObject({
      status: 'accepted',
      decision: { tier: 'static', reason: 'local_ok' },
    });
    expect(outcomes(ran)).toEqual(['server server_unreachable', 'static accepted']);
  });
});

describe('prefer_in_cloud', () => {
  it('embeds once although the encoder first routes for the server and then answers itself', async () => {
    const policy = policyWithServer({}, 'prefer_in_cloud');
    const server = failed({ code: 'server_unreachable', message: 'No answer.' });
    const ran = await run({ static: UNSURE, encoder: SURE, policy, server });
    expect(tiersAsked(ran).sort()).toEqual(['encoder', 'static']);
    expect(ran.calls.server).toHaveLength(1);
    expect(ran.answer).toMatchObject({ status: 'accepted', decision: { tier: 'encoder' } });
  });
});

describe('policy and hand', () => {
  it('review always: nothing is accepted without a person', async () => {
    const policy = policyWithServer({ review: 'always' });
    const { answer } = await run({ static: SURE, policy });
    expect(answer).toMatchObject({
      status: 'needs_review',
      confidence: 0.99,
      decision: { reason: 'review_required' },
    });
    expect(answer.output?.label).toBe('card');
  });

  it('sent up by hand: the server is asked although the device was sure', async () => {
    const ran = await run(
      { static: SURE, encoder: SURE, policy: policyWithServer(), server: answered('limit') },
      {},
      { byHand: true },
    );
    expect(ran.calls.server).toHaveLength(1);
    expect(ran.events.find((event) => event.type === 'escalated')).toMatchObject({
      because: 'sent_by_hand',
      to: 'server',
    });
    expect(ran.answer).toMatchObject({ status: 'accepted', decision: { tier: 'server' } });
    expect(ran.answer.output?.label).toBe('limit');
  });

  it('sent up by hand without a server: says in words why it cannot go', async () => {
    const { answer } = await run({ static: SURE, encoder: SURE }, {}, { byHand: true });
    expect(answer).toMatchObject({ status: 'needs_review', decision: { reason: 'policy_denied' } });
    expect(answer.decision.explanation.length).toBeGreaterThan(20);
  });

  it('tiers that the policy does not name are not asked', async () => {
    const ran = await run({
      encoder: SURE,
      policy: policyWithServer({ tiers: ['encoder', 'person'] }),
    });
    expect(tiersAsked(ran)).toEqual(['encoder']);
    expect(ran.answer.decision.tier).toBe('encoder');
  });
});

describe('the audit row', () => {
  const OUTCOMES: Script[] = [
    { static: SURE },
    { static: UNSURE, encoder: UNSURE },
    { static: { fails: BROKEN }, encoder: { fails: BROKEN } },
    { static: UNSURE, encoder: UNSURE, policy: policyWithServer(), server: answered('refund') },
    { static: UNSURE, encoder: UNSURE, policy: policyWithServer(), server: failed(BROKEN) },
    { static: { vector: VECTORS.strange }, encoder: { vector: VECTORS.strange } },
  ];

  it('is written once per request and tells what the answer tells', async () => {
    for (const script of OUTCOMES) {
      const { answer, calls } = await run(script);
      expect(calls.audit).toHaveLength(1);
      expect(calls.audit[0]).toMatchObject({
        kind: 'answered',
        data: {
          request: answer.id,
          status: answer.status,
          tier: answer.decision.tier,
          reason: answer.decision.reason,
          egress_bytes: answer.egress.bytes,
          input: '0'.repeat(64),
        },
      });
    }
  });

  it('is left to the batch where there is one', async () => {
    const { calls, answer } = await run({ static: SURE, audit: null });
    expect(calls.audit).toEqual([]);
    expect(answer.status).toBe('accepted');
  });

  it('holds no six characters of the text in a row', async () => {
    // Capitals, umlauts and emoji: no word of the row itself is made of them.
    const character = fc.constantFrom(
      ...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ ÄÖÜ'),
      '🙂',
      '👩‍🚒',
      '"',
      '\\',
      '<',
    );
    const texts = fc
      .array(character, { minLength: 6, maxLength: 80 })
      .map((all) => `Q${all.join('')}`);
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(...OUTCOMES), async (text, script) => {
        const { ports, calls } = portsFor(script);
        const result = await handleRequest({ input: { note: text } }, text, ports);
        expect(result.ok).toBe(true);
        const row = JSON.stringify(calls.audit[0]?.data);
        for (let i = 0; i + 6 <= text.length; i++) expect(row).not.toContain(text.slice(i, i + 6));
      }),
      { numRuns: 60 },
    );
  });
});

describe('any text and any outcome', () => {
  it('ends in one answer that is whole', async () => {
    const says = fc.record({
      vector: fc.constantFrom(...Object.values(VECTORS)),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      fails: fc.option(fc.constant(BROKEN), { nil: null }),
    });
    const servers = fc.constantFrom(
      answered('card'),
      answered('lights'),
      answered(null),
      failed(BROKEN),
    );
    await fc.assert(
      fc.asyncProperty(
        says,
        says,
        servers,
        fc.boolean(),
        fc.boolean(),
        async (low, high, server, allowed, byHand) => {
          const tier = ({ fails, ...rest }: typeof low) => (fails ? { ...rest, fails } : rest);
          const script: Script = { static: tier(low), encoder: tier(high), server };
          const ran = await run(
            allowed ? { ...script, policy: policyWithServer() } : script,
            {},
            { byHand },
          );
          const { answer, calls } = ran;
          expect(calls.embed.length).toBeLessThanOrEqual(2);
          expect(calls.server.length).toBeLessThanOrEqual(allowed ? 1 : 0);
          expect(answer.confidence).toBeGreaterThanOrEqual(0);
          expect(answer.confidence).toBeLessThanOrEqual(1);
          if (answer.status === 'accepted') {
            expect(answer.output?.label).toBeTruthy();
            expect(['local_ok', 'server_ok']).toContain(answer.decision.reason);
            if (answer.inferenceSource === 'on_device') {
              expect(answer.decision.certificate?.maxError).toBeLessThanOrEqual(0.05);
              expect(answer.confidence).toBeGreaterThanOrEqual(
                answer.decision.certificate?.threshold ?? 2,
              );
              expect(byHand).toBe(false);
            }
          } else expect(answer.decision.certificate).toBeNull();
          if (answer.output?.label === null) expect(answer.confidence).toBeLessThanOrEqual(0.2);
          expect(answer.decision.explanation).toMatch(/\.$/);
          expect([TICKETS.manifest.id, COMMANDS.manifest.id, 'none']).toContain(
            answer.specialist.id,
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
