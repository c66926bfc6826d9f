/** Answers of every kind of work over small own texts, for tests of the page's state and looks. Tests only. */
import type { Answer } from '../../../src/core/answer.ts';
import { documentOfText, type ReadDocument } from '../../../src/core/document.ts';
import type { ExtractedField, RedactedEntity, Span } from '../../../src/core/outputs.ts';
import type { WorkTask } from '../../../src/core/work.ts';

export const INVOICE = [
  'Haldern Tools Ltd',
  '12 Quay Street, Bristol',
  'Invoice HT-2041',
  'Date 2026-09-02',
  'Widget A 2 10.00 20.00',
  'Widget B 1 5.50 5.50',
  'Net 25.50',
  'VAT 20 % 5.10',
  'Total GBP 30.60',
].join('\n');

export const NOTE =
  'Dear Ms Okafor,\nyour card 4111 1111 1111 1111 was sent to 12 Quay Street.\nCall Ada Byron on +44 117 496 0000 before Friday.\nKind regards';

export const CALL =
  'Agent: Good morning, how can I help?\nCaller: My router drops the line every evening since Monday.\nAgent: I have reset the port. Please try tonight.\nCaller: Thank you, I will call on Thursday if it fails.';

/** Where a phrase stands in a text. */
export function spanOf(text: string, phrase: string): Span {
  const start = text.indexOf(phrase);
  if (start === -1) throw new Error(`“${phrase}” is not in the text`);
  return [start, start + phrase.length];
}

const at = (text: string, phrase: string): { start: number; end: number } => {
  const [start, end] = spanOf(text, phrase);
  return { start, end };
};

const field = (
  value: unknown,
  phrase: string | null,
  confidence: number,
  problems: string[] = [],
): ExtractedField => ({
  value,
  confidence,
  span: phrase === null ? null : spanOf(INVOICE, phrase),
  valid: problems.length === 0,
  problems,
});

const entity = (type: RedactedEntity['type'], phrase: string, n: number): RedactedEntity => ({
  type,
  ...at(NOTE, phrase),
  confidence: 0.98,
  placeholder: `[${type.toUpperCase()}_${n}]`,
});

const ENTITIES = [
  entity('person', 'Ms Okafor', 1),
  entity('credit_card', '4111 1111 1111 1111', 1),
  entity('address', '12 Quay Street', 1),
  entity('person', 'Ada Byron', 2),
  entity('phone', '+44 117 496 0000', 1),
];

const line = (name: string, quantity: string, price: string, total: string) => ({
  name,
  quantity,
  unit_price: price,
  total,
  tax_percent: '20',
});

interface Sample {
  text: string;
  output: unknown;
  change?: Partial<Answer>;
}

