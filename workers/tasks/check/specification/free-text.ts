/** Measurements in running text: the name of a parameter, then numbers with a fitting unit. Linear in the text. */
import { nameKey } from './clause.ts';
import type { Measurement, Measurements } from './measurements.ts';
import { numbersIn, styleOf, type NumberFound, type NumberStyle } from './numbers.ts';
import { unitAfter } from './text-clauses.ts';

const WORD = /[\p{L}\p{N}]+/gu;
const MAX_NAME_WORDS = 8;
/** Words whose number names something: `station 2`, `sample no. 3`. */
const LABEL =
  /\b(?:stations?|samples?|parts?|pos(?:ition)?|points?|no|nr|nummer|number|item|piece|run|test|batch|lot|charge|stelle|probe|teil|messpunkt|seite|page|step|line|echantillon|échantillon|pièce|poste|muestra|punto|serial|id|figure|fig|table|clause|section)\.?\s{0,3}(?:no\.?|nr\.?|#|n°)?\s{0,3}[:#]?\s{0,3}\d{1,6}\b(?![.,]\d)/giu;

interface WordAt {
  key: string;
  start: number;
  end: number;
}

interface Mention {
  key: string;
  start: number;
  end: number;
}

const wordsOf = (line: string): WordAt[] =>
  [...line.matchAll(WORD)].map((match) => ({
    key: nameKey(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));

/** The longest names first, one after the other. */
function mentionsIn(
  line: string,
  names: ReadonlySet<string>,
  lengths: readonly number[],
): Mention[] {
  const words = wordsOf(line);
  const mentions: Mention[] = [];
  for (let at = 0; at < words.length;) {
    const first = words[at] as WordAt;
    const length = lengths.find((count) => names.has(keyAt(words, at, count)));
    if (length === undefined) at++;
    else {
      mentions.push({
        key: keyAt(words, at, length),
        start: first.start,
        end: words[at + length - 1]?.end ?? first.end,
      });
      at += length;
    }
  }
  return mentions;
}

const keyAt = (words: readonly WordAt[], at: number, count: number): string =>
  at + count > words.length
    ? '\0'
    : words
        .slice(at, at + count)
        .map((word) => word.key)
        .join(' ');

interface Quantity {
  number: NumberFound;
  unit: string;
}

/** `12.03, 12.05 and 11.98 mm`: the unit at the end is that of all. */
function quantitiesIn(text: string, style: NumberStyle): Quantity[] {
  if (!/\d/.test(text)) return [];
  const masked = text.replace(LABEL, (label) => ' '.repeat(label.length));
  const quantities = numbersIn(masked, style).map((number) => ({
    number,
    unit: unitAfter(masked.slice(number.end)),
  }));
  for (let i = quantities.length - 2; i >= 0; i--) {
    const [one, next] = [quantities[i] as Quantity, quantities[i + 1] as Quantity];
    const gap = masked.slice(one.number.end, next.number.start);
    if (one.unit === '' && /^\s*(?:[,;/]|and|und|et|y|e|or|oder)\s*$/i.test(gap))
      one.unit = next.unit;
  }
  return quantities;
}

const asMeasurement = ({ number, unit }: Quantity, line: string, offset: number): Measurement => ({
  readings: number.readings,
  unit,
  unitless: false,
  found: line.trim().slice(0, 160),
  at: { start: offset + number.start, end: offset + number.end },
});

/** With a colon or an equals sign, only what stands behind it is the value. */
function valuePart(text: string): number {
  const sign = /^[^\d:=]{0,40}(?:\d{1,3}[^\d:=]{0,20})?[:=]\s*/.exec(text);
  return sign ? sign[0].length : 0;
}

function measurementsOf(
  line: string,
  mention: Mention,
  until: number,
  offset: number,
  style: NumberStyle,
): Measurement[] {
  const from = mention.end + valuePart(line.slice(mention.end, until));
  const part = line.slice(from, until);
  const quoted = line.slice(mention.start, until);
  const quantities = quantitiesIn(part, style);
  if (quantities.length > 0) {
    const withUnit = quantities.filter((quantity) => quantity.unit !== '');
    return (withUnit.length > 0 ? withUnit : quantities).map((quantity) =>
      asMeasurement(quantity, quoted, offset + from),
    );
  }
  const words = part.replace(/^[\s:=–-]+/, '').trim();
  if (words === '') {
    const place = { start: offset + mention.start, end: offset + mention.end };
    return [
      { readings: [], unit: '', unitless: false, found: line.trim().slice(0, 160), at: place },
    ];
  }
  const start = offset + from + part.indexOf(words);
  return [
    {
      readings: [],
      unit: '',
      unitless: false,
      found: words.slice(0, 160),
      at: { start, end: start + words.length },
    },
  ];
}

/** Measurements of the parameters that are asked for; a line or a sentence is as far as a name reaches. */
export function measurementsOfText(text: string, parameters: readonly string[]): Measurements {
  const names = new Set(parameters.map(nameKey).filter((name) => name !== ''));
  const lengths = [...new Set([...names].map((name) => name.split(' ').length))]
    .filter((count) => count <= MAX_NAME_WORDS)
    .sort((a, b) => b - a);
  const style = styleOf(text);
  const into: Measurements = new Map();
  for (const piece of text.matchAll(/[^\n]+/g))
    for (const sentence of sentencesOf(piece[0])) {
      const offset = piece.index + sentence.start;
      const mentions = mentionsIn(sentence.text, names, lengths);
      mentions.forEach((mention, index) => {
        const until = mentions[index + 1]?.start ?? sentence.text.length;
        const found = measurementsOf(sentence.text, mention, until, offset, style);
        const list = into.get(mention.key);
        if (list) list.push(...found);
        else into.set(mention.key, found);
      });
    }
  return into;
}

function sentencesOf(line: string): { text: string; start: number }[] {
  const parts: { text: string; start: number }[] = [];
  let start = 0;
  for (const stop of line.matchAll(/[.;!?]\s+(?=\p{Lu})|;\s+/gu)) {
    parts.push({ text: line.slice(start, stop.index), start });
    start = stop.index + stop[0].length;
  }
  parts.push({ text: line.slice(start), start });
  return parts;
}
