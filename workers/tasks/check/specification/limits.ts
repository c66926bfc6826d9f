/** What a value must be: an interval, read from the words and signs of a specification. */
import Big from 'big.js';
import { numbersIn, type NumberStyle } from './numbers.ts';
import { iso2768 } from './iso-2768.ts';

export interface Bound {
  value: Big;
  inclusive: boolean;
}
/** Null on a side that is open. */
export interface Limit {
  low: Bound | null;
  high: Bound | null;
}

export const at = (value: Big, inclusive = true): Bound => ({ value, inclusive });
export const between = (one: Big, other: Big): Limit =>
  one.lte(other) ? { low: at(one), high: at(other) } : { low: at(other), high: at(one) };

const FROM =
  /(?:≥|>=|=>|\bmin(?:\.|imum|imal|destens)?(?![\p{L}])|\bat least\b|\bno(?:t)? less than\b|\bnot below\b|\bnot fall below\b|\bmindestens\b|\bnicht unterschreiten\b|\bnicht unter\b|\bau moins\b|\bau minimum\b|\bal menos\b|\bcomo mínimo\b|\bor more\b|\bor higher\b)/iu;
const UP_TO =
  /(?:≤|<=|=<|\bmax(?:\.|imum|imal)?(?![\p{L}])|\bat most\b|\bno(?:t)? (?:more|greater|higher|longer|larger) than\b|\bnot (?:to )?exceed\b|\bnot be exceeded\b|\bup to\b|\bhöchstens\b|\bnicht über(?:schreiten|steigen)\b|\bne (?:doit )?pas dépasser\b|\bau plus\b|\bau maximum\b|\bcomo máximo\b|\bno (?:debe )?superar\b|\bnicht mehr als\b|\bor less\b|\bor lower\b|\bwithin\b)/iu;
const ABOVE =
  /(?:>|\b(?:more|greater|higher|larger|longer) than\b|\babove\b|\bexceeds?\b|\bgrößer als\b|\bmehr als\b|\bplus de\b|\bsupérieure? à\b|\bmás de\b)/iu;
const BELOW =
  /(?:<|\b(?:less|lower|smaller|shorter|fewer) than\b|\bbelow\b|\bkleiner als\b|\bweniger als\b|\bmoins de\b|\binférieure? à\b|\bmenos de\b)/iu;
