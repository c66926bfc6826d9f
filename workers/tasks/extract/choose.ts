/** Picks the value of a field from scored candidates, and says what speaks for and against it. */
import type { Candidate } from './candidates.ts';
import { scoreOf, type Scorer } from './trees.ts';

export interface Choice {
  candidate: Candidate;
  /** Log-odds of its best place. */
  score: number;
  /** Other values, best first. */
  rivals: { candidate: Candidate; score: number }[];
  /** Figures for the calibration: score, lead over the next value, values, places of the value, problems. */
  evidence: number[];
}

const clip = (x: number): number => Math.max(-12, Math.min(12, x));

/** The value whose best place scores highest; null where there is no candidate. */
export function choose(
  candidates: readonly Candidate[],
  scorer: Scorer,
  same: (value: string) => string = (value) => value,
): Choice | null {
  const groups = new Map<string, { candidate: Candidate; score: number; places: number }>();
  for (const candidate of candidates) {
    const score = clip(scoreOf(scorer, candidate.features));
    const key = same(candidate.value);
    const group = groups.get(key);
    if (!group) groups.set(key, { candidate, score, places: 1 });
    else {
      group.places++;
      if (score > group.score) Object.assign(group, { candidate, score });
    }
  }
  const sorted = [...groups.values()].sort((a, b) => b.score - a.score);
  const [best, ...others] = sorted;
  if (!best) return null;
  const next = others[0]?.score ?? -12;
  return {
    candidate: best.candidate,
    score: best.score,
    rivals: others.slice(0, 5).map(({ candidate, score }) => ({ candidate, score })),
    evidence: [
      best.score,
      best.score - next,
      Math.log1p(groups.size),
      Math.min(best.places, 4),
      best.candidate.problems.length,
    ],
  };
}
