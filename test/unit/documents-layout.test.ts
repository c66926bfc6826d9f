/** Reading order and text of a page: rows, tables, columns, words with their places. */
import { describe, expect, test } from 'vitest';
import { composePages } from '../../workers/intake/documents/compose.ts';
import {
  piecesOf,
  turnOfText,
  type TextItem,
} from '../../workers/intake/documents/pdf/text-items.ts';
import { readingOrder, rowsOf, type Piece } from '../../workers/intake/documents/reading-order.ts';

/** A piece of 10 high letters, 6 wide each. */
function piece(text: string, x: number, y: number): Piece {
  const box: Piece['box'] = [x, y, x + 6 * text.length, y + 10];
  return { text, box, words: [{ text, box }], confidence: null };
}

const textOf = (pieces: Piece[]) =>
  readingOrder(pieces)
    .map((row) => row.map((one) => one.text).join(' | '))
    .join('\n');

describe('reading order', () => {
  test('a table is read row by row, whatever order it was drawn in', () => {
    const pieces: Piece[] = [];
    for (const x of [400, 20, 250])
      for (let row = 9; row >= 0; row--) pieces.push(piece(`${x}/${row}`, x, row * 14 + (x % 3)));
    const rows = textOf(pieces).split('\n');
    expect(rows).toHaveLength(10);
    expect(rows[3]).toBe('20/3 | 250/3 | 400/3');
  });

  test('columns of running text are read one after the other, under a title across both', () => {
    const line = (column: string, n: number) =>
      `${column} line ${'abcdefgh'[n]} of some running words`;
    const pieces = [
      piece('A title that runs across both of the columns of this page as titles do', 20, 0),
    ];
    for (let n = 0; n < 8; n++) {
      pieces.push(piece(line('right', n), 320, 30 + n * 14 + 6));
      pieces.push(piece(line('left', n), 20, 30 + n * 14));
    }
    pieces.push(
      piece('A last line that runs across both of the columns of this page once more', 20, 180),
    );
    const rows = textOf(pieces).split('\n');
    expect(rows[0]).toMatch(/^A title/);
    expect(rows.slice(1, 9)).toEqual(Array.from({ length: 8 }, (_, n) => line('left', n)));
    expect(rows.slice(9, 17)).toEqual(Array.from({ length: 8 }, (_, n) => line('right', n)));
    expect(rows[17]).toMatch(/^A last line/);
  });

  test('a receipt with names left and amounts right keeps its rows', () => {
    const pieces = Array.from({ length: 12 }, (_, n) => [
      piece(`Article number ${n} in a long wording`, 10, n * 14),
      piece(`${n},99`, 330, n * 14 + 1),
    ]).flat();
    expect(textOf(pieces).split('\n')[5]).toBe('Article number 5 in a long wording | 5,99');
  });

  test('ten thousand pieces take less than a second', () => {
    const pieces = Array.from({ length: 10_000 }, (_, n) =>
      piece('ab', (n % 5) * 100, Math.floor(n / 5) * 12),
    );
    const started = performance.now();
    expect(readingOrder(pieces)).toHaveLength(2000);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test('composed text: every line and word stands where it says', () => {
  const rows = rowsOf([piece('Total', 0, 0), piece('119.00', 100, 0), piece('Thanks', 0, 20)]);
  const page = { width: 200, height: 100, turned: 0, source: 'text_layer' } as const;
  const { text, lines } = composePages([
    { page, rows },
    { page: { ...page, source: 'empty' }, rows: [] },
    { page, rows: [[piece('Page 3', 0, 0)]] },
  ]);
  expect(text).toBe('Total\t119.00\nThanks\n\nPage 3');
  expect(lines.map(({ start, end, page }) => [text.slice(start, end), page])).toEqual([
    ['Total', 1],
    ['119.00', 1],
    ['Thanks', 1],
    ['Page 3', 3],
  ]);
  for (const { words } of lines)
    for (const { start, end } of words) expect(text.slice(start, end)).not.toMatch(/^$|\s$/);
});

describe('text of a PDF', () => {
  /** y downwards on a page 800 high. */
  const view = [1, 0, 0, -1, 0, 800];
  const item = (str: string, x: number, y: number, width: number, size = 10): TextItem => ({
    str,
    transform: [size, 0, 0, size, x, 800 - y],
    width,
  });

  test('runs join to words, words to pieces; a wide gap begins a new piece', () => {
    const { upright } = piecesOf(
      [
        item('Rech', 50, 100, 22),
        item('nung', 72.2, 100, 24),
        item('Nr. 17', 100, 100, 28),
        item('1.234,56', 300, 100.5, 40),
        item(' ', 290, 100, 3),
      ],
      view,
    );
    expect(upright.map(({ text }) => text)).toEqual(['Rechnung Nr. 17', '1.234,56']);
    expect(upright[0]?.words.map(({ text }) => text)).toEqual(['Rechnung', 'Nr.', '17']);
    const [x0, y0, x1, y1] = upright[0]!.words[0]!.box;
    expect([x0, x1]).toEqual([50, expect.closeTo(96.2, 1)]);
    expect(y0).toBeCloseTo(92);
    expect(y1).toBeCloseTo(102.2);
  });

  test('text drawn twice to look bold is read once', () => {
    const { upright } = piecesOf([item('Sum', 50, 100, 20), item('Sum', 50.3, 100, 20)], view);
    expect(upright.map(({ text }) => text)).toEqual(['Sum']);
  });

  test('a page whose text runs upwards is turned; other text comes last', () => {
    const up: TextItem = { str: 'turned text', transform: [0, 10, -10, 0, 100, 100], width: 60 };
    expect(turnOfText([up], view)).toBe(90);
    expect(turnOfText([item('upright', 0, 0, 30)], view)).toBe(0);
    const down: TextItem = { str: 'x', transform: [-10, 0, 0, -10, 100, 100], width: 60 };
    expect(turnOfText([down], view)).toBe(180);
    const { upright, slanted } = piecesOf([up, item('upright', 0, 50, 30)], view);
    expect(upright.map(({ text }) => text)).toEqual(['upright']);
    const [x0, y0, x1, y1] = slanted[0]!.box;
    expect(y1 - y0).toBeGreaterThan(x1 - x0);
  });

  test('numbers that are none are left out', () => {
    const broken: TextItem = { str: 'x', transform: [NaN, 0, 0, Infinity, 1, 1], width: 1 };
    expect(piecesOf([broken], view).upright).toEqual([]);
  });
});