const RANGE =
  /^\s*(?:[\p{L}°%µμ²³"/*·^]{0,12})\s*(?:–|—|-|\.\.\.?|…|\bto\b|\bbis\b|\band\b|\bund\b|\bet\b|\by\b|\bà\b|\ba\b)\s*$/u;
/** Characters between the two numbers of a range, at most. */
const LONGEST_GAP = 30;
const PLUS_MINUS = /(?:±|\+\s?\/\s?[-−]|\bplus\/minus\b|\bplus or minus\b)/iu;

export interface ReadLimit extends Limit {
  /** Offset behind the last number, where a unit may stand. */
  end: number;
  /** Offset of the first word of the limit. */
  start: number;
  /** The unit, where it stands before a tolerance: `230 V ± 10 %`. */
  unit?: string;
}

const NUMBER_AT = /[-+−]?\d+(?:[.,'’]\d+)*/;

/** The distance of a tolerance, as absolute numbers, from a nominal value. Null where it cannot be read. */
export function tolerance(text: string, nominal: Big, style: NumberStyle): Limit | null {
  const standard = iso2768(text, nominal);
  if (standard) return between(nominal.minus(standard), nominal.plus(standard));
  const percent = /%/.test(text);
  const size = (value: Big) => (percent ? nominal.abs().times(value).div(100) : value);
  const cleaned = text.replace(PLUS_MINUS, ' ± ');
  const parts = numbersIn(cleaned.replace(/[/;]/g, ' / '), style).map((number) => number.readings);
  if (parts.length === 0 || parts.some((readings) => readings.length !== 1)) return null;
  const values = parts.flatMap((readings) => readings);
  const [one, other] = values;
  if (one === undefined || values.length > 2) return null;
  if (other === undefined) {
    const signed = /^\s*[-+−]/.test(cleaned) && !cleaned.includes('±');
    return signed
      ? between(nominal, nominal.plus(size(one)))
      : between(nominal.minus(size(one.abs())), nominal.plus(size(one.abs())));
  }
  return between(nominal.plus(size(one)), nominal.plus(size(other)));
}

/** `12 ± 0.05`, `12 +0.1/-0.0`, `12 mm ± 2 %`. */
function withTolerance(text: string, style: NumberStyle): ReadLimit | null {
  const sign = PLUS_MINUS.exec(text) ?? /\+\s?\d/.exec(text);
  if (!sign || sign.index === 0) return null;
  const before = numbersIn(text.slice(0, sign.index), style).at(-1);
  const [nominal, other] = before?.readings ?? [];
  if (!before || !nominal || other) return null;
  const rest = text.slice(sign.index);
  const numbers = numbersIn(rest.replace(/[/;]/g, ' '), style).slice(
    0,
    sign[0].includes('±') || /[-−]/.test(sign[0]) ? 1 : 2,
  );
  const end = numbers.at(-1)?.end ?? 0;
  const limit = tolerance(
    rest.slice(0, end) + (/^\s*%/.test(rest.slice(end)) ? '%' : ''),
    nominal,
    style,
  );
  const unit = text.slice(before.end, sign.index).trim();
  return (
    limit && { ...limit, start: before.start, end: sign.index + end, ...(unit ? { unit } : {}) }
  );
}

const SIDES: [pattern: RegExp, low: boolean, inclusive: boolean][] = [
  [UP_TO, false, true],
  [FROM, true, true],
  [BELOW, false, false],
  [ABOVE, true, false],
];

/** Comparisons before a number: `at least 5`, `≥ 5 and < 10`; each word takes the number that follows it. */
function comparisons(text: string, style: NumberStyle): ReadLimit | null {
  const limit: ReadLimit = { low: null, high: null, start: text.length, end: 0 };
  let rest = text;
  let offset = 0;
  for (let turn = 0; turn < 2; turn++) {
    const found = SIDES.map(([pattern, low, inclusive]) => ({
      match: pattern.exec(rest),
      low,
      inclusive,
    }))
      .filter((side) => side.match !== null)
      .sort(
        (a, b) =>
          (a.match?.index ?? 0) - (b.match?.index ?? 0) ||
          (b.match?.[0].length ?? 0) - (a.match?.[0].length ?? 0),
      )[0];
    if (!found?.match) break;
    const from = found.match.index + found.match[0].length;
    const behind = numbersIn(rest.slice(from), style)[0];
    const before = numbersIn(rest.slice(0, found.match.index), style).at(-1);
    // `80 °C nicht überschreiten`, `80 °C or less`: the number stands before the words.
    const trailing = /^or /i.test(found.match[0]) || !behind;
    const number = trailing ? before : behind;
    const [value, second] = number?.readings ?? [];
    if (!number || !value || second) break;
    limit[found.low ? 'low' : 'high'] ??= at(value, found.inclusive);
    limit.start = Math.min(limit.start, offset + (trailing ? number.start : found.match.index));
    const end = trailing ? from : from + number.end;
    limit.end = offset + (trailing ? number.end : end);
    rest = rest.slice(end);
    offset += end;
  }
  return limit.low || limit.high ? limit : null;
}

function range(text: string, style: NumberStyle): ReadLimit | null {
  const numbers = numbersIn(text, style);
  for (let i = 0; i + 1 < numbers.length; i++) {
    const [one, other] = [numbers[i], numbers[i + 1]];
    if (!one || !other || other.start - one.end > LONGEST_GAP) continue;
    if (!RANGE.test(text.slice(one.end, other.start))) continue;
    const [low, high] = [one.readings[0], other.readings[0]];
    if (one.readings.length > 1 || other.readings.length > 1 || !low || !high) return null;
    return { ...between(low, high), start: one.start, end: other.end };
  }
  return null;
}

/** The limit that a phrase names, in any of its forms; null where it names none that can be read with certainty. */
export function limitIn(text: string, style: NumberStyle): ReadLimit | null {
  return withTolerance(text, style) ?? comparisons(text, style) ?? range(text, style);
}

export const hasNumber = (text: string): boolean => NUMBER_AT.test(text);

export const holds = ({ low, high }: Limit, value: Big): boolean =>
  (low === null || (low.inclusive ? value.gte(low.value) : value.gt(low.value))) &&
  (high === null || (high.inclusive ? value.lte(high.value) : value.lt(high.value)));

/** How far inside the limit a value is; negative outside. */
export function margin({ low, high }: Limit, value: Big): Big {
  const sides = [low && value.minus(low.value), high && high.value.minus(value)].filter(
    (side) => side !== null,
  );
  return sides.reduce((least, side) => (side.lt(least) ? side : least), sides[0] ?? new Big(0));
}
