/** A text as turns of speakers, each with the places of its words in the text. One linear pass. */
import type { Span } from '../../../src/core/outputs.ts';
import { roleOfName, type Role } from './roles.ts';
import {
  isCaptionHeader,
  isCaptionNumber,
  isCaptionTiming,
  readSpeakerLine,
  speakerKey,
  type SpeakerLine,
} from './speaker-lines.ts';

/** Lines of this length may hold several speakers: `Doctor: … Patient: …` in one line. */
const LONG_LINE_UNITS = 60;
/** At least this share of the lines with words names a speaker in a transcript whose speakers are no known roles. */
const LEAST_LABELLED_SHARE = 0.2;

export interface Turn {
  /** As it is written; null where nobody is named. */
  speaker: string | null;
  role: Role | null;
  /** The words, line by line. */
  lines: Span[];
}

export interface Transcript {
  turns: Turn[];
  /** Keys of the speakers, by number of turns, most first; empty where nobody is named. */
  speakers: string[];
  captions: boolean;
}

interface Line extends SpeakerLine {
  start: number;
  end: number;
}

/** `body`: the part of the text to read, e.g. an e-mail without quotes and signature. */
export function readTurns(text: string, body: Span = [0, text.length]): Transcript {
  const lines = readLines(text, body);
  const captions = lines.some(({ start, end }) =>
    isCaptionTiming(text.slice(start, start + Math.min(80, end - start))),
  );
  const spoken = captions ? withoutTimings(text, lines) : lines;
  const names = speakersOf(spoken);
  const turns = turnsOf(text, spoken, names);
  return { turns, speakers: names.size > 0 ? byTurns(turns) : [], captions };
}

function readLines(text: string, [from, to]: Span): Line[] {
  const lines: Line[] = [];
  let start = from;
  while (start <= to) {
    const found = text.indexOf('\n', start);
    const end = found === -1 || found > to ? to : found;
    for (const [a, b] of splitAtRoles(text, start, end))
      lines.push({ ...readSpeakerLine(text.slice(a, b)), start: a, end: b });
    start = end + 1;
  }
  return lines;
}

const ROLE_INSIDE =
  /(?<=[.?!…"”)]\s{1,3})(?:doctor|dr|patient|nurse|agent|customer|caller|client|representative|rep|advisor|arzt|ärztin|patientin|kunde|kundin|mitarbeiter|mitarbeiterin|berater|beraterin|médecin|docteur|conseiller|conseillère)\s{0,2}:\s/giu;

/** A line that holds several turns of known roles, cut before each. */
function splitAtRoles(text: string, start: number, end: number): Span[] {
  if (end - start < LONG_LINE_UNITS) return [[start, end]];
  const line = text.slice(start, end);
  const cuts = [...line.matchAll(ROLE_INSIDE)].map((match) => start + match.index);
  const edges = [start, ...cuts, end];
  return edges.slice(0, -1).map((edge, i) => [edge, edges[i + 1] as number]);
}

function withoutTimings(text: string, lines: Line[]): Line[] {
  const of = (line: Line | undefined): string => (line ? text.slice(line.start, line.end) : '');
  return lines.filter((line, i) => {
    const words = of(line);
    if (isCaptionTiming(words) || isCaptionHeader(words)) return false;
    return !(isCaptionNumber(words) && isCaptionTiming(of(lines[i + 1])));
  });
}

/** Keys of the labels that are speakers: known roles, labels that come back, or every line has one. */
function speakersOf(lines: readonly Line[]): Set<string> {
  const counts = new Map<string, number>();
  let filled = 0;
  for (const { name, start, end } of lines) {
    if (end > start) filled++;
    if (name !== null) counts.set(speakerKey(name), (counts.get(speakerKey(name)) ?? 0) + 1);
  }
  const labelled = [...counts.values()].reduce((sum, n) => sum + n, 0);
  const known = [...counts.keys()].filter((key) => roleOfName(key) !== null);
  const everyLine = labelled === filled && counts.size >= 2;
  const keys = [...counts.keys()].filter(
    (key) => everyLine || known.includes(key) || (counts.get(key) ?? 0) >= 2,
  );
  const share = keys.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0) / Math.max(filled, 1);
  const isTranscript = known.length > 0 || (keys.length >= 2 && share >= LEAST_LABELLED_SHARE);
  return new Set(isTranscript ? keys : []);
}

function turnsOf(text: string, lines: readonly Line[], names: ReadonlySet<string>): Turn[] {
  const turns: Turn[] = [];
  let open: Turn | null = null;
  for (const line of lines) {
    const speaker = line.name !== null && names.has(speakerKey(line.name)) ? line.name : null;
    const first = trimmed(
      text,
      speaker === null && line.name !== null ? line.start : line.start + line.from,
      line.end,
    );
    const sameSpeaker = open !== null && (speaker === null || open.speaker === speaker);
    if (
      !open ||
      (speaker !== null && !sameSpeaker) ||
      (speaker !== null && open.lines.length > 0)
    ) {
      open = {
        speaker,
        role: speaker === null ? null : roleOfName(speakerKey(speaker)),
        lines: [],
      };
      turns.push(open);
    }
    if (first[1] > first[0]) open.lines.push(first);
    // A blank line ends a paragraph of a text that nobody speaks.
    else if (open.speaker === null && open.lines.length > 0) open = null;
  }
  return turns.filter((turn) => turn.lines.length > 0);
}

function trimmed(text: string, start: number, end: number): Span {
  let [a, b] = [start, end];
  while (a < b && text.charCodeAt(a) <= 32) a++;
  while (b > a && text.charCodeAt(b - 1) <= 32) b--;
  return [a, b];
}

function byTurns(turns: readonly Turn[]): string[] {
  const counts = new Map<string, number>();
  for (const { speaker } of turns)
    if (speaker !== null)
      counts.set(speakerKey(speaker), (counts.get(speakerKey(speaker)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([key]) => key);
}
