/** Which candidates become points: the best first, less of what was said already (MMR, Carbonell & Goldstein 1998). */
import type { Candidate } from './candidates.ts';
import { dot } from './features.ts';

/** Only so many of the best are looked at, so that the work stays linear in the text. */
const MOST_COMPARED = 400;
/** Of so few candidates none is left out for being short. */
const FEW = 60;
/** Two points with this share of common content words say the same. */
const SAME = 0.8;

export interface Budget {
  /** Words of all points together; the last one may run over. */
  words: number;
  points: number;
  /** Candidates below these log-odds are left out, but the best one always stays. */
  from: number;
  /** How much likeness to chosen points costs, in log-odds. */
  spread: number;
  /** Content words that a point needs: fragments of a long meeting say nothing by themselves. */
  leastContent: number;
}

/** Worth being a point at all: it says something and is no bare question. */
export const maySelect = ({ isQuestion, content, needsQuestion, polarity }: Candidate): boolean =>
  !isQuestion &&
  (content.length >= 2 || (needsQuestion && (polarity !== null || content.length > 0)));

const enough = ({ content }: Candidate, { leastContent }: Budget): boolean =>
  content.length >= leastContent;

/** Indices in the order of the text. `scores`: log-odds of each candidate. */
export function choose(
  candidates: readonly Candidate[],
  scores: readonly number[],
  vectors: readonly Float32Array[],
  budget: Budget,
): number[] {
  const open = candidates
    .map((_, i) => i)
    .filter((i) => maySelect(candidates[i] as Candidate))
    .filter((i, _, all) => all.length < FEW || enough(candidates[i] as Candidate, budget))
    .sort((a, b) => (scores[b] as number) - (scores[a] as number))
    .slice(0, MOST_COMPARED)
    .map((index) => ({ index, likeness: 0 }));
  const chosen: number[] = [];
  let words = 0;
  while (open.length > 0 && words < budget.words && chosen.length < budget.points) {
    const at = bestOf(open, scores, budget.spread);
    const [{ index, likeness }] = open.splice(at, 1) as [{ index: number; likeness: number }];
    if (chosen.length > 0 && (scores[index] as number) < budget.from) break;
    if (likeness >= 1) continue;
    chosen.push(index);
    words += (candidates[index] as Candidate).words.length;
    for (const other of open)
      other.likeness = Math.max(
        other.likeness,
        likenessOf(candidates, vectors, other.index, index),
      );
  }
  return chosen.sort((a, b) => a - b);
}

function bestOf(
  open: readonly { index: number; likeness: number }[],
  scores: readonly number[],
  spread: number,
): number {
  let best = 0;
  let value = -Infinity;
  open.forEach(({ index, likeness }, at) => {
    const worth = (scores[index] as number) - spread * likeness;
    if (worth > value) [best, value] = [at, worth];
  });
  return best;
}

/** Cosine of the vectors, or the share of common words where there are none; 1 for repetitions. */
function likenessOf(
  candidates: readonly Candidate[],
  vectors: readonly Float32Array[],
  a: number,
  b: number,
): number {
  const [first, second] = [new Set(candidates[a]?.content), new Set(candidates[b]?.content)];
  let common = 0;
  for (const word of first) if (second.has(word)) common++;
  const share = common / Math.max(1, Math.min(first.size, second.size));
  if (
    share >= SAME &&
    Math.abs(first.size - second.size) <= 2 &&
    sameAnswer(candidates[a], candidates[b])
  )
    return 1;
  const [x, y] = [vectors[a], vectors[b]];
  return Math.min(0.99, x && y ? dot(x, y) : share);
}

const sameAnswer = (a: Candidate | undefined, b: Candidate | undefined): boolean => {
  const numbers = (c: Candidate | undefined): string =>
    (c?.words ?? []).filter((word) => /\d/u.test(word)).join(' ');
  const negations = (c: Candidate | undefined): number =>
    (c?.words ?? []).filter((word) => /^(?:no|not|never|nicht|kein\p{L}*|pas)$|n['’]t$/u.test(word))
      .length;
  return a?.polarity === b?.polarity && numbers(a) === numbers(b) && negations(a) === negations(b);
};
