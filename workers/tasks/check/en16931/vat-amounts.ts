/** The arithmetic of the VAT breakdown. */
import type Big from 'big.js';
import type { Invoice, Term, VatBreakdown } from '../../../einvoice/invoice.ts';
import { says } from '../../../einvoice/terms.ts';
import { amountOf, amountOrZero, sameAmount, sumOf, zero } from './amounts.ts';
import { judge, type Judgement } from './rule.ts';

/** Invoicing systems round per line or per total; up to one unit of the currency is taken for rounding. */
const ROUNDING = 1;

/** Tax = taxable amount × rate, rounded to cents, give or take what rounding explains. */
export function breakdownTax({ taxable, tax, rate }: VatBreakdown): Judgement {
  const [base, written] = [amountOf(taxable), amountOf(tax)];
  if (!base || !written) return null;
  const expected = base.times(amountOrZero(rate)).div(100).round(2, 1);
  return judge(written.minus(expected).abs().lt(ROUNDING), tax, taxable, rate);
}

const sameRate = (rate: Term | null, wanted: Big | null): boolean => {
  const own = amountOf(rate);
  return own === null ? wanted === null : wanted?.eq(own) === true;
};

/** Net amounts of lines, minus allowances, plus charges, of one category; of one rate unless `rate` is undefined. */
export function taxableOf(invoice: Invoice, category: string, rate?: Big | null): Big {
  const fits = (own: Term | null, percent: Term | null) =>
    own?.value === category && (rate === undefined || sameRate(percent, rate));
  const lines = invoice.lines.filter((line) => fits(line.vatCategory, line.vatRate));
  const signed = invoice.allowanceCharges
    .filter((one) => fits(one.vatCategory, one.vatRate))
    .reduce(
      (sum, one) =>
        one.kind === 'charge'
          ? sum.plus(amountOrZero(one.amount))
          : sum.minus(amountOrZero(one.amount)),
      zero,
    );
  return sumOf(lines.map((line) => line.net)).plus(signed);
}

/** BR-…-08. */
export function taxableMatches(
  invoice: Invoice,
  breakdown: VatBreakdown,
  perRate: boolean,
): Judgement {
  const written = amountOf(breakdown.taxable);
  const category = breakdown.category?.value ?? '';
  if (!written) return says(breakdown.taxable) ? judge(false, breakdown.taxable) : null;
  const sum = perRate
    ? taxableOf(invoice, category, amountOf(breakdown.rate))
    : taxableOf(invoice, category);
  const ok = sameAmount(written, sum);
  return ok
    ? judge(true, breakdown.taxable)
    : {
        ok,
        terms: [breakdown.taxable],
        reason: `Lines, allowances and charges give ${sum.toFixed()}.`,
      };
}
