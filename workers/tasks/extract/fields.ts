/** Fields of the output: from a choice, a rule or the XML, with span, page and box. */
import type { Box } from '../../../src/core/document.ts';
import type { ExtractedField, Span } from '../../../src/core/outputs.ts';
import type { Choice } from './choose.ts';
import type { Cell } from './layout.ts';

export type Fields = Record<string, ExtractedField>;

export const INVOICE_FIELDS = [
  'seller_name',
  'seller_address',
  'seller_vat_id',
  'buyer_name',
  'invoice_number',
  'issue_date',
  'due_date',
  'currency',
  'total_net',
  'total_tax',
  'total_gross',
  'iban',
  'lines',
] as const;

export const missing = (...problems: string[]): ExtractedField => ({
  value: null,
  confidence: 0,
  span: null,
  valid: true,
  problems,
});

/** A value with its place. */
export function fieldAt(
  value: unknown,
  confidence: number,
  cells: readonly Cell[],
  span: Span | null,
  problems: readonly string[] = [],
): ExtractedField {
  const first = cells[0];
  const box = boxOf(cells.filter((cell) => cell.page === first?.page));
  return {
    value,
    confidence,
    span,
    ...(first && { page: first.page }),
    ...(box && { box }),
    valid: problems.length === 0,
    problems: [...problems],
  };
}

export const fieldOf = ({ candidate }: Choice, confidence: number): ExtractedField =>
  fieldAt(
    candidate.value,
    confidence,
    candidate.cells,
    [candidate.start, candidate.end],
    candidate.problems,
  );

/** The smallest box around all cells; null where one has none. */
export function boxOf(cells: readonly Cell[]): Box | null {
  let out: Box | null = null;
  for (const { box } of cells) {
    if (!box) return null;
    out = out
      ? [
          Math.min(out[0], box[0]),
          Math.min(out[1], box[1]),
          Math.max(out[2], box[2]),
          Math.max(out[3], box[3]),
        ]
      : [...box];
  }
  return out;
}
