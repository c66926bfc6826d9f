/** How a candidate reads in the summary, and what must be shown beside it where it cannot be rewritten. */
import { answerStatement, type Candidate } from './candidates.ts';
import { withFigures } from './number-words.ts';
import { toldOfPatient } from './third-person.ts';
import { asSentence } from './tidy.ts';

const LEADING_YES = /^(?:yes|yeah|yep|yup|okay|right|sure|correct)[,.]?\s+(?=\S)/iu;

/** A patient's words told about the patient, where every verb is known; a plain answer as a statement; null otherwise. */
export function reportOf(candidate: Candidate): string | null {
  const statement = answerStatement(candidate);
  if (statement !== null) return withFigures(statement);
  if (candidate.role !== 'patient' || candidate.needsQuestion || candidate.isQuestion) return null;
  const told = toldOfPatient(candidate.said.replace(LEADING_YES, ''));
  return told === null ? null : asSentence(withFigures(told));
}
