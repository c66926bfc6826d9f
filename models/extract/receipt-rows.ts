/** Which candidates of a receipt are right: labels for the scorers, from the gold fields. */
import { distance } from 'fastest-levenshtein';
import type { ReadDocument } from '../../src/core/document.ts';
import { amountsIn, decimalOf, settle } from '../../workers/tasks/extract/amounts.ts';
import { amountCandidates, dateCandidates } from '../../workers/tasks/extract/candidates.ts';
import { contextOf, type Context } from '../../workers/tasks/extract/context.ts';
import { datesIn } from '../../workers/tasks/extract/dates.ts';
import {
  addressPart,
  lineFeatures,
  nameCandidates,
  wordyCells,
} from '../../workers/tasks/extract/names.ts';
import { NAME_REACH } from '../../workers/tasks/extract/receipt-fields.ts';
import type { Cell } from '../../workers/tasks/extract/layout.ts';
import { lettersOf, type Receipt } from './documents.ts';
import type { TrainingRow } from './rows.ts';

/** Gold fields in the form of the contract: ISO dates (day first, as Malaysia writes) and decimals with a point. */
export function goldOf({
  fields,
}: Receipt): Record<'company' | 'address' | 'date' | 'total', string | null> {
  const total = amountsIn(fields.total ?? '')[0];
  const sign = total?.negative ? -1 : 1;
  return {
    company: fields.company,
    address: fields.address,
    date: datesIn(fields.date ?? '')[0]?.readings[0]?.iso ?? null,
    total: total ? decimalOf(sign * settle(total.read, '.').money) : null,
  };
}

/** 1 is the same, 0 has nothing in common. */
export const likeness = (a: string, b: string): number =>
  1 - distance(a, b) / Math.max(1, a.length, b.length);

/** Rows of one document by scorer. */
export function rowsOfReceipt(
  receipt: Receipt,
  document: ReadDocument,
  fold: number,
  weight: number,
): Record<string, TrainingRow[]> {
  const context = contextOf(document);
  const gold = goldOf(receipt);
  const row = (features: readonly number[], right: boolean): TrainingRow => ({
    features,
    label: right ? 1 : 0,
    fold,
    weight,
  });
  const names = nameCandidates(context, NAME_REACH);
  const closest = Math.max(
    0,
    ...names.map((c) => likeness(lettersOf(c.value), lettersOf(gold.company))),
  );
  return {
    total:
      gold.total === null
        ? []
        : amountCandidates(context, decimalOf).map((c) => row(c.features, c.value === gold.total)),
    date:
      gold.date === null
        ? []
        : dateCandidates(context).map((c) => row(c.features, c.value === gold.date)),
    company: names.map((c) =>
      row(
        c.features,
        closest > 0.8 && likeness(lettersOf(c.value), lettersOf(gold.company)) === closest,
      ),
    ),
    address: addressRows(context, gold.address, row),
  };
}

function addressRows(
  context: Context,
  gold: string | null,
  row: (features: readonly number[], right: boolean) => TrainingRow,
): TrainingRow[] {
  const cells = wordyCells(context).slice(0, NAME_REACH);
  const run = gold === null ? null : goldRun(cells, lettersOf(gold));
  return cells.map((_, i) =>
    row(lineFeatures(context, cells, i), run !== null && i >= run[0] && i < run[1]),
  );
}

/** The run of lines whose letters are closest to the address; null where none is near. */
export function goldRun(cells: readonly Cell[], gold: string): [from: number, to: number] | null {
  let best: [number, number] | null = null;
  let most = 0.75;
  for (let from = 0; from < cells.length; from++)
    for (let to = from + 1; to <= Math.min(cells.length, from + 9); to++) {
      const text = cells
        .slice(from, to)
        .map((cell) => lettersOf(cell.text.slice(...addressPart(cell.text))))
        .join('');
      if (text.length > gold.length * 1.5) break;
      const like = likeness(text, gold);
      if (like > most) [best, most] = [[from, to], like];
    }
  return best;
}
