/** Dates and amounts by locale. A value that can be read in two ways, or not at all, stands as it was given. */
import type { Slot } from './slot.ts';

/** Exact decimals: ECMA-402 formats a numeric string without rounding it to a double. */
const asDecimal = (text: string): Intl.StringNumericLiteral => text as Intl.StringNumericLiteral;

const PLAIN = /^-?\d{1,30}(?:\.\d{1,20})?$/u;
const POINT_GROUPS = /^-?\d{1,3}(?:\.\d{3}){1,9}(?:,\d{1,20})?$/u;
const COMMA_GROUPS = /^-?\d{1,3}(?:,\d{3}){1,9}(?:\.\d{1,20})?$/u;
const COMMA_DECIMAL = /^-?\d{1,30},\d{1,20}$/u;

/** A decimal with a point, or null: `1.234,56` and `1,234.56` are told apart; `1.234` and `1,234` are not. */
export function readDecimal(text: string): string | null {
  const given = text.trim().replace(/^\u2212/u, '-');
  const isLoneGroup = /^-?[1-9]\d{0,2}[.,]\d{3}$/u.test(given);
  if (isLoneGroup) return null;
  if (PLAIN.test(given)) return given;
  if (POINT_GROUPS.test(given)) return given.replaceAll('.', '').replace(',', '.');
  if (COMMA_GROUPS.test(given)) return given.replaceAll(',', '');
  return COMMA_DECIMAL.test(given) ? given.replace(',', '.') : null;
}

/** UTC midnight of a calendar date in ms, or null: ISO, `31.12.2026`, and slashes where only one reading exists. */
export function readDate(text: string): number | null {
  const given = text.trim();
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]{1,20}(?:Z|[+-]\d{2}:?\d{2})?)?$/u.exec(given);
  if (iso) return dateOf(iso[1], iso[2], iso[3]);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/u.exec(given);
  if (dotted) return dateOf(dotted[3], dotted[2], dotted[1]);
  const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/u.exec(given);
  if (!slashed) return null;
  const [, a, b, year] = slashed;
  const readings = [dateOf(year, b, a), dateOf(year, a, b)].filter((one) => one !== null);
  const [first = null, second = first] = readings;
  return first === second ? first : null;
}

function dateOf(year = '', month = '', day = ''): number | null {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const ms = Date.UTC(y, m - 1, d);
  const date = new Date(ms);
  return date.getUTCMonth() === m - 1 && date.getUTCDate() === d ? ms : null;
}

export interface Written {
  text: string;
  /** Why the value stands as it was given; null where it was written as asked. */
  problem: string | null;
}

const asGiven = (text: string, why: string): Written => ({
  text,
  problem: `“${text}” ${why}, so it stands as it was given`,
});

/** `currencyOf` gives the record's own currency for a plain `money`. */
export function write(
  text: string,
  { format, option }: Slot,
  locale: string,
  currencyOf: () => string | null,
): Written {
  if (format === null) return { text, problem: null };
  if (format === 'date') {
    const ms = readDate(text);
    if (ms === null) return asGiven(text, 'is no date that can be read in one way only');
    const dateStyle = (option || 'medium') as 'short' | 'medium' | 'long' | 'full';
    const date = new Intl.DateTimeFormat(locale, { dateStyle, timeZone: 'UTC' });
    return { text: date.format(ms), problem: null };
  }
  const decimal = readDecimal(text);
  if (decimal === null) return asGiven(text, 'is no number that can be read in one way only');
  if (format !== 'money') return { text: numberIn(locale, decimal, format, option), problem: null };
  const currency = option || currencyOf();
  if (currency === null || !/^[A-Z]{3}$/u.test(currency))
    return asGiven(text, 'has no currency: write money:EUR, or give a column “currency”');
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency });
  return { text: money.format(asDecimal(decimal)), problem: null };
}

/** `percent` takes 19 for 19 %. */
function numberIn(
  locale: string,
  decimal: string,
  format: 'number' | 'percent',
  option: string,
): string {
  const digits =
    option === ''
      ? { maximumFractionDigits: 20 }
      : { minimumFractionDigits: Number(option), maximumFractionDigits: Number(option) };
  const unit = format === 'percent' ? ({ style: 'unit', unit: 'percent' } as const) : {};
  return new Intl.NumberFormat(locale, { ...digits, ...unit }).format(asDecimal(decimal));
}
