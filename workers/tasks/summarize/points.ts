/** A candidate as a point: reworded where that is safe, checked against the text, in the words of the text otherwise. */
import { verbatim, type Candidate } from './candidates.ts';
import { withFigures } from './number-words.ts';
import { reportOf } from './report-style.ts';
import type { Kind } from './schema.ts';
import { supportProblems } from './support.ts';
import { asSentence, withoutMarks } from './tidy.ts';

const SPEAKS_OF_SELF =
  /\b(?:i|i['’]\p{L}+|me|my|we|our|ich|mir|mein\p{L}*|je|j['’]\p{L}+|mon|ma|mes)\b/iu;

export interface Point {
  text: string;
  /** It did not stand the check in report style, so it is quoted as it stands in the text. */
  replaced: boolean;
}

/** Report style of the kind, unchecked. */
export function pointText(candidate: Candidate, kind: Kind): string {
  if (kind === 'text') return verbatim(candidate);
  if (kind === 'call') return withSpeaker(candidate, verbatim(candidate));
  const quoted = withFigures(verbatim(candidate));
  if (kind === 'meeting') return withSpeaker(candidate, quoted);
  const told = reportOf(candidate);
  if (told !== null) return told;
  if (candidate.role === 'guest') return withSpeaker(candidate, quoted);
  return candidate.role === 'patient' && !candidate.needsQuestion && SPEAKS_OF_SELF.test(quoted)
    ? `“${quoted}”`
    : quoted;
}

function withSpeaker({ speaker, needsQuestion }: Candidate, said: string): string {
  if (speaker === null || needsQuestion) return said;
  return `${speaker.charAt(0).toUpperCase()}${speaker.slice(1)}: ${said}`;
}

export function pointOf(candidate: Candidate, kind: Kind, document: string): Point {
  const pieces = candidate.spans.map(([start, end]) => document.slice(start, end));
  const text = pointText(candidate, kind);
  // Whose words they are stands before the words, so the label is part of the evidence.
  const evidence = candidate.speaker === null ? pieces : [`${candidate.speaker}:`, ...pieces];
  if (supportProblems(text, evidence, true).length === 0) return { text, replaced: false };
  const plain = verbatim(candidate);
  if (supportProblems(plain, evidence, true).length === 0) return { text: plain, replaced: true };
  return { text: asSentence(withoutMarks(pieces.join(' '))), replaced: true };
}
