/**
 * A text as a rule should read it: invisible characters left out, full-width and foreign digits as ASCII ones, rare dashes
 * and blanks as common ones, Cyrillic and Greek look-alikes inside a Latin word as Latin letters. Places stay known.
 */

export interface PlainText {
  text: string;
  /** UTF-16 span in the text as it was given. */
  spanOf(start: number, end: number): [start: number, end: number];
}

/** Format characters (zero width, writing direction, soft hyphen) and variation selectors. */
const INVISIBLE = /^[\p{Cf}\ufe00-\ufe0f\u034f\u115f\u1160\u3164]$/u;
const DIGIT = /^\p{Nd}$/u;
const BLANK = /^\p{Zs}$/u;
const MATH_DIGITS = 0x1d7ce;

const LOOK_ALIKES = new Map(
  Array.from('аеорсухіјѕкмтԁԛԝһӏВНКМОРСТХАЕУІЈЅοανικρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ').map((letter, at) => [
    letter,
    'aeopcyxijskmtdqwhlBHKMOPCTXAEYIJSoavikptuxABEZHIKMNOPTYX'[at] as string,
  ]),
);
const FOREIGN_WORD = /[A-Za-zͰ-ӿԀ-ԯ]*[Ͱ-ӿԀ-ԯ][A-Za-zͰ-ӿԀ-ԯ]*/g;

/** Zero of a block of digits stands at ….0 or ….6 (Unicode), but for the mathematical ones. */
function digitOf(code: number): string {
  if (code >= MATH_DIGITS && code <= 0x1d7ff) return String((code - MATH_DIGITS) % 10);
  const low = code & 15;
  const zeroAtStart = DIGIT.test(String.fromCodePoint(code - low));
  return String((zeroAtStart ? low : low - 6) % 10);
}

function plainOne(character: string, code: number): string {
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  if (INVISIBLE.test(character)) return '';
  if (BLANK.test(character)) return ' ';
  if (DIGIT.test(character)) return digitOf(code);
  if ((code >= 0x2010 && code <= 0x2013) || code === 0x2212) return '-';
  return character;
}

const known = new Map<number, string>();
const MOST_KNOWN = 8192;
function plainOf(code: number): string {
  let plain = known.get(code);
  if (plain === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    plain = plainOne(String.fromCodePoint(code), code);
    known.set(code, plain);
  }
  return plain;
}

/** Only words that hold Latin letters as well: a Russian or Greek word stays what it is. */
const latinised = (text: string): string =>
  text.replace(FOREIGN_WORD, (word) =>
    /[A-Za-z]/.test(word)
      ? Array.from(word, (letter) => LOOK_ALIKES.get(letter) ?? letter).join('')
      : word,
  );

/** Characters that are not read as they stand. */
const OTHERWISE =
  /[\p{Cf}\ufe00-\ufe0f\u034f\u115f\u1160\u3164\uff01-\uff5e\u2010-\u2013\u2212]|(?![0-9])\p{Nd}|(?! )\p{Zs}/gu;
const FOREIGN_LETTER = /[Ͱ-ԯ]/;

const same = (text: string): PlainText => ({ text, spanOf: (start, end) => [start, end] });

export function plainText(text: string): PlainText {
  if (!/[^\0-\x7f]/.test(text)) return same(text);
  const parts: string[] = [];
  /** Where each changed character ends, in the plain text and in the given one, and how long it is in the plain one. */
  const plainEnds: number[] = [];
  const givenEnds: number[] = [];
  const lengths: number[] = [];
  let from = 0;
  let length = 0;
  for (const match of text.matchAll(OTHERWISE)) {
    const plain = plainOf(match[0].codePointAt(0) as number);
    length += match.index - from + plain.length;
    parts.push(text.slice(from, match.index), plain);
    from = match.index + match[0].length;
    plainEnds.push(length);
    givenEnds.push(from);
    lengths.push(plain.length);
  }
  const joined = parts.join('') + text.slice(from);
  const read = FOREIGN_LETTER.test(joined) ? latinised(joined) : joined;
  if (parts.length === 0) return same(read);
  const startOf = (at: number): number => {
    const before = countUpTo(plainEnds, at) - 1;
    return before < 0 ? at : at - (plainEnds[before] as number) + (givenEnds[before] as number);
  };
  /** End of the unit before `at`; what was left out behind it does not belong to it. */
  const endOf = (at: number): number => {
    const change = countUpTo(plainEnds, at - 1);
    const isChanged = plainEnds[change] === at && lengths[change] === 1;
    return isChanged ? (givenEnds[change] as number) : startOf(at - 1) + 1;
  };
  return {
    text: read,
    spanOf: (start, end) => [startOf(start), end > start ? endOf(end) : startOf(start)],
  };
}

/** How many of the rising numbers are at most `most`. */
function countUpTo(rising: readonly number[], most: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] as number) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}
