/** Workflows: what a file may say, what each step gets, where a person decides, and the one record of a run. */
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/answer.ts';
import { documentOfText, type ReadDocument } from '../../src/core/document.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { RunRequest } from '../../src/core/request.ts';
import { runWorkflow } from '../../src/core/run-workflow.ts';
import { parseWorkflow, type Workflow, type WorkflowRecord } from '../../src/core/workflow.ts';

const FILE = {
  schema: 1,
  id: 'demo',
  version: '1.0.0',
  title: 'Demo',
  description: 'Two steps',
  takes: 'a text',
  extras: [{ name: 'order', title: 'The order', kind: 'text', required: false }],
  steps: [
    { id: 'kind', title: 'Sort it', task: 'classify' },
    {
      id: 'reply',
      title: 'Reply',
      task: 'draft',
      when: { value: '$kind.output.label', in: ['question'] },
      input: { order: '$input.order', labels: ['$kind.output.label', 'fixed'] },
      doubt: 'go_on',
    },
  ],
  result: { label: '$kind.output.label', reply: '$reply.output.reply' },
  example: { text: 'hello' },
};

const parsed = (change: object = {}): Workflow => {
  const read = parseWorkflow({ ...FILE, ...change }, 'demo.json');
  if (!read.ok) throw new Error(read.failure.message);
  return read.value;
};

const answer = (output: unknown, status: Answer['status'] = 'accepted'): Answer => ({
  id: 'a',
  task: 'classify',
  specialist: { id: 's', version: '1.0.0' },
  output,
  confidence: 1,
  status,
  inferenceSource: 'on_device',
  decision: {
    object: 'routing.decision',
    tier: 'static',
    reason: 'local_ok',
    explanation: 'because',
    classifications: [],
    attempts: [],
    certificate: null,
  },
  egress: { bytes: 5, receipt: null },
  usage: { ms: 1, cost: 0.25, currency: 'EUR' },
});

interface Ran {
  record: WorkflowRecord;
  asked: RunRequest[];
}

async function run(
  workflow: Workflow,
  answers: Result<Answer>[],
  given: {
    request?: RunRequest;
    document?: ReadDocument;
    before?: WorkflowRecord;
    decisions?: Record<string, unknown>;
    cancelled?: () => boolean;
  } = {},
): Promise<Ran> {
  const asked: RunRequest[] = [];
  const request = given.request ?? { text: 'hello', input: { order: 'order 5' } };
  const record = await runWorkflow(
    {
      workflow,
      request,
      document: given.document ?? documentOfText('hello'),
      before: given.before ?? null,
      decisions: given.decisions ?? {},
    },
    {
      now: () => 10,
      newId: () => 'run-1',
      time: () => '2026-01-01T00:00:00.000Z',
      run: (step) => {
        asked.push(step);
        return Promise.resolve(answers[asked.length - 1] ?? fail('runtime_failed', 'no answer'));
      },
      attachment: (index) => Promise.resolve(ok(new File(['x'], `attached-${index}.pdf`))),
      cancelled: given.cancelled ?? (() => false),
      onStep: () => undefined,
    },
  );
  return { record, asked };
}

const states = ({ record }: Ran): string[] => record.steps.map(({ id, state }) => `${id} ${state}`);

describe('the file', () => {
  it.each([
    ['an unknown key', { extra: 1 }],
    ['no step', { steps: [] }],
    ['a step that refers to a later one', { steps: [{ ...FILE.steps[1] }, FILE.steps[0]] }],
    ['two steps of one name', { steps: [FILE.steps[0], FILE.steps[0]] }],
    ['a step called as a source', { steps: [{ ...FILE.steps[0], id: 'input' }] }],
    ['a result of no step', { result: { x: '$nothing.output' } }],
    ['an unknown task', { steps: [{ ...FILE.steps[0], task: 'fly' }] }],
  ])('%s is refused', (_, change) => {
    const read = parseWorkflow({ ...FILE, ...change }, 'demo.json');
    expect(read).toMatchObject({ ok: false, failure: { code: 'file_corrupt' } });
  });
});

