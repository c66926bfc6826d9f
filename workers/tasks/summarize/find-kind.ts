/** What kind of text it is: by the speakers' parts, then by what they talk about. */
import type { Candidate } from './candidates.ts';
import { cueIndex, type CueGroup } from './cues.ts';
import type { Transcript } from './read-turns.ts';
import type { Kind } from './schema.ts';

/** Clinical cues in 100 sentences: 95 % of ACI-Bench's training visits have more, 95 % of QMSum's meetings fewer. */
const CLINICAL_CUES = 20;
const MEETING_SPEAKERS = 3;
const PERSON = /^(?:i|i['’]m|you|your|my|we|ich|sie|mein|wir|je|vous|mon|nous)$/u;

export function findKind(
  { speakers, turns, captions }: Transcript,
  candidates: readonly Candidate[],
): Kind {
  const roles = new Set(turns.map(({ role }) => role));
  if (roles.has('doctor') || roles.has('patient')) return 'consultation';
  if (roles.has('agent') || roles.has('customer')) return 'call';
  if (speakers.length === 0 && !captions && !asksAndAnswers(candidates)) return 'text';
  const clinical = rate(candidates, ['symptoms', 'history', 'medication', 'examination']);
  const service = rate(candidates, ['issue', 'resolution']);
  if (speakers.length < MEETING_SPEAKERS && clinical >= Math.max(CLINICAL_CUES, service))
    return 'consultation';
  if (speakers.length >= MEETING_SPEAKERS || (captions && speakers.length === 0)) return 'meeting';
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

/** Speech without speakers: sentences that ask, and that speak of oneself or to somebody. */
function asksAndAnswers(candidates: readonly Candidate[]): boolean {
  if (candidates.length < 6) return false;
  const share = (of: (candidate: Candidate) => boolean): number =>
    candidates.filter(of).length / candidates.length;
  const personal = share(({ words }) => words.some((word) => PERSON.test(word)));
  return share(({ isQuestion }) => isQuestion) >= 0.08 && personal >= 0.28;
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
