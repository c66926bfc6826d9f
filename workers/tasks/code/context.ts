/**
 * What is said about a word: denied, of the family, suspected, of the past. After the idea of NegEx (Chapman et al. 2001):
 * a trigger opens a scope that ends at a conjunction, at the next trigger's end or after a number of words. Own lists.
 */
import type { Sentence } from './words.ts';

export const NEGATED = 1;
export const FAMILY = 2;
export const UNCERTAIN = 4;
export const PAST = 8;

/** Most words that a trigger reaches, forwards and backwards. */
const REACH = 10;
const REACH_BACK = 6;

interface Trigger {
  words: readonly string[];
  flag: number;
  /** 1: what follows; -1: what stands before. */
  way: 1 | -1;
}

const triggers = (flag: number, way: Trigger['way'], list: string): Trigger[] =>
  list
    .trim()
    .split(/\s*,\s*/)
    .map((words) => ({ words: words.split(/\s+/), flag, way }));

const TRIGGERS: readonly Trigger[] = [
  ...triggers(
    NEGATED,
    1,
    `no, not, without, denies, denied, denying, negative for, absence of, absent, ruled out, rule out, ruling out, rules out,
    free of, never, neither, nor, excluding, excluded, lack of, nothing`,
  ),
  ...triggers(
    NEGATED,
    -1,
    `ruled out, not present, not observed, not found, is negative, was negative, were negative, was also negative,
    were also negative, negative, absent, was excluded, were excluded, not detected, not evidenced, not identified`,
  ),
  ...triggers(
    FAMILY,
    1,
    `family history, familial history, family background, family member, family members, relatives with, parents with,
    mother with, father with, brother with, sister with, mother had, father had, brother had, sister had, grandmother with,
    grandfather with, grandmother had, grandfather had, mother died, father died, mother suffered, father suffered,
    mother suffering, father suffering, uncle with, aunt with, cousin with, siblings with, brothers with, sisters with`,
  ),
  ...triggers(
    UNCERTAIN,
    1,
    `suspected, suspicion of, suspicious for, suspicion, possible, possibly, probable, probably, suggestive of, suggesting,
    suggests, compatible with, versus, vs, differential diagnosis, cannot exclude, could be, may be, questionable`,
  ),
  ...triggers(
    PAST,
    1,
    `history of, past history, background of, antecedents, antecedent of, medical history, previous, previously, status post,
    prior, past`,
  ),
  // Look like a denial of what follows, and are none.
  ...triggers(
    0,
    1,
    `no history of interest, no relevant, no significant past, no significant medical, not only, no known drug, no change,
    no improvement, without improvement, without response, no response, without result, without success, not improve`,
  ),
];

/** Words at which what was said before no longer holds. */
const ENDS = new Set(
  `but however although though except nevertheless yet still otherwise only therefore despite whereas showing revealed
  revealing showed observed finding presenting presented who admitted diagnosed underwent complaining suffering suffered
  consulted complained complains reported reports came attended developed also because`.split(
    /\s+/,
  ),
);

const byFirst = new Map<string, Trigger[]>();
for (const trigger of TRIGGERS) {
  const first = trigger.words[0] ?? '';
  byFirst.set(first, [...(byFirst.get(first) ?? []), trigger]);
}

function stands(sentence: Sentence, at: number, words: readonly string[]): boolean {
  return words.every((word, i) => sentence[at + i]?.plain === word);
}

function mark(flags: Uint8Array, sentence: Sentence, at: number, trigger: Trigger): void {
  const { flag, way, words } = trigger;
  const from = way === 1 ? at + words.length : at - 1;
  const reach = way === 1 ? REACH : REACH_BACK;
  for (let step = 0; step < reach; step++) {
    const i = from + way * step;
    const word = sentence[i];
    if (!word || ENDS.has(word.plain)) return;
    flags[i] = (flags[i] ?? 0) | flag;
  }
}

/** One byte of flags a word. Where triggers overlap, the longest counts: "no relevant" is no "no". */
export function contextOf(sentence: Sentence): Uint8Array {
  const flags = new Uint8Array(sentence.length);
  sentence.forEach((word, at) => {
    const here = (byFirst.get(word.plain) ?? []).filter((t) => stands(sentence, at, t.words));
    const longest = Math.max(...here.map((trigger) => trigger.words.length));
    for (const trigger of here) {
      if (trigger.words.length === longest) mark(flags, sentence, at, trigger);
    }
  });
  return flags;
}
