/** Numbers in text, whatever separators the writer uses. A number that can be read in two ways keeps both readings. */
import Big from 'big.js';

export interface NumberFound {
  /** Offsets into the text; the sign is part of it. */
  start: number;
  end: number;
  /** Most likely reading first; a second one only where the text does not tell. */
  readings: Big[];
}

/** Which of the two is the decimal separator, as far as the text shows. */
export type NumberStyle = 'point' | 'comma' | null;

const GROUPED = String.raw`\d+(?:[.,'’]\d+|[ \u00a0\u202f]\d{3}(?!\d))*`;
const NUMBER = new RegExp(String.raw`${GROUPED}(?:[eE][-+−]?\d{1,3})?`, 'g');
/** Dates and times of day are no measurements. */
const DATE =
  /\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?|\b\d{1,2}([./])\d{1,2}\1\d{2,4}\b|\b\d{1,2}:\d{2}(?::\d{2})?\b/g;
const LONGEST = 40;

/** Separators of a number that can have only one meaning tell how the writer writes. */
function styleOfOne(digits: string): NumberStyle {
  const points = digits.split('.').length - 1;
  const commas = digits.split(',').length - 1;
  if (points > 0 && commas > 0)
    return digits.lastIndexOf('.') > digits.lastIndexOf(',') ? 'point' : 'comma';
  if (points + commas !== 1) return points > 1 ? 'comma' : commas > 1 ? 'point' : null;
  const [whole = '', rest = ''] = digits.split(/[.,]/);
  if (rest.length === 3 && whole.length <= 3 && whole !== '0') return null;
  return points === 1 ? 'point' : 'comma';
}

/** Null where the text shows both, or neither. */
export function styleOf(text: string): NumberStyle {
  const seen = new Set<NumberStyle>();
  for (const { 0: digits } of text.replace(DATE, ' ').matchAll(NUMBER))
    seen.add(styleOfOne(digits));
  seen.delete(null);
  return seen.size === 1 ? ([...seen][0] ?? null) : null;
}

const isGrouped = (parts: readonly string[]) =>
  (parts[0] ?? '').length <= 3 && parts.slice(1).every((part) => part.length === 3);

/** The readings of digits with separators; none where it is no number (a date, a version). */
export function readingsOf(digits: string, style: NumberStyle): Big[] {
  const [mantissa = '', exponent] = digits.replace('−', '-').split(/[eE]/);
  const shift = (value: string) => new Big(exponent === undefined ? value : `${value}e${exponent}`);
  const plain = mantissa.replace(/['’ \u00a0\u202f]/g, '');
  if (plain.length > LONGEST) return [];
  const parts = plain.split(/[.,]/);
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return [shift(plain)];
  const decimal = shift(`${parts.slice(0, -1).join('')}.${last}`);
  const whole = shift(parts.join(''));
  const both = plain.includes('.') && plain.includes(',');
  if (both)
    return plain.split(plain.lastIndexOf('.') > plain.lastIndexOf(',') ? '.' : ',').length === 2
      ? [decimal]
      : [];
  if (parts.length > 2) return isGrouped(parts) ? [whole] : [];
  if (!isGrouped(parts) || parts[0] === '0') return [decimal];
  const isPoint = plain.includes('.');
  if (style !== null) return [isPoint === (style === 'point') ? decimal : whole];
  return [decimal, whole];
}

/** A minus or plus belongs to the number unless something stands right before it, as in `10-12` or `+0.1/-0`. */
function signBefore(text: string, at: number): string {
  const sign = text[at - 1] ?? '';
  if (!/[-+−]/.test(sign)) return '';
  return /[\p{L}\d)±/+\-−]/u.test(text[at - 2] ?? ' ') ? '' : sign;
}

/** All numbers of a text, left to right. */
export function numbersIn(text: string, style: NumberStyle = styleOf(text)): NumberFound[] {
  const masked = text.replace(DATE, (date) => ' '.repeat(date.length));
  const found: NumberFound[] = [];
  for (const match of masked.matchAll(NUMBER)) {
    // `C45` and `M8` are names.
    if (/[\p{L}_]/u.test(masked[match.index - 1] ?? ' ')) continue;
    const readings = readingsOf(match[0], style);
    if (readings.length === 0) continue;
    const sign = signBefore(masked, match.index);
    const negative = sign === '-' || sign === '−';
    found.push({
      start: match.index - sign.length,
      end: match.index + match[0].length,
      readings: negative ? readings.map((reading) => reading.neg()) : readings,
    });
  }
  return found;
}
