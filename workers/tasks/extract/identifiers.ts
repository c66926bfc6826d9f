/** VAT ids and IBANs: where they stand in a text, and whether their check digits are right. */
import { isValidIBAN } from 'ibantools';
import * as vatLibrary from 'jsvat-next';

// Node reads the library's CommonJS build, whose names stand under `default`; bundlers read its modules.
const { checkVAT, countries } = (
  'default' in vatLibrary ? vatLibrary.default : vatLibrary
) as typeof vatLibrary;

export interface FoundIdentifier {
  start: number;
  end: number;
  /** Without blanks and marks, upper case. */
  value: string;
  problem: string | null;
}

const IBAN = /(?<![A-Za-z\d])[A-Z]{2} ?\d{2}(?:[ \u00a0.-]?[A-Z\d]){11,30}(?![A-Za-z\d])/g;
/** Lengths by country (SWIFT registry): the text goes on after an IBAN, often with a BIC. */
const LENGTHS = new Map(
  'AD24 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 SM27 TR26'
    .split(' ')
    .map((entry): [string, number] => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Everything written like an IBAN, right or wrong. */
export function ibansIn(text: string): FoundIdentifier[] {
  const out: FoundIdentifier[] = [];
  for (const match of text.slice(0, 2000).matchAll(IBAN)) {
    const length = LENGTHS.get(match[0].slice(0, 2));
    let size = match[0].length;
    if (length !== undefined) size = lengthOf(match[0], length) ?? size;
    const value = compact(match[0].slice(0, size));
    if (length !== undefined && value.length < length - 2) continue;
    out.push({ start: match.index, end: match.index + size, value, problem: ibanProblem(value) });
  }
  return out;
}

/** How much of the writing holds so many letters and digits; null where it holds fewer. */
function lengthOf(written: string, wanted: number): number | null {
  let seen = 0;
  for (let i = 0; i < written.length; i++) {
    if (/[A-Z\d]/.test(written[i] as string)) seen++;
    if (seen === wanted) return i + 1;
  }
  return null;
}

export const compact = (text: string): string => text.toUpperCase().replace(/[^A-Z\d]/g, '');

export const ibanProblem = (value: string): string | null =>
  isValidIBAN(compact(value))
    ? null
    : 'The check digits of the IBAN are wrong: a digit is misread or mistyped.';

const VAT =
  /(?<![A-Za-z\d])(?:ATU ?\d{8}|(?:BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)[ .-]?[A-Z\d](?:[ .]?[A-Z\d]){6,12}|CHE[- ]?\d{3}[. ]?\d{3}[. ]?\d{3}(?: ?(?:MWST|TVA|IVA))?)(?![A-Za-z\d])/g;

/** Everything written like a VAT id of Europe with at least seven digits. */
export function vatIdsIn(text: string): FoundIdentifier[] {
  const out: FoundIdentifier[] = [];
  const ibans = ibansIn(text);
  for (const match of text.slice(0, 2000).matchAll(VAT)) {
    const value = compact(match[0]);
    const inIban = ibans.some(({ start, end }) => match.index >= start && match.index < end);
    if (value.replace(/\D/g, '').length < 7 || inIban) continue;
    out.push({
      start: match.index,
      end: match.index + match[0].length,
      value,
      problem: vatProblem(value),
    });
  }
  return out;
}

/** Null where the check digits are right, and for countries that the library does not know. */
export function vatProblem(written: string): string | null {
  const value = compact(written);
  const { isValid, isValidFormat, isSupportedCountry } = checkVAT(value, countries);
  if (isValid || !isSupportedCountry) return null;
  return isValidFormat
    ? `The check digits of the VAT id ${value} are wrong.`
    : `${value} does not have the form of a VAT id.`;
}
