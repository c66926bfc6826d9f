/** Which section a point belongs to, by the kind of the text. */
import type { Candidate } from './candidates.ts';
import { cueIndex } from './cues.ts';
import { logit, SOAP, type Scorer } from './scorer.ts';

type MeetingSection = 'topics' | 'decisions' | 'actions';

const HEADINGS = new Map([
  ['issue', 'Issue'],
  ['resolution', 'Resolution'],
  ['actions', 'Actions'],
  ['subjective', 'Subjective'],
  ['objective', 'Objective'],
  ['assessment', 'Assessment'],
  ['plan', 'Plan'],
  ['topics', 'Topics'],
  ['decisions', 'Decisions'],
]);
/** Order of the sections in a summary. */
const ORDER = [...SOAP, 'issue', 'topics', 'resolution', 'decisions', 'actions'];

/** The likeliest part of a SOAP note. */
export function soapSection(
  { sections }: Scorer,
  plain: Float32Array,
  vector: Float32Array | undefined,
): string {
  const heads = vector ? sections.full : sections.plain;
  const scores = heads.map((head) => logit(head, plain, vector));
  return SOAP[scores.indexOf(Math.max(...scores))] ?? 'subjective';
}

export function meetingSection({ cues, words }: Candidate): MeetingSection {
  const cue = (group: 'decisions' | 'actions'): number => cues[cueIndex(group)] ?? 0;
  if (cue('decisions') > 0 && words.length >= 6) return 'decisions';
  return cue('actions') > 0 && words.length >= 6 ? 'actions' : 'topics';
}

export interface SectionedPoint {
  text: string;
  section?: string;
}

/** In the order of the sections; inside a section the order stays. */
export function bySection<P extends SectionedPoint>(points: readonly P[]): P[] {
  const rank = ({ section }: P): number => (section === undefined ? -1 : ORDER.indexOf(section));
  return points
    .map((point, i) => ({ point, i }))
    .sort((a, b) => rank(a.point) - rank(b.point) || a.i - b.i)
    .map(({ point }) => point);
}

/** Headings only where there is more than one section. */
export function writeSummary(points: readonly SectionedPoint[]): string {
  const sections = [...new Set(points.map(({ section }) => section))];
  if (sections.length < 2) return points.map(({ text }) => text).join(' ');
  return sections
    .map((section) => {
      const lines = points
        .filter((point) => point.section === section)
        .map(({ text }) => `- ${text}`);
      return [HEADINGS.get(section ?? '') ?? 'Other', ...lines].join('\n');
    })
    .join('\n\n');
}
