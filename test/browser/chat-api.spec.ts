/** `flotilla.chat.completions.create` on the real app with the real house model: OpenAI's shapes, errors that name the next step. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatCompletionChunk, ChatCompletionRequest } from '../../src/core/chat-api.ts';
import { ROOT } from '../../.ci/project.mjs';
import { CLOSE_TICKET } from './close-ticket.ts';
import { expect, test } from './fixture.ts';

const golden = JSON.parse(
  readFileSync(join(ROOT, 'public/fleet/house-slm/1.0.0/golden.json'), 'utf8'),
) as { prompts: { turns: { role: 'user'; content: string }[]; tokens: string[] }[] };

type Page = Parameters<Parameters<typeof test>[2]>[0]['page'];
type Ask = Omit<ChatCompletionRequest, 'stream'>;

/** The completion, or the code and hint of the error. */
const complete = (page: Page, request: unknown) =>
  page.evaluate(
    (asked) =>
      window.flotilla.chat.completions.create(asked as Ask).then(
        (completion) => ({ completion, code: null, hint: '' }),
        (error: unknown) => ({ completion: null, ...(error as { code: string; hint: string }) }),
      ),
    request,
  );
const user = (content: string): Ask => ({
  model: 'house-slm',
  messages: [{ role: 'user', content }],
  max_tokens: 24,
});

test.setTimeout(240_000);

test('text, stream, object, tool, routing, twice the same', async ({ page }) => {
  await page.goto('/');

  await test.step('the golden answer of the recipe, at least 16 tokens of it', async () => {
    const [first] = golden.prompts;
    const { completion } = await complete(page, {
      model: 'house-slm',
      messages: first?.turns,
      max_tokens: first?.tokens.length,
      temperature: 0,
      logprobs: true,
    });
    expect(first?.tokens.length).toBeGreaterThanOrEqual(16);
    expect(completion?.choices[0].message.content).toBe(first?.tokens.join(''));
    expect(completion).toMatchObject({
      object: 'chat.completion',
      model: 'house-slm@1.0.0',
      choices: [{ index: 0, finish_reason: 'length', message: { role: 'assistant' } }],
      usage: { completion_tokens: first?.tokens.length },
      flotilla: {
        task: 'chat',
        confidence: 0,
        status: 'needs_review',
        decision: { tier: 'slm', reason: 'draft', certificate: null },
        egress: { bytes: 0, receipt: null },
      },
    });
    const logprobs = completion?.choices[0].logprobs?.content ?? [];
    expect(logprobs).toHaveLength(first?.tokens.length ?? 0);
    expect(logprobs.every(({ logprob }) => logprob <= 0)).toBe(true);
  });

  await test.step('a stream adds up to the same text, and ends with who answered', async () => {
    const request = {
      ...user('What is the capital of Japan?'),
      stream_options: { include_usage: true },
    };
    const whole = await complete(page, request);
    const chunks = await page.evaluate(async (asked) => {
      const seen: ChatCompletionChunk[] = [];
      for await (const chunk of window.flotilla.chat.completions.create({ ...asked, stream: true }))
        seen.push(chunk);
      return seen;
    }, request);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant' });
    expect(chunks.length).toBeGreaterThan(4);
    const text = chunks.map(({ choices: [choice] }) => choice?.delta.content ?? '').join('');
    expect(text).toBe(whole.completion?.choices[0].message.content);
    expect(chunks.at(-1)).toMatchObject({
      object: 'chat.completion.chunk',
      choices: [{ delta: {}, finish_reason: 'stop' }],
      flotilla: { specialist: { id: 'house-slm' } },
      usage: { completion_tokens: expect.any(Number) },
    });
  });

  await test.step('an object satisfies its schema', async () => {
    const { completion } = await complete(page, {
      ...user('I was charged twice. Is it billing or shipping, and how urgent from 1 to 3?'),
      max_tokens: 60,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'ticket',
          schema: {
            type: 'object',
            properties: {
              queue: { enum: ['billing', 'shipping'] },
              urgency: { type: 'integer', enum: [1, 2, 3] },
            },
            required: ['queue', 'urgency'],
            additionalProperties: false,
          },
        },
      },
    });
    const value = JSON.parse(completion?.choices[0].message.content ?? '') as object;
    expect(value).toEqual({
      queue: expect.stringMatching(/^(billing|shipping)$/) as unknown,
      urgency: expect.any(Number) as unknown,
    });
  });

  await test.step('a sure specialist answers for auto; what is open goes to the model', async () => {
    const ticket = await complete(page, {
      model: 'auto',
      messages: [
        { role: 'user', content: 'I still have not received my new card, what can I do?' },
      ],
    });
    expect(ticket.completion).toMatchObject({
      model: 'banking-tickets@1.0.0',
      flotilla: { task: 'classify', status: 'accepted' },
    });
    const open = await complete(page, {
      model: 'auto',
      messages: [{ role: 'user', content: 'Write a short poem about the sea and the wind.' }],
      max_tokens: 16,
    });
    expect(open.completion).toMatchObject({ model: 'house-slm@1.0.0' });
    expect(open.completion?.choices[0].message.content?.length).toBeGreaterThan(10);
  });

  await test.step('the same seed samples the same text', async () => {
    const warm = { ...user('Tell me about boats.'), temperature: 0.9, seed: 7 };
    const [one, two] = [await complete(page, warm), await complete(page, warm)];
    expect(one.completion?.choices[0].message.content).toBe(
      two.completion?.choices[0].message.content,
    );
  });

  await test.step('run() writes what is open, and names the model', async () => {
    const answer = await page.evaluate(() =>
      window.flotilla.run({ text: 'Write a short story about a lighthouse keeper.' }),
    );
    expect(answer).toMatchObject({ task: 'chat', specialist: { id: 'house-slm' } });
  });
});

