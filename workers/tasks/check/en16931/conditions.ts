/** BR-CO: rules that hold several terms against each other. */
import type { AllowanceCharge, Invoice, Term } from '../../../einvoice/invoice.ts';
import { says, term, terms } from '../../../einvoice/terms.ts';
import { elementsAt } from '../../../einvoice/xml.ts';
import { amountOf, amountOrZero, sameAmount, sumOf } from './amounts.ts';
import { ofDocument, ofLines } from './mandatory.ts';
import {
  forEach,
  judge,
  NOT_APPLICABLE,
  requires,
  whole,
  type Finding,
  type Judgement,
  type Rule,
} from './rule.ts';
import { breakdownTax } from './vat-amounts.ts';

const rule = (number: string, requirement: string, check: Rule['check']): Rule => ({
  id: `BR-CO-${number}`,
  severity: 'fatal',
  requirement,
  check,
});

/** The total equals the sum; a total that is left out counts as none only where there is nothing to sum. */
function totals(
  total: Term | null,
  parts: readonly (Term | null)[],
  askAnyway: boolean,
): Judgement {
  const written = amountOf(total);
  if (!written && parts.length === 0 && !askAnyway) return null;
  if (!written) return judge(false, total, ...parts);
  return judge(sameAmount(written, sumOf(parts)), total, ...parts);
}

function netTotal({ totals: all }: Invoice): Judgement {
  const written = amountOf(all.net);
  if (!written) return null;
  const sum = amountOrZero(all.lines)
    .minus(amountOrZero(all.allowances))
    .plus(amountOrZero(all.charges));
  return judge(sameAmount(written, sum), all.net, all.lines, all.allowances, all.charges);
}

function grossTotal({ totals: all }: Invoice): Judgement {
  const written = amountOf(all.gross);
  if (!written) return null;
  const sum = amountOrZero(all.net).plus(amountOrZero(all.tax));
  return judge(sameAmount(written, sum), all.gross, all.net, all.tax);
}

function dueTotal({ totals: all }: Invoice): Judgement {
  const written = amountOf(all.due);
  if (!written) return null;
  const sum = amountOrZero(all.gross)
    .minus(amountOrZero(all.paid))
    .plus(amountOrZero(all.rounding));
  return judge(sameAmount(written, sum), all.due, all.gross, all.paid, all.rounding);
}

/** In UBL each VAT total that has a breakdown is the sum of its own; in CII there is one breakdown. */
function taxTotal(invoice: Invoice): Finding {
  const { root, syntax, totals: all, vatBreakdown } = invoice;
  const groups =
    syntax === 'cii'
      ? [{ total: all.tax, taxes: vatBreakdown.map((one) => one.tax) }]
      : elementsAt(root, 'TaxTotal').map((element) => ({
          total: term(element, 'TaxAmount'),
          taxes: terms(element, 'TaxSubtotal/TaxAmount'),
        }));
  return forEach(
    groups.filter((group) => group.taxes.length > 0),
    ({ total }) => total?.element ?? null,
    ({ total, taxes }) => {
      const written = amountOf(total);
      return judge(written !== null && sameAmount(written, sumOf(taxes)), total, ...taxes);
    },
  );
}

const sums: Rule[] = [
  rule('10', 'The sum of the lines (BT-106) is the sum of their net amounts (BT-131).', (invoice) =>
    whole(
      invoice.totals.element &&
        totals(
          invoice.totals.lines,
          invoice.lines.map((line) => line.net),
          false,
        ),
    ),
  ),
  rule('11', 'The allowances (BT-107) are the sum of those of the document (BT-92).', (invoice) =>
    whole(
      invoice.totals.element &&
        totals(
          invoice.totals.allowances,
          ofDocument(invoice, 'allowance').map((one) => one.amount),
          false,
        ),
    ),
  ),
  rule('12', 'The charges (BT-108) are the sum of those of the document (BT-99).', (invoice) =>
    whole(
      invoice.totals.element &&
        totals(
          invoice.totals.charges,
          ofDocument(invoice, 'charge').map((one) => one.amount),
          false,
        ),
    ),
  ),
  rule('13', 'Total without VAT (BT-109) = lines − allowances + charges.', (invoice) =>
    whole(netTotal(invoice)),
  ),
  rule('14', 'Total VAT (BT-110) is the sum of the VAT breakdown (BT-117).', taxTotal),
  rule('15', 'Total with VAT (BT-112) = total without VAT + total VAT.', (invoice) =>
    whole(grossTotal(invoice)),
  ),
  rule('16', 'Amount due (BT-115) = total with VAT − paid + rounding.', (invoice) =>
    whole(dueTotal(invoice)),
  ),
  rule('17', 'Tax of a breakdown (BT-117) = taxable amount × rate, rounded to cents.', (invoice) =>
    forEach(invoice.vatBreakdown, (one) => one.element, breakdownTax),
  ),
];

