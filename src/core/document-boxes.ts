/** Where a span of a document's text stands on its pages. */
import type { Box, DocumentLine, ReadDocument } from './document.ts';

export interface PlacedBox {
  /** 1 for the first page. */
  page: number;
  box: Box;
}

/** Boxes of the words that the span covers, one for each line; none where the source has no layout. Linear in them. */
export function boxesOf(document: ReadDocument, start: number, end: number): PlacedBox[] {
  const found: PlacedBox[] = [];
  for (let at = firstLineAfter(document.lines, start); at < document.lines.length; at++) {
    const line = document.lines[at];
    if (!line || line.start >= end) break;
    const box = boxInLine(line, start, end);
    if (box) found.push({ page: line.page, box });
  }
  return found;
}

/** Position of the first line that ends after `offset`; lines stand in the order of the text. */
function firstLineAfter(lines: readonly DocumentLine[], offset: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.end ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function boxInLine(line: DocumentLine, start: number, end: number): Box | null {
  const words = line.words.filter((word) => word.start < end && word.end > start);
  if (words.length === 0) return line.words.length === 0 ? line.box : null;
  return words
    .map((word) => word.box)
    .reduce((a, b) => [
      Math.min(a[0], b[0]),
      Math.min(a[1], b[1]),
      Math.max(a[2], b[2]),
      Math.max(a[3], b[3]),
    ]);
}
