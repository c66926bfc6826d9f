/** Decimal numbers of an invoice, exact. */
import Big from 'big.js';
import type { Term } from '../../../einvoice/invoice.ts';

/** Longest number that is read: more digits are no amount. */
const DECIMAL = /^[+-]?(\d{1,40}(\.\d{0,20})?|\.\d{1,20})$/;

/** Null where there is no number. */
export function amountOf(term: Term | null): Big | null {
  if (!term || !DECIMAL.test(term.value)) return null;
  return new Big(term.value.replace(/^\+/, '').replace(/\.$/, ''));
}

export const zero = new Big(0);

export const amountOrZero = (term: Term | null): Big => amountOf(term) ?? zero;

export const sumOf = (terms: readonly (Term | null)[]): Big =>
  terms.reduce<Big>((sum, term) => sum.plus(amountOrZero(term)), zero);

export const decimalsOf = (value: string): number => (value.split('.')[1] ?? '').length;

/** Equal to the cent, which is as exact as an amount may be. */
export const sameAmount = (one: Big, other: Big): boolean => one.round(2).eq(other.round(2));
