/** Scores what an OCR engine read on a page whose text and places are known: character and word errors, order aside. */
import type { PaintedText, Paper } from '../browser/documents/paint.ts';

export interface ReadWord {
  text: string;
  /** Left, top, right, bottom in pixels of the picture. */
  box: readonly number[];
}

export interface Errors {
  characters: number;
  characterErrors: number;
  words: number;
  wordErrors: number;
}

/** Levenshtein distance. */
export function distance<T>(a: readonly T[], b: readonly T[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (next[j - 1] ?? 0) + 1,
        (row[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Where a place of the picture lies on the paper. */
function onPaper({ width, height, scale, slant }: Paper, x: number, y: number): [number, number] {
  const angle = (-slant * Math.PI) / 180;
  const dx = (x - (width * scale) / 2) / scale;
  const dy = (y - (height * scale) / 2) / scale;
  return [
    dx * Math.cos(angle) - dy * Math.sin(angle) + width / 2,
    dx * Math.sin(angle) + dy * Math.cos(angle) + height / 2,
  ];
}

function nearest(texts: readonly PaintedText[], x: number, y: number): PaintedText | null {
  let best: PaintedText | null = null;
  let least = Infinity;
  for (const text of texts) {
    const [left, top, right, bottom] = text.box;
    const outX = Math.max(left - x, 0, x - right) / (bottom - top);
    const outY = (Math.abs((top + bottom) / 2 - y) / (bottom - top)) * 1.01;
    if (outX > 2 || outY > 0.8) continue;
    const far = outX + outY;
    if (far < least) [best, least] = [text, far];
  }
  return best;
}

/** Typographic variants that mean the same are not counted as errors. */
const plain = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[‘’‚′`]/g, "'")
    .replace(/[“”„″]/g, '"')
    .replace(/[–—−]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();

/** Each word that was read belongs to the known line on which it stands; words that stand on none are all errors. */
export function score(paper: Paper, read: readonly ReadWord[]): Errors {
  const found = new Map<PaintedText, { x: number; text: string }[]>();
  const errors: Errors = { characters: 0, characterErrors: 0, words: 0, wordErrors: 0 };
  for (const { text, box } of read) {
    const [left = 0, top = 0, right = 0, bottom = 0] = box;
    const [x, y] = onPaper(paper, (left + right) / 2, (top + bottom) / 2);
    const line = nearest(paper.texts, x, y);
    if (line === null) {
      errors.characterErrors += plain(text).length;
      errors.wordErrors += 1;
    } else found.set(line, [...(found.get(line) ?? []), { x, text }]);
  }
  for (const line of paper.texts) {
    const gold = plain(line.text);
    const words = (found.get(line) ?? []).sort((a, b) => a.x - b.x);
    const got = plain(words.map((word) => word.text).join(' '));
    errors.characters += gold.length;
    errors.characterErrors += distance(Array.from(gold), Array.from(got));
    const goldWords = gold.split(' ');
    errors.words += goldWords.length;
    errors.wordErrors += distance(goldWords, got === '' ? [] : got.split(' '));
  }
  return errors;
}
