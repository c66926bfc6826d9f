/**
 * National identity, tax and VAT numbers of some forty countries. Forms that cannot be mistaken are found wherever they
 * stand; bare digits only where a check digit is right. Shapes and formulas as the issuing authorities publish them.
 */
import { codiceFiscale, isDayAndMonth, luhn, mod11And10, modulo, weighted } from './checksums.ts';

export type NationalType = 'NATIONAL_ID' | 'TAX_ID';
export interface NationalSpan {
  type: NationalType;
  start: number;
  end: number;
}

interface Form {
  type: NationalType;
  form: string;
  /** Takes the match without separators, in capitals. */
  isRight?: (compact: string) => boolean;
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const HETU_SIGNS = '0123456789ABCDEFHJKLMNPRSTUVWXY';
const dni = (compact: string): boolean =>
  DNI_LETTERS[
    Number(compact.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)))) % 23
  ] === compact.at(-1);
const hetu = (compact: string): boolean =>
  isDayAndMonth(compact, 0, 2) &&
  HETU_SIGNS[Number(compact.slice(0, 6) + compact.slice(-4, -1)) % 31] === compact.at(-1);
export const ahv = (digits: string): boolean =>
  (10 - (weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === Number(digits[12]);
export const nir = (compact: string): boolean => {
  const digits = compact.replace('2A', '19').replace('2B', '18');
  return 97 - modulo(digits.slice(0, 13), 97) === Number(digits.slice(13));
};

/** Written with their own separators or letters. Each begins and ends with a letter or digit and has a fixed length. */
const FORMS: readonly Form[] = [
  // United States (SSN, ITIN), United Kingdom (NINO), Ireland (PPS)
  { type: 'NATIONAL_ID', form: String.raw`\d{3}([- ])\d{2}\1\d{4}` },
  {
    type: 'NATIONAL_ID',
    form: String.raw`(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]`,
  },
  { type: 'NATIONAL_ID', form: String.raw`\d{7}[A-W][A-IW]?` },
  // Spain (DNI, NIE), Italy, Finland
  { type: 'NATIONAL_ID', form: String.raw`\d{8}-?[A-Z]`, isRight: dni },
  { type: 'NATIONAL_ID', form: String.raw`[XYZ]-?\d{7}-?[A-Z]`, isRight: dni },
  {
    type: 'NATIONAL_ID',
    form: String.raw`[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]`,
    isRight: codiceFiscale,
  },
  { type: 'NATIONAL_ID', form: String.raw`\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]`, isRight: hetu },
  // France, Switzerland, Belgium
  {
    type: 'NATIONAL_ID',
    form: String.raw`[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d`,
    isRight: nir,
  },
  { type: 'NATIONAL_ID', form: String.raw`756[. ]?\d{4}[. ]?\d{4}[. ]?\d\d`, isRight: ahv },
  { type: 'NATIONAL_ID', form: String.raw`\d\d\.\d\d\.\d\d-\d{3}\.\d\d` },
  // Sweden, Denmark, Iceland, Latvia, Czechia, Korea, Malaysia
  {
    type: 'NATIONAL_ID',
    form: String.raw`(?:19|20)?\d{6}[-+]\d{4}`,
    isRight: (compact) => dated(compact.slice(-10)) || dated(compact.slice(-10), 4, 2),
  },
  {
    type: 'NATIONAL_ID',
    form: String.raw`\d{6}-[0-2]\d{4}`,
    isRight: (compact) => isDayAndMonth(compact, 0, 2) || compact.startsWith('32'),
  },
  {
    type: 'NATIONAL_ID',
    form: String.raw`\d{6}/\d{3,4}`,
    isRight: (compact) => compact.length === 9 || modulo(compact, 11) === 0,
  },
  {
    type: 'NATIONAL_ID',
    form: String.raw`\d{6}-[1-8]\d{6}`,
    isRight: (compact) => isDayAndMonth(compact, 4, 2),
  },
  {
    type: 'NATIONAL_ID',
    form: String.raw`\d{6}-\d\d-\d{4}`,
    isRight: (compact) => isDayAndMonth(compact, 4, 2),
  },
  // India (PAN), Mexico (CURP), Singapore, China, Chile
  { type: 'NATIONAL_ID', form: String.raw`[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]` },
  {
    type: 'NATIONAL_ID',
    form: String.raw`[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d`,
    isRight: (compact) => isDayAndMonth(compact, 8, 6),
  },
  { type: 'NATIONAL_ID', form: String.raw`[STFGM]\d{7}[A-Z]` },
  {
    type: 'NATIONAL_ID',
    form: String.raw`[1-9]\d{5}(?:19|20)\d{9}[\dX]`,
    isRight: (compact) => isDayAndMonth(compact, 12, 10),
  },
  { type: 'NATIONAL_ID', form: String.raw`\d{1,2}\.\d{3}\.\d{3}-[\dK]` },
  // Brazil (CPF, CNPJ), Argentina (CUIT), Canada (SIN in groups), Australia (TFN in groups)
  { type: 'NATIONAL_ID', form: String.raw`\d{3}\.\d{3}\.\d{3}-\d\d` },
  { type: 'TAX_ID', form: String.raw`\d\d\.\d{3}\.\d{3}/\d{4}-\d\d` },
  { type: 'TAX_ID', form: String.raw`(?:2[0347]|3[034])-\d{8}-\d` },
  {
    type: 'NATIONAL_ID',
    form: String.raw`\d{3}([ -])\d{3}\1\d{3}`,
    isRight: (digits) => luhn(digits) || tfn(digits) || bsn(digits),
  },
  // Tax numbers: German groups, Indian GSTIN, Mexican RFC, US EIN, Spanish CIF
  { type: 'NATIONAL_ID', form: String.raw`[1-9]\d ?\d{3} ?\d{3} ?\d{3}`, isRight: mod11And10 },
  { type: 'TAX_ID', form: String.raw`\d\d[A-Z]{5}\d{4}[A-Z][A-Z\d]Z[A-Z\d]` },
  {
    type: 'TAX_ID',
    form: String.raw`[A-ZÑ&]{3,4}\d{6}[A-Z\d]{3}`,
    isRight: (compact) => isDayAndMonth(compact, compact.length - 5, compact.length - 7),
  },
  { type: 'TAX_ID', form: String.raw`\d\d-\d{7}` },
  {
    type: 'TAX_ID',
    form: String.raw`[A-HJ-NP-SUVW]-?\d{7}[\dA-J]`,
    isRight: (compact) => cif(compact),
  },
  // VAT numbers with their country (Directive 2006/112/EC, Article 215; national forms by VIES), Swiss UID
  {
    type: 'TAX_ID',
    form: String.raw`(?:ATU\d{8}|BE ?[01]\d{3}\.?\d{3}\.?\d{3}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE ?\d{3} ?\d{3} ?\d{3}|DK ?\d\d ?\d\d ?\d\d ?\d\d|EE\d{9}|(?:EL|GR)\d{9}|ES[A-Z\d]\d{7}[A-Z\d]|FI\d{8}|FR ?[A-Z\d]{2} ?\d{3} ?\d{3} ?\d{3}|(?:GB|XI) ?\d{3} ?\d{4} ?\d\d(?: ?\d{3})?|HR\d{11}|HU\d{8}|IE\d[A-Z\d+*]\d{5}[A-W][A-I]?|IT ?\d{11}|LT(?:\d{9}|\d{12})|LU\d{8}|LV\d{11}|MT\d{8}|NL ?\d{9} ?B ?\d\d|PL ?\d{10}|PT ?\d{9}|RO\d{6,10}|SE\d{12}|SI\d{8}|SK\d{10}|NO ?\d{9} ?MVA|CHE[- ]?\d{3}\.?\d{3}\.?\d{3}(?: ?(?:MWST|TVA|IVA))?)`,
  },
];

/** Six digits that hold a date (year first unless told otherwise), or Luhn's check digit. */
export function dated(digits: string, dayAt = 0, monthAt = 2): boolean {
  return isDayAndMonth(digits, dayAt, monthAt) || luhn(digits);
}
const cif = (compact: string): boolean => {
  const digits = compact.slice(1, 8);
  const even = weighted(digits, [0, 1, 0, 1, 0, 1, 0]);
  const odd = [0, 2, 4, 6].reduce((sum, at) => {
    const doubled = 2 * Number(digits[at]);
    return sum + Math.floor(doubled / 10) + (doubled % 10);
  }, 0);
  const check = (10 - ((even + odd) % 10)) % 10;
  return compact[8] === String(check) || compact[8] === 'JABCDEFGHI'[check];
};
export const tfn = (digits: string): boolean =>
  weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
export const bsn = (digits: string): boolean =>
  (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) - Number(digits[8])) % 11 === 0;

const compiled = FORMS.map(({ type, form, isRight }) => ({
  type,
  isRight,
  regex: new RegExp(`(?:${form})(?![A-Z\\d]|[-.]\\d)`, 'iy'),
}));
const startsWithDigit = (form: string): boolean => /^(?:\(\?:19|\[[1-9]|\\d|\d)/.test(form);
const DIGIT_FORMS = compiled.filter((_, at) => startsWithDigit(FORMS[at]?.form ?? ''));
const LETTER_FORMS = compiled.filter((_, at) => !startsWithDigit(FORMS[at]?.form ?? ''));

const CANDIDATE =
  /(?<![a-z\d_+\u00c0-\uffff]|\d[.,]|\+\d{1,3}[ .(-]{1,2})(?=[A-Z&Ñ]{0,6}[- ]?\d)[A-Z&Ñ\d]/gi;

/** Forms that stand for themselves. Each place is looked at by a fixed number of bounded regexes: linear time. */
export function findNationalForms(text: string): NationalSpan[] {
  const found: NationalSpan[] = [];
  CANDIDATE.lastIndex = 0;
  for (let match = CANDIDATE.exec(text); match; match = CANDIDATE.exec(text)) {
    const best = longestForm(text, match.index);
    if (!best) continue;
    found.push(best);
    CANDIDATE.lastIndex = best.end;
  }
  return found;
}

function longestForm(text: string, start: number): NationalSpan | null {
  let best: NationalSpan | null = null;
  const code = text.charCodeAt(start);
  for (const { type, isRight, regex } of code >= 48 && code <= 57 ? DIGIT_FORMS : LETTER_FORMS) {
    regex.lastIndex = start;
    const form = regex.exec(text)?.[0];
    if (form === undefined || (best && start + form.length <= best.end)) continue;
    // Groups go on: this is a part of something longer, such as a phone number.
    if (form.includes(' ') && /^ \d/.test(text.slice(start + form.length, start + form.length + 2)))
      continue;
    const compact = form.replace(/[^A-Za-z\dÑñ&]/g, '').toUpperCase();
    if (isRight === undefined || isRight(compact)) best = { type, start, end: start + form.length };
  }
  return best;
}
