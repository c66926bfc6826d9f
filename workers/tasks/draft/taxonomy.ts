/** A closed list of names: which of them a text has, and which sentences name something that is not on the list. */
import type { Language, Taxonomy } from './schema.ts';
import { stemOf, wordsOf } from './words.ts';

const MAX_TOPICS = 3;

const padded = (text: string): string => ` ${wordsOf(text).join(' ')} `;

/** Names of the list that the text has, spelled as in the list. */
const namesIn = (text: string, names: readonly string[]): string[] => {
  const words = padded(text);
  return names.filter((name) => {
    const wanted = padded(name);
    return (
      wanted.trim() !== '' && (words.includes(wanted) || words.includes(`${wanted.trimEnd()}s `))
    );
  });
};

/** What a message is about, in the words of the list: products, else labels. */
export function topicsOf(message: string, { products = [], labels = [] }: Taxonomy): string[] {
  const found = namesIn(message, products);
  return (found.length > 0 ? found : namesIn(message, labels)).slice(0, MAX_TOPICS);
}

/** `X200`, `AS-12`, `iPhone`, `MegaPhone`; and a name with a number behind it, `Aurora 9`. */
const MODEL =
  /(?<![\p{L}\d])(?:\p{Lu}[\p{L}-]{0,20}\d[\p{L}\d-]{0,20}|\p{L}{0,20}\p{Ll}\p{Lu}\p{L}{0,20}|\p{Lu}\p{L}{2,20} \d{1,4})(?![\p{L}\d])/gu;
const CAPITALISED = /(?<![\p{L}\d])\p{Lu}[\p{L}\d'’-]{1,40}/gu;
/** Capitals that are no products: days, months, and short abbreviations such as `PDF`. */
const CALENDAR = new Set(
  (
    'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september ' +
    'october november december'
  ).split(' '),
);
const ABBREVIATION = /^\p{Lu}{1,4}$/u;

/** What a sentence is held against. */
export interface Screen {
  taxonomy: Taxonomy | undefined;
  /** Stems that the files write with a small letter: words, not names. */
  ordinary: ReadonlySet<string>;
  message: string;
  language: Language;
}

export const ordinaryStems = (texts: readonly string[]): Set<string> =>
  new Set(
    texts
      .flatMap((text) => text.match(/(?<![\p{L}\d])\p{Ll}[\p{L}\d]*/gu) ?? [])
      .map((word) => stemOf(word)),
  );

/**
 * The first name in a sentence of a passage that the list does not have: what looks like a model; in English, where a
 * capital means something, also a word that no file writes with a small letter (at the beginning of a sentence only where
 * the message asks for it). Null where there is none.
 */
export function unlistedName(sentence: string, screen: Screen): string | null {
  const { taxonomy, ordinary, message, language } = screen;
  if (taxonomy?.products === undefined) return null;
  const listed = new Set(
    [...taxonomy.products, ...(taxonomy.labels ?? [])].flatMap(wordsOf).map(stemOf),
  );
  const isListed = (name: string): boolean =>
    wordsOf(name).every((word) => listed.has(stemOf(word)));
  const isMonth = (name: string): boolean => CALENDAR.has(wordsOf(name)[0] ?? '');
  const model = [...sentence.matchAll(MODEL)].find(([name]) => !isListed(name) && !isMonth(name));
  if (model) return model[0];
  if (language !== 'en') return null;
  const asked = new Set(wordsOf(message).map(stemOf));
  const named = [...sentence.matchAll(CAPITALISED)].find(({ 0: name, index }) => {
    const stems = wordsOf(name).map(stemOf);
    const isWord = stems.every((stem) => ordinary.has(stem)) || isMonth(name);
    if (isWord || isListed(name) || ABBREVIATION.test(name)) return false;
    return index > 0 || stems.some((stem) => asked.has(stem));
  });
  return named?.[0] ?? null;
}
