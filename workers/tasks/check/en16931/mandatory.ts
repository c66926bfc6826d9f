/** BR-01 to BR-65: what an invoice and each of its groups must say. */
import type { AllowanceCharge, Invoice, Party, Term } from '../../../einvoice/invoice.ts';
import { says } from '../../../einvoice/terms.ts';
import { amountOf } from './amounts.ts';
import {
  forEach,
  judge,
  NOT_APPLICABLE,
  requires,
  whole,
  type Finding,
  type Rule,
} from './rule.ts';

type Check = (invoice: Invoice) => Finding;

const fatal = (number: string, requirement: string, check: Check): Rule => ({
  id: `BR-${number}`,
  severity: 'fatal',
  requirement,
  check,
});

const needs = (number: string, name: string, term: (invoice: Invoice) => Term | null): Rule =>
  fatal(number, `The invoice names ${name}.`, (invoice) =>
    whole(judge(says(term(invoice)), term(invoice))),
  );

const there = (group: { element: Term['element'] } | null): Finding =>
  group
    ? { verdict: 'pass', found: null, at: { start: group.element.start, end: group.element.end } }
    : { verdict: 'fail', found: null, at: null };

const optional = <Group>(group: Group | null): Group[] => (group === null ? [] : [group]);

/** A party's address, where it has one, names its country. */
const countryOf = (party: Party | null): Finding =>
  requires(optional(party?.address ?? null), (address) => address.country);

/** Amounts of totals stand in one element: without it there is nothing to ask a fragment for but the amount itself. */
const header: Rule[] = [
  needs('01', 'its specification (BT-24)', (invoice) => invoice.specification),
  needs('02', 'its number (BT-1)', (invoice) => invoice.number),
  needs('03', 'its date of issue (BT-2)', (invoice) => invoice.issueDate),
  needs('04', 'its type code (BT-3)', (invoice) => invoice.typeCode),
  needs('05', 'its currency (BT-5)', (invoice) => invoice.currency),
  needs('06', "the seller's name (BT-27)", (invoice) => invoice.seller?.name ?? null),
  needs('07', "the buyer's name (BT-44)", (invoice) => invoice.buyer?.name ?? null),
  fatal('08', "The seller's postal address (BG-5) is there.", (invoice) =>
    there(invoice.seller?.address ?? null),
  ),
  fatal('09', "The seller's address names its country (BT-40).", (invoice) =>
    countryOf(invoice.seller),
  ),
  fatal('10', "The buyer's postal address (BG-8) is there.", (invoice) =>
    there(invoice.buyer?.address ?? null),
  ),
  fatal('11', "The buyer's address names its country (BT-55).", (invoice) =>
    countryOf(invoice.buyer),
  ),
  needs('12', 'the sum of its lines (BT-106)', (invoice) => invoice.totals.lines),
  needs('13', 'its total without VAT (BT-109)', (invoice) => invoice.totals.net),
  needs('14', 'its total with VAT (BT-112)', (invoice) => invoice.totals.gross),
  needs('15', 'the amount due (BT-115)', (invoice) => invoice.totals.due),
  fatal('16', 'The invoice has at least one line (BG-25).', (invoice) =>
    there(invoice.lines[0] ?? null),
  ),
];

/** The group is for a payee that is another than the seller: one with the seller's name or identifier is not. */
function payeeName({ payee, seller }: Invoice): Finding {
  return forEach(
    optional(payee),
    ({ element }) => element,
    ({ name, identifiers }) => {
      const names = [seller?.name, seller?.tradingName].map((own) => own?.value);
      const ids = seller?.identifiers.map((own) => own.value) ?? [];
      const same = names.includes(name?.value) || identifiers.some((id) => ids.includes(id.value));
      return judge(says(name) && !same, name, ...identifiers);
    },
  );
}

const parties: Rule[] = [
  fatal('17', 'A payee (BG-10) has a name (BT-59) and is another than the seller.', payeeName),
  fatal('18', 'A tax representative (BG-11) has a name (BT-62).', (invoice) =>
    requires(optional(invoice.taxRepresentative), (party) => party.name),
  ),
  fatal('19', 'A tax representative (BG-11) has a postal address (BG-12).', (invoice) =>
    invoice.taxRepresentative ? there(invoice.taxRepresentative.address) : NOT_APPLICABLE,
  ),
  fatal('20', "The tax representative's address names its country (BT-69).", (invoice) =>
    countryOf(invoice.taxRepresentative),
  ),
  fatal('56', 'A tax representative (BG-11) has a VAT identifier (BT-63).', (invoice) =>
    requires(optional(invoice.taxRepresentative), (party) => party.vatId),
  ),
  fatal('57', 'An address of delivery (BG-15) names its country (BT-80).', (invoice) =>
    requires(optional(invoice.delivery?.address ?? null), (address) => address.country),
  ),
  ...(['seller', 'buyer'] as const).map((side) =>
    fatal(
      side === 'seller' ? '62' : '63',
      `The ${side}'s electronic address (${side === 'seller' ? 'BT-34' : 'BT-49'}) has a scheme.`,
      (invoice) =>
        requires(optional(invoice[side]?.electronicAddress ?? null), (address) => address.scheme),
    ),
  ),
];

