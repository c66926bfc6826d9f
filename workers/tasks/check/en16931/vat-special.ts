/** The rules that only one VAT category has: intra-community supply, not subject to VAT, split payment. */
import type { Invoice } from '../../../einvoice/invoice.ts';
import { says } from '../../../einvoice/terms.ts';
import { forEach, judge, NOT_APPLICABLE, whole, type Finding, type Rule } from './rule.ts';
import { usesAt } from './vat.ts';

const rule = (id: string, requirement: string, check: (invoice: Invoice) => Finding): Rule => ({
  id,
  severity: 'fatal',
  requirement,
  check,
});

const hasBreakdown = (invoice: Invoice, code: string): boolean =>
  invoice.vatBreakdown.some((one) => one.category?.value === code);

const supply: Rule[] = [
  rule(
    'BR-IC-11',
    'Intra-community supply: the date of delivery (BT-72) or an invoicing period (BG-14) is given.',
    (invoice) => {
      if (!hasBreakdown(invoice, 'K')) return NOT_APPLICABLE;
      const { period, delivery } = invoice;
      const terms = [delivery?.date, period?.start, period?.end, period?.code].map(
        (term) => term ?? null,
      );
      return whole(judge(terms.some(says), ...terms));
    },
  ),
  rule(
    'BR-IC-12',
    'Intra-community supply: the country of delivery (BT-80) is given.',
    (invoice) => {
      if (!hasBreakdown(invoice, 'K')) return NOT_APPLICABLE;
      const country = invoice.delivery?.address?.country ?? null;
      return whole(judge(says(country), country));
    },
  ),
];

const onlyOutside = (invoice: Invoice, place: number): Finding =>
  hasBreakdown(invoice, 'O')
    ? forEach(
        usesAt(invoice, place),
        (use) => use.element,
        ({ category }) => judge(category?.value === 'O', category),
      )
    : NOT_APPLICABLE;

const notSubject: Rule[] = [
  rule('BR-O-11', 'A breakdown that is not subject to VAT stands alone.', (invoice) =>
    hasBreakdown(invoice, 'O')
      ? whole(
          judge(
            invoice.vatBreakdown.every((one) => one.category?.value === 'O'),
            ...invoice.vatBreakdown.map((one) => one.category),
          ),
        )
      : NOT_APPLICABLE,
  ),
  ...['line', 'allowance of the document', 'charge of the document'].map((place, index) =>
    rule(
      `BR-O-${12 + index}`,
      `With a breakdown that is not subject to VAT, every ${place} is of that category.`,
      (invoice) => onlyOutside(invoice, index),
    ),
  ),
];

const uses = (invoice: Invoice, code: string) =>
  [0, 1, 2]
    .flatMap((place) => usesAt(invoice, place).map((use) => use.category))
    .concat(invoice.vatBreakdown.map((one) => one.category))
    .filter((category) => category?.value === code);

const splitPayment: Rule[] = [
  rule('BR-B-01', 'Split payment (B) is for invoices within Italy.', (invoice) => {
    const split = uses(invoice, 'B');
    if (split.length === 0) return NOT_APPLICABLE;
    const countries = [invoice.seller, invoice.buyer].map(
      (party) => party?.address?.country ?? null,
    );
    return whole(
      judge(
        countries.every((country) => country?.value === 'IT'),
        ...countries,
        ...split,
      ),
    );
  }),
  rule(
    'BR-B-02',
    'Split payment (B) and standard rated (S) do not stand in one invoice.',
    (invoice) => {
      const split = uses(invoice, 'B');
      if (split.length === 0) return NOT_APPLICABLE;
      const standard = uses(invoice, 'S');
      return whole(judge(standard.length === 0, ...standard, ...split));
    },
  ),
];

export const specialVatRules: Rule[] = [...supply, ...notSubject, ...splitPayment];
