/**
 * What BERT's uncased normaliser makes of one character: kept in lower case without accents, split off, or dropped.
 * Compared with `tokenizers` over all code points: the same but for 550 that Unicode added or moved after version 8,
 * all in rare scripts and without a token in the vocabulary.
 */

export const LETTER = 0;
export const SPACE = 1;
/** Stands alone as a word: punctuation, or a Chinese character. */
export const ALONE = 2;
export const DROPPED = 3;

export interface Character {
  kind: typeof LETTER | typeof SPACE | typeof ALONE | typeof DROPPED;
  /** What is left of it: lower case, decomposed, without accents. */
  text: string;
  /** Code points in `text`. */
  length: number;
}

/** Characters outside ASCII that are remembered; the memory is emptied when it is full. */
const REMEMBERED = 8192;
const ASCII_PUNCTUATION = /^[!-/:-@[-`{-~]$/;
const PUNCTUATION = /^\p{P}$/u;
const WHITE_SPACE = /^\p{White_Space}$/u;
/** Control, format, surrogate and private use; the tokeniser keeps code points that Unicode has not assigned. */
const OTHER = /^[\p{Cc}\p{Cf}\p{Cs}\p{Co}]$/u;
const ACCENTS = /\p{Mn}/gu;
const REPLACEMENT = 0xfffd;
/** Blocks that the tokeniser treats as Chinese: each character is a word of its own. */
const CHINESE: readonly (readonly [number, number])[] = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
];

const isChinese = (code: number): boolean =>
  CHINESE.some(([first, last]) => code >= first && code <= last);

const plain = (kind: Character['kind'], text = ''): Character => ({
  kind,
  text,
  length: Array.from(text).length,
});

/** Lower case by single characters: a final sigma stays a plain one, as in the original. */
const lowerCase = (text: string): string =>
  Array.from(text, (character) => character.toLowerCase()).join('');

function classify(code: number): Character {
  const character = String.fromCodePoint(code);
  if (character === '\t' || character === '\n' || character === '\r') return plain(SPACE);
  if (code === 0 || code === REPLACEMENT || OTHER.test(character)) return plain(DROPPED);
  if (WHITE_SPACE.test(character)) return plain(SPACE);
  const text = lowerCase(character.normalize('NFD').replace(ACCENTS, ''));
  if (text === '') return plain(DROPPED);
  if (isChinese(code) || ASCII_PUNCTUATION.test(text) || PUNCTUATION.test(text))
    return plain(ALONE, text);
  return plain(LETTER, text);
}

const ascii: readonly Character[] = Array.from({ length: 128 }, (_, code) => classify(code));
const others = new Map<number, Character>();

/** Looks the code point up; the same code point always gives the same answer. */
export function characterOf(code: number): Character {
  const known = code < 128 ? ascii[code] : others.get(code);
  if (known !== undefined) return known;
  const character = classify(code);
  if (others.size >= REMEMBERED) others.clear();
  others.set(code, character);
  return character;
}
