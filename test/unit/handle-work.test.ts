/** Work that gives more than a label: who does it, what the gate makes of a finding, and that a wrong call is told. */
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/answer.ts';
import { chooseWork } from '../../src/core/choose-work.ts';
import { documentOfText, type ReadDocument } from '../../src/core/document.ts';
import { documentOfLines, textToSort } from '../../src/core/document-parts.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import { withSecondReading } from '../../src/core/doubtful-fields.ts';
import { fieldsBody, parseFields } from '../../src/core/field-completions.ts';
import { handleWork, type WorkRunOptions } from '../../src/core/handle-work.ts';
import { DEFAULT_POLICY, parsePolicy, type Policy } from '../../src/core/policy-file.ts';
import { MAX_TEXT_UNITS, type RunRequest } from '../../src/core/request.ts';
import type { ExtractOutput } from '../../src/core/outputs.ts';
import type { FieldsAnswer, FieldsCall, ServerOutcome } from '../../src/core/threads.ts';
import { answered, policyWithServer } from './doubles/ports.ts';
import type { Finding, WorkManifest, WorkTask } from '../../src/core/work.ts';

const CERTIFICATE = {
  maxError: 0.05,
  confidence: 0.95,
  threshold: 0.8,
  coverage: 0.7,
  n: 400,
  outOfScopeN: 0,
  outOfScopeShare: 0,
};

const manifest = (id: string, task: WorkTask, certificates = [CERTIFICATE]): WorkManifest => ({
  schema: 1,
  id,
  version: '1.0.0',
  title: `The ${id}`,
  description: '',
  task,
  labels: [],
  files: [],
  certificates,
  noCertificateReason: null,
  fieldCertificates: {},
  figures: [],
  passport: { source: '', licence: 'mit', attribution: '', trainingData: '', recipe: '' },
  examples: [],
});

const FOUND: Finding<unknown> = {
  output: { text: 'x', missing: [] },
  basis: 'measured',
  confidence: 0.9,
  tier: 'rules',
  attempts: [{ tier: 'rules', specialist: 'a', ms: 1, outcome: 'done', confidence: 0.9 }],
  doubts: [],
};

const SERVER: ServerOutcome<FieldsAnswer> = {
  ...answered(null),
  result: ok({
    values: { iban: 'DE99' },
    server: 'onprem',
    tookMs: 80,
    usage: { cost: 0.25, currency: 'EUR' },
  }),
};

interface Asked {
  result: Result<Answer>;
  options: WorkRunOptions | null;
  audited: unknown[];
  server: FieldsCall[];
}

interface Given {
  policy?: Policy;
  task?: WorkTask;
  request?: RunRequest;
  signal?: AbortSignal;
}

async function ask(
  found: Partial<Finding<unknown>> | Result<Finding<unknown>>,
  { policy = DEFAULT_POLICY, task = 'extract', request = {}, signal }: Given = {},
  document: ReadDocument = documentOfText('some text'),
): Promise<Asked> {
  const asked: Asked = { result: fail('cancelled', ''), options: null, audited: [], server: [] };
  const ports = {
    now: () => 1000,
    newId: () => 'answer-1',
    policy,
    server: {
      classify: () => Promise.reject(new Error('not asked')),
      fields: (call: FieldsCall) => {
        asked.server.push(call);
        return Promise.resolve(SERVER);
      },
    },
    digest: () => Promise.resolve(ok('digest')),
    audit: (kind: string, data: unknown) => {
      asked.audited.push([kind, data]);
      return Promise.resolve(fail('storage_failed', 'not kept'));
    },
    works: {
      run: (_: unknown, options: WorkRunOptions) => {
        asked.options = options;
        return Promise.resolve('ok' in found ? found : ok({ ...FOUND, ...found }));
      },
    },
  };
  asked.result = await handleWork(request, document, manifest('a', task), ports, { signal });
  return asked;
}

const answerOf = ({ result }: Asked): Answer => {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};
const outcome = async (...given: Parameters<typeof ask>): Promise<string> => {
  const { status, decision } = answerOf(await ask(...given));
  return `${status} ${decision.reason}`;
};

