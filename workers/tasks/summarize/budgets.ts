/** How long a summary is, by kind. Chosen by cross-validation on the training parts. */
import type { Candidate } from './candidates.ts';
import type { Kind } from './schema.ts';
import type { Budget } from './select.ts';

const NO_FLOOR = -Infinity;
/** The references of QMSum have 112 words on average for a meeting, 66 for the answer to a question. */
const MEETING_WORDS = 110;
const QUERY_WORDS = 80;

/** `from`: log-odds from which a sentence of a consultation, or an answer to a question, is a point. */
export function budgetOf(
  kind: Kind,
  asked: boolean,
  candidates: readonly Candidate[],
  from: number,
): Budget {
  if (asked) return { words: QUERY_WORDS, points: 8, from, spread: 1, leastContent: 3 };
  if (kind === 'consultation') return { words: 1200, points: 90, from, spread: 0, leastContent: 0 };
  if (kind === 'meeting')
    return { words: MEETING_WORDS, points: 14, from: NO_FLOOR, spread: 1, leastContent: 4 };
  const words = candidates.reduce((sum, c) => sum + c.words.length, 0);
  return {
    words: Math.min(150, Math.max(40, 0.25 * words)),
    points: 8,
    from: NO_FLOOR,
    spread: 1,
    leastContent: 0,
  };
}
