/**
 * Puts pieces of text that stand somewhere on a page into the order in which people read them. Rows from top to bottom;
 * text set in columns column by column, but tables row by row. Pure.
 */
import type { Box } from '../../../src/core/document.ts';

/** A run of text that stands in one place: what lies between two wide gaps of a row. */
export interface Piece {
  text: string;
  box: Box;
  words: { text: string; box: Box }[];
  /** 0..1 where it was read from a picture, else null. */
  confidence: number | null;
}

/** The pieces of one row, left to right. */
export type Row = Piece[];

/** Narrowest gap between two columns of text, in heights of a line. */
const GUTTER = 1.2;
/** A column of running text has at least this many lines … */
const LEAST_LINES = 5;
/** … of this many characters on average, and mostly letters. Tables have less of each. */
const LEAST_CHARACTERS = 25;
const MOST_DIGITS = 0.25;
/** Pages of more rows than this are not searched for columns. */
const MOST_ROWS = 400;

const heightOf = ({ box }: Piece): number => box[3] - box[1];
const middleOf = ({ box }: Piece): number => (box[1] + box[3]) / 2;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** Pieces whose heights overlap by half or more stand in one row. */
export function rowsOf(pieces: readonly Piece[]): Row[] {
  const rows: Row[] = [];
  for (const piece of [...pieces].sort((a, b) => middleOf(a) - middleOf(b))) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (row !== undefined && last !== undefined && sharesRow(last, piece)) row.push(piece);
    else rows.push([piece]);
  }
  for (const row of rows) row.sort((a, b) => a.box[0] - b.box[0]);
  return rows;
}

function sharesRow(a: Piece, b: Piece): boolean {
  const overlap = Math.min(a.box[3], b.box[3]) - Math.max(a.box[1], b.box[1]);
  return overlap > Math.min(heightOf(a), heightOf(b)) / 2;
}

/** Rows in reading order. */
export function readingOrder(pieces: readonly Piece[]): Row[] {
  const rows = rowsOf(pieces);
  if (rows.length < LEAST_LINES || rows.length > MOST_ROWS) return rows;
  const gutter = GUTTER * median(pieces.map(heightOf));
  const ordered: Row[] = [];
  for (let at = 0; at < rows.length;) {
    const band = columnsFrom(rows, at, gutter);
    if (band === null) {
      ordered.push(rows[at] as Row);
      at += 1;
    } else {
      for (const column of band.columns) ordered.push(...readingOrder(column));
      at = band.end;
    }
  }
  return ordered;
}

type Span = [from: number, to: number];

/** What is left of the free spans of a band when a row is added. */
function freeAfter(free: readonly Span[], row: Row, narrowest: number): Span[] {
  let left: Span[] = [...free];
  for (const { box } of row)
    left = left.flatMap(([from, to]): Span[] => [
      [from, Math.min(to, box[0])],
      [Math.max(from, box[2]), to],
    ]);
  return left.filter(([from, to]) => to - from >= narrowest);
}

/** The longest band of rows from `start` that one gap parts into two columns of running text; null if there is none. */
function columnsFrom(
  rows: readonly Row[],
  start: number,
  gutter: number,
): { columns: Piece[][]; end: number } | null {
  let free: Span[] = [[-Infinity, Infinity]];
  let parting: Span | null = null;
  let end = start;
  for (; end < rows.length; end++) {
    free = freeAfter(free, rows[end] as Row, gutter);
    const inner = free.filter(([from, to]) => Number.isFinite(from) && Number.isFinite(to));
    const widest = inner.sort((a, b) => b[1] - b[0] - (a[1] - a[0]))[0];
    if (widest === undefined && parting !== null) break;
    parting = widest ?? null;
  }
  if (parting === null || end - start < LEAST_LINES) return null;
  const middle = (parting[0] + parting[1]) / 2;
  const band = rows.slice(start, end).flat();
  const columns = [
    band.filter(({ box }) => box[2] <= middle),
    band.filter(({ box }) => box[2] > middle),
  ];
  return columns.every(isRunningText) ? { columns, end } : null;
}

function isRunningText(column: readonly Piece[]): boolean {
  const lines = rowsOf(column);
  if (lines.length < LEAST_LINES) return false;
  const text = column.map((piece) => piece.text).join('');
  const digits = text.replace(/\D/g, '').length;
  return text.length / lines.length >= LEAST_CHARACTERS && digits / text.length <= MOST_DIGITS;
}
