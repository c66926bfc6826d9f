/** Work that is to be written: who writes it, what the answer says of it, and what never happens. */
import { describe, expect, it } from 'vitest';
import { handleRequest } from '../../src/core/handle-request.ts';
import { fail } from '../../src/core/failure.ts';
import { DEFAULT_POLICY, DEFAULT_RULES } from '../../src/core/policy-schema.ts';
import type { HandleOptions } from '../../src/core/ports.ts';
import type { RunRequest } from '../../src/core/request.ts';
import type { FlotillaEvent } from '../../src/core/threads.ts';
import { generated, HOUSE, policyWithServer, portsFor, type Script } from './doubles/ports.ts';
import { VECTORS } from './doubles/specialist.ts';

const TEXT = 'Write a poem about the sea.';
const OPEN = { vector: VECTORS.openEnded };
const SLM = { model: HOUSE, says: generated('The sea is wide.') };

async function run(script: Script, request: RunRequest = {}, options: HandleOptions = {}) {
  const doubles = portsFor(script);
  const events: FlotillaEvent[] = [];
  const result = await handleRequest(request, TEXT, doubles.ports, {
    onEvent: (event) => void events.push(event),
    ...options,
  });
  return { ...doubles, events, result };
}

async function answer(...args: Parameters<typeof run>) {
  const ran = await run(...args);
  if (!ran.result.ok) throw new Error(ran.result.failure.message);
  return { ...ran, answer: ran.result.value };
}

describe('an open-ended text', () => {
  it('is written by the stored model, as a draft without a probability', async () => {
    const ran = await answer({ static: OPEN, encoder: OPEN, slm: SLM });
    expect(ran.answer).toMatchObject({
      task: 'chat',
      specialist: { id: 'house-slm', version: '1.0.0' },
      output: { message: { role: 'assistant', content: 'The sea is wide.' } },
      confidence: 0,
      status: 'needs_review',
      inferenceSource: 'on_device',
      decision: { tier: 'slm', reason: 'draft', certificate: null },
      egress: { bytes: 0, receipt: null },
      usage: { prompt_tokens: 12, completion_tokens: 2 },
    });
    expect(ran.answer.decision.attempts.map(({ tier }) => tier)).toEqual([
      'static',
      'encoder',
      'slm',
    ]);
    expect(ran.events).toContainEqual({ type: 'draft', delta: 'The sea is wide.' });
    expect(ran.calls.audit.map(({ kind }) => kind)).toEqual(['answered']);
  });

  it('starts no download: a model that is not stored is not asked', async () => {
    const slm = { ...SLM, model: { ...HOUSE, stored: false } };
    const ran = await answer({ static: OPEN, encoder: OPEN, slm });
    expect(ran.calls.slm).toEqual([]);
    expect(ran.answer).toMatchObject({ task: 'classify', decision: { reason: 'open_ended' } });
  });

  it('is written here before a server is asked', async () => {
    const policy = policyWithServer({ tiers: ['static', 'encoder', 'slm', 'server', 'person'] });
    const ran = await answer({ static: OPEN, encoder: OPEN, slm: SLM, policy });
    expect(ran.calls.server).toEqual([]);
    expect(ran.answer.task).toBe('chat');
  });

  it('stays with a person where the policy leaves the tier out', async () => {
    const tiers = ['static', 'encoder', 'person'] as const;
    const policy = { ...DEFAULT_POLICY, defaults: { ...DEFAULT_RULES, tiers: [...tiers] } };
    const ran = await answer({ static: OPEN, encoder: OPEN, slm: SLM, policy });
    expect(ran.calls.slm).toEqual([]);
    expect(ran.answer.decision.reason).toBe('open_ended');
  });

  it('named as a ticket it is classified, not written', async () => {
    const ran = await answer({ static: OPEN, encoder: OPEN, slm: SLM }, { task: 'classify' });
    expect(ran.answer.task).toBe('classify');
  });
});

describe('task chat', () => {
  it('goes straight to the model that is named, stored or not', async () => {
    const slm = { ...SLM, model: { ...HOUSE, stored: false } };
    const ran = await answer({ slm }, { specialist: 'house-slm@1.0.0' });
    expect(ran.calls.embed).toEqual([]);
    expect(ran.calls.slm[0]?.request.turns).toEqual([{ role: 'user', content: TEXT }]);
    expect(ran.answer.task).toBe('chat');
  });

  it('another version than the one there is unknown', async () => {
    const { result } = await run({ slm: SLM }, { specialist: 'house-slm@2.0.0' });
    expect(result).toMatchObject({ ok: false, failure: { code: 'unknown_specialist' } });
  });

  it('without any model it says so', async () => {
    const { result } = await run({}, { task: 'chat' });
    expect(result).toMatchObject({ ok: false, failure: { code: 'bad_request' } });
  });

  it('a denial by the policy is an answer, and the model is not asked', async () => {
    const policy = {
      ...DEFAULT_POLICY,
      tasks: { chat: { tiers: ['person' as const], deadline_ms: 1000 } },
    };
    const ran = await answer({ slm: SLM, policy }, { task: 'chat' });
    expect(ran.calls.slm).toEqual([]);
    expect(ran.answer).toMatchObject({
      output: null,
      status: 'needs_review',
      decision: { reason: 'policy_denied' },
    });
  });

  it('a failure of the model is an answer that says why', async () => {
    const slm = { ...SLM, says: fail('device_lost', 'The graphics device was reset.') };
    const ran = await answer({ slm }, { task: 'chat' });
    expect(ran.answer).toMatchObject({
      output: null,
      decision: { reason: 'fell_back:device_lost', explanation: 'The graphics device was reset.' },
    });
  });

  it('the deadline keeps the text so far and says so', async () => {
    const says = generated('The sea', { finish: 'interrupted' });
    const ran = await answer({ slm: { ...SLM, says, takesMs: 200_000 } }, { task: 'chat' });
    expect(ran.answer).toMatchObject({
      output: { message: { content: 'The sea' } },
      decision: { reason: 'deadline' },
    });
  });

  it('a stop is an answer with the text so far, and no failure', async () => {
    const says = generated('The', { finish: 'interrupted' });
    const ran = await answer(
      { slm: { ...SLM, says } },
      { task: 'chat' },
      { signal: AbortSignal.abort() },
    );
    expect(ran.answer).toMatchObject({ status: 'cancelled', decision: { reason: 'cancelled' } });
    expect(ran.answer.output).toEqual({ message: { role: 'assistant', content: 'The' } });
  });

  it('turns that did not fit are told of', async () => {
    const says = generated('Yes.', { droppedTurns: 2 });
    const ran = await answer({ slm: { ...SLM, says } }, { task: 'chat' });
    expect(ran.answer.decision.explanation).toMatch(/oldest messages/);
  });
});
