/**
 * National identity, tax and VAT numbers of some forty countries. Forms that cannot be mistaken are found wherever they
 * stand; bare digits only where a check digit is right. Shapes and formulas as the issuing authorities publish them.
 */
import {
  codiceFiscale,
  isDayAndMonth,
  luhn,
  mod11And10,
  modulo,
  verhoeff,
  weighted,
} from './checksums.ts';

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
const ahv = (digits: string): boolean =>
  (10 - (weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === Number(digits[12]);
const nir = (compact: string): boolean => {
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
  { type: 'TAX_ID', form: String.raw`[A-HJ-NP-SUVW]-?\d{7}[\dA-J]` },
  // VAT numbers with their country (Directive 2006/112/EC, Article 215; national forms by VIES), Swiss UID
  {
    type: 'TAX_ID',
    form: String.raw`(?:ATU\d{8}|BE ?[01]\d{3}\.?\d{3}\.?\d{3}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE ?\d{3} ?\d{3} ?\d{3}|DK ?\d\d ?\d\d ?\d\d ?\d\d|EE\d{9}|(?:EL|GR)\d{9}|ES[A-Z\d]\d{7}[A-Z\d]|FI\d{8}|FR ?[A-Z\d]{2} ?\d{3} ?\d{3} ?\d{3}|(?:GB|XI) ?\d{3} ?\d{4} ?\d\d(?: ?\d{3})?|HR\d{11}|HU\d{8}|IE\d[A-Z\d+*]\d{5}[A-W][A-I]?|IT ?\d{11}|LT(?:\d{9}|\d{12})|LU\d{8}|LV\d{11}|MT\d{8}|NL ?\d{9} ?B ?\d\d|PL ?\d{10}|PT ?\d{9}|RO\d{6,10}|SE\d{12}|SI\d{8}|SK\d{10}|NO ?\d{9} ?MVA|CHE[- ]?\d{3}\.?\d{3}\.?\d{3}(?: ?(?:MWST|TVA|IVA))?)`,
  },
];

/** Six digits that hold a date (year first unless told otherwise), or Luhn's check digit. */
function dated(digits: string, dayAt = 0, monthAt = 2): boolean {
  return isDayAndMonth(digits, dayAt, monthAt) || luhn(digits);
}
const tfn = (digits: string): boolean => weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
const bsn = (digits: string): boolean =>
  (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) - Number(digits[8])) % 11 === 0;
const nhs = (digits: string): boolean =>
  (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(digits[9]);

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

const sumsTo =
  (weights: readonly number[], m: number) =>
  (digits: string): boolean =>
    weighted(digits, weights) % m === 0;
const pesel = (digits: string): boolean =>
  weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
const fodselsnummer = (digits: string): boolean =>
  weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
  weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
const belgian = (digits: string): boolean => {
  const check = Number(digits.slice(9));
  return (
    97 - modulo(digits.slice(0, 9), 97) === check ||
    97 - modulo(`2${digits.slice(0, 9)}`, 97) === check
  );
};
const turkish = (digits: string): boolean => {
  const [odd, even] = [
    weighted(digits, [1, 0, 1, 0, 1, 0, 1, 0, 1]),
    weighted(digits, [0, 1, 0, 1, 0, 1, 0, 1]),
  ];
  return (
    digits[0] !== '0' &&
    (((odd * 7 - even) % 10) + 10) % 10 === Number(digits[9]) &&
    (odd + even + Number(digits[9])) % 10 === Number(digits[10])
  );
};
const cpf = (digits: string): boolean => {
  const first = ((weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10;
  const second = ((weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10;
  return first === Number(digits[9]) && second === Number(digits[10]);
};
/** Estonia and Lithuania. */
const isikukood = (digits: string): boolean => {
  const first = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const check = first < 10 ? first : (weighted(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10;
  return check === Number(digits[10]);
};
const svnr = (digits: string): boolean =>
  weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(digits[3]) && digits[0] !== '0';
const egn = (digits: string): boolean =>
  (weighted(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === Number(digits[9]);
const nip = (digits: string): boolean =>
  weighted(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(digits[9]);
const medicare = (digits: string): boolean =>
  /^[2-6]/.test(digits) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8]);
const cnp = (digits: string): boolean =>
  (weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11) % 10 === Number(digits[12]);
const thai = (digits: string): boolean =>
  (11 - (weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 ===
  Number(digits[12]);
const nif = (digits: string): boolean =>
  ((11 - (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === Number(digits[8]);
const japanese = (digits: string): boolean => {
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest <= 1 ? 0 : 11 - rest) === Number(digits[11]);
};

/** Bare digits: which check digits a number of this many digits may have. */
const BY_LENGTH: ReadonlyMap<number, readonly ((digits: string) => boolean)[]> = new Map([
  [9, [luhn, bsn, nif, tfn, sumsTo([3, 7, 1, 3, 7, 1, 3, 7, 1], 10)]],
  [
    10,
    [
      nhs,
      svnr,
      egn,
      medicare,
      (digits: string) => dated(digits),
      (digits: string) => isDayAndMonth(digits, 4, 2),
      nip,
      (digits: string) => modulo(digits, 11) === 0,
    ],
  ],
  [
    11,
    [
      mod11And10,
      pesel,
      fodselsnummer,
      belgian,
      turkish,
      cpf,
      isikukood,
      medicare,
      luhn,
      sumsTo([10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19], 89),
    ],
  ],
  [
    12,
    [verhoeff, japanese, (digits: string) => luhn(digits.slice(2)) && isDayAndMonth(digits, 6, 4)],
  ],
  [13, [luhn, cnp, thai, ahv]],
  [14, [luhn]],
  [15, [nir]],
]);

const DIGITS =
  /(?<![\p{L}\p{N}_]|\d[ .,:/-]|[€$£¥+]\s?)\d(?:[ .\-/]?\d){8,14}(?![\p{L}\p{N}_]|[ .,:/-]\d|\s?[€$£¥%])/gu;

/** Bare or evenly grouped digits with a right check digit: likely an identifier, not surely. */
export function findCheckedDigits(text: string): [number, number][] {
  const found: [number, number][] = [];
  for (const match of text.matchAll(DIGITS)) {
    const separators = new Set(match[0].replace(/\d/g, ''));
    if (separators.size > 2 || /^\d{1,3}\.\d{6,}$/.test(match[0])) continue;
    const digits = match[0].replace(/\D/g, '');
    if (/^(\d)\1+$/.test(digits)) continue;
    if (BY_LENGTH.get(digits.length)?.some((isRight) => isRight(digits)))
      found.push([match.index, match.index + match[0].length]);
  }
  return found;
}
