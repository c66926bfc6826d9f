/** Makes identifiers with right check digits, in sentences with and without a word that explains them: for tests. */
import { seeded } from '../../src/core/random.ts';
import type { EntityType } from '../../src/core/outputs.ts';

export interface Made {
  kind: string;
  type: EntityType;
  value: string;
  text: string;
  start: number;
}

type Random = () => number;
const below = (r: Random, n: number): number => Math.floor(r() * n);
const digits = (r: Random, n: number): string =>
  Array.from({ length: n }, () => below(r, 10)).join('');
const lead = (r: Random, n: number): string => String(1 + below(r, 9)) + digits(r, n - 1);
const letters = (r: Random, n: number, from = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'): string =>
  Array.from({ length: n }, () => from[below(r, from.length)]).join('');
const two = (n: number): string => String(n).padStart(2, '0');
const day = (r: Random): string => two(1 + below(r, 28));
const month = (r: Random): string => two(1 + below(r, 12));
const dotted = (weights: readonly number[], body: string): number =>
  weights.reduce((sum, weight, at) => sum + weight * Number(body[at]), 0);

/** Tries bodies until one has a check digit that the formula allows. */
function checked(
  r: Random,
  body: (r: Random) => string,
  check: (body: string) => string | null,
): string {
  for (;;) {
    const made = body(r);
    const sign = check(made);
    if (sign !== null) return made + sign;
  }
}
const digit = (n: number): string | null => (n >= 0 && n <= 9 ? String(n) : null);
function luhnDigit(body: string): string {
  let sum = 0;
  for (let at = 0; at < body.length; at++) {
    const value = Number(body[body.length - 1 - at]) * (at % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return String((10 - (sum % 10)) % 10);
}
function isoDigit(body: string): string {
  let product = 10;
  for (const one of body) product = (((Number(one) + product) % 10 || 10) * 2) % 11;
  return String((11 - product) % 10);
}
const mod = (text: string, m: number): number => Number(BigInt(text) % BigInt(m));
function iban(r: Random, country: string, length: number, body: string): string {
  const numbers = Array.from(`${body}${country}00`, (sign) => String(parseInt(sign, 36))).join('');
  void r;
  return `${country}${two(98 - mod(numbers, 97))}${body}`.slice(0, length);
}
/** Verhoeff's check digit by the dihedral group D5, written as a formula. */
function verhoeffDigit(body: string): string {
  const join = (a: number, b: number): number =>
    a < 5
      ? b < 5
        ? (a + b) % 5
        : 5 + ((a + b) % 5)
      : b < 5
        ? 5 + ((a - b + 10) % 5)
        : (a - b + 10) % 5;
  const base = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const shift = (times: number, value: number): number =>
    times === 0 ? value : shift(times - 1, base[value] as number);
  let check = 0;
  Array.from(body)
    .reverse()
    .forEach((one, at) => (check = join(check, shift((at + 1) % 8, Number(one)))));
  for (let value = 0; value < 10; value++) if (join(check, value) === 0) return String(value);
  return '0';
}
const fiscal = (body: string): string => {
  const odd = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
  ];
  const value = (sign: string): number =>
    /\d/.test(sign) ? Number(sign) : sign.charCodeAt(0) - 65;
  const sum = Array.from(body).reduce(
    (total, sign, at) => total + (at % 2 === 0 ? (odd[value(sign)] as number) : value(sign)),
    0,
  );
  return String.fromCharCode(65 + (sum % 26));
};
const group = (text: string, sizes: readonly number[], between: string): string => {
  let at = 0;
  return sizes.map((size) => text.slice(at, (at += size))).join(between);
};

interface Kind {
  kind: string;
  type: EntityType;
  make: (r: Random) => string;
  /** Words that stand before it where its form alone says too little. */
  label?: string;
}

export const KINDS: readonly Kind[] = [
  {
    kind: 'e-mail',
    type: 'email',
    make: (r) =>
      `${letters(r, 4).toLowerCase()}.${letters(r, 5).toLowerCase()}${below(r, 99)}@${letters(r, 6).toLowerCase()}.${['com', 'de', 'co.uk', 'io', 'museum'][below(r, 5)]}`,
  },
  {
    kind: 'phone, international',
    type: 'phone',
    make: (r) =>
      `+${['49 30', '44 20', '33 1', '34 91', '39 06', '1 212', '91 22', '81 3'][below(r, 8)]} ${lead(r, 3)} ${digits(r, 4)}`,
  },
  {
    kind: 'phone, US',
    type: 'phone',
    make: (r) =>
      `(${2 + below(r, 8)}${digits(r, 2)}) ${2 + below(r, 8)}${digits(r, 2)}-${digits(r, 4)}`,
  },
  {
    kind: 'URL',
    type: 'url',
    make: (r) => `https://www.${letters(r, 7).toLowerCase()}.com/${letters(r, 5).toLowerCase()}`,
  },
  {
    kind: 'IPv4',
    type: 'ip',
    make: (r) => `${1 + below(r, 250)}.${below(r, 256)}.${below(r, 256)}.${below(r, 256)}`,
  },
  {
    kind: 'IPv6',
    type: 'ip',
    make: (r) =>
      `2001:db8:${letters(r, 4, '0123456789abcdef')}::${letters(r, 3, '123456789abcdef')}`,
  },
  {
    kind: 'IBAN, DE',
    type: 'iban',
    make: (r) => group(iban(r, 'DE', 22, digits(r, 18)), [4, 4, 4, 4, 4, 2], r() < 0.5 ? ' ' : ''),
  },
  { kind: 'IBAN, GB', type: 'iban', make: (r) => iban(r, 'GB', 22, letters(r, 4) + digits(r, 14)) },
  { kind: 'IBAN, FR', type: 'iban', make: (r) => iban(r, 'FR', 27, digits(r, 23)) },
  { kind: 'IBAN, NL', type: 'iban', make: (r) => iban(r, 'NL', 18, letters(r, 4) + digits(r, 10)) },
  {
    kind: 'card',
    type: 'credit_card',
    make: (r) =>
      group(
        checked(
          r,
          () => `${['4', '51', '55', '2221'][below(r, 4)]}${digits(r, 14)}`.slice(0, 15),
          luhnDigit,
        ),
        [4, 4, 4, 4],
        ['', ' ', '-'][below(r, 3)] as string,
      ),
  },
  {
    kind: 'card, Amex',
    type: 'credit_card',
    make: (r) => checked(r, () => `37${digits(r, 12)}`, luhnDigit),
  },
  {
    kind: 'US SSN',
    type: 'national_id',
    make: (r) => `${lead(r, 3)}-${two(1 + below(r, 98))}-${digits(r, 4)}`,
  },
  {
    kind: 'UK NINO',
    type: 'national_id',
    make: (r) =>
      `${letters(r, 1, 'ABCEHJLMPRSTWY')}${letters(r, 1, 'ABCEHJKLMPRSWXYZ')} ${digits(r, 2)} ${digits(r, 2)} ${digits(r, 2)} ${letters(r, 1, 'ABCD')}`.replace(
        /^(BG|GB|KN|NK|NT|TN|ZZ)/,
        'AB',
      ),
  },
  {
    kind: 'UK NHS',
    type: 'national_id',
    label: 'NHS number',
    make: (r) =>
      group(
        checked(
          r,
          () => digits(r, 9),
          (b) => digit((11 - (dotted([10, 9, 8, 7, 6, 5, 4, 3, 2], b) % 11)) % 11),
        ),
        [3, 3, 4],
        ' ',
      ),
  },
  {
    kind: 'DE tax number (IdNr)',
    type: 'national_id',
    make: (r) =>
      group(
        checked(r, () => lead(r, 10), isoDigit),
        [2, 3, 3, 3],
        r() < 0.5 ? ' ' : '',
      ),
  },
  {
    kind: 'FR NIR',
    type: 'national_id',
    make: (r) => {
      const body = `${1 + below(r, 2)}${digits(r, 2)}${month(r)}${two(1 + below(r, 95))}${digits(r, 6)}`;
      return group(body + two(97 - mod(body, 97)), [1, 2, 2, 2, 3, 3, 2], r() < 0.5 ? ' ' : '');
    },
  },
  {
    kind: 'IT codice fiscale',
    type: 'national_id',
    make: (r) =>
      checked(
        r,
        () =>
          `${letters(r, 6)}${digits(r, 2)}${letters(r, 1, 'ABCDEHLMPRST')}${day(r)}${letters(r, 1)}${digits(r, 3)}`,
        fiscal,
      ),
  },
  {
    kind: 'ES DNI',
    type: 'national_id',
    make: (r) =>
      checked(
        r,
        () => digits(r, 8),
        (b) => 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(b) % 23] as string,
      ),
  },
  {
    kind: 'ES NIE',
    type: 'national_id',
    make: (r) => {
      const x = below(r, 3);
      const body = digits(r, 7);
      return `${'XYZ'[x]}${body}${'TRWAGMYFPDXBNJZSQVHLCKE'[Number(`${x}${body}`) % 23]}`;
    },
  },
  {
    kind: 'NL BSN',
    type: 'national_id',
    make: (r) =>
      checked(
        r,
        () => lead(r, 8),
        (b) => digit(dotted([9, 8, 7, 6, 5, 4, 3, 2], b) % 11),
      ),
  },
  {
    kind: 'BE national number',
    type: 'national_id',
    make: (r) => {
      const body = `${two(30 + below(r, 70))}${month(r)}${day(r)}${digits(r, 3)}`;
      return `${group(body, [2, 2, 2], '.')}-${body.slice(6)}.${two(97 - mod(body, 97))}`;
    },
  },
  {
    kind: 'PL PESEL',
    type: 'national_id',
    make: (r) =>
      checked(
        r,
        () => `${digits(r, 2)}${month(r)}${day(r)}${digits(r, 4)}`,
        (b) => digit((10 - (dotted([1, 3, 7, 9, 1, 3, 7, 9, 1, 3], b) % 10)) % 10),
      ),
  },
  {
    kind: 'PT NIF',
    type: 'national_id',
    make: (r) =>
      checked(
        r,
        () => `2${digits(r, 7)}`,
        (b) => digit(((11 - (dotted([9, 8, 7, 6, 5, 4, 3, 2], b) % 11)) % 11) % 10),
      ),
  },
  {
    kind: 'SE personnummer',
    type: 'national_id',
    make: (r) => {
      const body = `${digits(r, 2)}${month(r)}${day(r)}${digits(r, 3)}`;
      return `${body.slice(0, 6)}-${body.slice(6)}${luhnDigit(body)}`;
    },
  },
  {
    kind: 'NO fødselsnummer',
    type: 'national_id',
    make: (r) =>
      checked(
        r,
        () =>
          checked(
            r,
            () => `${day(r)}${month(r)}${digits(r, 2)}${digits(r, 3)}`,
            (b) => digit((11 - (dotted([3, 7, 6, 1, 8, 9, 4, 5, 2], b) % 11)) % 11),
          ),
        (b) => digit((11 - (dotted([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], b) % 11)) % 11),
      ),
  },
  {
    kind: 'FI HETU',
    type: 'national_id',
    make: (r) => {
      const date = `${day(r)}${month(r)}${digits(r, 2)}`;
      const n = digits(r, 3);
      return `${date}-${n}${'0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(date + n) % 31]}`;
    },
  },
  {
    kind: 'DK CPR',
    type: 'national_id',
    make: (r) => `${day(r)}${month(r)}${digits(r, 2)}-${digits(r, 4)}`,
  },
  {
    kind: 'AT SVNR',
    type: 'national_id',
    make: (r) => {
      for (;;) {
        const body = lead(r, 3);
        const date = `${day(r)}${month(r)}${digits(r, 2)}`;
        const check = dotted([3, 7, 9, 5, 8, 4, 2, 1, 6], body + date) % 11;
        if (check < 10) return `${body}${check} ${date}`;
      }
    },
  },
  {
    kind: 'CH AHV',
    type: 'national_id',
    make: (r) => {
      const body = `756${digits(r, 9)}`;
      return group(
        `${body}${(10 - (dotted([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3], body) % 10)) % 10}`,
        [3, 4, 4, 2],
        '.',
      );
    },
  },
  {
    kind: 'IE PPS',
    type: 'national_id',
    make: (r) => {
      const body = digits(r, 7);
      return `${body}${'WABCDEFGHIJKLMNOPQRSTUV'[dotted([8, 7, 6, 5, 4, 3, 2], body) % 23]}`;
    },
  },
  {
    kind: 'BR CPF',
    type: 'national_id',
    make: (r) => {
      const a = digits(r, 9);
      const one = ((dotted([10, 9, 8, 7, 6, 5, 4, 3, 2], a) * 10) % 11) % 10;
      const b = `${a}${one}`;
      const full = `${b}${((dotted([11, 10, 9, 8, 7, 6, 5, 4, 3, 2], b) * 10) % 11) % 10}`;
      return r() < 0.5 ? full : `${group(full, [3, 3, 3], '.')}-${full.slice(9)}`;
    },
  },
  {
    kind: 'IN Aadhaar',
    type: 'national_id',
    make: (r) =>
      group(
        checked(r, () => `${2 + below(r, 8)}${digits(r, 10)}`, verhoeffDigit),
        [4, 4, 4],
        ' ',
      ),
  },
  {
    kind: 'IN PAN',
    type: 'national_id',
    make: (r) => `${letters(r, 3)}P${letters(r, 1)}${digits(r, 4)}${letters(r, 1)}`,
  },
  {
    kind: 'AU TFN',
    type: 'national_id',
    make: (r) =>
      group(
        checked(
          r,
          () => lead(r, 8),
          (b) => {
            for (let c = 0; c < 10; c++)
              if ((dotted([1, 4, 3, 7, 5, 8, 6, 9], b) + 10 * c) % 11 === 0) return String(c);
            return null;
          },
        ),
        [3, 3, 3],
        ' ',
      ),
  },
  {
    kind: 'AU Medicare',
    type: 'national_id',
    make: (r) => {
      const body = `${2 + below(r, 5)}${digits(r, 7)}`;
      return `${body}${dotted([1, 3, 7, 9, 1, 3, 7, 9], body) % 10}${1 + below(r, 9)}`;
    },
  },
  {
    kind: 'CA SIN',
    type: 'national_id',
    make: (r) =>
      group(
        checked(r, () => lead(r, 8), luhnDigit),
        [3, 3, 3],
        ['-', ' '][below(r, 2)] as string,
      ),
  },
  {
    kind: 'MX CURP',
    type: 'national_id',
    make: (r) =>
      `${letters(r, 4)}${digits(r, 2)}${month(r)}${day(r)}${letters(r, 1, 'HM')}${letters(r, 5)}${letters(r, 1)}${below(r, 10)}`,
  },
  {
    kind: 'ZA ID',
    type: 'national_id',
    make: (r) =>
      checked(r, () => `${digits(r, 2)}${month(r)}${day(r)}${digits(r, 4)}08`, luhnDigit),
  },
  {
    kind: 'TR kimlik',
    type: 'national_id',
    make: (r) => {
      const b = lead(r, 9);
      const odd = dotted([1, 0, 1, 0, 1, 0, 1, 0, 1], b);
      const even = dotted([0, 1, 0, 1, 0, 1, 0, 1, 0], b);
      const ten = (((odd * 7 - even) % 10) + 10) % 10;
      return `${b}${ten}${(odd + even + ten) % 10}`;
    },
  },
  { kind: 'HR OIB', type: 'national_id', make: (r) => checked(r, () => digits(r, 10), isoDigit) },
  {
    kind: 'RO CNP',
    type: 'national_id',
    make: (r) => {
      const b = `${1 + below(r, 2)}${digits(r, 2)}${month(r)}${day(r)}${digits(r, 5)}`;
      const c = dotted([2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9], b) % 11;
      return `${b}${c === 10 ? 1 : c}`;
    },
  },
  {
    kind: 'KR RRN',
    type: 'national_id',
    make: (r) => `${digits(r, 2)}${month(r)}${day(r)}-${1 + below(r, 4)}${digits(r, 6)}`,
  },
  {
    kind: 'SG NRIC',
    type: 'national_id',
    make: (r) => `${letters(r, 1, 'STFG')}${digits(r, 7)}${letters(r, 1)}`,
  },
  { kind: 'VAT, DE', type: 'tax_id', make: (r) => `DE${checked(r, () => lead(r, 8), isoDigit)}` },
  { kind: 'VAT, AT', type: 'tax_id', make: (r) => `ATU${digits(r, 8)}` },
  {
    kind: 'VAT, FR',
    type: 'tax_id',
    make: (r) => `FR${digits(r, 2)}${checked(r, () => lead(r, 8), luhnDigit)}`,
  },
  { kind: 'VAT, NL', type: 'tax_id', make: (r) => `NL${digits(r, 9)}B${digits(r, 2)}` },
  { kind: 'US EIN', type: 'tax_id', make: (r) => `${two(10 + below(r, 80))}-${digits(r, 7)}` },
  {
    kind: 'IN GSTIN',
    type: 'tax_id',
    make: (r) =>
      `${two(1 + below(r, 36))}${letters(r, 5)}${digits(r, 4)}${letters(r, 1)}1Z${letters(r, 1)}`,
  },
  {
    kind: 'BR CNPJ',
    type: 'tax_id',
    make: (r) => `${digits(r, 2)}.${digits(r, 3)}.${digits(r, 3)}/0001-${digits(r, 2)}`,
  },
  {
    kind: 'passport',
    type: 'passport',
    label: 'passport no.',
    make: (r) => `${letters(r, 1)}${digits(r, 8)}`,
  },
  {
    kind: 'plate',
    type: 'license_plate',
    label: 'license plate',
    make: (r) =>
      [
        `B-${letters(r, 2)} ${lead(r, 4)}`,
        `${letters(r, 3)} ${digits(r, 4)}`,
        `${letters(r, 2)}${digits(r, 2)} ${letters(r, 3)}`,
      ][below(r, 3)] as string,
  },
  {
    kind: 'routing number',
    type: 'bank_account',
    label: 'routing number',
    make: (r) =>
      checked(
        r,
        () => `0${digits(r, 7)}`,
        (b) => digit((10 - (dotted([3, 7, 1, 3, 7, 1, 3, 7], b) % 10)) % 10),
      ),
  },
  {
    kind: 'sort code',
    type: 'bank_account',
    label: 'sort code',
    make: (r) => group(digits(r, 6), [2, 2, 2], '-'),
  },
  {
    kind: 'bank account',
    type: 'bank_account',
    label: 'account number',
    make: (r) => lead(r, 8 + below(r, 3)),
  },
  { kind: 'medical record', type: 'medical_record', label: 'MRN', make: (r) => digits(r, 7) },
  {
    kind: 'date of birth',
    type: 'date_of_birth',
    label: 'born on',
    make: (r) => `${day(r)}.${month(r)}.${1930 + below(r, 80)}`,
  },
  {
    kind: 'password',
    type: 'password',
    label: 'password:',
    make: (r) => `${letters(r, 3).toLowerCase()}${digits(r, 2)}!${letters(r, 4)}`,
  },
  {
    kind: 'API key',
    type: 'password',
    make: (r) => `sk-${letters(r, 32, 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNP0123456789')}`,
  },
  {
    kind: 'user name',
    type: 'username',
    label: 'username:',
    make: (r) => `${letters(r, 6).toLowerCase()}_${below(r, 99)}`,
  },
  { kind: 'order number', type: 'other_id', label: 'order no.', make: (r) => lead(r, 8) },
];

const BEFORE = [
  '',
  'It is ',
  'Please note ',
  'We have on file: ',
  'Bitte beachten Sie ',
  'Voici ',
  'Checked twice: ',
  'Value = ',
  'The record shows ',
  '- ',
  '\t',
  '("',
  'Hello, this concerns ',
];
const AFTER = [
  '',
  '.',
  ', thanks',
  ' and nothing else',
  '\n',
  ') was noted',
  '; see above',
  '" in the file',
  ' ist richtig',
  ' / done',
];

/** `count` identifiers of all kinds in turn. */
export function makeIdentifiers(count: number, seed: number): Made[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, at) => {
    const kind = KINDS[at % KINDS.length] as Kind;
    const value = kind.make(random);
    const before = `${BEFORE[below(random, BEFORE.length)]}${kind.label === undefined ? '' : `${kind.label} `}`;
    const text = `${before}${value}${AFTER[below(random, AFTER.length)]}`;
    return { kind: kind.kind, type: kind.type, value, text, start: before.length };
  });
}
