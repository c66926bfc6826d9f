/** What a training is made from: the choice of columns, its draft, and the rows pulled from the opened files. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../core/failure.ts';
import type { Intake, TableSummary } from '../core/intake.ts';
import type { TrainRow } from '../core/threads.ts';

/** Rows that cross a thread at a time: large enough to be quick, small enough to keep the page responsive. */
const ROWS_AT_A_TIME = 2000;

const CHOICE = v.object({
  textColumn: v.number(),
  labelColumn: v.number(),
  /** The value of the label column that marks texts without a label; null: none. */
  noneLabel: v.nullable(v.string()),
  title: v.string(),
  maxError: v.number(),
});
export type TrainChoice = v.InferOutput<typeof CHOICE>;

const NONE_LABELS = new Set(['oos', 'out_of_scope', 'out-of-scope', 'none']);

export const isNoneLabel = (label: string): boolean => NONE_LABELS.has(label.toLowerCase());

/** "My tickets, 2026" → "my-tickets-2026"; never empty. */
export const idOf = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60) || 'own-specialist';

/** The choice as it was before a reload where it fits the table, else a guess. */
export function choiceFor(draft: unknown, table: TableSummary): TrainChoice {
  const parsed = v.safeParse(CHOICE, draft);
  const last = table.columns.length - 1;
  if (parsed.success && parsed.output.textColumn <= last && parsed.output.labelColumn <= last)
    return parsed.output;
  const { text, label } = table.guess;
  return {
    textColumn: text,
    labelColumn: label ?? (text === 0 ? Math.min(1, last) : 0),
    noneLabel: null,
    title: table.fileName.replace(/\.[^.]+$/, '').replaceAll(/[_-]+/g, ' '),
    maxError: 0.02,
  };
}

async function eachRow(
  intake: Intake,
  table: TableSummary | null,
  columns: number[],
  signal: AbortSignal,
  take: (cells: string[]) => void,
): Promise<Result<null>> {
  for (let from = 0; table && from < table.rows; from += ROWS_AT_A_TIME) {
    if (signal.aborted) return fail('cancelled', 'The training was stopped.');
    const read = await intake.read(table.id, columns, from, ROWS_AT_A_TIME);
    if (!read.ok) return read;
    read.value.forEach(take);
  }
  return ok(null);
}

/** All rows of the files, split into labelled ones and texts that belong to no label. */
export async function readTrainRows(
  intake: Intake,
  tables: { inside: TableSummary | null; outside: TableSummary | null },
  choice: TrainChoice,
  signal: AbortSignal,
): Promise<Result<{ rows: TrainRow[]; outOfScope: string[] }>> {
  const rows: TrainRow[] = [];
  const outOfScope: string[] = [];
  const { textColumn, labelColumn, noneLabel } = choice;
  const inside = await eachRow(
    intake,
    tables.inside,
    [textColumn, labelColumn],
    signal,
    ([text = '', label = '']) => {
      if (noneLabel !== null && label.trim() === noneLabel) outOfScope.push(text);
      else rows.push({ text, label: label.trim() });
    },
  );
  if (!inside.ok) return inside;
  const { outside } = tables;
  const second = await eachRow(intake, outside, [outside?.guess.text ?? 0], signal, ([text = '']) =>
    outOfScope.push(text),
  );
  return second.ok ? ok({ rows, outOfScope }) : second;
}
