/** The output of any task as one row of a table: named cells, for exports, and one short line that says it. */
import type {
  CheckOutput,
  CodeOutput,
  DraftOutput,
  ExtractOutput,
  GenerateOutput,
  RedactOutput,
  SummarizeOutput,
} from './outputs.ts';
import type { TaskId } from './request.ts';

export type Cell = string | number | null;
/** Cells by column name, in their order. */
export type FlatOutput = [column: string, cell: Cell][];

/** Codes of a note that get a column of their own. */
const MOST_CODES = 10;
const LINE_UNITS = 200;

const cellOf = (value: unknown): Cell => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value);
};

/** `lines[]` and nested values become JSON. Confidence and problems stand beside each field. */
const flatFields = ({ fields }: ExtractOutput): FlatOutput =>
  Object.entries(fields).flatMap(([name, field]): FlatOutput => [
    [name, cellOf(field.value)],
    [`${name}_confidence`, Number(field.confidence.toFixed(4))],
    [`${name}_problems`, field.problems.length > 0 ? field.problems.join(' ') : null],
  ]);

const flatCodes = ({ codes }: CodeOutput): FlatOutput => [
  ['codes', codes.map(({ code }) => code).join(' ')],
  ...codes
    .slice(0, MOST_CODES)
    .map(({ code, description, confidence }, index): FlatOutput[number] => [
      `code_${index + 1}`,
      `${code} ${description} (${Math.round(confidence * 100)} %)`,
    ]),
];

const withVerdict = ({ clauses }: CheckOutput, verdict: string): string =>
  clauses
    .filter((clause) => clause.verdict === verdict)
    .map(({ id }) => id)
    .join(' ');

const flatCheck = (output: CheckOutput): FlatOutput => [
  ['verdict', output.verdict],
  ['failed', withVerdict(output, 'fail')],
  ['missing', withVerdict(output, 'missing')],
  ['unclear', withVerdict(output, 'unclear')],
];

const flatSummary = ({ summary, points }: SummarizeOutput): FlatOutput => [
  ['summary', summary],
  ...[...new Set(points.map(({ section }) => section ?? 'points'))].map(
    (name): FlatOutput[number] => [
      name,
      points
        .filter(({ section }) => (section ?? 'points') === name)
        .map(({ text }) => text)
        .join('\n'),
    ],
  ),
];

const flatRedaction = ({ text, entities }: RedactOutput): FlatOutput => [
  ['redacted', text],
  ['entities', entities.length],
];

/** Cells of an output; a classification has its own columns and gives none here. */
export function flatOutput(task: TaskId, output: unknown): FlatOutput {
  if (typeof output !== 'object' || output === null) return [];
  switch (task) {
    case 'extract':
      return flatFields(output as ExtractOutput);
    case 'code':
      return flatCodes(output as CodeOutput);
    case 'check':
      return flatCheck(output as CheckOutput);
    case 'summarize':
      return flatSummary(output as SummarizeOutput);
    case 'redact':
      return flatRedaction(output as RedactOutput);
    case 'draft': {
      const { reply, missing } = output as DraftOutput;
      return [
        ['reply', reply],
        ['missing', missing.join(', ')],
      ];
    }
    case 'generate': {
      const { text, missing } = output as GenerateOutput;
      return [
        ['text', text],
        ['missing', missing.join(', ')],
      ];
    }
    default:
      return [];
  }
}

/** The columns that name an extracted document best, where they are filled. */
const HEADLINE_FIELDS = ['seller_name', 'invoice_number', 'total_gross', 'currency'];

/** One line that says an output, for a row of a table; empty for a classification. */
export function lineOf(task: TaskId, output: unknown): string {
  const cells = new Map(flatOutput(task, output));
  const line = {
    extract: () => {
      const known = HEADLINE_FIELDS.map((name) => cells.get(name)).filter((cell) => cell);
      if (known.length > 0) return known.join(' · ');
      return [...cells].flatMap(([name, cell]) =>
        cell !== null && !/_(?:confidence|problems)$/u.test(name) ? [`${name}: ${cell}`] : [],
      );
    },
    code: () => cells.get('codes'),
    check: () => {
      const failed = cells.get('failed');
      return failed ? `${cells.get('verdict')}: ${failed}` : cells.get('verdict');
    },
    summarize: () => cells.get('summary'),
    redact: () => cells.get('redacted'),
    draft: () => cells.get('reply'),
    generate: () => cells.get('text'),
    classify: () => '',
    chat: () => '',
  }[task]();
  const text = Array.isArray(line) ? line.join(' · ') : String(line ?? '');
  return text.replaceAll(/\s+/gu, ' ').slice(0, LINE_UNITS);
}
