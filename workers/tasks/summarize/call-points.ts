/** Calls by rule: what the trouble was, what was done about it, what is to be done. English, German and French cues. */
import type { Candidate } from './candidates.ts';
import { cueIndex } from './cues.ts';
import { maySelect } from './select.ts';

export type CallSection = 'issue' | 'resolution' | 'actions';

const MOST_A_SECTION = 3;

/** Points by index, each with its section, in the order of the text. */
export function callPoints(
  candidates: readonly Candidate[],
): { index: number; section: CallSection }[] {
  const taken = new Map<number, CallSection>();
  for (const section of ['actions', 'resolution', 'issue'] as const) {
    const ranked = candidates
      .map((candidate, index) => ({
        index,
        score: worth(candidate, section, index / Math.max(1, candidates.length - 1)),
      }))
      .filter(
        ({ index, score }) =>
          score > 0 && !taken.has(index) && maySelect(candidates[index] as Candidate),
      )
      .sort((a, b) => b.score - a.score || a.index - b.index);
    for (const { index } of ranked.slice(0, MOST_A_SECTION)) taken.set(index, section);
  }
  return [...taken]
    .map(([index, section]) => ({ index, section }))
    .sort((a, b) => a.index - b.index);
}

/** Cues count, more so from the right side of the call at the right time; talk for politeness does not. */
function worth(c: Candidate, section: CallSection, place: number): number {
  const cue = (group: Parameters<typeof cueIndex>[0]): number =>
    Math.min(2, c.cues[cueIndex(group)] ?? 0);
  const substance =
    Math.min(1, c.content.length / 6) + (c.words.some((word) => /\d/u.test(word)) ? 0.5 : 0);
  const own = cue(section);
  const polite = cue('smalltalk');
  if (own === 0 || substance < 0.5) return 0;
  switch (section) {
    case 'issue':
      return (c.role === 'agent' ? 0.2 : 1) * (own + substance + (place < 0.4 ? 1 : 0)) - polite;
    case 'resolution':
      return (
        (c.role === 'customer' ? 0.5 : 1) * (own + substance + (place > 0.3 ? 0.5 : 0)) -
        polite -
        (place < 0.15 ? 2 : 0)
      );
    case 'actions':
      return (
        own + substance + (place > 0.5 ? 1 : 0) - polite - (place < 0.3 ? 2 : 0) - cue('issue') / 2
      );
  }
}
