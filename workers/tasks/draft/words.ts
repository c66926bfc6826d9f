/** Words as search and comparison see them: lower case, without words that say nothing, cut to their stems. */
import { stemmer } from 'stemmer';

/** English and German words that carry no content. */
const EMPTY = new Set(
  (
    'a about after all also am an and any are as at be been but by can could did do does doing for from get got had has have ' +
    'having he hello help her here hi him his how i id if i’m i’d i’ve i’ll im in into is it its it’s just know like ll ' +
    'me more my need no not of ok on one only or our out please re she so some such tell than thank thanks that the their ' +
    'them then there these they this those to too trying try up us ve very want was we were what when where which who why ' +
    'will with would you your yours don doesn didn isn ' +
    'aber alle als also am an auch auf aus bei beim bin bis bitte da damit dann das dass dem den der des die dies diese ' +
    'diesem diesen dieser dieses doch du ein eine einem einen einer eines er es etwas euch euer eure für gibt haben habe ' +
    'hallo hat hatte ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ist ja kann können könnte man mein meine meinem ' +
    'meinen meiner mich mir mit möchte muss nach nicht noch nun nur ob oder ohne sehr sein seine sich sie sind so soll über ' +
    'um und uns unser unsere unserem unseren unserer vom von vor war was wenn wer werden wie wieder will wir wird wo wurde ' +
    'zu zum zur danke'
  ).split(/\s+/u),
);

const MAX_WORD_UNITS = 64;
/** Endings of German inflection; English ones are the stemmer's. */
const GERMAN_ENDING = /(?:ungen|ung|enen|ern|em|en|er|es|e|n)$/u;

const stems = new Map<string, string>();
const MAX_STEMS = 50_000;

/** The same stem for `returns`, `returned`; for `Bestellungen`, `Bestellung`. Remembered: the same words come again. */
export function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const english = /^[a-z]+$/u.test(word) ? stemmer(word) : word;
  const cut = english.length > 5 ? english.replace(GERMAN_ENDING, '') : english;
  const stem = cut.length >= 3 ? cut : english;
  if (stems.size >= MAX_STEMS) stems.clear();
  stems.set(word, stem);
  return stem;
}

/** All words, lower case, as they stand. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).filter((word) => word.length <= MAX_WORD_UNITS);
}

/** Stems of the words that say something; short texts of empty words give none. */
export const contentStems = (text: string): string[] =>
  wordsOf(text)
    .filter((word) => !EMPTY.has(word) && (word.length > 1 || /\p{N}/u.test(word)))
    .map(stemOf);
