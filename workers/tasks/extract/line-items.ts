/** Lines of an invoice's table: a row of headings says which column is what, rows with a total in its column are lines. */
import type { InvoiceLine } from '../../../src/core/outputs.ts';
import {
  amountsIn,
  decimalOf,
  moneyOf,
  ONE,
  settle,
  type FoundAmount,
  type Money,
} from './amounts.ts';
import type { Context } from './context.ts';
import type { LabelClass } from './labels.ts';
import type { Cell } from './layout.ts';

type Column = 'description' | 'quantity' | 'unit_price' | 'total' | 'rate';
interface Heading {
  column: Column;
  cell: Cell;
}

const CLASSES: [Column, LabelClass[]][] = [
  ['unit_price', ['unit_price']],
  ['quantity', ['quantity']],
  ['rate', ['rate', 'tax']],
  ['description', ['description']],
  ['total', ['line_total', 'total', 'gross', 'net']],
];
/** Words that name a column of a table, and something else anywhere else. */
const ALONE = new Map<string, Column>([
  ['rate', 'unit_price'],
  ['net', 'total'],
]);
/** Rows without a total that are passed over inside a table: article numbers, descriptions of several rows. */
const MOST_REST = 8;
export const MOST_LINES = 500;

export interface FoundLines {
  lines: InvoiceLine[];
  cells: Cell[];
}

/** The table with the most lines; null where no row of headings is found or nothing stands below it. */
export function linesIn(context: Context): FoundLines | null {
  let best: FoundLines | null = null;
  context.layout.rows.forEach((row, index) => {
    const headings = headingsOf(context, row);
    if (!headings) return;
    const found = rowsBelow(context, index, headings);
    if (found.lines.length > (best?.lines.length ?? 0)) best = found;
  });
  return best;
}

/** A row of headings names a total and two more columns. */
function headingsOf(context: Context, row: readonly Cell[]): Heading[] | null {
  const out: Heading[] = [];
  for (const cell of row) {
    if (cell.text.length > 40 || amountsIn(cell.text).some(({ read }) => read.decimals === 2))
      return null;
    const labels = context.labelsOf(cell.text);
    const words = cell.text.toLowerCase().trim();
    const found = CLASSES.filter(
      ([column, classes]) =>
        classes.some((name) => labels.has(name)) || ALONE.get(words) === column,
    );
    const free = found.find(
      ([column]) => column === 'total' || !out.some((h) => h.column === column),
    );
    if (free) out.push({ column: free[0], cell });
  }
  const totals = out.filter(({ column }) => column === 'total');
  const last = totals.at(-1);
  const others = out.filter(({ column }) => column !== 'total');
  return last && others.length >= 2 ? [...others, last] : null;
}

function rowsBelow(context: Context, header: number, headings: readonly Heading[]): FoundLines {
  const out: FoundLines = { lines: [], cells: [] };
  let rest = 0;
  for (let r = header + 1; r < context.layout.rows.length && rest <= MOST_REST; r++) {
    const row = context.layout.rows[r] as Cell[];
    if (out.lines.length >= MOST_LINES || endsTable(context, row, headings)) break;
    if (isOtherTable(context, row, headings)) break;
    const next = context.layout.rows[r + 1] ?? [];
    const whole = [row, [...row, ...lateTotal(row, next, headings)]].find((cells) =>
      lineOf(context, cells, headings),
    );
    const line = whole && lineOf(context, whole, headings);
    if (whole && line) {
      out.lines.push(line);
      out.cells.push(...whole);
      rest = 0;
      if (whole !== row) r++;
    } else rest++;
  }
  return out;
}

/** The total of a line may stand a little lower than its quantity and price. */
function lateTotal(
  row: readonly Cell[],
  next: readonly Cell[],
  headings: readonly Heading[],
): Cell[] {
  const [here, below] = [columnsOf(row, headings), columnsOf(next, headings)];
  const total = below.get('total');
  const fits =
    here.has('unit_price') &&
    here.has('quantity') &&
    !here.has('total') &&
    !below.has('unit_price');
  return fits && total && total.page === row[0]?.page ? [total] : [];
}

