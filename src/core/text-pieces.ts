/** Cuts a text into blocks that can be drawn one by one, and a block into pieces by the marks that cover it. */

/** Something that stands at a place of the text. `group` is what is highlighted together. */
export interface TextMark {
  group: string;
  start: number;
  end: number;
}

export interface TextPiece<Mark extends TextMark> {
  start: number;
  end: number;
  /** The marks that cover the piece, shortest first. */
  marks: Mark[];
}

export interface TextBlock {
  start: number;
  end: number;
}

/** Blocks of at most `maxUnits` UTF-16 code units, cut at line ends where there are any. */
export function blocksOf(text: string, maxUnits = 4000): TextBlock[] {
  const blocks: TextBlock[] = [];
  let start = 0;
  while (start < text.length) {
    let end = Math.min(text.length, start + maxUnits);
    if (end < text.length) {
      // Inside the block only: a text without line ends would be searched to its beginning each time.
      const newline = text.slice(start, end).lastIndexOf('\n');
      if (newline > 0) end = start + newline + 1;
      else if (isHighSurrogate(text.charCodeAt(end - 1))) end += 1;
    }
    blocks.push({ start, end });
    start = end;
  }
  return blocks;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** Marks in the order in which `piecesOf` needs them. */
export const sortedMarks = <Mark extends TextMark>(marks: readonly Mark[]): Mark[] =>
  marks.filter((mark) => mark.end > mark.start).sort((a, b) => a.start - b.start || b.end - a.end);

/** The pieces of a block, in order and without gaps. `marks` are sorted by their start. */
export function piecesOf<Mark extends TextMark>(
  { start, end }: TextBlock,
  marks: readonly Mark[],
): TextPiece<Mark>[] {
  const inside = marks.filter((mark) => mark.start < end && mark.end > start);
  const cuts = new Set([start, end]);
  for (const mark of inside) {
    cuts.add(Math.max(start, mark.start));
    cuts.add(Math.min(end, mark.end));
  }
  const places = [...cuts].sort((a, b) => a - b);
  const pieces: TextPiece<Mark>[] = [];
  let from = 0;
  for (let at = 0; at + 1 < places.length; at++) {
    const [left = 0, right = 0] = [places[at], places[at + 1]];
    while (from < inside.length && (inside[from]?.end ?? 0) <= left) from += 1;
    const covering: Mark[] = [];
    for (let i = from; i < inside.length; i++) {
      const mark = inside[i];
      if (!mark || mark.start >= right) break;
      if (mark.end > left) covering.push(mark);
    }
    covering.sort((a, b) => a.end - a.start - (b.end - b.start));
    pieces.push({ start: left, end: right, marks: covering });
  }
  return pieces;
}
