/** What the tagger looks at around each word, as bucket numbers of one hashed table. Used alike in training and at work. */
import { hashOf, mix, type WordList } from './word-list.ts';
import type { Word } from './words.ts';

/** Features of one word; a fixed number, so that a stretch is one flat array. */
export const FEATURES = 40;
/** The first of them name the word itself; training leaves them out now and then, so that new names are read too. */
export const OWN_WORD = [0, 1, 2] as const;

interface Traits {
  word: number;
  prefix: number;
  suffix2: number;
  suffix3: number;
  suffix4: number;
  shape: number;
  flags: number;
  breaks: number;
}

const EDGE: Traits = {
  word: 1,
  prefix: 1,
  suffix2: 1,
  suffix3: 1,
  suffix4: 1,
  shape: 1,
  flags: 64,
  breaks: 3,
};

/** Kind of characters: `Xx`, `XX`, `x`, `xX`, digits with their number, a sign itself, or a known span. */
function shapeOf(text: string): string {
  if (text.startsWith('<') && text.length > 1) return text;
  if (/^\p{N}/u.test(text)) return `0${Math.min(text.length, 6)}`;
  if (!/^[\p{L}\p{M}]/u.test(text)) return text;
  const first = text[0] ?? '';
  const isUpper = first !== first.toLowerCase();
  if (text.length === 1) return isUpper ? 'X' : first === first.toUpperCase() ? 'c' : 'x';
  const rest = text.slice(1);
  const restLower = rest === rest.toLowerCase();
  const restUpper = rest === rest.toUpperCase();
  if (restLower && restUpper) return 'cc';
  if (restLower) return isUpper ? 'Xx' : 'x';
  if (restUpper && isUpper) return 'XX';
  return isUpper ? 'XxX' : 'xX';
}

const shapes = new Map<string, number>();
const MOST_SHAPES = 4096;
function shapeHash(text: string): number {
  const shape = shapeOf(text);
  let hash = shapes.get(shape);
  if (hash === undefined) {
    if (shapes.size >= MOST_SHAPES) shapes.clear();
    hash = hashOf(shape);
    shapes.set(shape, hash);
  }
  return hash;
}

function traitsOf(word: Word, list: WordList): Traits {
  const lower = word.text.toLowerCase();
  const hash = hashOf(lower);
  return {
    word: hash,
    prefix: hashOf(lower.slice(0, 3)),
    suffix2: hashOf(lower.slice(-2)),
    suffix3: hashOf(lower.slice(-3)),
    suffix4: hashOf(lower.slice(-4)),
    shape: shapeHash(word.text),
    flags: list.flagsOf(hash),
    breaks: word.breaks,
  };
}

/** Takes what one feature is made of. */
type Put = (a: number, b?: number, c?: number) => void;
/** A word between two on either side. */
type Window = readonly [two: Traits, one: Traits, here: Traits, next: Traits, after: Traits];

/** Words, their beginnings and ends, and shapes. */
function putWords(put: Put, [two, one, here, next, after]: Window): void {
  put(here.word);
  put(one.word, here.word);
  put(here.word, next.word);
  put(one.word);
  put(next.word);
  put(two.word);
  put(after.word);
  put(here.prefix);
  put(here.suffix2);
  put(here.suffix3);
  put(here.suffix4);
  put(next.suffix3);
  put(one.suffix3);
  put(here.shape);
  put(one.shape, here.shape);
  put(here.shape, next.shape);
  put(one.shape, here.shape, next.shape);
  put(two.shape, one.shape, here.shape);
  put(here.shape, next.shape, after.shape);
}

/** What the list says, alone and together with shapes and neighbours; and where lines end. */
function putNames(put: Put, [two, one, here, next, after]: Window): void {
  put(here.flags);
  put(here.flags, here.shape);
  put(one.flags, here.flags);
  put(here.flags, next.flags);
  put(one.flags, here.flags, next.flags);
  put(one.flags, one.shape);
  put(next.flags, next.shape);
  put(here.shape, one.word);
  put(here.shape, next.word);
  put(here.flags, one.word);
  put(here.flags, next.word);
  put(two.word, one.word, here.shape);
  put(here.shape, next.word, after.word);
  put(here.breaks, here.shape);
  put(here.breaks, next.breaks, here.flags);
  put(next.breaks, one.word);
  put(two.word, here.shape, here.flags);
  put(after.word, here.shape, here.flags);
  put(here.flags, here.suffix3);
  put(two.flags, one.shape, here.shape);
  put(0);
}

/** [words × FEATURES] bucket numbers below 2 ** `bits`. */
export function featuresOf(words: readonly Word[], list: WordList, bits: number): Uint32Array {
  const traits = words.map((word) => traitsOf(word, list));
  const out = new Uint32Array(words.length * FEATURES);
  const shift = 32 - bits;
  let slot = 0;
  let kind = 0;
  const put: Put = (a, b = 0, c = 0) => {
    kind++;
    const joined =
      Math.imul(a ^ Math.imul(kind, 0x9e3779b1), 0x85ebca6b) ^
      Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
    out[slot++] = mix(joined + Math.imul(c, 0x27d4eb2f)) >>> shift;
  };
  const at = (index: number): Traits => traits[index] ?? EDGE;
  for (let index = 0; index < traits.length; index++) {
    const window: Window = [at(index - 2), at(index - 1), at(index), at(index + 1), at(index + 2)];
    kind = 0;
    putWords(put, window);
    putNames(put, window);
  }
  return out;
}
