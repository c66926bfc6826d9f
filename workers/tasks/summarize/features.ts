/** What the scorer looks at: one row of numbers a candidate, from its words, its place, its speaker and its neighbours. */
import type { Candidate } from './candidates.ts';
import { CUE_GROUPS } from './cues.ts';
import { STOP_WORDS } from './words.ts';

export const PLAIN_FEATURES = [
  'place',
  'placeSquared',
  'first',
  'last',
  'logSentences',
  'logWords',
  'logContent',
  'short',
  'stopShare',
  'doctor',
  'patient',
  'agent',
  'customer',
  'guest',
  'speakerShare',
  'logTurnSentences',
  'opensTurn',
  'question',
  'withQuestion',
  'saysYes',
  'saysNo',
  'negated',
  'digits',
  'logDigits',
  'capitals',
  'firstPerson',
  'secondPerson',
  'we',
  'commonWords',
  'meanRarity',
  'likeDocument',
  'likeNeighbours',
  'wordsBefore',
  ...CUE_GROUPS.map((group) => `cue:${group}`),
] as const;

const NEGATIONS = new Set(
  "no not never none nothing don't doesn't didn't haven't hasn't isn't aren't wasn't can't won't without nein nicht kein keine non pas jamais".split(
    ' ',
  ),
);
const I = new Set("i i'm i've i'll i'd my me myself ich mir mein meine je j'ai mon ma".split(' '));
const YOU = new Set("you your you're you've you'll sie ihr ihre vous votre vos".split(' '));
const WE = new Set("we we'll we're we've our us let's wir uns nous on".split(' '));
/** Sentences on each side that are looked at together. */
const NEIGHBOURS = 3;

export interface Bag {
  /** Sentences that hold the word. */
  documentFrequency: Map<string, number>;
  sentences: number;
}

export function bagOf(candidates: readonly Candidate[]): Bag {
  const documentFrequency = new Map<string, number>();
  for (const { content } of candidates)
    for (const word of new Set(content))
      documentFrequency.set(word, (documentFrequency.get(word) ?? 0) + 1);
  return { documentFrequency, sentences: candidates.length };
}

/** Inverse document frequency among the sentences of this text. */
export const rarity = ({ documentFrequency, sentences }: Bag, word: string): number =>
  Math.log((sentences + 1) / ((documentFrequency.get(word) ?? 0) + 0.5));

/** `vectors`: of each candidate, length 1; empty where there are none. */
export function plainFeatures(
  candidates: readonly Candidate[],
  vectors: readonly Float32Array[],
): Float32Array[] {
  const n = candidates.length;
  const bag = bagOf(candidates);
  const shares = speakerShares(candidates);
  const sentencesInTurn = countTurns(candidates);
  const centre = meanOf(vectors, 0, vectors.length);
  const seen = new Set<string>();
  return candidates.map((c, i) => {
    const place = n > 1 ? i / (n - 1) : 0;
    const vector = vectors[i];
    const near = vector
      ? meanOf(vectors, Math.max(0, i - NEIGHBOURS), Math.min(n, i + NEIGHBOURS + 1))
      : null;
    const known = c.content.filter((word) => seen.has(word)).length;
    for (const word of c.content) seen.add(word);
    const rest = [
      shares.get(c.speaker ?? '') ?? 0,
      Math.log1p(sentencesInTurn[c.turn] ?? 0),
      flag(i === 0 || candidates[i - 1]?.turn !== c.turn),
    ];
    return Float32Array.from([
      place,
      place * place,
      flag(i < 3),
      flag(i >= n - 3),
      Math.log1p(n),
      ...ofWords(c),
      ...(['doctor', 'patient', 'agent', 'customer', 'guest'] as const).map((role) =>
        flag(c.role === role),
      ),
      ...rest,
      ...ofForm(c),
      ...ofBag(c, bag),
      vector && centre ? dot(vector, centre) : 0,
      vector && near ? dot(vector, near) : 0,
      c.content.length > 0 ? known / c.content.length : 0,
      ...c.cues.map((count) => Math.min(count, 3)),
    ]);
  });
}

const flag = (yes: boolean): number => (yes ? 1 : 0);

function ofWords({ words, content }: Candidate): number[] {
  const stops = words.filter((word) => STOP_WORDS.has(word)).length;
  return [
    Math.log1p(words.length),
    Math.log1p(content.length),
    flag(content.length < 3),
    stops / Math.max(words.length, 1),
  ];
}

function ofForm({ words, isQuestion, needsQuestion, polarity, said }: Candidate): number[] {
  const digits = words.filter((word) => /\d/u.test(word)).length;
  const count = (set: ReadonlySet<string>): number => words.filter((word) => set.has(word)).length;
  return [
    flag(isQuestion),
    flag(needsQuestion),
    flag(polarity === 'yes'),
    flag(polarity === 'no'),
    Math.min(count(NEGATIONS), 3),
    flag(digits > 0),
    Math.log1p(digits),
    Math.log1p(said.match(/(?<=[\p{L},] )\p{Lu}/gu)?.length ?? 0),
    ...[I, YOU, WE].map((set) => Math.min(count(set), 4)),
  ];
}

function ofBag({ content }: Candidate, bag: Bag): number[] {
  if (content.length === 0) return [0, 0];
  let common = 0;
  let rare = 0;
  for (const word of content) {
    common += Math.log(bag.documentFrequency.get(word) ?? 1);
    rare += rarity(bag, word);
  }
  return [common / content.length, rare / content.length];
}

function speakerShares(candidates: readonly Candidate[]): Map<string, number> {
  const words = new Map<string, number>();
  let total = 0;
  for (const c of candidates) {
    words.set(c.speaker ?? '', (words.get(c.speaker ?? '') ?? 0) + c.words.length);
    total += c.words.length;
  }
  return new Map([...words].map(([speaker, count]) => [speaker, count / Math.max(total, 1)]));
}

function countTurns(candidates: readonly Candidate[]): number[] {
  const counts: number[] = [];
  for (const { turn } of candidates) counts[turn] = (counts[turn] ?? 0) + 1;
  return counts;
}

/** Mean of some vectors, scaled to length 1; null for none. */
export function meanOf(
  vectors: readonly Float32Array[],
  from: number,
  to: number,
): Float32Array | null {
  const dims = vectors[from]?.length ?? 0;
  if (dims === 0) return null;
  const mean = new Float32Array(dims);
  for (let i = from; i < to; i++) {
    const vector = vectors[i] as Float32Array;
    for (let d = 0; d < dims; d++) mean[d] = (mean[d] as number) + (vector[d] as number);
  }
  const length = Math.hypot(...mean) || 1;
  return mean.map((value) => value / length);
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
