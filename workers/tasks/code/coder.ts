/** Codes of one note: sentences, phrases, features, trees. Pure, so that recipe, tests and the task share it. */
import type { CodeCandidate } from '../../../src/core/outputs.ts';
import { candidatesOf, type Candidate } from './candidates.ts';
import { featuresOf, type Priors } from './features.ts';
import { FEATURES } from './feature-names.ts';
import type { PhraseIndex } from './phrase-index.ts';
import { matchesOf, scratchOf, WHOLE, type Match, type Scratch } from './match.ts';
import type { CodeTable } from './table.ts';
import { probabilityOf, type Trees } from './trees.ts';
import { sentencesOf, type Sentence } from './words.ts';

export interface Coder {
  table: CodeTable;
  index: PhraseIndex;
  priors: Priors;
  trees: Trees;
  scratch: Scratch;
}

export interface CodedNote {
  /** Best first. */
  codes: CodeCandidate[];
  /** Codes of which all that was found is denied or said of the family. */
  leftOut: number;
}

export const coderOf = (knowledge: Omit<Coder, 'scratch'>): Coder => ({
  ...knowledge,
  scratch: scratchOf(knowledge.index),
});

/** Everything that the trees judge of a note. */
export function readNote(coder: Omit<Coder, 'trees'>, text: string) {
  const sentences = sentencesOf(text);
  const matches: Match[] = [];
  sentences.forEach((sentence, i) => {
    for (const match of matchesOf(coder.index, coder.scratch, sentence, i)) matches.push(match);
  });
  const candidates = candidatesOf(coder.index, coder.table, matches);
  const { list, rows, leftOut } = featuresOf(coder, candidates, sentences);
  return { sentences, list, rows, leftOut };
}

/** Score from which a learned phrase is better evidence than the table's own words, all of which stand in the note. */
const SURE_PHRASE = 0.5;

/** The learned phrase, widened by a whole phrase of the table that lies over it: "effusion" to "pleural effusion". */
function evidenceOf(
  candidate: Candidate,
  sentences: readonly Sentence[],
): CodeCandidate['evidence'] {
  const { learned, table } = candidate;
  const whole = table !== null && table.coverage >= WHOLE;
  const match =
    whole && (candidate.learnedScore < SURE_PHRASE || !learned) ? table : (learned ?? table);
  if (!match) return null;
  let { first, last } = match;
  if (whole && overlap(match, table)) {
    first = Math.min(first, table.first);
    last = Math.max(last, table.last);
  }
  const sentence = sentences[match.sentence];
  const start = sentence?.[first]?.start;
  const end = sentence?.[last]?.end;
  return start === undefined || end === undefined ? null : { start, end };
}

const overlap = (a: Match, b: Match): boolean =>
  a.sentence === b.sentence && a.first <= b.last && b.first <= a.last;

export function codeNote(coder: Coder, text: string, most: number): CodedNote {
  const { sentences, list, rows, leftOut } = readNote(coder, text);
  const judged = list.map((candidate, i) => ({
    candidate,
    confidence: probabilityOf(coder.trees, rows, i * FEATURES.length),
  }));
  judged.sort((a, b) => b.confidence - a.confidence || a.candidate.row - b.candidate.row);
  const codes = judged.slice(0, most).map(({ candidate, confidence }) => ({
    code: coder.table.codes[candidate.row] ?? '',
    description: coder.table.descriptions[candidate.row] ?? '',
    confidence,
    evidence: evidenceOf(candidate, sentences),
  }));
  return { codes, leftOut };
}
