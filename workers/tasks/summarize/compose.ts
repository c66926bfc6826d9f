/** From scored candidates to points in sections: chosen, worded, checked, ordered. Pure. */
import type { SummaryPoint } from '../../../src/core/outputs.ts';
import { budgetOf } from './budgets.ts';
import { callPoints } from './call-points.ts';
import type { Candidate } from './candidates.ts';
import { contradictions } from './contradictions.ts';
import { pointOf } from './points.ts';
import type { Ranked } from './rank.ts';
import type { Kind } from './schema.ts';
import { choose, maySelect } from './select.ts';
import { bySection, meetingSection, soapSection } from './sections.ts';
import { SOAP, type Scorer } from './scorer.ts';

export interface Composed {
  points: SummaryPoint[];
  /** Log-odds of the points, in the order of the text. */
  scores: number[];
  /** Points that are quoted because their report style did not stand the check. */
  replaced: number;
  doubts: string[];
}

/** Of so many of the best candidates a meeting's missing decision or action is taken. */
const LOOKED_AT = 60;
const MOST_OF_SCRAPS = 5;
/** In log-odds. */
const CLOSE_TO_THRESHOLD = 1;
/** An answer to a question leaves out what is so much worse than its best point. */
const FAR_FROM_BEST = 2;
const LEAST_A_PART = 2;

export function compose(
  text: string,
  kind: Kind,
  asked: boolean,
  candidates: readonly Candidate[],
  ranked: Ranked,
  vectors: readonly Float32Array[],
  scorer: Scorer,
): Composed {
  const picked = pick(kind, asked, candidates, ranked, vectors, scorer);
  let replaced = 0;
  const points = picked.map(({ index, section }): SummaryPoint => {
    const candidate = candidates[index] as Candidate;
    const point = pointOf(candidate, kind, text);
    if (point.replaced) replaced++;
    const evidence = candidate.spans.map(([start, end]) => ({ start, end }));
    return { text: point.text, ...(section === null ? {} : { section }), evidence };
  });
  return {
    points: bySection(points),
    scores: picked.map(({ index }) => ranked.scores[index] as number),
    replaced,
    doubts: contradictions(picked.map(({ index }) => candidates[index] as Candidate)),
  };
}

interface Picked {
  index: number;
  section: string | null;
}

function pick(
  kind: Kind,
  asked: boolean,
  candidates: readonly Candidate[],
  { scores, features }: Ranked,
  vectors: readonly Float32Array[],
  scorer: Scorer,
): Picked[] {
  if (!candidates.some(maySelect)) return scraps(candidates);
  if (kind === 'call' && !asked) {
    const found = callPoints(candidates);
    if (found.length > 0) return found;
  }
  const from = Math.log(scorer.consultationFrom / (1 - scorer.consultationFrom));
  const best = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const floor = asked ? best - FAR_FROM_BEST : from;
  const chosen = choose(candidates, scores, vectors, budgetOf(kind, asked, candidates, floor));
  if (asked || kind === 'text' || kind === 'call')
    return chosen.map((index) => ({ index, section: null }));
  if (kind === 'meeting') return withOutcome(chosen, candidates, scores);
  const sectionOf = (index: number): string =>
    soapSection(scorer, features[index] as Float32Array, vectors[index]);
  return withAllParts(chosen, candidates, scores, from - CLOSE_TO_THRESHOLD, sectionOf);
}

/** A part of the note with hardly a point gets its best candidates, if they came close. */
function withAllParts(
  chosen: readonly number[],
  candidates: readonly Candidate[],
  scores: readonly number[],
  from: number,
  sectionOf: (index: number) => string,
): Picked[] {
  const picked = chosen.map((index): Picked => ({ index, section: sectionOf(index) }));
  const close = candidates
    .map((_, index) => index)
    .filter(
      (i) =>
        (scores[i] as number) >= from &&
        maySelect(candidates[i] as Candidate) &&
        !chosen.includes(i),
    )
    .map((index) => ({ index, section: sectionOf(index) }));
  for (const part of SOAP) {
    const missing = LEAST_A_PART - picked.filter(({ section }) => section === part).length;
    if (missing <= 0) continue;
    const best = close
      .filter(({ section }) => section === part)
      .sort((a, b) => (scores[b.index] as number) - (scores[a.index] as number));
    picked.push(...best.slice(0, missing));
  }
  return picked.sort((a, b) => a.index - b.index);
}

/** A text of so few words that nothing in it is a point: what it says at all. */
function scraps(candidates: readonly Candidate[]): Picked[] {
  return candidates
    .flatMap(({ content, isQuestion }, index) =>
      content.length > 0 && !isQuestion ? [{ index, section: null }] : [],
    )
    .slice(0, MOST_OF_SCRAPS);
}

/** The best decision and the best action among the likely points are named, even where others scored higher. */
function withOutcome(
  chosen: readonly number[],
  candidates: readonly Candidate[],
  scores: readonly number[],
): Picked[] {
  const of = (index: number): Picked => ({
    index,
    section: meetingSection(candidates[index] as Candidate),
  });
  const picked = chosen.map(of);
  const likely = candidates
    .map((_, i) => i)
    .filter((i) => maySelect(candidates[i] as Candidate) && !chosen.includes(i))
    .sort((a, b) => (scores[b] as number) - (scores[a] as number))
    .slice(0, LOOKED_AT)
    .map(of);
  for (const section of ['decisions', 'actions']) {
    const missing = picked.every((point) => point.section !== section);
    const next = missing ? likely.find((point) => point.section === section) : undefined;
    if (next) picked.push(next);
  }
  return picked.sort((a, b) => a.index - b.index);
}
