/** BR-29 to BR-61 that are neither of the header, the parties nor the lines: periods, breakdown, payment, references. */
import type { Invoice, Period } from '../../../einvoice/invoice.ts';
import { says } from '../../../einvoice/terms.ts';
import { forEach, judge, requires, whole, type Finding, type Rule } from './rule.ts';

const NOT_SUBJECT_TO_VAT = 'O';
/** Credit transfer and SEPA credit transfer in UNTDID 4461. */
const CREDIT_TRANSFER = new Set(['30', '58']);
/** Most digits of a card number that card security allows to show: the first 6 and the last 4. */
const MAX_CARD_DIGITS = 10;

const rule = (id: string, requirement: string, check: (invoice: Invoice) => Finding): Rule => ({
  id: `BR-${id}`,
  severity: 'fatal',
  requirement,
  check,
});

const inOrder = (periods: readonly Period[]): Finding =>
  forEach(
    periods,
    (period) => period.element,
    ({ start, end }) =>
      says(start) && says(end) ? judge(end.value >= start.value, start, end) : null,
  );

const optional = <Group>(group: Group | null): Group[] => (group === null ? [] : [group]);

const periods: Rule[] = [
  rule('29', 'The invoicing period (BG-14) does not end before it starts.', (invoice) =>
    inOrder(optional(invoice.period)),
  ),
  rule('30', "No line's period (BG-26) ends before it starts.", (invoice) =>
    inOrder(invoice.lines.flatMap((line) => optional(line.period))),
  ),
];

const breakdown: Rule[] = [
  rule('45', 'Each VAT breakdown (BG-23) has a taxable amount (BT-116).', (invoice) =>
    requires(invoice.vatBreakdown, (one) => one.taxable),
  ),
  rule('46', 'Each VAT breakdown (BG-23) has a tax amount (BT-117).', (invoice) =>
    requires(invoice.vatBreakdown, (one) => one.tax),
  ),
  rule('47', 'Each VAT breakdown (BG-23) has a VAT category (BT-118).', (invoice) =>
    requires(invoice.vatBreakdown, (one) => one.category),
  ),
  rule(
    '48',
    'Each VAT breakdown (BG-23) has a rate (BT-119), unless it is not subject to VAT.',
    (invoice) =>
      forEach(
        invoice.vatBreakdown,
        (one) => one.element,
        ({ category, rate }) =>
          judge(says(rate) || category?.value === NOT_SUBJECT_TO_VAT, rate, category),
      ),
  ),
  rule(
    '53',
    'With a VAT accounting currency (BT-6), the VAT total in it (BT-111) is there.',
    ({ taxCurrency, totals }) =>
      whole(
        says(taxCurrency)
          ? judge(says(totals.taxInAccountingCurrency), totals.taxInAccountingCurrency, taxCurrency)
          : null,
      ),
  ),
];

/** BR-51 in words of its own: a shortened card number has at most ten digits. */
const cardNumber = (invoice: Invoice): Finding =>
  forEach(
    invoice.paymentMeans.flatMap(({ card }) => optional(card)),
    (card) => card.element,
    ({ number }) =>
      says(number) ? judge(number.value.replace(/\D/g, '').length <= MAX_CARD_DIGITS) : null,
  );

const payment: Rule[] = [
  rule('49', 'Payment instructions (BG-16) name the means of payment (BT-81).', (invoice) =>
    requires(invoice.paymentMeans, (means) => means.code),
  ),
  rule('50', 'A credit transfer (BG-17) names the account (BT-84).', (invoice) =>
    requires(
      invoice.paymentMeans.flatMap(({ account }) => optional(account)),
      (account) => account.id,
    ),
  ),
  {
    ...rule('51', 'A card number (BT-87) is shortened to at most ten digits.', cardNumber),
    severity: 'warning',
  },
  rule('61', 'Payment by credit transfer names the account (BT-84).', (invoice) =>
    forEach(
      invoice.paymentMeans,
      (means) => means.element,
      ({ code, account }) =>
        code && CREDIT_TRANSFER.has(code.value)
          ? judge(says(account?.id ?? null), account?.id ?? null, code)
          : null,
    ),
  ),
];

const references: Rule[] = [
  rule('52', 'Each supporting document (BG-24) has a reference (BT-122).', (invoice) =>
    requires(invoice.documents, (document) => document.reference),
  ),
  rule('55', 'Each preceding invoice (BG-3) is named by its number (BT-25).', (invoice) =>
    requires(invoice.precedingInvoices, (preceding) => preceding.number),
  ),
];

export const furtherRules: Rule[] = [...periods, ...breakdown, ...payment, ...references];
