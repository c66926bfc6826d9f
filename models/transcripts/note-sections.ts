/** Where a sentence of a consultation belongs in a SOAP note, learned from the headings of the reference notes. */
import type { SOAP } from '../../workers/tasks/summarize/scorer.ts';
import { f1, rougeWords } from './rouge.ts';

export type Soap = (typeof SOAP)[number];

/** MTS-Dialog's section headers; the ones left out belong to no part alone. */
const OF_HEADER = new Map<string, Soap>([
  ...[
    'CC',
    'GENHX',
    'FAM/SOCHX',
    'PASTMEDICALHX',
    'PASTSURGICAL',
    'ROS',
    'ALLERGY',
    'MEDICATIONS',
    'IMMUNIZATIONS',
    'GYNHX',
    'OTHER_HISTORY',
  ].map((h): [string, Soap] => [h, 'subjective']),
  ...['EXAM', 'IMAGING', 'LABS'].map((h): [string, Soap] => [h, 'objective']),
  ...['ASSESSMENT', 'DIAGNOSIS'].map((h): [string, Soap] => [h, 'assessment']),
  ...['PLAN', 'DISPOSITION'].map((h): [string, Soap] => [h, 'plan']),
]);
export const sectionOfHeader = (header: string): Soap | null => OF_HEADER.get(header) ?? null;

const PLANS =
  /\b(?:will|prescri|order|refer|continue|start|increase|decrease|follow|recommend|return|schedule|treatment|testing|education|instructions?|agreements?)/i;

/** Lines of an ACI-Bench note, each with its part. */
export function noteLines(note: string): { words: string[]; section: Soap }[] {
  let heading: Soap | 'both' = 'subjective';
  const lines: { words: string[]; section: Soap }[] = [];
  for (const line of note
    .split('\n')
    .map((text) => text.trim())
    .filter(Boolean)) {
    const next = headingOf(line);
    if (next) heading = next;
    else {
      const section =
        heading === 'both'
          ? PLANS.test(line) && !/medical reasoning/i.test(line)
            ? 'plan'
            : 'assessment'
          : heading;
      for (const sentence of line.split(/(?<=[.!?])\s+/))
        lines.push({ words: rougeWords(sentence), section });
    }
  }
  return lines;
}

function headingOf(line: string): Soap | 'both' | null {
  if (line.length > 60 || !(line === line.toUpperCase() || /:$/.test(line))) return null;
  const upper = line.toUpperCase();
  if (/ASSESSMENT AND PLAN/.test(upper)) return 'both';
  if (/ASSESSMENT|IMPRESSION|DIAGNOS/.test(upper)) return 'assessment';
  if (/PLAN|INSTRUCTION|ORDERS/.test(upper)) return 'plan';
  if (/EXAM|VITAL|RESULT|LABS|IMAGING|OBJECTIVE/.test(upper)) return 'objective';
  return line === upper ? 'subjective' : null;
}

/** The part of the note's line that is most like the text; null where none is like it. */
export function sectionOf(
  text: string,
  lines: readonly { words: string[]; section: Soap }[],
): Soap | null {
  const own = new Set(rougeWords(text).filter((word) => word.length > 3));
  let best: Soap | null = null;
  let score = 0.2;
  for (const { words, section } of lines) {
    const set = new Set(words.filter((word) => word.length > 3));
    const like = f1([...set].filter((word) => own.has(word)).length, own.size, set.size);
    if (like > score) [best, score] = [section, like];
  }
  return best;
}