/** Whether code and text mean the same is for a person: no list says which words fit a code. */
const sameReason = (items: readonly AllowanceCharge[]): Finding => {
  const both = items.find((one) => says(one.reason) && says(one.reasonCode));
  if (!both) return NOT_APPLICABLE;
  const reason = 'A reason and a code are both given; that they mean the same was not compared.';
  return { ...requires([both], (one) => one.reason), verdict: 'not_applicable', reason };
};

const reasons: Rule[] = (
  [
    ['05', 'allowance of the document', ofDocument, 'allowance'],
    ['06', 'charge of the document', ofDocument, 'charge'],
    ['07', 'allowance of a line', ofLines, 'allowance'],
    ['08', 'charge of a line', ofLines, 'charge'],
  ] as const
).map(([number, name, items, kind]) =>
  rule(number, `Reason and reason code of an ${name} mean the same.`, (invoice) =>
    sameReason(items(invoice, kind)),
  ),
);

const optional = <Group>(group: Group | null): Group[] => (group === null ? [] : [group]);

const periodFilled = (periods: readonly NonNullable<Invoice['period']>[]): Finding =>
  forEach(
    periods,
    (period) => period.element,
    ({ start, end, code }) => judge(says(start) || says(end) || says(code), start, end),
  );

/** Two letters of a country, or EL for Greece. */
const vatPrefix = (invoice: Invoice, countries: ReadonlySet<string>): Finding =>
  forEach(
    [invoice.seller, invoice.taxRepresentative, invoice.buyer].flatMap((party) =>
      optional(party?.vatId ?? null),
    ),
    (id) => id.element,
    (id) => {
      const prefix = id.value.slice(0, 2);
      return judge(countries.has(prefix) || prefix === 'EL', id);
    },
  );

function dueDateGiven(invoice: Invoice): Judgement {
  const due = amountOf(invoice.totals.due);
  if (invoice.syntax === 'ubl-credit-note' || !due?.gt(0)) return null;
  const { dueDate, paymentTerms } = invoice;
  return judge(says(dueDate) || says(paymentTerms), dueDate, paymentTerms);
}

const others: Rule[] = [
  rule(
    '03',
    'VAT point date (BT-7) and its code (BT-8) are not both given.',
    ({ taxPointDate, taxPointCode }) =>
      whole(
        says(taxPointDate) || says(taxPointCode)
          ? judge(!(says(taxPointDate) && says(taxPointCode)), taxPointDate, taxPointCode)
          : null,
      ),
  ),
  rule('04', 'Each line has a VAT category (BT-151).', (invoice) =>
    requires(invoice.lines, (line) => line.vatCategory),
  ),
  rule('09', 'VAT identifiers begin with the code of their country.', (invoice, lists) =>
    vatPrefix(invoice, lists.country.codes),
  ),
  rule('18', 'The invoice has a VAT breakdown (BG-23).', ({ vatBreakdown: [first] }) =>
    first
      ? { verdict: 'pass', found: null, at: { start: first.element.start, end: first.element.end } }
      : { verdict: 'fail', found: null, at: null },
  ),
  rule('19', 'An invoicing period (BG-14) has a start, an end or both.', (invoice) =>
    periodFilled(optional(invoice.period)),
  ),
  rule('20', "A line's period (BG-26) has a start, an end or both.", (invoice) =>
    periodFilled(invoice.lines.flatMap((line) => optional(line.period))),
  ),
  rule(
    '25',
    'Where an amount is due, the due date (BT-9) or the payment terms (BT-20) are given.',
    (invoice) => whole(dueDateGiven(invoice)),
  ),
  rule(
    '26',
    'The seller is identified: an identifier (BT-29), a registration (BT-30) or a VAT number (BT-31).',
    (invoice) => whole(sellerIdentified(invoice)),
  ),
];

function sellerIdentified({ seller }: Invoice): Judgement {
  const ids = [...(seller?.identifiers ?? []), seller?.legalId ?? null, seller?.vatId ?? null];
  return judge(ids.some(says), ...ids);
}

export const conditionRules: Rule[] = [...sums, ...reasons, ...others];