describe('the gate', () => {
  it('accepts a measured finding at the threshold of a certificate that is strict enough, and shows it', async () => {
    const answer = answerOf(await ask({ confidence: 0.8 }));
    expect(answer).toMatchObject({
      id: 'answer-1',
      task: 'extract',
      status: 'accepted',
      inferenceSource: 'on_device',
      decision: { reason: 'local_ok', certificate: CERTIFICATE },
    });
  });

  it.each([
    ['below the threshold', { confidence: 0.79 }, 'needs_review low_confidence'],
    ['a doubt', { doubts: ['The lines add up to something else.'] }, 'needs_review doubtful'],
    ['a draft, however sure', { basis: 'draft', confidence: 1 }, 'needs_review draft'],
    ['exact', { basis: 'exact', confidence: 1 }, 'accepted local_ok'],
    [
      'exact with a doubt',
      { basis: 'exact', doubts: ['Two currencies.'] },
      'needs_review doubtful',
    ],
    ['a reason of its own', { reason: 'validator_failed' }, 'needs_review validator_failed'],
    ['nothing found', { output: null }, 'needs_review low_confidence'],
  ] as const)('%s', async (_, found, expected) => {
    expect(await outcome({ ...found, doubts: 'doubts' in found ? [...found.doubts] : [] })).toBe(
      expected,
    );
  });

  it('a task that the policy wants reviewed is reviewed, exact or not', async () => {
    expect(await outcome({ basis: 'exact' }, { task: 'code' })).toBe(
      'needs_review review_required',
    );
  });

  it('the first doubt is said in the explanation, all stand in the answer', async () => {
    const answer = answerOf(await ask({ doubts: ['Net and gross differ.', 'Two dates.'] }));
    expect(answer.decision.explanation).toContain('Net and gross differ.');
    expect(answer.doubts).toEqual(['Net and gross differ.', 'Two dates.']);
  });
});

describe('doubtful fields go further, and only they', () => {
  const text = 'Lindental AG\nNo. 5\na\nb\nc\nIBAN DE00 1234\nd\nThank you';
  const field = (value: string, change = {}) => ({
    value,
    confidence: 0.99,
    span: [text.indexOf(value), text.indexOf(value) + value.length] as [number, number],
    valid: true,
    problems: [],
    ...change,
  });
  const found = {
    output: {
      fields: {
        seller_name: field('Lindental AG'),
        iban: field('DE00 1234', { valid: false, problems: ['The checksum is wrong.'] }),
      },
    },
    doubts: ['The IBAN is not valid.'],
  };

  it('one field, the lines around it, and the answer stays one for a person', async () => {
    const asked = await ask(found, { policy: policyWithServer() }, documentOfText(text));
    expect(asked.server).toMatchObject([
      { task: 'extract', fields: ['iban'], text: 'b\nc\nIBAN DE00 1234\nd\nThank you' },
    ]);
    const answer = answerOf(asked);
    expect(answer).toMatchObject({
      status: 'needs_review',
      egress: { bytes: 642, receipt: 'receipt-1' },
      usage: { cost: 0.25 },
    });
    const { iban } = (answer.output as ExtractOutput).fields;
    // What the server says does not stand in the excerpt, so it is not believed.
    expect(iban).toMatchObject({ value: 'DE00 1234', valid: false });
  });

  it('nothing goes where the policy names no server, or nothing is doubtful', async () => {
    expect((await ask(found, {}, documentOfText(text))).server).toEqual([]);
    const sure = { output: { fields: { seller_name: field('Lindental AG') } } };
    const policy = policyWithServer();
    expect((await ask(sure, { policy }, documentOfText(text))).server).toEqual([]);
  });

  it('a second reading replaces a value that is not valid, and stands beside any other', () => {
    const doubtful = { names: ['iban', 'seller_name'], excerpt: text };
    const read = withSecondReading(
      found.output,
      doubtful,
      { iban: 'No. 5', seller_name: 'Thank you' },
      'onprem',
    );
    expect(read.fields['iban']).toMatchObject({ value: 'No. 5', confidence: 0, span: null });
    expect(read.fields['seller_name']).toMatchObject({
      value: 'Lindental AG',
      problems: ['The server “onprem” reads “Thank you”.'],
    });
  });

  it('the body names the fields and fences the excerpt; an answer beside the schema is refused', () => {
    const body = fieldsBody({ model: 'm', document: 'x </document-1>', fields: ['iban'] });
    expect(body).toContain('<document-2>');
    expect(parseFields('{"iban":"5","other":"x"}', ['iban'])).toEqual(ok({ iban: '5' }));
    expect(parseFields('{"iban":5}', ['iban'])).toMatchObject({ ok: false });
    expect(parseFields('no', ['iban'])).toMatchObject({ ok: false });
  });
});

describe('ends that are no finding', () => {
  it('a wrong call is told, not turned into an answer', async () => {
    const { result, audited } = await ask(fail('bad_request', 'no template'));
    expect(result).toEqual(fail('bad_request', 'no template'));
    expect(audited).toEqual([]);
  });

  it('a broken runtime and a deadline are answers for a person', async () => {
    expect(await outcome(fail('runtime_failed', 'x'))).toBe(
      'needs_review fell_back:runtime_failed',
    );
    expect(await outcome(fail('deadline', 'x'))).toBe('needs_review deadline');
  });

  it('cancelled is an answer, never a failure', async () => {
    const signal = AbortSignal.abort();
    expect(await outcome(fail('cancelled', 'x'), { signal })).toBe('cancelled cancelled');
  });

  it('a text that is too long is refused before anything runs', async () => {
    const long = documentOfText('x'.repeat(MAX_TEXT_UNITS + 1));
    const { result, options } = await ask({}, {}, long);
    expect(result).toMatchObject({ ok: false, failure: { code: 'input_too_long' } });
    expect(options).toBeNull();
  });
});

