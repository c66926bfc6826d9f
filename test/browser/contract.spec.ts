/** `window.flotilla` as the public contract states it: shapes, order, errors, cancelling. */
import type { Page } from '@playwright/test';
import type { Answer, ClassifyOutput } from '../../src/core/answer.ts';
import { expect, test } from './fixture.ts';

const SHIPPED = [
  'banking-tickets',
  'assistant-requests',
  'home-commands',
  'customer-service',
  'email-intents',
  'documents',
];
const WORKS = [
  'any-fields',
  'en16931',
  'icd10-codes',
  'invoices',
  'personal-data',
  'receipts',
  'replies',
  'specifications',
  'templates',
  'transcripts',
];
const TEXTS = [
  'my new card has not arrived yet',
  'turn off the lights in the kitchen',
  'what is the weather like tomorrow in Berlin',
  'zxq vblorp 7781 ggh',
  'I want to change my seat on the flight',
  'Write a poem about the sea in the style of Rilke',
  'the exchange rate you used is wrong',
  'أين بطاقتي؟',
];

test.beforeEach(async ({ page, site }) => {
  await page.goto(site.url);
  await expect(page.locator('#answer')).toBeVisible();
});

const run = (page: Page, request: { text: string; specialist?: string }): Promise<Answer> =>
  page.evaluate((given) => window.flotilla.run(given), request);

/** What is the same for the same input, whatever the way and the time. */
const essence = ({ output, confidence, status, specialist, decision }: Answer) => ({
  output,
  confidence,
  status,
  specialist,
  tier: decision.tier,
  reason: decision.reason,
});

function expectProbability(value: number): void {
  expect(value).toBeGreaterThanOrEqual(0);
  expect(value).toBeLessThanOrEqual(1);
}

