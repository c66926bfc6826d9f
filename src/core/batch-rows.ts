/** One row of a batch: what is kept of its answer, how rows are counted, filtered and sorted. */
import type { Answer, AnswerStatus, ReasonCode, Tier } from './answer.ts';
import { lineOf } from './flat-output.ts';
import type { TaskId } from './request.ts';

/** What is kept of an answer in a batch: enough to show, export, compare and correct it. */
export interface RowAnswer {
  id: string;
  label: string | null;
  confidence: number;
  status: AnswerStatus;
  tier: Tier;
  reason: ReasonCode;
  specialist: string;
  version: string;
  inferenceSource: Answer['inferenceSource'];
  egressBytes: number;
  receipt: string | null;
  ms: number;
  /** For tasks that give more than a label. */
  work?: { task: TaskId; output: unknown; line: string };
}

/** A larger output is not kept in a batch: its line is, and a reason. */
const MOST_OUTPUT_UNITS = 100_000;

function workOf({ task, output, decision }: Answer): RowAnswer['work'] | null {
  if (task === 'classify' || task === 'chat') return null;
  if (output === null) return { task, output: null, line: decision.explanation };
  const line = lineOf(task, output);
  const isLarge = JSON.stringify(output).length > MOST_OUTPUT_UNITS;
  return {
    task,
    output: isLarge ? null : output,
    line: isLarge ? `Too large to keep: ${line}` : line,
  };
}

const labelOf = (output: unknown): string | null =>
  typeof output === 'object' &&
  output !== null &&
  'label' in output &&
  typeof output.label === 'string'
    ? output.label
    : null;

export const rowAnswerOf = (answer: Answer): RowAnswer => ({
  id: answer.id,
  label: labelOf(answer.output),
  confidence: answer.confidence,
  status: answer.status,
  tier: answer.decision.tier,
  reason: answer.decision.reason,
  specialist: answer.specialist.id,
  version: answer.specialist.version,
  inferenceSource: answer.inferenceSource,
  egressBytes: answer.egress.bytes,
  receipt: answer.egress.receipt,
  ms: answer.usage.ms,
  ...withWork(workOf(answer)),
});

const withWork = (work: RowAnswer['work'] | null): Pick<RowAnswer, 'work'> =>
  work ? { work } : {};

/** The answer as far as a batch kept it: scores, attempts and the certificate are not kept and stay empty. */
export const answerOfRow = (row: RowAnswer): Answer => ({
  id: row.id,
  task: row.work?.task ?? 'classify',
  specialist: { id: row.specialist, version: row.version },
  output: row.work ? row.work.output : { label: row.label, scores: [] },
  confidence: row.confidence,
  status: row.status,
  inferenceSource: row.inferenceSource,
  decision: {
    object: 'routing.decision',
    tier: row.tier,
    reason: row.reason,
    explanation: 'Answered in a batch.',
    classifications: [],
    attempts: [],
    certificate: null,
  },
  egress: { bytes: row.egressBytes, receipt: row.receipt },
  usage: { ms: row.ms, cost: 0, currency: 'EUR' },
});

/** Counts over the answered rows. `compared` rows have a label of their own; `agreed` of them got the same one. */
export interface Tally {
  done: number;
  accepted: Partial<Record<Tier, number>>;
  needsReview: number;
  refused: number;
  compared: number;
  agreed: number;
  acceptedCompared: number;
  acceptedAgreed: number;
}

export const emptyTally = (): Tally => ({
  done: 0,
  accepted: {},
  needsReview: 0,
  refused: 0,
  compared: 0,
  agreed: 0,
  acceptedCompared: 0,
  acceptedAgreed: 0,
});

/** Names under which data sets mark a request that belongs to no label. */
const NO_LABEL = new Set(['oos', 'out_of_scope', 'out-of-scope']);

/** Whether the given label is the answer's label; null where the row has none to compare with. */
export function agreesWith(given: string | null, label: string | null): boolean | null {
  const wanted = given?.trim() ?? '';
  if (wanted === '') return null;
  return NO_LABEL.has(wanted.toLowerCase()) ? label === null : wanted === label;
}

/** Adds one answer to the counts, in place. */
export function addToTally(tally: Tally, answer: RowAnswer, given: string | null): void {
  tally.done += 1;
  const accepted = answer.status === 'accepted';
  if (accepted) tally.accepted[answer.tier] = (tally.accepted[answer.tier] ?? 0) + 1;
  else if (answer.status === 'needs_review') tally.needsReview += 1;
  else tally.refused += 1;
  const agrees = agreesWith(given, answer.label);
  if (agrees === null) return;
  tally.compared += 1;
  if (agrees) tally.agreed += 1;
  if (!accepted) return;
  tally.acceptedCompared += 1;
  if (agrees) tally.acceptedAgreed += 1;
}

export const SHOWN = [
  'all',
  'needs_review',
  'accepted',
  'below',
  'corrected',
  'disagrees',
] as const;
export const SORTED_BY = ['row', 'text', 'label', 'confidence', 'tier', 'status'] as const;

/** Which rows to show and in what order. */
export interface RowQuery {
  show: (typeof SHOWN)[number];
  /** For `below`: rows with a confidence under this. */
  below: number;
  /** Found in the text or the label, whatever the case. Empty: everything. */
  search: string;
  sort: (typeof SORTED_BY)[number];
  descending: boolean;
}

/** A row as filters and sorting see it. */
export interface SheetRow {
  text: string;
  given: string | null;
  answer: RowAnswer | undefined;
  corrected: string | undefined;
}

function isShown(row: SheetRow, query: RowQuery, needle: string): boolean {
  const { answer } = row;
  if (query.show === 'needs_review' && answer?.status !== 'needs_review') return false;
  if (query.show === 'accepted' && answer?.status !== 'accepted') return false;
  if (query.show === 'below' && !(answer && answer.confidence < query.below)) return false;
  if (query.show === 'corrected' && row.corrected === undefined) return false;
  if (query.show === 'disagrees' && !(answer && agreesWith(row.given, answer.label) === false))
    return false;
  if (needle === '') return true;
  const label = row.corrected ?? answer?.work?.line ?? answer?.label ?? '';
  return row.text.toLowerCase().includes(needle) || label.toLowerCase().includes(needle);
}

function sortKey(row: SheetRow, by: RowQuery['sort']): string | number {
  if (by === 'text') return row.text.slice(0, 200).toLowerCase();
  if (by === 'label') return row.corrected ?? row.answer?.work?.line ?? row.answer?.label ?? '';
  if (by === 'confidence') return row.answer?.confidence ?? -1;
  if (by === 'tier') return row.answer?.tier ?? '';
  return row.answer?.status ?? '';
}

/** Numbers of the rows to show, in order. Equal rows keep the order of the file. */
export function orderRows(
  count: number,
  rowAt: (index: number) => SheetRow,
  query: RowQuery,
): number[] {
  const needle = query.search.trim().toLowerCase();
  const found: number[] = [];
  for (let index = 0; index < count; index++)
    if (isShown(rowAt(index), query, needle)) found.push(index);
  const turn = query.descending ? -1 : 1;
  if (query.sort === 'row') return query.descending ? found.reverse() : found;
  const keys = new Map(found.map((index) => [index, sortKey(rowAt(index), query.sort)]));
  return found.sort((a, b) => {
    const left = keys.get(a) ?? '';
    const right = keys.get(b) ?? '';
    if (left === right) return a - b;
    return (left < right ? -1 : 1) * turn;
  });
}
