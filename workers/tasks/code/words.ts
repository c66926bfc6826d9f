/** A note as sentences of stems with their places: what every part of the coder works on. */
import { stemmer } from 'stemmer';
import { LONG_FORM, SAME_WORD } from './synonyms.ts';

export interface Word {
  /** UTF-16 offsets into the text, end exclusive. */
  start: number;
  end: number;
  /** Lower case, without accents. */
  plain: string;
  /** Stems that it stands for: one, or several for a short form such as COPD; none for a stop word. */
  stems: readonly string[];
}

export type Sentence = Word[];

/** A word of more letters is no word of a note. */
const MOST_LETTERS = 40;
/** A sentence of more words is cut: a list without a full stop. */
const MOST_WORDS = 80;
const WORD = /[\p{L}\p{N}]+/gu;
const NO_WORDS: readonly string[] = [];

const STOP = new Set(
  `a an the of in on at by to for from with and or as is are was were be been being it its this that these those he she his
  her him they them their which who whom whose there here had has have having do does did due into onto upon after before
  during while when where than then also both each such per via about over under between among within up out off so if
  because since until through against we our us i you your patient patients presented presents showed shows revealed
  reveals reported reports referred refers found performed s nos nec`.split(/\s+/),
);

/** Words of the table that say nothing about the finding. */
export const FILLERS: ReadonlySet<string> = new Set(
  [
    ...`unspecified other specified elsewhere classified type part site initial subsequent encounter sequela
    specify without not no disease disorder condition status multiple unspec`.split(/\s+/),
  ].map((word) => stemOf(word)),
);

const cache = new Map<string, readonly string[]>();
const MOST_CACHED = 60_000;

function stemOf(plain: string): string {
  const american = plain.length > 4 ? plain.replace(/ae|oe/g, 'e') : plain;
  return stemmer(SAME_WORD.get(plain) ?? SAME_WORD.get(american) ?? american);
}

function stemsOf(plain: string): readonly string[] {
  const known = cache.get(plain);
  if (known) return known;
  let stems: readonly string[];
  if (STOP.has(plain) || plain.length > MOST_LETTERS) stems = NO_WORDS;
  else stems = LONG_FORM.get(plain)?.map(stemOf) ?? [stemOf(plain)];
  if (cache.size >= MOST_CACHED) cache.clear();
  cache.set(plain, stems);
  return stems;
}

const plainOf = (word: string): string =>
  word
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '');

/** Does a sentence end between these two offsets? A point inside a number has no white space after it. */
const endsBetween = (gap: string): boolean => /\n|[.!?;:](?:\s|$)/.test(gap);

/** All sentences with at least one word. Time grows with the length of the text alone. */
export function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let current: Sentence = [];
  let last = 0;
  for (const match of text.matchAll(WORD)) {
    const start = match.index;
    const ends = current.length >= MOST_WORDS || endsBetween(text.slice(last, start));
    if (current.length > 0 && ends) {
      sentences.push(current);
      current = [];
    }
    last = start + match[0].length;
    const plain = plainOf(match[0]);
    current.push({ start, end: last, plain, stems: stemsOf(plain) });
  }
  if (current.length > 0) sentences.push(current);
  return sentences;
}

/** Stems of a short text such as a description, in order, each once. */
export function stemsOfText(text: string): string[] {
  const stems = new Set<string>();
  for (const match of text.matchAll(WORD)) {
    for (const stem of stemsOf(plainOf(match[0]))) stems.add(stem);
  }
  return [...stems];
}
