/** Puts the text of a document together out of its pages, so that every line knows its place in the text. Pure. */
import type { Box, DocumentLine, DocumentPage } from '../../../src/core/document.ts';
import type { Row } from './reading-order.ts';

export interface PageText {
  page: DocumentPage;
  rows: Row[];
}

export interface Composed {
  text: string;
  lines: DocumentLine[];
  pages: DocumentPage[];
}

const rounded = (box: Box): Box => box.map((side) => Math.round(side * 100) / 100) as Box;

/**
 * Rows are parted by a line end, the pieces of a row by a tab, pages by an empty line. Each piece is one line of the
 * document with its own box.
 */
export function composePages(pages: readonly PageText[]): Composed {
  const parts: string[] = [];
  const lines: DocumentLine[] = [];
  let at = 0;
  const write = (text: string) => {
    parts.push(text);
    at += text.length;
  };
  for (const [index, { rows }] of pages.entries()) {
    if (at > 0 && rows.length > 0) write('\n\n');
    for (const [number, row] of rows.entries()) {
      if (number > 0) write('\n');
      for (const [position, piece] of row.entries()) {
        if (position > 0) write('\t');
        const start = at;
        const words = [];
        for (const [nth, word] of piece.words.entries()) {
          if (nth > 0) write(' ');
          words.push({ start: at, end: at + word.text.length, box: rounded(word.box) });
          write(word.text);
        }
        if (piece.words.length === 0) write(piece.text);
        const box = rounded(piece.box);
        const readingConfidence = piece.confidence;
        lines.push({ start, end: at, page: index + 1, box, words, readingConfidence });
      }
    }
  }
  return { text: parts.join(''), lines, pages: pages.map(({ page }) => page) };
}

/** Lines of text that has no layout. */
export function plainLines(text: string): DocumentLine[] {
  const lines: DocumentLine[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    lines.push({ start, end, page: 1, box: null, words: [], readingConfidence: null });
    start = end + 1;
  }
  return lines;
}
