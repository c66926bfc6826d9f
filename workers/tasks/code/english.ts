/** Is a note in English, as far as one can tell? */
import type { ReadDocument } from '../../../src/core/document.ts';

const COMMON = new Set(
  `the of and a in with to was is for on at by an no he she his her as were had from which that or not be after`.split(
    ' ',
  ),
);
/** Fewer words say nothing. */
const LEAST_WORDS = 25;
/** Running English has some 35 % of these words; Spanish, French and German notes below 8 %; lists of findings few. */
const LEAST_SHARE = 0.1;
const SURE = 0.6;
const WORD = /\p{L}+/gu;

/** Takes what intake told; else the share of common words. Short texts and lists pass. */
export function isEnglish(text: string, language: ReadDocument['language']): boolean {
  if (language && language.score >= SURE) return language.code === 'en';
  let words = 0;
  let common = 0;
  for (const [word] of text.slice(0, 20_000).matchAll(WORD)) {
    words++;
    if (COMMON.has(word.toLowerCase())) common++;
  }
  return words < LEAST_WORDS || common >= LEAST_SHARE * words;
}