/** Another row of headings, unless it repeats these on a new page. */
function isOtherTable(
  context: Context,
  row: readonly Cell[],
  headings: readonly Heading[],
): boolean {
  if (row.length < 3 || row.some((cell) => /\d[.,]\d{2}/.test(cell.text))) return false;
  const same = row.filter(({ text }) => headings.some(({ cell }) => cell.text === text)).length;
  const named = row.filter(({ text }) =>
    CLASSES.some(([, classes]) => classes.some((name) => context.labelsOf(text).has(name))),
  );
  return same < 2 && named.length >= 3;
}

const ENDS: LabelClass[] = [
  'net',
  'gross',
  'due_amount',
  'total',
  'tax',
  'line_total',
  'discount',
  'charge',
  'prepaid',
];

/** A row of totals: it begins with a word for one, and holds an amount but no quantity or price. */
function endsTable(context: Context, row: readonly Cell[], headings: readonly Heading[]): boolean {
  const [first] = row;
  if (!first || row.length > 4 || !row.some((cell) => /\d[.,]\d{2}/.test(cell.text))) return false;
  const columns = columnsOf(row, headings);
  const labels = context.labelsOf(first.text);
  const isFigure = (column: Column): boolean =>
    /^[^\p{L}]{0,3}\d/u.test(columns.get(column)?.text ?? '');
  return ENDS.some((name) => labels.has(name)) && !isFigure('unit_price') && !isFigure('quantity');
}

/** Distance of a cell from a heading: 0 where one stands below the other. */
function distanceOf(cell: Cell, heading: Cell): number {
  if (cell.x0 < heading.x1 && cell.x1 > heading.x0) return 0;
  return Math.min(Math.abs(cell.x0 - heading.x0), Math.abs(cell.x1 - heading.x1));
}

function columnsOf(row: readonly Cell[], headings: readonly Heading[]): Map<Column, Cell> {
  const out = new Map<Column, Cell>();
  for (const cell of row) {
    const byDistance = headings
      .map((heading) => ({ heading, distance: distanceOf(cell, heading.cell) }))
      .sort(
        (a, b) =>
          a.distance - b.distance ||
          Math.abs(a.heading.cell.x1 - cell.x1) - Math.abs(b.heading.cell.x1 - cell.x1),
      );
    const nearest = byDistance[0];
    if (!nearest || nearest.distance > 0.15) continue;
    const { column } = nearest.heading;
    const known = out.get(column);
    if (!known || (column === 'description' && cell.text.length > known.text.length))
      out.set(column, cell);
  }
  return out;
}

function lineOf(
  context: Context,
  row: readonly Cell[],
  headings: readonly Heading[],
): InvoiceLine | null {
  const columns = columnsOf(row, headings);
  const amount = (column: Column): FoundAmount | null => {
    const cell = columns.get(column);
    return cell
      ? (amountsIn(cell.text).find((found) => column === 'rate' || !found.percent) ?? null)
      : null;
  };
  const total = amount('total');
  if (!total || total.read.decimals === 0) return null;
  const name =
    columns.get('description')?.text ?? row.find((cell) => /\p{L}{2}/u.test(cell.text))?.text;
  if (
    !name ||
    !(columns.has('quantity') || columns.has('unit_price') || columns.has('description'))
  )
    return null;
  return {
    name,
    quantity: plainOf(context, amount('quantity')),
    unit_price: moneyText(context, amount('unit_price')),
    total: moneyText(context, total),
    tax_percent: plainOf(context, amount('rate')),
  };
}

const settled = (context: Context, found: FoundAmount): Money =>
  settle(found.read, context.mark).money * (found.negative ? -1 : 1);

const moneyText = (context: Context, found: FoundAmount | null): string | null =>
  found && decimalOf(settled(context, found));

/** Quantities and rates without needless zeros: `20`, `5.5`. */
function plainOf(context: Context, found: FoundAmount | null): string | null {
  if (!found) return null;
  return String(settled(context, found) / ONE);
}

/** Sum of the totals; null where one is missing. */
export function sumOf(lines: readonly InvoiceLine[]): Money | null {
  const totals = lines.map(({ total }) => moneyOf(total));
  return totals.some((total) => total === null)
    ? null
    : totals.reduce<number>((a, b) => a + (b as number), 0);
}
