/** Finds the phrases of the index in a sentence: how much of each stands there, where, and how close together. */
import { contextOf } from './context.ts';
import type { PhraseIndex } from './phrase-index.ts';
import type { Sentence } from './words.ts';

export interface Match {
  phrase: number;
  sentence: number;
  /** Rarity of the stems that stand in the sentence. */
  found: number;
  /** Share of the phrase's rarity that was found, 0..1. */
  coverage: number;
  /** Stems that were found. */
  hits: number;
  /** First and last word. */
  first: number;
  last: number;
  /** Flags of context.ts that hold for all of its words. */
  flags: number;
  /** Stems of the longest whole phrase that lies over one of its words, itself included. */
  longest: number;
}

/** Least share of a phrase's rarity, and what counts as the whole of it. */
const LEAST_COVERAGE = 0.5;
export const WHOLE = 0.98;
/** Most words between a phrase's rarest stem and its others. */
const REACH = 7;

type Places = ReadonlyMap<number, readonly number[]>;

/** Working memory for one note; made once an index. */
export interface Scratch {
  found: Float32Array;
  touched: Uint32Array;
}

export const scratchOf = (index: PhraseIndex): Scratch => ({
  found: new Float32Array(index.size),
  touched: new Uint32Array(index.size),
});

/** Places of each known stem in the sentence. */
function placesOf(index: PhraseIndex, sentence: Sentence): Map<number, number[]> {
  const places = new Map<number, number[]>();
  sentence.forEach((word, at) => {
    for (const stem of word.stems) {
      const id = index.stemIds.get(stem);
      if (id === undefined) continue;
      const known = places.get(id);
      if (known) known.push(at);
      else places.set(id, [at]);
    }
  });
  return places;
}

/** Adds up what of each phrase stands in the sentence. Returns how many phrases were touched. */
function addUp(index: PhraseIndex, places: Places, { found, touched }: Scratch): number {
  let count = 0;
  for (const id of places.keys()) {
    const rarity = index.rarity[id] ?? 0;
    const end = index.postingsFrom[id + 1] ?? 0;
    for (let i = index.postingsFrom[id] ?? 0; i < end; i++) {
      const phrase = index.postings[i] ?? 0;
      const before = found[phrase] ?? 0;
      if (before === 0) touched[count++] = phrase;
      found[phrase] = before + rarity;
    }
  }
  return count;
}

const nearest = (places: readonly number[], to: number): number =>
  places.reduce(
    (best, at) => (Math.abs(at - to) < Math.abs(best - to) ? at : best),
    places[0] ?? -1,
  );

/** The stem of a phrase that is rarest of those in the sentence. */
function anchorOf(index: PhraseIndex, phrase: number, places: Places): number {
  let anchor = -1;
  const end = index.stemsFrom[phrase + 1] ?? 0;
  for (let i = index.stemsFrom[phrase] ?? 0; i < end; i++) {
    const stem = index.stems[i] ?? 0;
    if (!places.has(stem)) continue;
    if (anchor < 0 || (index.rarity[stem] ?? 0) > (index.rarity[anchor] ?? 0)) anchor = stem;
  }
  return anchor;
}

/** The place around one occurrence of the rarest stem. */
function around(
  index: PhraseIndex,
  phrase: number,
  places: Places,
  anchor: number,
  flags: Uint8Array,
): Omit<Match, 'sentence' | 'coverage' | 'longest'> {
  const match = {
    phrase,
    found: 0,
    hits: 0,
    first: anchor,
    last: anchor,
    flags: flags[anchor] ?? 0,
  };
  const end = index.stemsFrom[phrase + 1] ?? 0;
  for (let i = index.stemsFrom[phrase] ?? 0; i < end; i++) {
    const stem = index.stems[i] ?? 0;
    const at = nearest(places.get(stem) ?? [], anchor);
    if (at < 0 || Math.abs(at - anchor) > REACH) continue;
    match.found += index.rarity[stem] ?? 0;
    match.hits++;
    match.first = Math.min(match.first, at);
    match.last = Math.max(match.last, at);
    match.flags &= flags[at] ?? 0;
  }
  return match;
}

function place(
  index: PhraseIndex,
  phrase: number,
  places: Places,
  flags: Uint8Array,
): Omit<Match, 'sentence' | 'coverage' | 'longest'> | null {
  let best: ReturnType<typeof around> | null = null;
  for (const anchor of places.get(anchorOf(index, phrase, places)) ?? []) {
    const match = around(index, phrase, places, anchor, flags);
    const tighter = best !== null && match.last - match.first < best.last - best.first;
    if (!best || match.found > best.found || (match.found === best.found && tighter)) best = match;
  }
  return best;
}

/** For each match the longest whole phrase over its words: "pain" inside "abdominal pain" is not the finding itself. */
function setLongest(index: PhraseIndex, matches: readonly Match[], words: number): void {
  const longest = new Uint8Array(words);
  for (const { phrase, coverage, first, last } of matches) {
    if (coverage < WHOLE || last - first > REACH) continue;
    const length = index.length[phrase] ?? 0;
    for (let i = first; i <= last; i++) longest[i] = Math.max(longest[i] ?? 0, length);
  }
  for (const match of matches) {
    match.longest = match.hits;
    for (let i = match.first; i <= match.last; i++) {
      match.longest = Math.max(match.longest, longest[i] ?? 0);
    }
  }
}

/** All phrases of which at least half stands close together in the sentence. */
export function matchesOf(
  index: PhraseIndex,
  scratch: Scratch,
  sentence: Sentence,
  number: number,
): Match[] {
  const places = placesOf(index, sentence);
  const count = addUp(index, places, scratch);
  const flags = contextOf(sentence);
  const matches: Match[] = [];
  for (let i = 0; i < count; i++) {
    const phrase = scratch.touched[i] ?? 0;
    const weight = index.weight[phrase] ?? 0;
    const found = scratch.found[phrase] ?? 0;
    scratch.found[phrase] = 0;
    if (found < LEAST_COVERAGE * weight) continue;
    const match = place(index, phrase, places, flags);
    const coverage = match ? Math.min(1, match.found / weight) : 0;
    if (match && coverage >= LEAST_COVERAGE) {
      matches.push({ ...match, sentence: number, coverage, longest: 0 });
    }
  }
  setLongest(index, matches, sentence.length);
  return matches;
}
