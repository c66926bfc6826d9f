/** Clauses of a check: how many ended how, and which of them a filter shows. */
import type { ClauseResult, ClauseVerdict } from '../../core/outputs.ts';

export const CLAUSE_WORDS: Record<ClauseVerdict, string> = {
  fail: 'Failed',
  missing: 'Nothing found',
  unclear: 'Unclear',
  pass: 'Passed',
  not_applicable: 'Does not apply',
};

/** What a person must look at comes first. */
export const CLAUSE_ORDER: readonly ClauseVerdict[] = [
  'fail',
  'missing',
  'unclear',
  'pass',
  'not_applicable',
];

export type ClauseFilter = 'open' | 'all' | ClauseVerdict;

const isOpen = (verdict: ClauseVerdict): boolean =>
  verdict === 'fail' || verdict === 'missing' || verdict === 'unclear';

export function countsOf(clauses: readonly ClauseResult[]): Record<ClauseVerdict, number> {
  const counts = { pass: 0, fail: 0, missing: 0, not_applicable: 0, unclear: 0 };
  for (const { verdict } of clauses) counts[verdict] += 1;
  return counts;
}

/** Positions of the clauses that the filter shows, in the order of the specification. */
export const shownClauses = (clauses: readonly ClauseResult[], filter: ClauseFilter): number[] =>
  [...clauses.keys()].filter((index) => {
    const verdict = clauses[index]?.verdict ?? 'unclear';
    return filter === 'all' || (filter === 'open' ? isOpen(verdict) : verdict === filter);
  });

/** The filter to begin with: what needs a look, if anything does. */
export const firstFilter = (clauses: readonly ClauseResult[]): ClauseFilter =>
  clauses.some(({ verdict }) => isOpen(verdict)) ? 'open' : 'all';