const ofLine = (
  number: string,
  name: string,
  term: (line: Invoice['lines'][number]) => Term | null,
): Rule => fatal(number, `Each line names ${name}.`, (invoice) => requires(invoice.lines, term));

function neverNegative(term: (line: Invoice['lines'][number]) => Term | null): Check {
  return (invoice) =>
    forEach(
      invoice.lines,
      (line) => line.element,
      (line) => {
        const amount = amountOf(term(line));
        return amount && judge(amount.gte(0), term(line));
      },
    );
}

const lines: Rule[] = [
  ofLine('21', 'its identifier (BT-126)', (line) => line.id),
  ofLine('22', 'its quantity (BT-129)', (line) => line.quantity),
  ofLine('23', 'the unit of its quantity (BT-130)', (line) => line.unit),
  ofLine('24', 'its net amount (BT-131)', (line) => line.net),
  ofLine('25', 'its item (BT-153)', (line) => line.name),
  ofLine('26', "its item's net price (BT-146)", (line) => line.netPrice),
  fatal(
    '27',
    'No net price (BT-146) is negative.',
    neverNegative((line) => line.netPrice),
  ),
  fatal(
    '28',
    'No gross price (BT-148) is negative.',
    neverNegative((line) => line.grossPrice),
  ),
  fatal(
    '54',
    'Each attribute of an item (BG-32) has a name (BT-160) and a value (BT-161).',
    (invoice) =>
      forEach(
        invoice.lines.flatMap((line) => line.attributes),
        (attribute) => attribute.element,
        ({ name, value }) => judge(says(name) && says(value), name, value),
      ),
  ),
  fatal('64', 'The standard identifier of an item (BT-157) has a scheme.', (invoice) =>
    requires(
      invoice.lines.flatMap((line) => optional(line.standardId)),
      (id) => id.scheme,
    ),
  ),
  fatal('65', 'The classification of an item (BT-158) has a scheme.', (invoice) =>
    requires(
      invoice.lines.flatMap((line) => line.classifications),
      (id) => id.scheme,
    ),
  ),
];

type Kind = AllowanceCharge['kind'];

export const ofDocument = (invoice: Invoice, kind: Kind): AllowanceCharge[] =>
  invoice.allowanceCharges.filter((one) => one.kind === kind);
export const ofLines = (invoice: Invoice, kind: Kind): AllowanceCharge[] =>
  invoice.lines.flatMap((line) => line.allowanceCharges.filter((one) => one.kind === kind));

const reasonGiven = (items: readonly AllowanceCharge[]): Finding =>
  forEach(
    items,
    (one) => one.element,
    ({ reason, reasonCode }) => judge(says(reason) || says(reasonCode), reason, reasonCode),
  );

/** Reasons are asked for twice in the standard, as BR-33 and BR-CO-21 and so on. */
export const reasonRules: Rule[] = (
  [
    ['BR-33', 'BR-CO-21', 'allowance of the document (BG-20)', ofDocument, 'allowance'],
    ['BR-38', 'BR-CO-22', 'charge of the document (BG-21)', ofDocument, 'charge'],
    ['BR-42', 'BR-CO-23', 'allowance of a line (BG-27)', ofLines, 'allowance'],
    ['BR-44', 'BR-CO-24', 'charge of a line (BG-28)', ofLines, 'charge'],
  ] as const
).flatMap(([one, other, name, items, kind]) =>
  [one, other].map((id): Rule => ({
    id,
    severity: 'fatal',
    requirement: `Each ${name} has a reason or a reason code.`,
    check: (invoice) => reasonGiven(items(invoice, kind)),
  })),
);

const allowances: Rule[] = [
  ...(
    [
      ['31', 'allowance of the document (BG-20)', 'amount (BT-92)', ofDocument, 'allowance'],
      ['36', 'charge of the document (BG-21)', 'amount (BT-99)', ofDocument, 'charge'],
      ['41', 'allowance of a line (BG-27)', 'amount (BT-136)', ofLines, 'allowance'],
      ['43', 'charge of a line (BG-28)', 'amount (BT-141)', ofLines, 'charge'],
    ] as const
  ).map(([number, name, what, items, kind]) =>
    fatal(number, `Each ${name} has an ${what}.`, (invoice) =>
      requires(items(invoice, kind), (one) => one.amount),
    ),
  ),
  fatal('32', 'Each allowance of the document (BG-20) has a VAT category (BT-95).', (invoice) =>
    requires(ofDocument(invoice, 'allowance'), (one) => one.vatCategory),
  ),
  fatal('37', 'Each charge of the document (BG-21) has a VAT category (BT-102).', (invoice) =>
    requires(ofDocument(invoice, 'charge'), (one) => one.vatCategory),
  ),
];

export const mandatoryRules: Rule[] = [
  ...header,
  ...parties,
  ...lines,
  ...allowances,
  ...reasonRules,
];
