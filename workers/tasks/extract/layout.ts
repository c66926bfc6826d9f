/** Lines of a document as cells in rows: the same view for OCR lines, PDF text with positions and plain text. */
import type { Box, DocumentLine, ReadDocument } from '../../../src/core/document.ts';

/** A piece of text that stands by itself: an OCR line, or the part of a text line between wide gaps. */
export interface Cell {
  text: string;
  /** Offsets into the document's text. */
  start: number;
  end: number;
  page: number;
  /** Position among the rows of the document. */
  row: number;
  /** Fractions of the area of its page that holds text, 0 left/top to 1 right/bottom. */
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  /** Height relative to the median height of the document's cells. */
  height: number;
  box: Box | null;
}

export interface Layout {
  /** In reading order: row by row, left to right. */
  cells: Cell[];
  rows: Cell[][];
  pages: number;
  /** False for plain text, whose positions are columns of characters. */
  hasBoxes: boolean;
}

/** Most cells that are looked at; the rest of a longer document is left out, and the caller says so. */
export const MOST_CELLS = 6000;

type Piece = Pick<Cell, 'text' | 'start' | 'end' | 'page' | 'box'> & { place: Box };

/** A gap of more than this many line heights starts a new cell. */
const WIDE_GAP = 1.3;

export function layoutOf(document: ReadDocument): { layout: Layout; cut: boolean } {
  const hasBoxes = document.lines.some((line) => line.box !== null);
  const pieces: Piece[] = [];
  let cut = false;
  document.lines.forEach((line, index) => {
    if (pieces.length >= MOST_CELLS) cut = true;
    else if (!hasBoxes) pieces.push(...piecesOfText(document.text, line, index));
    else if (line.box) pieces.push(...piecesOfBox(document.text, line, line.box));
  });
  const rows = rowsOf(pieces);
  const cells = rows.flat();
  const pages = Math.max(1, ...cells.map((cell) => cell.page));
  return { layout: { cells, rows, pages, hasBoxes }, cut };
}

const trimmed = (text: string, start: number, end: number): [number, number] => {
  let [a, b] = [start, end];
  while (a < b && /\s/.test(text[a] as string)) a++;
  while (b > a && /\s/.test(text[b - 1] as string)) b--;
  return [a, b];
};

/** Plain text: columns are characters, rows are lines; two blanks or a tab part two cells. */
function piecesOfText(text: string, line: DocumentLine, index: number): Piece[] {
  const content = text.slice(line.start, line.end);
  const out: Piece[] = [];
  for (const match of content.matchAll(/\S+(?:[ \u00a0\u202f]\S+)*/g)) {
    const start = line.start + match.index;
    const end = start + match[0].length;
    const place: Box = [match.index, index, match.index + match[0].length, index + 0.8];
    out.push({ text: match[0], start, end, page: line.page, box: null, place });
  }
  return out;
}

function piecesOfBox(text: string, line: DocumentLine, box: Box): Piece[] {
  const height = Math.max(1, box[3] - box[1]);
  const out: Piece[] = [];
  let open: { start: number; end: number; box: Box } | null = null;
  const close = (): void => {
    if (!open) return;
    const [start, end] = trimmed(text, open.start, open.end);
    if (end > start)
      out.push({
        text: text.slice(start, end),
        start,
        end,
        page: line.page,
        box: open.box,
        place: open.box,
      });
  };
  const words = line.words.length > 0 ? line.words : [{ start: line.start, end: line.end, box }];
  for (const word of words) {
    const [x0, y0, x1, y1] = word.box;
    if (open && x0 - open.box[2] <= WIDE_GAP * height) {
      open.end = word.end;
      open.box = [
        open.box[0],
        Math.min(open.box[1], y0),
        Math.max(open.box[2], x1),
        Math.max(open.box[3], y1),
      ];
    } else {
      close();
      open = { start: word.start, end: word.end, box: [x0, y0, x1, y1] };
    }
  }
  close();
  return out;
}

/** Pieces whose vertical middles lie within each other's height stand in one row. */
function rowsOf(pieces: Piece[]): Cell[][] {
  const sorted = [...pieces].sort(
    (a, b) =>
      a.page - b.page ||
      a.place[1] + a.place[3] - b.place[1] - b.place[3] ||
      a.place[0] - b.place[0],
  );
  const heights = pieces.map((p) => p.place[3] - p.place[1]).sort((a, b) => a - b);
  const median = heights[heights.length >> 1] || 1;
  const groups: Piece[][] = [];
  for (const piece of sorted) {
    const group = groups.at(-1);
    if (group && standsInRow(group, piece)) group.push(piece);
    else groups.push([piece]);
  }
  const areas = areasOf(pieces);
  return groups.map((group, row) =>
    group
      .sort((a, b) => a.place[0] - b.place[0])
      .map(({ place, ...piece }): Cell => {
        const [left, top, right, bottom] = areas.get(piece.page) as Box;
        const width = right - left || 1;
        const height = bottom - top || 1;
        return {
          ...piece,
          row,
          x0: (place[0] - left) / width,
          x1: (place[2] - left) / width,
          y0: (place[1] - top) / height,
          y1: (place[3] - top) / height,
          height: (place[3] - place[1]) / median,
        };
      }),
  );
}

function standsInRow(group: readonly Piece[], piece: Piece): boolean {
  const first = group[0] as Piece;
  if (first.page !== piece.page) return false;
  const last = group.at(-1) as Piece;
  const middle = (piece.place[1] + piece.place[3]) / 2;
  const lastMiddle = (last.place[1] + last.place[3]) / 2;
  const height = Math.min(last.place[3] - last.place[1], piece.place[3] - piece.place[1]);
  const firstHeight = first.place[3] - first.place[1];
  const firstMiddle = (first.place[1] + first.place[3]) / 2;
  return (
    Math.abs(middle - lastMiddle) <= height / 2 && Math.abs(middle - firstMiddle) <= firstHeight
  );
}

/** The part of each page that holds text. */
function areasOf(pieces: readonly Piece[]): Map<number, Box> {
  const areas = new Map<number, Box>();
  for (const { page, place } of pieces) {
    const area = areas.get(page);
    if (!area) areas.set(page, [...place]);
    else {
      area[0] = Math.min(area[0], place[0]);
      area[1] = Math.min(area[1], place[1]);
      area[2] = Math.max(area[2], place[2]);
      area[3] = Math.max(area[3], place[3]);
    }
  }
  return areas;
}

/** The nearest cell above that overlaps in width, within `reach` rows. */
export function cellAbove(layout: Layout, cell: Cell, reach = 3): Cell | null {
  for (let r = cell.row - 1; r >= 0 && r >= cell.row - reach; r--) {
    const found = layout.rows[r]?.find(
      (c) => c.page === cell.page && c.x0 < cell.x1 && c.x1 > cell.x0,
    );
    if (found) return found;
  }
  return null;
}

export const leftOf = (layout: Layout, cell: Cell): Cell[] =>
  (layout.rows[cell.row] ?? []).filter((c) => c.x0 < cell.x0 && c !== cell);

export const rowText = (layout: Layout, row: number): string =>
  (layout.rows[row] ?? []).map((c) => c.text).join(' ');
