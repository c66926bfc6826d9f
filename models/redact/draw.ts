/** Random signs and check digits for made-up identifiers; formulas written apart from those of src/core. */
import type { EntityType } from '../../src/core/outputs.ts';

export type Random = () => number;
export const below = (r: Random, n: number): number => Math.floor(r() * n);
export const digits = (r: Random, n: number): string =>
  Array.from({ length: n }, () => below(r, 10)).join('');
export const lead = (r: Random, n: number): string => String(1 + below(r, 9)) + digits(r, n - 1);
export const letters = (r: Random, n: number, from = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'): string =>
  Array.from({ length: n }, () => from[below(r, from.length)]).join('');
export const two = (n: number): string => String(n).padStart(2, '0');
export const day = (r: Random): string => two(1 + below(r, 28));
export const month = (r: Random): string => two(1 + below(r, 12));
export const dotted = (weights: readonly number[], body: string): number =>
  weights.reduce((sum, weight, at) => sum + weight * Number(body[at]), 0);

/** Tries bodies until one has a check digit that the formula allows. */
export function checked(
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
export const digit = (n: number): string | null => (n >= 0 && n <= 9 ? String(n) : null);
export function luhnDigit(body: string): string {
  let sum = 0;
  for (let at = 0; at < body.length; at++) {
    const value = Number(body[body.length - 1 - at]) * (at % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return String((10 - (sum % 10)) % 10);
}
export function isoDigit(body: string): string {
  let product = 10;
  for (const one of body) product = (((Number(one) + product) % 10 || 10) * 2) % 11;
  return String((11 - product) % 10);
}
export const mod = (text: string, m: number): number => Number(BigInt(text) % BigInt(m));
export function iban(country: string, length: number, body: string): string {
  const numbers = Array.from(`${body}${country}00`, (sign) => String(parseInt(sign, 36))).join('');
  return `${country}${two(98 - mod(numbers, 97))}${body}`.slice(0, length);
}
/** Verhoeff's check digit by the dihedral group D5, written as a formula. */
export function verhoeffDigit(body: string): string {
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
export const fiscal = (body: string): string => {
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
export const group = (text: string, sizes: readonly number[], between: string): string => {
  let at = 0;
  return sizes.map((size) => text.slice(at, (at += size))).join(between);
};

export interface Kind {
  kind: string;
  type: EntityType;
  make: (r: Random) => string;
  /** Words that stand before it where its form alone says too little. */
  label?: string;
}
