/** The widget's frame from the outside: every call of the contract over a port, with the real guest and the real models. */
import type { Answer, ClassifyOutput } from '../../src/core/answer.ts';
import { call, codeOf, embed, labelOf, TEXT, widgetOf } from './embed-calls.ts';
import { expect, test } from './embed-host.ts';

test.setTimeout(300_000);

test('every call of the contract, in a hidden frame of a page on another port', async ({
  page,
  site,
  portals,
}) => {
  const hello = await embed(page, portals.portal, widgetOf(site));
  expect(hello).toMatchObject({
    kind: 'connected',
    protocol: 1,
    build: expect.stringMatching(/^widget-.+\.js$/),
    rules: { manage: true, tasks: expect.arrayContaining(['classify', 'chat']) },
  });

  await test.step('capabilities, specialists, workflows', async () => {
    const { value } = await call<{ crossOriginIsolated: boolean }>(page, 'capabilities');
    expect(value).toMatchObject({ crossOriginIsolated: false, threads: expect.any(Number) });
    const cards = (await call<{ id: string }[]>(page, 'specialists')).value;
    expect(cards.map(({ id }) => id)).toContain('banking-tickets');
    const flows = (await call<{ id: string }[]>(page, 'workflows')).value;
    expect(flows.map(({ id }) => id)).toContain('helpdesk-triage');
  });

  await test.step('run, accepted before any work, with events', async () => {
    const { kinds, answer } = await page.evaluate(async (text) => {
      const kinds: string[] = [];
      const { value } = (await window.host.last.call('run', [{ text }], (message) => {
        kinds.push(message.kind === 'event' ? message.event.type : message.kind);
      })) as { value: Answer };
      return { kinds, answer: value };
    }, TEXT);
    expect(kinds[0]).toBe('accepted');
    expect(kinds).toEqual(expect.arrayContaining(['routed', 'attempt']));
    expect(kinds.at(-1)).toBe('result');
    expect(answer).toMatchObject({
      specialist: { id: 'banking-tickets' },
      inferenceSource: 'on_device',
      egress: { bytes: 0 },
    });
    expect(labelOf(answer)).toBe('card_arrival');
  });

  await test.step('a file', async () => {
    const answer = await page.evaluate(async (text) => {
      const file = new File([text], 'ticket.txt', { type: 'text/plain' });
      const request = { file, specialist: 'banking-tickets' };
      return ((await window.host.last.call('run', [request])) as { value: Answer }).value;
    }, TEXT);
    expect(labelOf(answer)).toBe('card_arrival');
  });

  await test.step('a batch of 300 in order, bad rows refused; leaving in the middle ends it', async () => {
    const { labels, statuses, outcome, some } = await page.evaluate(async (text) => {
      const other = 'the exchange rate you used is wrong';
      const requests = Array.from({ length: 300 }, (_, i) => ({
        text: i === 150 ? '' : i % 2 === 0 ? text : other,
        specialist: 'banking-tickets',
      }));
      const { items, outcome } = await window.host.last.stream('runBatch', [], requests);
      const answers = items as Answer[];
      const broken = await window.host.last.stream('runBatch', [], requests, 10);
      return {
        labels: answers.map(({ output }) => (output as ClassifyOutput | null)?.label ?? null),
        statuses: answers.map(({ status }) => status),
        outcome,
        some: { n: broken.items.length, ended: broken.outcome },
      };
    }, TEXT);
    expect(outcome).toEqual({ value: undefined });
    expect(labels).toHaveLength(300);
    expect(labels.map((label) => label === 'card_arrival')).toEqual(
      labels.map((_, i) => i % 2 === 0 && i !== 150),
    );
    expect(statuses[150]).toBe('refused');
    expect(some.n).toBeGreaterThanOrEqual(10);
    expect(some.n).toBeLessThan(300);
    expect(some.ended).toEqual({ value: undefined });
  });

  await test.step('cancel is an answer, and the engine goes on', async () => {
    const answer = await page.evaluate(async () => {
      const request = { text: 'block my card '.repeat(2000) };
      const { value } = (await window.host.last.call('run', [request], (message, id) => {
        if (message.kind === 'accepted') window.host.last.post({ kind: 'cancel', id });
      })) as { value: Answer };
      return value;
    });
    expect(answer.status).toBe('cancelled');
    expect(labelOf((await call<Answer>(page, 'run', [{ text: TEXT }])).value)).toBe('card_arrival');
  });

  await test.step('train, evaluate, export, import, audit', async () => {
    const rows = ['lamp', 'heater', 'radio', 'door', 'blind', 'fan', 'oven', 'camera'].flatMap(
      (thing) =>
        ['kitchen', 'hall', 'office', 'attic', 'cellar', 'garden'].flatMap((room) => [
          { text: `please switch on the ${thing} in the ${room}`, label: 'start' },
          { text: `the ${thing} in the ${room} is broken, send someone`, label: 'repair' },
        ]),
    );
    const spec = { id: 'caretaker', title: 'Caretaker', task: 'classify', rows, maxError: 0.05 };
    const card = await call<{ id: string; origin: string }>(page, 'train', [spec]);
    expect(card).toMatchObject({ value: { id: 'caretaker', origin: 'local' } });
    const report = await call<{ n: number; accuracy: number }>(page, 'evaluate', [
      'caretaker',
      rows,
    ]);
    expect(report.value.n).toBe(rows.length);
    expect(report.value.accuracy).toBeGreaterThan(0.9);
    const imported = await page.evaluate(async () => {
      const file = (await window.host.last.call('exportSpecialist', ['caretaker'])) as {
        value: Blob;
      };
      const back = await window.host.last.call('importSpecialist', [file.value]);
      return { bytes: file.value.size, back };
    });
    expect(imported.bytes).toBeGreaterThan(1_000);
    expect(imported.back).toMatchObject({ value: { id: 'caretaker' } });
    expect((await call<unknown[]>(page, 'auditExport')).value.length).toBeGreaterThan(0);
    expect((await call(page, 'auditVerify')).value).toMatchObject({ intact: true });
  });

  await test.step('a workflow', async () => {
    expect(await codeOf(page, 'runWorkflow', ['nothing', { text: 'x' }, {}])).toBe(
      'unknown_workflow',
    );
    const record = await call<{ workflow: string }>(page, 'runWorkflow', [
      'call-wrap-up',
      {
        text: 'Agent: Good morning. Caller: My router is broken, please send a technician on Monday.',
      },
      {},
    ]);
    expect(record.failure).toBeUndefined();
  });

  await test.step('chat, whole and as a stream', async () => {
    const request = { model: 'auto', messages: [{ role: 'user', content: TEXT }] };
    const whole = await call<{ flotilla: Answer; choices: [{ message: { content: string } }] }>(
      page,
      'chat',
      [request],
    );
    expect(whole.value.choices[0].message.content).toContain('card_arrival');
    const { items, outcome } = await page.evaluate(
      (given) => window.host.last.stream('chatStream', [given]),
      request,
    );
    expect(outcome).toEqual({ value: undefined });
    const chunks = items as { choices: [{ delta: { content?: string } }] }[];
    expect(chunks.map(({ choices }) => choices[0].delta.content ?? '').join('')).toContain(
      'card_arrival',
    );
    expect(await codeOf(page, 'chat', [{ model: 'auto' }])).toBe('bad_request');
  });
});