test('a tool is called only when a person agrees', async ({ page }) => {
  await page.goto('/');
  const ask = (): Promise<Awaited<ReturnType<typeof complete>>> =>
    complete(page, {
      ...user('Close ticket 12.'),
      max_tokens: 60,
      tool_choice: 'required',
      tools: [CLOSE_TICKET],
    });
  const dialog = page.getByRole('dialog', { name: /call “close_ticket”/ });
  const agreed = ask();
  await dialog.getByRole('button', { name: 'Call', exact: true }).click({ timeout: 120_000 });
  const { completion } = await agreed;
  expect(completion?.choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: {
      content: null,
      tool_calls: [{ type: 'function', function: { name: 'close_ticket' } }],
    },
  });
  const [call] = completion?.choices[0].message.tool_calls ?? [];
  expect(JSON.parse(call?.function.arguments ?? '')).toEqual({ id: expect.any(Number) as unknown });

  const refused = ask();
  await expect(dialog).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Enter'); // the safe choice has the focus
  expect(await refused).toMatchObject({ completion: null, code: 'consent_denied' });
});

test('what cannot be answered says why and what to do, at once', async ({ page }) => {
  await page.goto('/');
  await complete(page, user('Hello')); // the model is loaded
  const schema = (value: object) => ({
    ...user('x'),
    response_format: { type: 'json_schema', json_schema: { name: 's', schema: value } },
  });
  const cases: [string, unknown, string][] = [
    ['no such model', { ...user('x'), model: 'gpt-9' }, 'unknown_model'],
    ['a model that is not here', { ...user('x'), model: 'smollm2-360m' }, 'model_not_stored'],
    ['a licence that the policy lacks', { ...user('x'), model: 'llama3.2-1b' }, 'policy_denied'],
    ['nothing', undefined, 'bad_request'],
    ['an empty message', user('  '), 'empty_input'],
    ['longer than the context', user('the sea and the wind '.repeat(1000)), 'input_too_long'],
    ['a schema that leads nowhere', schema({ $ref: '#/$defs/none' }), 'schema_unsupported'],
    [
      'an object that does not fit',
      {
        ...schema({
          type: 'object',
          properties: { a: { type: 'string', minLength: 400 } },
          required: ['a'],
        }),
        max_tokens: 8,
      },
      'schema_invalid',
    ],
  ];
  for (const [name, request, code] of cases) {
    const from = Date.now();
    const answer = await complete(page, request);
    expect(answer, name).toMatchObject({ completion: null, code });
    expect(answer.hint, name).not.toBe('');
    expect(Date.now() - from, `${name}: no hang`).toBeLessThan(10_000);
  }
});

test('a stop keeps the text so far, while the prompt is read and while it writes', async ({
  page,
}) => {
  await page.goto('/');
  await complete(page, user('Hello'));
  const stopped = await page.evaluate(async () => {
    const { completions } = window.flotilla.chat;
    const prompt = {
      model: 'house-slm',
      messages: [{ role: 'user' as const, content: `Summarise: ${'the sea '.repeat(600)}` }],
    };
    const during = async (request: typeof prompt, when: 'prompt' | 'text') => {
      const abort = new AbortController();
      let at = 0;
      const stop = (): void => {
        at = performance.now();
        abort.abort();
      };
      if (when === 'prompt') setTimeout(stop, 150);
      const outcome = await completions
        .create(request, {
          signal: abort.signal,
          onEvent: ({ type }) => {
            if (type === 'draft' && at === 0) stop();
          },
        })
        .then(
          ({ flotilla, choices }) => ({
            status: flotilla.status,
            text: choices[0].message.content,
          }),
          (error: unknown) => ({ status: (error as { code: string }).code, text: '' }),
        );
      return { ...outcome, ms: performance.now() - at };
    };
    const long = {
      ...prompt,
      messages: [{ role: 'user' as const, content: 'Write a long story about the sea.' }],
    };
    return { prompt: await during(prompt, 'prompt'), text: await during(long, 'text') };
  });
  expect(stopped.prompt.status).toBe('cancelled');
  expect(stopped.text.status).toBe('cancelled');
  expect(stopped.text.text?.length).toBeGreaterThan(0);
  // 200 ms is the aim, measured by the bench; here only a hang fails.
  expect(Math.max(stopped.prompt.ms, stopped.text.ms)).toBeLessThan(5_000);
});
