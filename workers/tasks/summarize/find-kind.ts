/** What kind of text it is: by the speakers' parts, then by what they talk about. */
import type { Candidate } from './candidates.ts';
import { cueIndex, type CueGroup } from './cues.ts';
import type { Transcript } from './read-turns.ts';
import type { Kind } from './schema.ts';

/** A transcript without known parts needs this many cues in 100 sentences to be a consultation. */
const CLINICAL_CUES = 45;
const MEETING_SPEAKERS = 3;

export function findKind(
  { speakers, turns, captions }: Transcript,
  candidates: readonly Candidate[],
): Kind {
  const roles = new Set(turns.map(({ role }) => role));
  if (roles.has('doctor') || roles.has('patient')) return 'consultation';
  if (roles.has('agent') || roles.has('customer')) return 'call';
  if (speakers.length === 0 && !captions && !asksAndAnswers(candidates)) return 'text';
  const clinical = rate(candidates, ['symptoms', 'history', 'medication', 'examination']);
  if (speakers.length < MEETING_SPEAKERS && clinical >= CLINICAL_CUES) return 'consultation';
  if (speakers.length >= MEETING_SPEAKERS || (captions && speakers.length === 0)) return 'meeting';
  const service = rate(candidates, ['issue', 'resolution']);
  return service >= rate(candidates, ['decisions', 'topics']) ? 'call' : 'meeting';
}

/** Cues of some groups in 100 sentences. */
function rate(candidates: readonly Candidate[], groups: readonly CueGroup[]): number {
  const of = groups.map(cueIndex);
  const cues = candidates.reduce(
    (sum, c) => sum + of.reduce((all, g) => all + (c.cues[g] ?? 0), 0),
    0,
  );
  return (100 * cues) / Math.max(1, candidates.length);
}

/** Speech without speakers: many short lines, many of them questions. */
function asksAndAnswers(candidates: readonly Candidate[]): boolean {
  if (candidates.length < 6) return false;
  const questions = candidates.filter(({ isQuestion }) => isQuestion).length;
  const answers = candidates.filter(
    ({ words }, i) => candidates[i - 1]?.isQuestion && words.length <= 6,
  ).length;
  return questions / candidates.length >= 0.2 && answers >= 2;
}

/**
 * Parts of two speakers whose labels tell nothing: in a consultation the one who asks more is the doctor, in a call the
 * one who tells the trouble first is the customer.
 */
export function withRoles(
  candidates: readonly Candidate[],
  kind: Kind,
  speakers: readonly string[],
): Candidate[] {
  const known = candidates.some(({ role }) => role !== null);
  const two = new Set(candidates.map(({ speaker }) => speaker).filter((name) => name !== null));
  if (
    known ||
    two.size !== 2 ||
    speakers.length !== 2 ||
    (kind !== 'consultation' && kind !== 'call')
  )
    return [...candidates];
  const [one, other] = [...two] as [string, string];
  const score = (name: string): number => {
    const own = candidates.filter(({ speaker }) => speaker === name);
    const asks = own.filter(({ isQuestion }) => isQuestion).length / Math.max(1, own.length);
    const trouble = own
      .slice(0, 8)
      .reduce((sum, { cues }) => sum + (cues[cueIndex('issue')] ?? 0), 0);
    return kind === 'consultation' ? asks : -trouble;
  };
  const [professional, lay] =
    kind === 'consultation' ? (['doctor', 'patient'] as const) : (['agent', 'customer'] as const);
  const lead = score(one) >= score(other) ? one : other;
  return candidates.map((c) => ({
    ...c,
    role: c.speaker === null ? null : c.speaker === lead ? professional : lay,
    askedBy: c.question === null ? null : c.speaker === lead ? lay : professional,
  }));
}
