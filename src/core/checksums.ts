/** Check digits of identifiers. Each takes the digits (or letters) without separators; formulas by their usual names. */

/** Luhn's formula (ISO/IEC 7812-1), over digits. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, doubled = false; at >= 0; at--, doubled = !doubled) {
    const digit = digits.charCodeAt(at) - 48;
    sum += !doubled ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

/** Σ digit × weight over the first digits. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (digits.charCodeAt(at) - 48), 0);
}

/** The number modulo m, digit by digit: any length. */
export function modulo(digits: string, m: number): number {
  let rest = 0;
  for (let at = 0; at < digits.length; at++) rest = (rest * 10 + digits.charCodeAt(at) - 48) % m;
  return rest;
}

/** ISO 7064 MOD 11,10: German tax number, Croatian OIB. */
export function mod11And10(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at++) {
    const sum = (digits.charCodeAt(at) - 48 + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === digits.charCodeAt(digits.length - 1) - 48;
}

const VERHOEFF_PRODUCT = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const VERHOEFF_SHIFT = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

/** Verhoeff 1969: Aadhaar. */
export function verhoeff(digits: string): boolean {
  let check = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    const shifted = Number(VERHOEFF_SHIFT[place % 8]?.[digit]);
    check = Number(VERHOEFF_PRODUCT[check]?.[shifted]);
  }
  return check === 0;
}

const ODD_VALUES = '1 0 5 7 9 13 15 17 19 21 2 4 18 20 11 3 6 8 12 14 16 10 22 25 24 23'
  .split(' ')
  .map(Number);

/** Check letter of the Italian codice fiscale (D.M. 23 December 1976), 16 characters in capitals. */
export function codiceFiscale(text: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at++) {
    const code = text.charCodeAt(at);
    const value = code >= 65 ? code - 65 : code - 48;
    sum += at % 2 === 0 ? (ODD_VALUES[value] as number) : value;
  }
  return text.charCodeAt(15) === 65 + (sum % 26);
}

/** Day and month that exist; the year is not looked at. `at` is the place of the two digits. */
export function isDayAndMonth(digits: string, dayAt: number, monthAt: number): boolean {
  const day = Number(digits.slice(dayAt, dayAt + 2));
  const month = Number(digits.slice(monthAt, monthAt + 2));
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}