export const SAMPLES: Record<WorkTask, Sample> = {
  extract: {
    text: INVOICE,
    output: {
      fields: {
        seller_name: field('Haldern Tools Ltd', 'Haldern Tools Ltd', 0.98),
        seller_address: field('12 Quay Street, Bristol', '12 Quay Street, Bristol', 0.86),
        invoice_number: field('HT-2041', 'HT-2041', 0.97),
        issue_date: field('2026-09-02', '2026-09-02', 0.93),
        due_date: field(null, null, 0),
        currency: field('GBP', 'GBP', 0.99),
        total_net: field('25.50', 'Net 25.50', 0.9),
        total_tax: field('5.10', '5.10', 0.62, ['20 % of 25.50 is 5.10, but the text says 20 %.']),
        total_gross: field('30.60', '30.60', 0.96),
        lines: field(
          [line('Widget A', '2', '10.00', '20.00'), line('Widget B', '1', '5.50', '5.50')],
          null,
          0.8,
        ),
      },
    },
    change: { doubts: ['The due date is not in the document.'] },
  },
  code: {
    text: 'Patient with community acquired pneumonia and type 2 diabetes.',
    output: {
      codes: [
        {
          code: 'J18.9',
          description: 'Pneumonia, unspecified organism',
          confidence: 0.81,
          evidence: { start: 13, end: 41 },
        },
        {
          code: 'E11.9',
          description: 'Type 2 diabetes mellitus without complications',
          confidence: 0.74,
          evidence: { start: 46, end: 61 },
        },
        {
          code: 'J15.9',
          description: 'Unspecified bacterial pneumonia',
          confidence: 0.22,
          evidence: null,
        },
      ],
    },
  },
  check: {
    text: 'Bore 12.02 mm\nHardness 58 HRC\nColour: grey',
    output: {
      verdict: 'fail',
      clauses: [
        {
          id: '1',
          requirement: 'Bore 12 mm ± 0.05 mm',
          found: '12.02 mm',
          verdict: 'pass',
          evidence: { start: 5, end: 13 },
        },
        {
          id: '2',
          requirement: 'Hardness at least 60 HRC',
          found: '58 HRC',
          verdict: 'fail',
          evidence: { start: 23, end: 29 },
          reason: '58 HRC is below 60 HRC.',
        },
        {
          id: '3',
          requirement: 'Length 40 mm ± 0.1 mm',
          found: null,
          verdict: 'missing',
          evidence: null,
        },
        {
          id: '4',
          requirement: 'Colour RAL 7035',
          found: 'grey',
          verdict: 'unclear',
          evidence: { start: 38, end: 42 },
          reason: 'A name of a colour is no RAL number.',
        },
      ],
    },
  },
  summarize: {
    text: CALL,
    output: {
      summary: 'Issue\n- The router drops the line every evening since Monday.',
      points: [
        {
          text: 'The router drops the line every evening since Monday.',
          section: 'issue',
          evidence: [at(CALL, 'Caller: My router drops the line every evening since Monday.')],
        },
        {
          text: 'The agent reset the port.',
          section: 'resolution',
          evidence: [at(CALL, 'Agent: I have reset the port. Please try tonight.')],
        },
        {
          text: 'The caller calls on Thursday if it fails.',
          section: 'actions',
          evidence: [at(CALL, 'Caller: Thank you, I will call on Thursday if it fails.')],
        },
      ],
    },
  },
  draft: {
    text: 'Hello, where is my order? I ordered two weeks ago. Ada Byron',
    output: {
      reply:
        'Dear Ada Byron,\n\nthank you for your message. Your order [order number] left our house on [date]. Delivery takes three to five working days.\n\nKind regards',
      sources: [
        {
          id: 'delivery.md#2',
          score: 0.82,
          title: 'Delivery times',
          text: 'Delivery takes three to five working days within the country.',
        },
        { id: 'orders.md#1', score: 0.41, title: 'Orders' },
      ],
      missing: ['order number', 'date'],
    },
  },
  redact: {
    text: NOTE,
    output: {
      text: ENTITIES.toReversed().reduce(
        (text, { start, end, placeholder }) => text.slice(0, start) + placeholder + text.slice(end),
        NOTE,
      ),
      entities: ENTITIES,
    },
    change: { status: 'accepted', confidence: 0.97 },
  },
  generate: {
    text: 'Dear {{name}}, invoice {{number}} is due on {{due}}.',
    output: {
      text: 'Dear Ms Okafor, invoice HT-2041 is due on [due].\fDear Mr Lindqvist, invoice HT-2061 is due on 1 October.',
      missing: ['due'],
    },
    change: { confidence: 0 },
  },
};

/** An answer of the task over its sample. */
export function workAnswer(task: WorkTask, change: Partial<Answer> = {}): Answer {
  const { output, change: own } = SAMPLES[task];
  const isDraft = task === 'draft' || task === 'code' || task === 'summarize';
  return {
    id: crypto.randomUUID(),
    task,
    specialist: { id: `sample-${task}`, version: '1.0.0' },
    output,
    confidence: isDraft ? 0 : 0.83,
    status: 'needs_review',
    inferenceSource: 'on_device',
    decision: {
      object: 'routing.decision',
      tier: task === 'check' || task === 'generate' ? 'rules' : 'encoder',
      reason: isDraft ? 'draft' : 'doubtful',
      explanation: isDraft
        ? 'This was written on this device. Check it before you use it.'
        : 'Something in it needs a look.',
      classifications: [{ label: `sample-${task}`, score: 1 }],
      attempts: [
        { tier: 'rules', specialist: 'sample@1.0.0', ms: 2, outcome: 'read', confidence: null },
      ],
      certificate: null,
    },
    egress: { bytes: 0, receipt: null },
    usage: { ms: 42, cost: 0, currency: 'EUR' },
    ...own,
    ...change,
  };
}

/** The invoice as one page of 300 × 400 points with a box for each line, as intake gives it. */
export function invoiceDocument(): ReadDocument {
  const read = documentOfText(INVOICE, 'invoice.pdf');
  const lines = read.lines.map((one, row) => ({
    ...one,
    box: [30, 40 + row * 30, 250, 60 + row * 30] as [number, number, number, number],
  }));
  return {
    ...read,
    kind: 'pdf',
    lines,
    pages: [{ width: 300, height: 400, turned: 0, source: 'text_layer' }],
  };
}
