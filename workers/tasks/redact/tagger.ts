/** Opens the tagger of a specialist and reads names with it: persons, organisations, places, addresses. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { K, LABELS, marginalsOf, readCrf, scoresOf, type Crf } from './crf.ts';
import { featuresOf } from './features.ts';
import { readWordList, type WordList } from './word-list.ts';
import { stretchesOf, wordsOf, type Known, type Word } from './words.ts';

export const NAME_TYPES = ['person', 'organization', 'location', 'address'] as const;
export type NameType = (typeof NAME_TYPES)[number];

export interface NameSpan {
  type: NameType;
  start: number;
  end: number;
  /** Calibrated P(it is personal data of this kind). */
  confidence: number;
}

/** tagger.json of the specialist. */
export interface TaggerHeader {
  bits: number;
  scale: number;
  transitions: number[];
  /** By kind, in the order of NAME_TYPES: least share of the kind among a word's labels that makes it a name. */
  thresholds: number[];
  /** By kind: slope and bias of the logistic curve from the log-odds of the mean share to P(right). */
  calibration: [slope: number, bias: number][];
  /** How often a find of a rule was right on held-out rows, by rule; `other` for those that were too rare to tell. */
  rules: Record<string, number>;
  /** Of the whole text, see sureness.ts. */
  whole: { weights: number[]; bias: number };
}

export interface Tagger {
  header: TaggerHeader;
  crf: Crf;
  list: WordList;
}

const isHeader = (value: unknown): value is TaggerHeader => {
  const header = value as Partial<TaggerHeader> | null;
  return (
    typeof header?.bits === 'number' &&
    typeof header.scale === 'number' &&
    Array.isArray(header.transitions) &&
    header.thresholds?.length === NAME_TYPES.length &&
    header.calibration?.length === NAME_TYPES.length &&
    typeof header.rules === 'object' &&
    Array.isArray(header.whole?.weights)
  );
};

export function openTagger(
  json: Uint8Array,
  weights: Uint8Array,
  words: Uint8Array,
): Result<Tagger> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(json));
  } catch {
    return fail('file_corrupt', 'tagger.json is not JSON.');
  }
  if (!isHeader(header)) return fail('file_corrupt', 'tagger.json lacks an entry.');
  const crf = readCrf(header, weights);
  if (!crf.ok) return crf;
  const list = readWordList(words);
  if (!list.ok) return list;
  return ok({ header, crf: crf.value, list: list.value });
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
export const logOdds = (p: number): number => {
  const q = Math.min(Math.max(p, 1e-4), 1 - 1e-4);
  return Math.log(q / (1 - q));
};

export interface ReadNames {
  names: NameSpan[];
  /** Largest share of any name among the words that were not taken for one. */
  leftover: number;
}

/** Names of a text (as plainText gives it) in order, without overlaps; `known` spans count as one word each. */
export function namesIn(
  text: string,
  known: readonly Known[],
  tagger: Tagger,
  onRead?: (done: number, total: number) => void,
): ReadNames {
  const { thresholds, calibration } = tagger.header;
  const { raw, leftover } = rawNames(text, known, tagger, thresholds, onRead);
  const names = raw.map(({ kind, share, start, end }) => {
    const [slope, bias] = calibration[kind] as [number, number];
    const confidence = sigmoid(slope * logOdds(share) + bias);
    return { type: NAME_TYPES[kind] as NameType, start, end, confidence };
  });
  return { names, leftover };
}

export interface RawName {
  kind: number;
  /** Mean share of the kind among the labels of its words. */
  share: number;
  start: number;
  end: number;
  words: number;
}

export function rawNames(
  text: string,
  known: readonly Known[],
  { crf, list }: Pick<Tagger, 'crf' | 'list'>,
  thresholds: readonly number[],
  onRead: (done: number, total: number) => void = () => undefined,
): { raw: RawName[]; leftover: number } {
  const stretches = stretchesOf(wordsOf(text, known));
  const raw: RawName[] = [];
  let leftover = 0;
  for (const [index, words] of stretches.entries()) {
    onRead(index, stretches.length);
    const scores = scoresOf(crf, featuresOf(words, list, crf.bits));
    const { marginals } = marginalsOf(scores, crf.transitions);
    const joined = joinWords(words, marginals, thresholds);
    raw.push(...joined.names);
    leftover = Math.max(leftover, joined.leftover);
  }
  return { raw, leftover };
}

const ADDRESS = NAME_TYPES.indexOf('address');
const BEGIN_OF = NAME_TYPES.map((_, kind) => LABELS.findIndex((_label, at) => at === 1 + 2 * kind));

function joinWords(
  words: readonly Word[],
  marginals: Float32Array,
  thresholds: readonly number[],
): { names: RawName[]; leftover: number } {
  const names: RawName[] = [];
  let leftover = 0;
  let isOpen = false;
  for (const [at, word] of words.entries()) {
    const [kind, share, begins] = bestKind(marginals, at * K, thresholds);
    const isKnown = word.text.length > 1 && word.text.startsWith('<');
    if (kind < 0 || isKnown) {
      if (!isKnown) leftover = Math.max(leftover, share);
      isOpen = false;
      continue;
    }
    const open = isOpen ? names.at(-1) : undefined;
    // Only an address goes on over the end of a line.
    const isNear = word.breaks === 0 || (word.breaks === 1 && kind === ADDRESS);
    if (open?.kind === kind && !begins && isNear) {
      open.share = (open.share * open.words + share) / (open.words + 1);
      open.words++;
      open.end = word.end;
    } else names.push({ kind, share, start: word.start, end: word.end, words: 1 });
    isOpen = true;
  }
  return { names, leftover };
}

/** The likeliest kind of a word that reaches its threshold, its share, and whether a new name begins; kind −1 for none. */
function bestKind(
  marginals: Float32Array,
  row: number,
  thresholds: readonly number[],
): [number, number, boolean] {
  let best = -1;
  let most = 0;
  for (let kind = 0; kind < BEGIN_OF.length; kind++) {
    const begin = row + (BEGIN_OF[kind] as number);
    const share = (marginals[begin] as number) + (marginals[begin + 1] as number);
    if (share >= most) {
      best = kind;
      most = share;
    }
  }
  const anyName = 1 - (marginals[row] as number);
  if (best < 0 || anyName < (thresholds[best] ?? 1)) return [-1, anyName, false];
  const begin = row + (BEGIN_OF[best] as number);
  return [best, anyName, (marginals[begin] as number) > (marginals[begin + 1] as number)];
}
