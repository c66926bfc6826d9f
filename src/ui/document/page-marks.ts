/** Marks of an answer as boxes on the pages of its document. */
import { boxesOf } from '../../core/document-boxes.ts';
import type { Box, ReadDocument } from '../../core/document.ts';
import type { Mark } from '../../state/desk-marks.svelte.ts';

export interface PageMark {
  mark: Mark;
  box: Box;
}

/** By page (1 is the first). A box that the answer names itself wins over the words of the span. */
export function pageMarks(document: ReadDocument, marks: readonly Mark[]): Map<number, PageMark[]> {
  const pages = new Map<number, PageMark[]>();
  for (const mark of marks) {
    const spanned = mark.end > mark.start ? boxesOf(document, mark.start, mark.end) : [];
    const placed = spanned.length === 0 && mark.placed ? [mark.placed] : spanned;
    for (const { page, box } of placed) {
      const onPage = pages.get(page) ?? [];
      onPage.push({ mark, box });
      pages.set(page, onPage);
    }
  }
  return pages;
}
