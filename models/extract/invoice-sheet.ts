/** A page on which pieces of text are put, and the document that reading it would give. */
import type { Box, DocumentLine, ReadDocument } from '../../src/core/document.ts';
import { documentOfText } from '../../src/core/document.ts';
import type { Language } from './invented.ts';

export const WIDTH = 595;
export const HEIGHT = 842;

export class Sheet {
  readonly #pieces: { text: string; box: Box }[] = [];

  /** Puts a text at a point of the page (left or, with `right`, its right end) and returns its width. */
  put(text: string, x: number, y: number, size = 10, right = false): number {
    if (text === '') return 0;
    const width = text.length * size * 0.5;
    const left = right ? x - width : x;
    this.#pieces.push({ text, box: [left, y, left + width, y + size] });
    return width;
  }

  document(language: Language): ReadDocument {
    const sorted = [...this.#pieces].sort(
      (a, b) => Math.round((a.box[1] - b.box[1]) / 4) || a.box[0] - b.box[0],
    );
    const text = sorted.map((piece) => piece.text).join('\n');
    let start = 0;
    const lines = sorted.map(({ text: content, box }): DocumentLine => {
      const line = {
        start,
        end: start + content.length,
        page: 1,
        box,
        words: [],
        readingConfidence: null,
      };
      start += content.length + 1;
      return line;
    });
    const pages = [
      { width: WIDTH, height: HEIGHT, turned: 0 as const, source: 'text_layer' as const },
    ];
    return {
      ...documentOfText(text),
      kind: 'pdf',
      lines,
      pages,
      language: { code: language, score: 1 },
    };
  }

  /** The same page as plain text, as a text tool or an e-mail would show it. */
  plain(language: Language): ReadDocument {
    const rows = new Map<number, { text: string; x: number }[]>();
    for (const { text, box } of this.#pieces) {
      const row = Math.round(box[1] / 6);
      rows.set(row, [...(rows.get(row) ?? []), { text, x: box[0] }]);
    }
    const text = [...rows.entries()]
      .sort(([a], [b]) => a - b)
      .map(([, cells]) =>
        cells
          .sort((a, b) => a.x - b.x)
          .reduce(
            (line, { text: content, x }) =>
              `${line}${line === '' ? '' : '  '}${' '.repeat(Math.max(0, Math.round(x / 6) - line.length - 2))}${content}`,
            '',
          ),
      )
      .join('\n');
    return { ...documentOfText(text), language: { code: language, score: 1 } };
  }
}