describe('what the task gets and what the answer carries', () => {
  it('only tiers of this device, and the deadline of the policy', async () => {
    const { options } = await ask({});
    expect(options?.tiers).toEqual(['rules', 'static', 'encoder', 'slm']);
    expect(options?.deadlineAt).toBe(121_000);
  });

  it('the text of a file goes with the answer, a given text does not', async () => {
    expect(answerOf(await ask({})).input_text).toBe('some text');
    expect(answerOf(await ask({}, { request: { text: 'some text' } })).input_text).toBeUndefined();
  });

  it('one audit row without content', async () => {
    const { audited } = await ask({});
    expect(audited).toHaveLength(1);
    expect(JSON.stringify(audited)).not.toContain('some text');
  });
});

describe('which specialist', () => {
  const works = [
    manifest('invoices', 'extract'),
    manifest('receipts', 'extract'),
    manifest('any-fields', 'extract'),
    manifest('en16931', 'check'),
    manifest('specifications', 'check'),
  ];
  const choose = (request: RunRequest, document = documentOfText('hello')) => {
    const chosen = chooseWork(request, document, works);
    return chosen.ok ? (chosen.value?.id ?? null) : chosen.failure.code;
  };

  it.each([
    [{}, null],
    [{ task: 'classify' as const }, null],
    [{ specialist: 'banking-tickets' }, null],
    [{ specialist: 'receipts' }, 'receipts'],
    [{ specialist: 'receipts@1.0.0', task: 'extract' as const }, 'receipts'],
    [{ specialist: 'receipts@9.0.0' }, 'unknown_specialist'],
    [{ specialist: 'receipts', task: 'check' as const }, 'bad_request'],
    [{ specialist: 'nobody', task: 'extract' as const }, 'unknown_specialist'],
    [{ task: 'extract' as const }, 'receipts'],
    [{ task: 'extract' as const, input: { fields: ['name'] } }, 'any-fields'],
    [{ task: 'check' as const }, 'specifications'],
    [{ task: 'redact' as const }, 'unknown_task'],
    [{ task: 'constructor' as never }, 'unknown_task'],
  ])('%j → %s', (request, expected) => {
    expect(choose(request)).toBe(expected);
  });

  it('an invoice by its words or its XML, a check of XML by the standard', () => {
    const xml = { ...documentOfText('<Invoice/>'), invoiceXml: '<Invoice/>' };
    expect(choose({ task: 'extract' }, documentOfText('RECHNUNG Nr. 5'))).toBe('invoices');
    expect(choose({ task: 'extract' }, xml)).toBe('invoices');
    expect(choose({ task: 'check' }, xml)).toBe('en16931');
    expect(choose({ task: 'check', input: { specification: 'a' } }, xml)).toBe('specifications');
  });
});

describe('documents out of requests', () => {
  it('lines of another OCR keep their boxes and pages', () => {
    const read = documentOfLines([
      { text: 'TOTAL', box: [0, 10, 50, 20] },
      { text: '9.00', box: [60, 10, 90, 20], page: 2 },
    ]);
    expect(read).toMatchObject({
      ok: true,
      value: {
        text: 'TOTAL\n9.00',
        lines: [
          { start: 0, end: 5, page: 1, box: [0, 10, 50, 20] },
          { start: 6, end: 10, page: 2 },
        ],
        pages: [
          { width: 50, height: 20 },
          { width: 90, height: 20 },
        ],
      },
    });
    const wrong = documentOfLines([{ text: 'x', box: [0, 0, 1] }] as never);
    expect(wrong).toMatchObject({ ok: false, failure: { code: 'bad_request' } });
  });

  it('of an e-mail the subject and the own words are sorted', () => {
    const text = 'Hello, where is it?\n> old words';
    const email = { from: '', to: '', subject: 'Order 5', date: '', quoted: null, signature: null };
    const document = {
      ...documentOfText(text),
      email: { ...email, body: [0, 19] as [number, number], attachments: [] },
    };
    expect(textToSort(document)).toBe('Order 5\nHello, where is it?');
  });
});

describe('rules of the policy for tasks', () => {
  it('codes are always reviewed and never leave, unless the file says otherwise', () => {
    expect(DEFAULT_POLICY.tasks.code).toMatchObject({ review: 'always', egress: 'never' });
    const parsed = parsePolicy('{"version":1,"tasks":{"code":{"review":"below_threshold"}}}');
    expect(parsed.ok && parsed.value.tasks.code).toMatchObject({
      review: 'below_threshold',
      egress: 'never',
      risk: 'high',
    });
  });

  it('a deadline of the file holds for every task that names none', () => {
    const parsed = parsePolicy('{"version":1,"defaults":{"deadline_ms":5000}}');
    expect(parsed.ok && parsed.value.tasks.summarize?.deadline_ms).toBeFalsy();
  });
});
