/** A turn's lines as sentences with the places of their words. One linear pass; a sentence without an end is cut. */
import type { Span } from '../../../src/core/outputs.ts';

/** Speech without punctuation is cut at a word that opens a clause once it is this long, in words. */
const OPEN_AFTER_WORDS = 24;
/** And at any word here. */
const MOST_WORDS = 48;
/** A word longer than this, in units, is no word: it is cut, so that one line of noise stays many short pieces. */
const MOST_WORD_UNITS = 200;

const OPENERS = new Set(
  'and so but okay alright now then because well und aber also dann weil et mais donc alors puis'.split(
    ' ',
  ),
);
const NO_END = new Set(
  (
    'dr mr mrs ms prof st vs no nr approx e.g i.e etc z.b bzw ca d.h u.a evtl ggf str tel inkl usw mme mlle ' +
    'jan feb mar apr jun jul aug sep sept oct okt nov dec dez'
  ).split(' '),
);

export interface Sentence {
  /** One span a line that it runs over. */
  spans: Span[];
  words: number;
}

interface Word {
  start: number;
  end: number;
  line: number;
}

export function readSentences(text: string, lines: readonly Span[]): Sentence[] {
  const sentences: Sentence[] = [];
  let open: Word[] = [];
  const close = (): void => {
    if (open.length > 0) sentences.push(sentenceOf(open));
    open = [];
  };
  lines.forEach((line, i) => {
    for (const word of wordsOf(text, line, i)) {
      const written = text.slice(word.start, word.end);
      if (
        open.length >= MOST_WORDS ||
        (open.length >= OPEN_AFTER_WORDS && OPENERS.has(written.toLowerCase()))
      )
        close();
      open.push(word);
      const isNumber = /^\d{1,2}\.$/u.test(written);
      if (isNumber ? numberEnds(text, word, open.length) : endsSentence(written)) close();
    }
    if (!goesOn(text, line, lines[i + 1])) close();
  });
  close();
  return sentences;
}

function sentenceOf(words: readonly Word[]): Sentence {
  const spans: Span[] = [];
  let line = -1;
  for (const word of words) {
    if (word.line !== line) spans.push([word.start, word.end]);
    else (spans.at(-1) as Span)[1] = word.end;
    line = word.line;
  }
  return { spans, words: words.length };
}

function* wordsOf(text: string, [start, end]: Span, line: number): Generator<Word> {
  let at = start;
  while (at < end) {
    while (at < end && isSpace(text.charCodeAt(at))) at++;
    const first = at;
    while (at < end && !isSpace(text.charCodeAt(at)) && at - first < MOST_WORD_UNITS) at++;
    if (at > first) yield { start: first, end: at, line };
  }
}

const isSpace = (code: number): boolean => code <= 32 || code === 160;

function endsSentence(word: string): boolean {
  const match = /[.!?…。？！]["'”’»)\]]{0,3}$/u.exec(word);
  if (!match) return false;
  if (word[match.index] !== '.') return true;
  const stem = word.slice(0, match.index).toLowerCase();
  return (
    !NO_END.has(stem.replace(/^[("'„“«]/u, '')) &&
    !/^\p{L}$/u.test(stem) &&
    !/^\d{1,2}$/u.test(stem)
  );
}

/** `82. Your` ends a sentence; `12. Mai`, `2. the` and the number of a list do not. */
const numberEnds = (text: string, word: Word, words: number): boolean =>
  words > 1 &&
  !/^\s+(?:\p{Ll}|Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)/u.test(
    text.slice(word.end, word.end + 12),
  );

/** Does a sentence run on into the next line? Lists and headings end with their line; wrapped prose does not. */
function goesOn(text: string, line: Span, next: Span | undefined): boolean {
  if (!next || next[0] - line[1] > 200) return false;
  const first = text.slice(next[0], next[0] + 2);
  if (/^[-*•\d–]/u.test(first)) return false;
  return /^\p{Ll}/u.test(first) || line[1] - line[0] >= 60;
}
