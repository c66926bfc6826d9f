/** Bare digits with a right check digit: which of them may be the number of a person, by how many digits there are. */
import { isDayAndMonth, luhn, mod11And10, modulo, verhoeff, weighted } from './checksums.ts';
import { ahv, bsn, dated, nir, tfn } from './national-ids.ts';

const nhs = (digits: string): boolean =>
  (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(digits[9]);
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
