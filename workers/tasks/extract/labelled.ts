/** What stands behind its label: the receipt's number, the seller's tax registration, a date, a total. */
import type { ExtractedField } from '../../../src/core/outputs.ts';
import type { Candidate } from './candidates.ts';
import type { Context } from './context.ts';
import { fieldAt, missing } from './fields.ts';
import type { LabelClass } from './labels.ts';
import { leftOf, type Cell } from './layout.ts';

/** The words before a value: those in its cell, or else the cell to its left. */
export function labelBefore(
  { layout }: Context,
  { start, cells: [cell] }: Pick<Candidate, 'start' | 'cells'>,
): string {
  if (!cell) return '';
  const inCell = cell.text.slice(0, start - cell.start);
  return inCell.trim() === '' ? (leftOf(layout, cell).at(-1)?.text ?? '') : inCell;
}

const CODE = /(?=[\p{L}\-/]{0,10}\d)[\p{L}\d][\p{L}\d\-/]{2,29}/u;

export const numberByLabel = (context: Context): ExtractedField =>
  behindLabel(context, 'invoice_number', (code) => /\d/.test(code));

export const registrationByLabel = (context: Context): ExtractedField =>
  behindLabel(context, 'vat_id', (code) => code.replace(/\D/g, '').length >= 8);

/** The first code behind a label of the class: in the cell after a colon or blank, else in the next cell of the row. */
function behindLabel(
  context: Context,
  label: LabelClass,
  fits: (code: string) => boolean,
): ExtractedField {
  for (const cell of context.layout.cells) {
    const found = codeIn(context, cell, label) ?? codeBeside(context, cell, label);
    if (!found || !fits(found.text) || isTaken(context, found)) continue;
    const start = found.cell.start + found.at;
    return fieldAt(found.text, 0, [found.cell], [start, start + found.text.length]);
  }
  return missing();
}

interface Code {
  cell: Cell;
  at: number;
  text: string;
}

function codeIn(context: Context, cell: Cell, label: LabelClass): Code | null {
  const match = CODE.exec(cell.text);
  if (!match || match.index === 0) return null;
  const before = context.labelsOf(cell.text.slice(0, match.index));
  return (before.get(label) ?? 9) <= 1 ? { cell, at: match.index, text: match[0] } : null;
}

function codeBeside(context: Context, cell: Cell, label: LabelClass): Code | null {
  const match = CODE.exec(cell.text);
  const nearest = leftOf(context.layout, cell).at(-1);
  if (!match || match.index > 3 || !nearest || /\d{3}/.test(nearest.text)) return null;
  return (context.labelsOf(nearest.text).get(label) ?? 9) <= 1
    ? { cell, at: match.index, text: match[0] }
    : null;
}

/** Dates and amounts are no numbers of documents. */
function isTaken(context: Context, { cell, at, text }: Code): boolean {
  const over = (start: number, end: number): boolean => start < at + text.length && end > at;
  return (
    context.dates.some(
      (d) => d.cell === cell && !d.found.bare && over(d.found.start, d.found.end),
    ) ||
    context.amounts.some(
      (a) => a.cell === cell && a.found.read.decimals === 2 && over(a.found.start, a.found.end),
    )
  );
}
