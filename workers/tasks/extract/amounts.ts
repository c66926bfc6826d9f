/**
 * Amounts as they stand in documents: `1.234,56`, `1,234.56`, `1'234.56`, `1 234,56`, `(12.50)`, `12,50-`, `RM9.00`.
 * An amount is held as a whole number of ten-thousandths, so that sums are exact.
 */

/** Whole number of 1/10,000 of the currency unit. */
export type Money = number;
export const ONE = 10_000;
/** Longest whole part, in digits: sums stay exact in a double. */
const MOST_DIGITS = 11;

export type DecimalMark = '.' | ',';

export interface ReadAmount {
  money: Money;
  /** Digits after the decimal mark as written. */
  decimals: number;
  /** The mark that this amount shows beyond doubt, or null. */
  mark: DecimalMark | null;
  /** The other reading where the writing allows two (`1.234`): the mark decides. */
  other: { money: Money; mark: DecimalMark } | null;
}

const GROUPED = /^\d{1,3}(?:([.,'’ \u00a0\u202f])\d{3})(?:\1\d{3})*$/;

/** Reads digits with marks, without sign or currency; null where it is no number. */
export function readDigits(written: string): ReadAmount | null {
  const text = written.trim();
  if (text.length > 24 || !/^\d/.test(text)) return null;
  if (/^\d+$/.test(text)) return make(text, '', null);
  const at = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  const whole = at < 0 ? text : text.slice(0, at);
  const rest = at < 0 ? '' : text.slice(at + 1);
  if (at >= 0 && !/^\d{1,6}$/.test(rest)) return null;
  if (at < 0) return GROUPED.test(text) ? make(digitsOf(text), '', null) : null;
  const mark = text[at] as DecimalMark;
  const plain = /^\d+$/.test(whole);
  if (!plain && !GROUPED.test(whole)) return null;
  if (!plain && whole.includes(mark))
    return rest.length === 3 ? make(digitsOf(text), '', mark === '.' ? ',' : '.') : null;
  if (!plain) return make(digitsOf(whole), rest, mark);
  if (rest.length !== 3 || whole.length > 3 || /^0/.test(whole)) return make(whole, rest, mark);
  const decimal = make(whole, rest, null);
  const grouped = make(whole + rest, '', null);
  return decimal && grouped
    ? { ...decimal, other: { money: grouped.money, mark: mark === '.' ? ',' : '.' } }
    : null;
}

const digitsOf = (text: string): string => text.replace(/\D/g, '');

function make(whole: string, decimals: string, mark: DecimalMark | null): ReadAmount | null {
  const digits = whole.replace(/^0+(?=\d)/, '');
  if (digits.length > MOST_DIGITS) return null;
  const fraction = Math.round(Number(`0.${decimals || '0'}`) * ONE);
  return { money: Number(digits) * ONE + fraction, decimals: decimals.length, mark, other: null };
}

/** `-12.50`: at least two digits after the point, four where they are needed. */
export function decimalOf(money: Money): string {
  const sign = money < 0 ? '-' : '';
  const size = Math.abs(Math.round(money));
  const fraction = String(size % ONE)
    .padStart(4, '0')
    .replace(/0{1,2}$/, '');
  return `${sign}${Math.floor(size / ONE)}.${fraction}`;
}

/** Reads what `decimalOf` wrote, or a decimal of an e-invoice; null where it is none. */
export function moneyOf(decimal: string | null | undefined): Money | null {
  const match = /^([-+]?)(\d{1,11})(?:\.(\d{1,12}))?$/.exec((decimal ?? '').trim());
  if (!match) return null;
  const size = Number(match[2]) * ONE + Math.round(Number(`0.${match[3] ?? '0'}`) * ONE);
  return match[1] === '-' ? -size : size;
}

export interface FoundAmount {
  /** Offsets into the text that was searched, sign and currency included. */
  start: number;
  end: number;
  read: ReadAmount;
  negative: boolean;
  /** Symbol or code that stands at the amount, or null. */
  currency: string | null;
  percent: boolean;
}

const CODE =
  'RM|US\\$|S\\$|A\\$|C\\$|HK\\$|NZ\\$|R\\$|[$€£¥₹₩₽₺฿₫₱₪]|Rp\\.?|kr\\.?|zł|Kč|Ft|lei|Fr\\.|SFr\\.?|[A-Z]{3}';
const NUMBER =
  "\\d{1,3}(?:[\\u00a0\\u202f ]\\d{3})+[.,]\\d{2}(?!\\d)|\\d{1,3}(?:[.,'’]\\d{3})+(?:[.,]\\d{1,4})?(?!\\d)|\\d+[.,]\\d{1,6}(?!\\d)|\\d+";
const AMOUNT = new RegExp(
  `(\\(?[-−–+]?)[ ]?(?:(?<![A-Za-z])(${CODE})[ .]?)?([-−–]?)[ ]?(${NUMBER})([-−–](?![\\d\\w]))?(\\))?(?:[ ]?(%)|[ ]?(${CODE})(?![A-Za-z\\d]))?`,
  'g',
);
/** Longest text in which amounts are looked for at once. */
const MOST_TEXT = 2000;

/** All amounts of a short text, in order. */
export function amountsIn(text: string): FoundAmount[] {
  const out: FoundAmount[] = [];
  for (const match of text.slice(0, MOST_TEXT).matchAll(AMOUNT)) {
    const [all, sign = '', before, inner, digits = '', after, closing, percent, behind] = match;
    const start = match.index + (all.length - all.trimStart().length);
    const end = match.index + all.trimEnd().length;
    const read = readDigits(digits);
    if (!read || isPartOfWord(text, start, end, read.decimals)) continue;
    const negative =
      /[-−–]/.test(sign + (inner ?? '') + (after ?? '')) ||
      (sign.includes('(') && closing !== undefined);
    const currency = before ?? behind ?? null;
    out.push({ start, end, read, negative, currency, percent: percent !== undefined });
  }
  return out;
}

/** Digits inside codes, times, dates and long numbers are no amounts; a tax mark behind one is no part of it (`5.90SR`). */
function isPartOfWord(text: string, start: number, end: number, decimals: number): boolean {
  const before = text.slice(Math.max(0, start - 1), start);
  const after = text.slice(end, end + 3);
  if (/[\w/:.,#]/.test(before) || /^[:/.,-]\d/.test(after)) return true;
  if (!/^\w/.test(after)) return false;
  return decimals !== 2 || !/^[A-Z*]{1,2}(?!\w)/.test(after);
}

/** Which decimal mark the document uses, from the amounts that leave no doubt; null where they do not say. */
export function decimalMarkOf(amounts: readonly ReadAmount[]): DecimalMark | null {
  const count = (mark: DecimalMark): number =>
    amounts.filter((a) => a.mark === mark && (a.decimals === 2 || a.decimals === 0)).length;
  const [points, commas] = [count('.'), count(',')];
  if (points === commas) return null;
  return points > commas ? '.' : ',';
}

/** The reading under the document's mark. `ambiguous` where nothing decides. */
export function settle(
  read: ReadAmount,
  mark: DecimalMark | null,
): { money: Money; ambiguous: boolean } {
  if (!read.other) return { money: read.money, ambiguous: false };
  if (mark === null) return { money: read.other.money, ambiguous: true };
  return { money: read.other.mark === mark ? read.other.money : read.money, ambiguous: false };
}
