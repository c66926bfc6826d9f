/** From the text items of a PDF page to pieces with words and boxes, upright. Pure. */
import type { Box } from '../../../../src/core/document.ts';
import type { Piece } from '../reading-order.ts';
import type { Turn } from '../ocr/picture.ts';

/** What pdf.js gives for each run of text. */
export interface TextItem {
  str: string;
  /** a, b, c, d, e, f in the units of the page, y upwards; the text stands at (e, f). */
  transform: readonly number[];
  /** Length along the text, in units of the page. */
  width: number;
}

/** A gap of more than this, in heights of the text, begins a new piece: a table's next cell, or another column. */
const PIECE_GAP = 1;
/** A gap of more than this begins a new word. */
const WORD_GAP = 0.18;
/** Parts of the height above and below the base line. */
const ASCENT = 0.8;
const DESCENT = 0.22;

interface Run {
  text: string;
  /** Along the text and across it (downwards), on the upright page. */
  x0: number;
  x1: number;
  base: number;
  size: number;
}

const multiply = (m: readonly number[], n: readonly number[]): number[] => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = m;
  const [g = 0, h = 0, i = 0, j = 0, k = 0, l = 0] = n;
  return [
    a * g + c * h,
    b * g + d * h,
    a * i + c * j,
    b * i + d * j,
    a * k + c * l + e,
    b * k + d * l + f,
  ];
};

const directionOf = (m: readonly number[]): Turn => {
  const degrees = (Math.atan2(m[1] ?? 0, m[0] ?? 0) * 180) / Math.PI;
  return ((((Math.round(degrees / 90) * 90) % 360) + 360) % 360) as Turn;
};

/**
 * The clockwise turn after which most of the text stands upright.
 * @param view maps units of the page to units of the view, y downwards
 */