describe('a run', () => {
  it('gives each step what its references stand for', async () => {
    const ran = await run(parsed(), [
      ok(answer({ label: 'question' })),
      ok(answer({ reply: 'Dear' }, 'needs_review')),
    ]);
    expect(ran.asked).toEqual([
      { task: 'classify', text: 'hello' },
      { task: 'draft', text: 'hello', input: { order: 'order 5', labels: ['question', 'fixed'] } },
    ]);
    expect(ran.record).toMatchObject({
      id: 'run-1',
      state: 'done',
      result: { label: 'question', reply: 'Dear' },
      totals: { cost: 0.5, egressBytes: 10, tiers: { static: 2 }, accepted: 1, reviewed: 1 },
    });
  });

  it('skips a step whose condition does not hold', async () => {
    const ran = await run(parsed(), [ok(answer({ label: 'praise' }))]);
    expect(states(ran)).toEqual(['kind done', 'reply skipped']);
    expect(ran.record.state).toBe('done');
    expect(ran.record.result).toEqual({ label: 'praise', reply: null });
  });

  it('waits for a person, and goes on with their decision without asking again', async () => {
    const first = await run(parsed(), [ok(answer({ label: 'praise' }, 'needs_review'))]);
    expect(states(first)).toEqual(['kind waiting']);
    expect(first.record.state).toBe('waiting');
    const second = await run(parsed(), [ok(answer({ reply: 'Dear' }))], {
      before: first.record,
      decisions: { kind: { label: 'question' } },
    });
    expect(second.asked.map(({ task }) => task)).toEqual(['draft']);
    expect(states(second)).toEqual(['kind done', 'reply done']);
    expect(second.record.steps[0]).toMatchObject({ decided: true });
    expect(second.record.totals.accepted).toBe(1);
    expect(second.record.id).toBe(first.record.id);
  });

  it('stops at a failure, and tries that step again when it is run again', async () => {
    const first = await run(parsed(), [
      ok(answer({ label: 'question' })),
      fail('bad_request', 'no base'),
    ]);
    expect(states(first)).toEqual(['kind done', 'reply failed']);
    expect(first.record.steps[1]?.why).toBe('no base');
    const second = await run(parsed(), [ok(answer({ reply: 'Dear' }))], { before: first.record });
    expect(second.asked).toHaveLength(1);
    expect(second.record.state).toBe('done');
  });

  it('a cancelled run says so and keeps what was done', async () => {
    let steps = 0;
    const ran = await run(parsed(), [ok(answer({ label: 'question' }))], {
      cancelled: () => steps++ > 0,
    });
    expect(states(ran)).toEqual(['kind done']);
    expect(ran.record.state).toBe('cancelled');
  });

  it('never reaches into prototypes', async () => {
    const workflow = parsed({ result: { x: '$kind.constructor.name' } });
    const ran = await run(workflow, [ok(answer({ label: 'praise' }))]);
    expect(ran.record.result).toEqual({ x: null });
  });
});

describe('what a step works on', () => {
  const on = (value: unknown) => parsed({ steps: [{ ...FILE.steps[0], on: value }], result: {} });
  const attachments = [
    { name: 'logo.png', type: 'image/png', bytes: 5 },
    { name: 'Invoice.PDF', type: 'application/octet-stream', bytes: 9 },
  ];
  const mail: ReadDocument = {
    ...documentOfText('hello'),
    email: {
      from: '',
      to: '',
      subject: '',
      date: '',
      body: [0, 5],
      quoted: null,
      signature: null,
      attachments,
    },
  };

  it('the first attachment of the kind', async () => {
    const { asked } = await run(on({ attachment: ['pdf', 'xml'] }), [ok(answer({}))], {
      document: mail,
    });
    expect((asked[0]?.file as File).name).toBe('attached-1.pdf');
    expect(asked[0]?.text).toBeUndefined();
  });

  it('is left out where the e-mail has none; a document that is no e-mail is worked on itself', async () => {
    const none = await run(on({ attachment: ['xml'] }), [], { document: mail });
    expect(states(none)).toEqual(['kind skipped']);
    const self = await run(on({ attachment: ['pdf'] }), [ok(answer({}))]);
    expect(self.asked[0]?.text).toBe('hello');
  });

  it('a text of an earlier step or of the e-mail', async () => {
    const { asked } = await run(on({ text: '$email.body' }), [ok(answer({}))], { document: mail });
    expect(asked[0]?.text).toBe('hello');
    const none = await run(on({ text: '$email.body' }), []);
    expect(states(none)).toEqual(['kind skipped']);
  });
});
