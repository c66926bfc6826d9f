/** Words about kinds of work and their outputs: what is to be done, and what came of it in one line. */
import type { Answer } from '../core/answer.ts';
import type {
  CheckOutput,
  CodeOutput,
  ExtractOutput,
  GenerateOutput,
  RedactOutput,
  SummarizeOutput,
} from '../core/outputs.ts';
import type { TaskId } from '../core/request.ts';
import { counted, sureness } from './figures.ts';
import { labelWords } from './label-words.ts';

/** In the order in which they are offered. */
export const TASK_WORDS: Record<TaskId, string> = {
  classify: 'Sort',
  extract: 'Extract fields',
  summarize: 'Summarise',
  draft: 'Draft a reply',
  code: 'Code',
  check: 'Check',
  redact: 'Redact',
  generate: 'Fill a template',
  chat: 'Write',
};

export const WORK_TASKS = Object.keys(TASK_WORDS) as TaskId[];

type HeadlineOf = (output: unknown) => string;

/** A field that a person should look at: found but broken, or found and not sure. */
const isDoubtful = ({
  value,
  valid,
  problems,
  confidence,
}: ExtractOutput['fields'][string]): boolean =>
  !valid || problems.length > 0 || (value !== null && confidence > 0 && confidence < 0.8);

const HEADLINES: Partial<Record<TaskId, HeadlineOf>> = {
  extract: (output) => {
    const fields = Object.values((output as ExtractOutput).fields);
    const found = fields.filter(({ value }) => value !== null);
    const doubtful = fields.filter(isDoubtful).length;
    const head = `${counted(found.length, 'field')} found`;
    return doubtful === 0 ? head : `${head}, ${doubtful} to look at`;
  },
  code: (output) => {
    const { codes } = output as CodeOutput;
    return codes.length === 0 ? 'No code fits' : `${counted(codes.length, 'code')} to choose from`;
  },
  check: (output) => checkHeadline(output as CheckOutput),
  summarize: (output) => {
    const n = (output as SummarizeOutput).points.length;
    return n === 0 ? 'A summary' : `A summary in ${counted(n, 'point')}`;
  },
  draft: () => 'A draft of a reply',
  redact: (output) => {
    const n = (output as RedactOutput).entities.length;
    return n === 0 ? 'Nothing to redact was found' : `${counted(n, 'detail')} redacted`;
  },
  generate: (output) => {
    const n = (output as GenerateOutput).missing.length;
    return n === 0 ? 'The text is filled in' : `Filled in, ${counted(n, 'slot')} missing`;
  },
};

function checkHeadline({ verdict, clauses }: CheckOutput): string {
  const failed = clauses.filter((clause) => clause.verdict === 'fail').length;
  const open = clauses.filter(({ verdict: v }) => v === 'missing' || v === 'unclear').length;
  const all = counted(clauses.length, 'clause');
  if (verdict === 'pass') return `Passes: ${all}`;
  if (verdict === 'fail') return `Fails ${failed} of ${all}`;
  return `Incomplete: ${open} of ${all} open`;
}

/** Null where the task has no headline of its own, or the answer no output. */
export const workHeadline = (answer: Answer): string | null =>
  answer.output === null ? null : (HEADLINES[answer.task]?.(answer.output) ?? null);

/** How sure, in a figure or a word, for a narrow column. */
export function shortSure(answer: Answer): string {
  if (isDraftLike(answer)) return 'draft';
  return isByRules(answer) ? 'rules' : sureness(answer.confidence);
}

/** Rules decided it, and nothing was estimated: then the confidence is 1, or 0 where something is left open. */
export const isByRules = ({ task, output, decision, confidence }: Answer): boolean =>
  task !== 'classify' &&
  output !== null &&
  decision.tier === 'rules' &&
  (confidence === 1 || confidence === 0);

export const isFailedCheck = ({ task, output }: Answer): boolean =>
  task === 'check' && output !== null && (output as CheckOutput).verdict !== 'pass';

const ACRONYMS = /\b(?:iban|bic|vat|id|url|ip|po)\b/gi;

/** The name of a field or a type of data: "seller_vat_id" → "Seller VAT ID". */
export const nameWords = (name: string): string =>
  labelWords(name).replace(ACRONYMS, (word) => word.toUpperCase());

/** True where text was written or candidates were listed: a person decides, always. */
export const isDraftLike = (answer: Answer): boolean =>
  answer.decision.reason === 'draft' || answer.task === 'chat';