export function turnOfText(items: readonly TextItem[], view: readonly number[]): Turn {
  const letters = new Map<Turn, number>();
  for (const item of items) {
    const direction = directionOf(multiply(view, item.transform));
    letters.set(direction, (letters.get(direction) ?? 0) + item.str.trim().length);
  }
  const most = [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
  return ((360 - most) % 360) as Turn;
}

/** Pieces of a page; text that stands at another angle than the rest comes last. */
export function piecesOf(
  items: readonly TextItem[],
  view: readonly number[],
): { upright: Piece[]; slanted: Piece[] } {
  const runs: Run[] = [];
  const slanted: Piece[] = [];
  for (const item of items) {
    const text = item.str.replaceAll('\u0000', '');
    if (text.trim() === '') continue;
    const m = multiply(view, item.transform);
    const scale = Math.hypot(view[0] ?? 1, view[1] ?? 0);
    const size = Math.hypot(m[2] ?? 0, m[3] ?? 0);
    const length = item.width * scale;
    if (![...m, size, length].every(Number.isFinite)) continue;
    if (directionOf(m) === 0)
      runs.push({ text, x0: m[4] ?? 0, x1: (m[4] ?? 0) + length, base: m[5] ?? 0, size });
    else slanted.push(slantedPiece(text, m, length, size));
  }
  return { upright: joinRuns(runs), slanted };
}

function slantedPiece(text: string, m: readonly number[], length: number, size: number): Piece {
  const angle = Math.atan2(m[1] ?? 0, m[0] ?? 0);
  const place = (along: number, up: number) => [
    (m[4] ?? 0) + along * Math.cos(angle) + up * size * Math.sin(angle),
    (m[5] ?? 0) + along * Math.sin(angle) - up * size * Math.cos(angle),
  ];
  const places = [
    place(0, ASCENT),
    place(length, ASCENT),
    place(length, -DESCENT),
    place(0, -DESCENT),
  ];
  const xs = places.map(([x = 0]) => x);
  const ys = places.map(([, y = 0]) => y);
  const box: Box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const shown = text.trim().replace(/\s+/g, ' ');
  return { text: shown, box, words: [{ text: shown, box }], confidence: null };
}

/** Joins runs of one base line to pieces, in the order of their places. */
function joinRuns(runs: readonly Run[]): Piece[] {
  const pieces: Piece[] = [];
  const sorted = [...runs].sort((a, b) => a.base - b.base);
  for (let from = 0; from < sorted.length;) {
    const first = sorted[from] as Run;
    let to = from + 1;
    while (to < sorted.length && (sorted[to] as Run).base - first.base < 0.3 * first.size) to += 1;
    const line = sorted.slice(from, to).sort((a, b) => a.x0 - b.x0);
    let piece: Run[] = [];
    for (const run of line) {
      const last = piece.at(-1);
      if (last !== undefined && run.x0 - last.x1 > PIECE_GAP * Math.max(last.size, run.size)) {
        pieces.push(pieceOf(piece));
        piece = [];
      }
      // The same text drawn twice at one place, to look bold.
      const again = last !== undefined && last.text === run.text && Math.abs(last.x0 - run.x0) < 1;
      if (!again) piece.push(run);
    }
    if (piece.length > 0) pieces.push(pieceOf(piece));
    from = to;
  }
  return pieces;
}

/** How wide a letter is, roughly, in a proportional typeface. */
function widthOf(letter: string): number {
  if (/[iIjl.,:;'|!]/.test(letter)) return 0.5;
  if (/[ ftr()[\]{}/\\"`-]/.test(letter)) return 0.65;
  if (/[mMWw@%—]/.test(letter)) return 1.6;
  return /[A-ZÄÖÜ&]/.test(letter) ? 1.25 : 1;
}

type PlacedWord = { text: string; x0: number; x1: number; top: number; bottom: number };

/** The words of a run; places inside it are shared out by the usual widths of letters. */
function splitRun(run: Run): PlacedWord[] {
  const letters = Array.from(run.text);
  const total = letters.reduce((sum, letter) => sum + widthOf(letter), 0);
  const unit = (run.x1 - run.x0) / total;
  const edges = { top: run.base - ASCENT * run.size, bottom: run.base + DESCENT * run.size };
  const words: PlacedWord[] = [];
  let x = run.x0;
  let open: PlacedWord | null = null;
  for (const letter of letters) {
    const next = x + widthOf(letter) * unit;
    if (/\s/.test(letter)) open = null;
    else if (open === null) words.push((open = { text: letter, x0: x, x1: next, ...edges }));
    else {
      open.text += letter;
      open.x1 = next;
    }
    x = next;
  }
  return words;
}

function pieceOf(runs: readonly Run[]): Piece {
  const words: PlacedWord[] = [];
  let last: Run | null = null;
  for (const run of runs) {
    const [first, ...others] = splitRun(run);
    const before = words.at(-1);
    const joined =
      last !== null &&
      before !== undefined &&
      first !== undefined &&
      !/^\s/.test(run.text) &&
      !/\s$/.test(last.text) &&
      run.x0 - last.x1 < WORD_GAP * run.size;
    if (joined) {
      before.text += first.text;
      before.x1 = Math.max(before.x1, first.x1);
      before.top = Math.min(before.top, first.top);
      before.bottom = Math.max(before.bottom, first.bottom);
    } else if (first !== undefined) words.push(first);
    words.push(...others);
    last = run;
  }
  const boxes = words.map(({ x0, top, x1, bottom }): Box => [x0, top, x1, bottom]);
  return {
    text: words.map((word) => word.text).join(' '),
    box: around(boxes),
    words: words.map((word, index) => ({ text: word.text, box: boxes[index] as Box })),
    confidence: null,
  };
}

function around(boxes: readonly Box[]): Box {
  const all: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x0, y0, x1, y1] of boxes) {
    all[0] = Math.min(all[0], x0);
    all[1] = Math.min(all[1], y0);
    all[2] = Math.max(all[2], x1);
    all[3] = Math.max(all[3], y1);
  }
  return all;
}
