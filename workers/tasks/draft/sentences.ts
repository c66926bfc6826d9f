/** Sentences of a text, with offsets. A line that ends early (a list, a table) ends its sentence. */

/** Ends of abbreviations at which the segmenter must not cut. */
const ABBREVIATION =
  /(?:^|[\s(])(?:e\.g|i\.e|z\.\s?B|d\.\s?h|u\.\s?a|bzw|ca|Nr|No|Dr|Prof|Mr|Mrs|Ms|St|vs|approx|etc|Tel|inkl|zzgl|Str|Art|Abs)\.\s*$/u;
/** Most that is looked at in one go: longer texts are cut at a line end or a space. */
const MAX_UNITS = 20_000;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

export interface Sentence {
  text: string;
  start: number;
  end: number;
}

export function sentencesOf(text: string): Sentence[] {
  const found: Sentence[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    for (let from = 0; from < line.length; from += MAX_UNITS)
      found.push(...ofLine(line.slice(from, from + MAX_UNITS), offset + from));
    offset += line.length + 1;
  }
  return found;
}

function ofLine(line: string, offset: number): Sentence[] {
  const spans: [start: number, end: number][] = [];
  for (const { index, segment } of segmenter.segment(line)) {
    const last = spans.at(-1);
    const end = index + segment.length;
    if (last && ABBREVIATION.test(line.slice(Math.max(last[0], last[1] - 12), last[1])))
      last[1] = end;
    else spans.push([index, end]);
  }
  return spans.flatMap(([start, end]) => {
    const raw = line.slice(start, end);
    const text = raw.trim();
    const from = offset + start + (raw.length - raw.trimStart().length);
    return text === '' ? [] : [{ text, start: from, end: from + text.length }];
  });
}
