/** What stands in a note for each code: the best match of the table's words and of learned phrases, and sums over all. */
import { FAMILY, NEGATED } from './context.ts';
import { WHOLE, type Match } from './match.ts';
import { KIND } from './phrase-file.ts';
import type { PhraseIndex } from './phrase-index.ts';
import type { CodeTable } from './table.ts';

export interface Candidate {
  row: number;
  /** Best match of the table's own words and of learned phrases. */
  table: Match | null;
  learned: Match | null;
  tableScore: number;
  learnedScore: number;
  tableFull: number;
  termCoverage: number;
  descriptionCoverage: number;
  /** P(none of the learned phrases is right), all of them and those that stand in no longer phrase. */
  misses: number;
  missesDominant: number;
  together: number;
  phrases: number;
  mentions: number;
  /** Whole phrases that the note denies or says of the family: they count for nothing else. */
  denied: number;
  partial: number;
  dominant: number;
}

const fresh = (row: number): Candidate => ({
  row,
  table: null,
  learned: null,
  tableScore: 0,
  learnedScore: 0,
  tableFull: 0,
  termCoverage: 0,
  descriptionCoverage: 0,
  misses: 1,
  missesDominant: 1,
  together: 0,
  phrases: 0,
  mentions: 0,
  denied: 0,
  partial: 0,
  dominant: 0,
});

function addTable(candidate: Candidate, match: Match, kind: number): void {
  const score = match.found * match.coverage * match.coverage;
  if (score > candidate.tableScore) {
    candidate.tableScore = score;
    candidate.table = match;
  }
  if (match.coverage >= WHOLE) candidate.tableFull++;
  if (kind === KIND.term) candidate.termCoverage = Math.max(candidate.termCoverage, match.coverage);
  else candidate.descriptionCoverage = Math.max(candidate.descriptionCoverage, match.coverage);
}

function addLearned(index: PhraseIndex, candidate: Candidate, match: Match, isNew: boolean): void {
  const { phrase } = match;
  const notes = (index.notes[phrase] ?? 0) + 1;
  const score = (index.asEvidence[phrase] ?? 0) / notes;
  if (match.coverage < WHOLE) {
    candidate.partial = Math.max(candidate.partial, score * match.coverage);
    return;
  }
  const dominance = match.hits / match.longest;
  candidate.mentions++;
  candidate.dominant = Math.max(candidate.dominant, score * dominance);
  if (score * (0.5 + dominance) > candidate.learnedScore) {
    candidate.learnedScore = score * (0.5 + dominance);
    candidate.learned = match;
  }
  candidate.together = Math.max(candidate.together, (index.together[phrase] ?? 0) / notes);
  if (!isNew) return;
  candidate.phrases++;
  candidate.misses *= 1 - 0.9 * score;
  candidate.missesDominant *= 1 - 0.9 * score * dominance;
}

/** A code of the family's history is not to be dropped where the note speaks of the family. */
const ofFamily = (code: string): boolean => code.startsWith('Z8');

function isDenied({ flags }: Match, code: string): boolean {
  return (flags & NEGATED) !== 0 || ((flags & FAMILY) !== 0 && !ofFamily(code));
}

/** One candidate per code of which something stands in the note. */
export function candidatesOf(
  index: PhraseIndex,
  table: CodeTable,
  matches: readonly Match[],
): Map<number, Candidate> {
  const candidates = new Map<number, Candidate>();
  const seen = new Set<number>();
  for (const match of matches) {
    const row = index.code[match.phrase] ?? 0;
    let candidate = candidates.get(row);
    if (!candidate) candidates.set(row, (candidate = fresh(row)));
    if (isDenied(match, table.codes[row] ?? '')) {
      if (match.coverage >= WHOLE) candidate.denied++;
      continue;
    }
    const kind = index.kind[match.phrase] ?? 0;
    if (kind === KIND.learned) addLearned(index, candidate, match, !seen.has(match.phrase));
    else addTable(candidate, match, kind);
    seen.add(match.phrase);
  }
  return candidates;
}

/** Most candidates that only the table's words name, best first: the ranker sees no more of them. */
const MOST_BY_TABLE = 120;

export const isNamed = (c: Candidate): boolean => c.learned !== null || c.tableScore > 0;

export function shortList(candidates: ReadonlyMap<number, Candidate>): Candidate[] {
  const all = [...candidates.values()];
  const learned = all.filter((c) => c.learned !== null);
  const table = all.filter((c) => c.learned === null && c.tableScore > 0);
  table.sort((a, b) => b.tableScore - a.tableScore || a.row - b.row);
  return [...learned, ...table.slice(0, MOST_BY_TABLE)];
}
