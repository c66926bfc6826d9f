/** BR-DEC: amounts have at most two decimals. */
import type { AllowanceCharge, Invoice, Term } from '../../../einvoice/invoice.ts';
import { decimalsOf } from './amounts.ts';
import { ofDocument, ofLines } from './mandatory.ts';
import { forEach, judge, type Rule } from './rule.ts';

const MAX_DECIMALS = 2;

type Terms = (invoice: Invoice) => (Term | null)[];
const of =
  (
    items: (invoice: Invoice) => AllowanceCharge[],
    term: (one: AllowanceCharge) => Term | null,
  ): Terms =>
  (invoice) =>
    items(invoice).map(term);
const allowances = (invoice: Invoice) => ofDocument(invoice, 'allowance');
const charges = (invoice: Invoice) => ofDocument(invoice, 'charge');
const lineAllowances = (invoice: Invoice) => ofLines(invoice, 'allowance');
const lineCharges = (invoice: Invoice) => ofLines(invoice, 'charge');
const amount = (one: AllowanceCharge) => one.amount;
const base = (one: AllowanceCharge) => one.base;

const FIELDS: [number: string, name: string, terms: Terms][] = [
  ['01', 'allowance of the document (BT-92)', of(allowances, amount)],
  ['02', 'base of an allowance of the document (BT-93)', of(allowances, base)],
  ['05', 'charge of the document (BT-99)', of(charges, amount)],
  ['06', 'base of a charge of the document (BT-100)', of(charges, base)],
  ['09', 'sum of the lines (BT-106)', ({ totals }) => [totals.lines]],
  ['10', 'sum of allowances (BT-107)', ({ totals }) => [totals.allowances]],
  ['11', 'sum of charges (BT-108)', ({ totals }) => [totals.charges]],
  ['12', 'total without VAT (BT-109)', ({ totals }) => [totals.net]],
  ['13', 'total VAT (BT-110)', ({ totals }) => [totals.tax]],
  ['14', 'total with VAT (BT-112)', ({ totals }) => [totals.gross]],
  [
    '15',
    'total VAT in the accounting currency (BT-111)',
    ({ totals }) => [totals.taxInAccountingCurrency],
  ],
  ['16', 'paid amount (BT-113)', ({ totals }) => [totals.paid]],
  ['17', 'rounding (BT-114)', ({ totals }) => [totals.rounding]],
  ['18', 'amount due (BT-115)', ({ totals }) => [totals.due]],
  [
    '19',
    'taxable amount of a breakdown (BT-116)',
    ({ vatBreakdown }) => vatBreakdown.map((one) => one.taxable),
  ],
  ['20', 'tax of a breakdown (BT-117)', ({ vatBreakdown }) => vatBreakdown.map((one) => one.tax)],
  ['23', 'net amount of a line (BT-131)', ({ lines }) => lines.map((line) => line.net)],
  ['24', 'allowance of a line (BT-136)', of(lineAllowances, amount)],
  ['25', 'base of an allowance of a line (BT-137)', of(lineAllowances, base)],
  ['27', 'charge of a line (BT-141)', of(lineCharges, amount)],
  ['28', 'base of a charge of a line (BT-142)', of(lineCharges, base)],
];

export const decimalRules: Rule[] = FIELDS.map(([number, name, terms]) => ({
  id: `BR-DEC-${number}`,
  severity: 'fatal',
  requirement: `The ${name} has at most ${MAX_DECIMALS} decimals.`,
  check: (invoice) =>
    forEach(
      terms(invoice),
      (term) => term?.element ?? null,
      (term) => term && judge(decimalsOf(term.value) <= MAX_DECIMALS, term),
    ),
}));
