/** Task `chat` against its golden cases: what the model must be given, and what must be made of its text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { ChatCompletionRequest } from '../../src/core/chat-api.ts';
import { parseChatRequest } from '../../src/core/chat-request.ts';
import type { GenerateRequest } from '../../src/core/generation.ts';
import { tasks } from '../../workers/tasks/index.ts';
import { generated, HOUSE, portsFor, type Script } from '../unit/doubles/ports.ts';
import { VECTORS } from '../unit/doubles/specialist.ts';

interface Case {
  name: string;
  request: ChatCompletionRequest;
  given?: GenerateRequest;
  text: string;
  expected?: { message: unknown; finish_reason: string };
  failure?: string;
}
const path = join(import.meta.dirname, '../../workers/tasks/chat/golden.json');
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] };
const { run, output: OutputSchema } = tasks.chat;
const STRANGE = { vector: VECTORS.strange };

async function complete(request: unknown, text: string, script: Script = {}) {
  const doubles = portsFor({
    static: STRANGE,
    encoder: STRANGE,
    slm: { model: HOUSE, says: generated(text) },
    ...script,
  });
  let ids = 0;
  const ports = { ...doubles.ports, newId: () => `id-${++ids}` };
  return { ...doubles, result: await run(request, ports, {}) };
}

describe('golden cases', () => {
  it.each(cases)('$name', async ({ request, given, text, expected, failure }) => {
    const { calls, result } = await complete(request, text);
    if (given) expect(calls.slm[0]?.request).toEqual(given);
    if (failure !== undefined)
      expect(result).toMatchObject({ ok: false, failure: { code: failure } });
    else {
      expect(result).toMatchObject({ ok: true, value: { choices: [expected] } });
      if (result.ok) {
        expect(v.is(OutputSchema, result.value.flotilla.output)).toBe(true);
        expect(result.value.usage).toEqual({
          prompt_tokens: 12,
          completion_tokens: 2,
          total_tokens: 14,
        });
      }
    }
  });
});

describe('auto', () => {
  const ask = { model: 'auto', messages: [{ role: 'user', content: 'Where is my card?' }] };
  const SURE = { confidence: 0.99, label: 'card', vector: VECTORS.tickets };

  it('a specialist that is sure answers, and no model is asked', async () => {
    const { calls, result } = await complete(ask, 'no', { static: SURE });
    expect(calls.slm).toEqual([]);
    expect(result).toMatchObject({
      ok: true,
      value: {
        model: 'tickets@1.0.0',
        choices: [{ message: { content: 'card (tickets, 99 % sure)' } }],
        flotilla: { task: 'classify', status: 'accepted' },
      },
    });
    expect(calls.audit).toHaveLength(1);
  });

  it.each([
    [
      'a specialist in doubt',
      { static: { ...SURE, confidence: 0.6 }, encoder: { ...SURE, confidence: 0.6 } },
      ask,
    ],
    [
      'a system turn',
      { static: SURE },
      { ...ask, messages: [{ role: 'system', content: 'Rhyme.' }, ...ask.messages] },
    ],
    ['a format', { static: SURE }, { ...ask, response_format: { type: 'json_object' } }],
  ])('with %s the model writes', async (_, script, request) => {
    const { calls } = await complete(request, '{}', script);
    expect(calls.slm).toHaveLength(1);
  });

  it('a specialist that is named answers even in doubt, and says so', async () => {
    const doubt = { ...SURE, confidence: 0.6 };
    const { result } = await complete({ ...ask, model: 'tickets' }, 'no', {
      static: doubt,
      encoder: doubt,
    });
    expect(result).toMatchObject({ ok: true, value: { flotilla: { status: 'needs_review' } } });
  });

  it('an unknown model is refused', async () => {
    const { result } = await complete({ ...ask, model: 'gpt-9' }, 'no');
    expect(result).toMatchObject({ ok: false, failure: { code: 'unknown_model' } });
  });
});

describe('the request', () => {
  const user = { role: 'user', content: 'Hello' };
  const tool = { type: 'function', function: { name: 'f' } };
  it.each([
    ['nothing', undefined],
    ['no messages', { model: 'auto', messages: [] }],
    ['an unknown role', { model: 'auto', messages: [{ role: 'robot', content: 'x' }] }],
    [
      'a last message of the assistant',
      { model: 'auto', messages: [{ role: 'assistant', content: 'x' }] },
    ],
    ['several choices', { model: 'auto', messages: [user], n: 2 }],
    ['too hot', { model: 'auto', messages: [user], temperature: 3 }],
    ['two tools of one name', { model: 'auto', messages: [user], tools: [tool, tool] }],
    [
      'a tool that is none',
      {
        model: 'auto',
        messages: [user],
        tools: [tool],
        tool_choice: { type: 'function', function: { name: 'g' } },
      },
    ],
    [
      'a tool is required but none given',
      { model: 'auto', messages: [user], tool_choice: 'required' },
    ],
    [
      'tools and a format',
      { model: 'auto', messages: [user], tools: [tool], response_format: { type: 'json_object' } },
    ],
  ])('%s: refused with the key or the reason', (_, request) => {
    expect(parseChatRequest(request)).toMatchObject({
      ok: false,
      failure: { code: 'bad_request' },
    });
  });

  it('an empty message is an empty input', () => {
    expect(
      parseChatRequest({ model: 'auto', messages: [{ role: 'user', content: ' ' }] }),
    ).toMatchObject({
      failure: { code: 'empty_input' },
    });
  });
});