test('capabilities and specialists', async ({ page }) => {
  await page.evaluate(() => window.flotilla.embed('encoder', ['warm']));
  const { capabilities, cards } = await page.evaluate(async () => ({
    capabilities: await window.flotilla.capabilities(),
    cards: await window.flotilla.specialists(),
  }));
  expect(capabilities).toMatchObject({
    webgpu: expect.any(Boolean),
    crossOriginIsolated: true,
    threads: expect.any(Number),
    storage: { usedBytes: expect.any(Number), quotaBytes: expect.any(Number) },
    runtimes: { static: { state: 'ready' }, encoder: { state: 'ready' } },
  });
  expect(cards.map(({ id }) => id).sort()).toEqual([...SHIPPED, ...WORKS, 'house-slm'].sort());
  for (const card of cards) {
    if (card.evaluation === null) continue; // the language model and other work, below
    expect(card, card.id).toMatchObject({ task: 'classify', origin: 'shipped' });
    expect(card.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(card.labels.length).toBeGreaterThan(1);
    expect(card.passport.licence).not.toBe('');
    expect(card.sizeBytes).toBeLessThanOrEqual(300 * 1024);
    const { n, accuracy, ci95, ece, perLabel } = card.evaluation;
    expect(n).toBeGreaterThan(100);
    expect(ci95[0]).toBeLessThanOrEqual(accuracy);
    expect(ci95[1]).toBeGreaterThanOrEqual(accuracy);
    expectProbability(ece);
    expect(perLabel.length).toBeGreaterThan(1);
    expect(card.certificate !== null || card.noCertificateReason !== null).toBe(true);
    for (const one of card.certificates) {
      for (const share of [one.maxError, one.confidence, one.coverage, one.threshold])
        expectProbability(share);
      expect(one.n).toBeGreaterThan(0);
    }
  }
});

test('specialists for other work: examples, licence, figures with their size', async ({ page }) => {
  const cards = await page.evaluate(async () =>
    (await window.flotilla.specialists()).flatMap((card) => ('kind' in card ? [card] : [])),
  );
  expect(cards.map(({ id }) => id).sort()).toEqual(WORKS);
  for (const card of cards) {
    expect(card.examples.length, card.id).toBeGreaterThan(0);
    expect(card.passport.licence).not.toBe('');
    expect(card.certificates.length > 0 || card.noCertificateReason !== null).toBe(true);
    for (const { n } of card.figures) expect(n).toBeGreaterThan(0);
  }
});

test('the language model is among the specialists, with its licence and without figures', async ({
  page,
}) => {
  const card = await page.evaluate(async () =>
    (await window.flotilla.specialists()).find(({ id }) => id === 'house-slm'),
  );
  expect(card).toMatchObject({
    task: 'chat',
    tiers: ['slm'],
    evaluation: null,
    certificate: null,
    passport: { licence: 'apache-2.0' },
  });
  expect(card?.sizeBytes).toBeLessThanOrEqual(90_000_000);
});

test('an answer has every part of the contract', async ({ page }) => {
  const answer = await run(page, { text: TEXTS[0] ?? '' });
  expect(answer).toMatchObject({
    id: expect.any(String),
    task: 'classify',
    specialist: { id: 'banking-tickets', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    inferenceSource: 'on_device',
    decision: { object: 'routing.decision', explanation: expect.stringMatching(/\w+.*\.$/) },
    egress: { bytes: 0, receipt: null },
    usage: { ms: expect.any(Number), cost: 0, currency: expect.stringMatching(/^[A-Z]{3}$/) },
  });
  expectProbability(answer.confidence);
  const { label, scores } = answer.output as ClassifyOutput;
  expect(label).toBe('card_arrival');
  expect(scores.map(({ score }) => score)).toEqual(
    scores.map(({ score }) => score).toSorted((a, b) => b - a),
  );
  expect(answer.decision.attempts.length).toBeGreaterThan(0);
  for (const attempt of answer.decision.attempts)
    expect(attempt).toMatchObject({ tier: expect.any(String), ms: expect.any(Number) });
});

test('id, id@version and id@champion name the same specialist; a file is read as text', async ({
  page,
}) => {
  const text = TEXTS[0] ?? '';
  const { version } = (await run(page, { text, specialist: 'banking-tickets' })).specialist;
  const answers = [];
  for (const suffix of ['', `@${version}`, '@champion'])
    answers.push(essence(await run(page, { text, specialist: `banking-tickets${suffix}` })));
  expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
  const fromFile = await page.evaluate(
    (words) =>
      window.flotilla.run({ file: new File([words], 'a.txt'), specialist: 'banking-tickets' }),
    text,
  );
  expect(essence(fromFile)).toEqual(answers[0]);
});

test('wrong calls reject with a code and a hint', async ({ page }) => {
  const errors = await page.evaluate(async () => {
    const caught = (promise: Promise<unknown>) =>
      promise.then(
        () => null,
        (error: unknown) => {
          const { name, code, hint, message } = error as Error & { code: string; hint: string };
          return { name, isError: error instanceof Error, code, hint, message };
        },
      );
    const { flotilla } = window;
    return Promise.all([
      caught(flotilla.run({ text: '' })),
      caught(flotilla.run({ text: ' \n\t' })),
      caught(flotilla.run({})),
      caught(flotilla.run({ text: 'x'.repeat(1_048_577) })),
      caught(flotilla.run({ text: 'hello', specialist: 'nobody' })),
      caught(flotilla.run({ text: 'hello', task: 'dance' as 'classify' })),
      caught(flotilla.run({ text: 'hello', mode: 'anywhere' as 'only_on_device' })),
      caught(flotilla.evaluate('nobody', [{ text: 'hello', label: 'a' }])),
    ]);
  });
  expect(errors.map((error) => error?.code)).toEqual([
    'empty_input',
    'empty_input',
    'empty_input',
    'input_too_long',
    'unknown_specialist',
    'unknown_task',
    'bad_request',
    'unknown_specialist',
  ]);
  for (const error of errors) {
    expect(error).toMatchObject({ name: 'FlotillaError', isError: true });
    expect(error?.hint).toMatch(/\w+.*\.$/);
  }
  expect(errors[3]?.message).toContain('1048576');
});

test('the same text gives the same answer alone, in a batch and in another order', async ({
  page,
}) => {
  const alone = [];
  for (const text of TEXTS) alone.push(essence(await run(page, { text })));
  const inBatch = (texts: string[]) =>
    page.evaluate(async (all) => {
      const answers = [];
      for await (const answer of window.flotilla.runBatch(all.map((text) => ({ text }))))
        answers.push(answer);
      return answers;
    }, texts);
  expect((await inBatch(TEXTS)).map(essence)).toEqual(alone);
  expect((await inBatch(TEXTS.toReversed())).map(essence).toReversed()).toEqual(alone);
});

test('a batch keeps the order over chunks, refuses bad rows and goes on', async ({ page }) => {
  const { statuses, reasons, labels, progress } = await page.evaluate(async () => {
    const requests = Array.from({ length: 300 }, (_, i) => {
      if (i === 5) return { text: '' };
      if (i === 150) return { text: 'hello', specialist: 'nobody' };
      if (i === 290) return { text: 'x'.repeat(1_048_577) };
      return i % 2 === 0
        ? { text: 'my new card has not arrived yet', specialist: 'banking-tickets' }
        : { text: 'the exchange rate you used is wrong', specialist: 'banking-tickets' };
    });
    const progress: number[] = [];
    const answers = [];
    const options = {
      onEvent: (event: { type: string; done?: number }) => void progress.push(event.done ?? 0),
    };
    for await (const answer of window.flotilla.runBatch(requests, options)) answers.push(answer);
    return {
      statuses: answers.map(({ status }) => status),
      reasons: answers.map(({ decision }) => decision.explanation),
      labels: answers.map(({ output }) => (output as { label: string | null } | null)?.label),
      progress,
    };
  });
  const bad = [5, 150, 290];
  expect(statuses.flatMap((status, i) => (status === 'refused' ? [i] : []))).toEqual(bad);
  expect(reasons[150]).toContain('nobody');
  const expected = labels.map((_, i) =>
    bad.includes(i) ? undefined : i % 2 === 0 ? 'card_arrival' : 'exchange_rate',
  );
  const wrong = labels.flatMap((label, i) =>
    label === expected[i] || (expected[i] === 'exchange_rate' && label?.includes('exchange_rate'))
      ? []
      : [`${i}: ${label}`],
  );
  expect(wrong).toEqual([]);
  expect(progress.at(-1)).toBe(300);
});

test('an abort gives status cancelled and leaves the engine working', async ({ page }) => {
  const { status, reason, before, after } = await page.evaluate(async () => {
    const { flotilla } = window;
    const abort = new AbortController();
    const running = flotilla.run({ text: 'block my card '.repeat(2000) }, { signal: abort.signal });
    abort.abort();
    const answer = await running;
    const already = await flotilla.run(
      { text: 'my card is lost' },
      { signal: AbortSignal.abort() },
    );
    return {
      status: answer.status,
      reason: answer.decision.reason,
      before: already.status,
      after: (await flotilla.run({ text: 'my new card has not arrived yet' })).status,
    };
  });
  expect({ status, reason, before }).toEqual({
    status: 'cancelled',
    reason: 'cancelled',
    before: 'cancelled',
  });
  expect(['accepted', 'needs_review']).toContain(after);
});

test('events tell what happens, in order', async ({ page }) => {
  const types = await page.evaluate(async () => {
    const seen: string[] = [];
    await window.flotilla.run(
      { text: 'my new card has not arrived yet' },
      { onEvent: (event) => void seen.push(event.type) },
    );
    return seen;
  });
  expect(types[0]).toBe('routed');
  expect(types).toContain('attempt');
});

test('train takes a File, evaluate reports on it, audit verifies', async ({ page }) => {
  test.setTimeout(300_000);
  const result = await page.evaluate(async () => {
    const { flotilla } = window;
    const things = ['lamp', 'heater', 'radio', 'door', 'blind', 'fan', 'oven', 'camera'];
    const rooms = ['kitchen', 'hall', 'office', 'bedroom', 'garage', 'attic', 'cellar', 'garden'];
    const rows = things.flatMap((thing) =>
      rooms.flatMap((room) => [
        { text: `please switch on the ${thing} in the ${room}`, label: 'start' },
        { text: `the ${thing} in the ${room} is broken, send someone`, label: 'repair' },
      ]),
    );
    const csv = ['text,label', ...rows.map(({ text, label }) => `"${text}",${label}`)].join('\n');
    const stages: string[] = [];
    const card = await flotilla.train(
      {
        id: 'caretaker',
        title: 'Caretaker',
        task: 'classify',
        rows: new File([csv], 'rows.csv', { type: 'text/csv' }),
        maxError: 0.05,
      },
      {
        onEvent: (event) => {
          if (event.type === 'progress' && event.stage && !stages.includes(event.stage))
            stages.push(event.stage);
        },
      },
    );
    const report = await flotilla.evaluate('caretaker', rows);
    const answer = await flotilla.run({
      text: 'the radio in the office is broken, send someone',
      specialist: 'caretaker',
    });
    return { card, report, answer, stages, verdict: await flotilla.audit.verify() };
  });
  expect(result.card).toMatchObject({
    id: 'caretaker',
    origin: 'local',
    labels: expect.arrayContaining(['start', 'repair']),
  });
  expect(result.card.certificate !== null || result.card.noCertificateReason !== null).toBe(true);
  expect(result.report).toMatchObject({ n: 128, perLabel: expect.any(Array) });
  expect(result.report.accuracy).toBeGreaterThan(0.9);
  expect(result.report.reliability.length).toBeGreaterThan(0);
  expect((result.answer.output as ClassifyOutput).label).toBe('repair');
  expect(result.stages.length).toBeGreaterThan(0);
  expect(result.verdict).toMatchObject({ intact: true });
});
