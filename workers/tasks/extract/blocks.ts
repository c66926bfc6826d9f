/** Under which heading a cell stands: the seller's block, the buyer's, or none. */
import type { Context } from './context.ts';
import type { LabelClass } from './labels.ts';
import type { Cell } from './layout.ts';
import type { MoreFeatures } from './names.ts';

const ROLES: LabelClass[] = [
  'seller',
  'buyer',
  'ship_to',
  'payee',
  'invoice',
  'description',
  'reference',
  'net',
];
/** A heading is short, and no further above than this many rows. */
const MOST_HEADING = 36;
const MOST_ROWS = 12;

/** For each role how near its last heading above stands, 1 right above to 0 none; then signs of page furniture. */
export function blockFeatures(context: Context): MoreFeatures {
  const headings = ROLES.map((role) =>
    context.layout.cells.filter(
      (cell) =>
        cell.text.length <= MOST_HEADING && (context.labelsOf(cell.text).get(role) ?? 9) === 0,
    ),
  );
  const pagesOf = new Map<string, Set<number>>();
  for (const { text, page } of context.layout.cells)
    pagesOf.set(text, (pagesOf.get(text) ?? new Set()).add(page));
  return (cell) => [
    ...headings.map((cells) => nearness(cell, cells)),
    (pagesOf.get(cell.text)?.size ?? 1) > 1 ? 1 : 0,
    /©|\(c\)|copyright/i.test(cell.text) ? 1 : 0,
  ];
}

/** The column counts: a heading stands over its cell or left of it, and not far away. */
function nearness(cell: Cell, headings: readonly Cell[]): number {
  let best = 0;
  for (const heading of headings) {
    const rows = cell.row - heading.row;
    if (heading === cell || heading.page !== cell.page || rows < 0 || rows > MOST_ROWS) continue;
    const apart = cell.x0 - heading.x0;
    if (apart < -0.05 || apart > 0.45) continue;
    best = Math.max(best, 1 / (1 + rows));
  }
  return best;
}
