/** Lines of a document whose table has no headings: rows with words and an amount, taken only if they add up. */
import { decimalOf, ONE, type Money } from './amounts.ts';
import type { AmountPlace, Context } from './context.ts';
import type { LabelClass } from './labels.ts';
import type { Cell } from './layout.ts';
import { sumOf, type FoundLines } from './line-items.ts';

/** A row with one of these words and an amount ends the lines. */
const TOTALS: LabelClass[] = [
  'gross',
  'net',
  'total',
  'line_total',
  'due_amount',
  'tax',
  'rounding',
  'cash',
  'change',
];
/** What is left of a quantity or a price when its figures are taken away. */
const EDGES = /^[\s@×*x]+(?=\s|$)|[\s@×*]+$/giu;

/** @param totals what the lines may add up to: gross, or net where it is known */
export function linesThatAddUp(context: Context, totals: readonly Money[]): FoundLines | null {
  const out: FoundLines = { lines: [], cells: [] };
  let wordsAbove = '';
  for (const row of context.layout.rows) {
    const amounts = context.amounts.filter((a) => a.cell.row === row[0]?.row && !a.found.percent);
    const total = amounts.findLast((a) => a.found.read.decimals === 2);
    if (total && TOTALS.some((name) => context.labelsOf(textOf(row)).has(name))) break;
    if (!total) {
      wordsAbove = wordsOf(row, []);
      continue;
    }
    const product = productOf(amounts, total);
    const name = wordsOf(row, [total, ...product]) || wordsAbove;
    if (!name) continue;
    const [quantity, price] = product;
    out.lines.push({
      name,
      quantity: quantity ? String(quantity.money / ONE) : null,
      unit_price: price ? decimalOf(price.money) : null,
      total: decimalOf(total.money),
      tax_percent: null,
    });
    out.cells.push(...row);
  }
  const sum = sumOf(out.lines);
  return out.lines.length > 0 && sum !== null && totals.includes(sum) ? out : null;
}

const textOf = (row: readonly Cell[]): string => row.map(({ text }) => text).join(' ');

/** Quantity and price of one, in this order, whose product is the total, to the cent; empty where there are none. */
function productOf(amounts: readonly AmountPlace[], total: AmountPlace): AmountPlace[] {
  const others = amounts.filter((a) => a !== total && a.money > 0);
  for (const price of others.filter((a) => a.found.read.decimals >= 2))
    for (const quantity of others)
      if (quantity !== price && isProduct(quantity.money, price.money, total.money))
        return [quantity, price];
  return [];
}

const isProduct = (quantity: Money, price: Money, total: Money): boolean =>
  Math.abs((quantity / ONE) * price - total) < ONE / 200;

/** The words of a row without these amounts; cells without a word, such as codes, are left out. */
function wordsOf(row: readonly Cell[], taken: readonly AmountPlace[]): string {
  const cells = row.filter((cell) => /\p{L}{2}/u.test(cell.text));
  return cells
    .map((cell) => without(cell, taken))
    .filter((text) => text !== '')
    .join(' ');
}

function without(cell: Cell, taken: readonly AmountPlace[]): string {
  const here = taken.filter((place) => place.cell === cell);
  if (here.length === 0) return cell.text;
  let left = cell.text;
  for (const { found } of here)
    left = left.slice(0, found.start) + ' '.repeat(found.end - found.start) + left.slice(found.end);
  return left.replace(EDGES, '').replace(/\s+/g, ' ').trim();
}
