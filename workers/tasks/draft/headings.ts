/** Which lines of a plain text are headings, and how deep. Rules: Markdown signs, numbers, short lines that stand alone. */

export interface Heading {
  text: string;
  /** 1 is the outermost. */
  level: number;
  /** Lines that it takes: 2 where it is underlined. */
  lines: 1 | 2;
}

const MAX_UNITS = 90;
const MAX_WORDS = 11;
/** Levels of headings without signs: below those of Markdown that usually carry a document. */
const FIRST_LINE = 1;
const ALONE = 4;
const QUESTION = 5;

const wordCount = (text: string): number => text.split(/\s+/u).length;
const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === '';

/** The heading that begins on this line, or null. */
export function headingAt(lines: readonly string[], at: number): Heading | null {
  const line = (lines[at] ?? '').trim();
  if (line === '' || line.length > MAX_UNITS * 2) return null;
  const marked = /^(#{1,6})[ \t]+(\S.*)$/u.exec(line);
  if (marked)
    return {
      text: (marked[2] ?? '').replace(/[ \t]*#{1,6}$/u, ''),
      level: marked[1]?.length ?? 1,
      lines: 1,
    };
  if (line.length > MAX_UNITS || wordCount(line) > MAX_WORDS) return null;
  const under = (lines[at + 1] ?? '').trim();
  if (/^(?:={3,}|-{3,})$/u.test(under) && /\p{L}/u.test(line))
    return { text: line, level: under.startsWith('=') ? 1 : 2, lines: 2 };
  return isBlank(lines[at - 1]) ? aloneAt(lines, at, line) : null;
}

/** A line without signs: it follows an empty line, begins like a title, does not end like a sentence, text follows. */
function aloneAt(lines: readonly string[], at: number, line: string): Heading | null {
  if (!/^[\p{Lu}\d¿"“„(]/u.test(line) || /[.,;:!]$/u.test(line) || !/\p{L}/u.test(line))
    return null;
  const isQuestion = line.endsWith('?');
  const below = isBlank(lines[at + 1]) ? at + 2 : at + 1;
  const next = (lines[below] ?? '').trim();
  if (next === '') return null;
  // A line that goes on below is wrapped, not a title.
  if (below === at + 1 && /^\p{Ll}/u.test(next)) return null;
  const numbered = /^(\d{1,3}(?:\.\d{1,3}){0,4})\.?[ \t]+\S/u.exec(line);
  if (numbered) {
    const isList = /^\d{1,3}[.)]?[ \t]/u.test(next) && !numbered[1]?.includes('.');
    return isList ? null : { text: line, level: numbered[1]?.split('.').length ?? 1, lines: 1 };
  }
  if (/^(?:[-*•·]|\d+[.)])[ \t]/u.test(line)) return null;
  if (isQuestion) return { text: line, level: QUESTION, lines: 1 };
  // A heading is followed by more than itself: a line that is longer, or a question of its own.
  if (next.length <= line.length && !next.endsWith('?') && !/[.!]$/u.test(next)) return null;
  return { text: line, level: at === 0 ? FIRST_LINE : ALONE, lines: 1 };
}
