/** BR-CL: codes stand in their lists. A code that a growing list may have got since is unclear, not wrong. */
import type { Identifier, Invoice, Term } from '../../../einvoice/invoice.ts';
import { attributeOf, says, terms } from '../../../einvoice/terms.ts';
import { descendants, elementsAt } from '../../../einvoice/xml.ts';
import type { CodeListName } from './code-lists.ts';
import { ofDocument, ofLines } from './mandatory.ts';
import { forEach, type Rule } from './rule.ts';

type Terms = (invoice: Invoice) => (Term | null)[];
type Lists = CodeListName | ((invoice: Invoice) => CodeListName);

function rule(number: string, name: string, list: Lists, find: Terms): Rule {
  return {
    id: `BR-CL-${number}`,
    severity: 'fatal',
    requirement: `${name} stands in its code list.`,
    check: (invoice, lists) => {
      const { codes, growing } = lists[typeof list === 'string' ? list : list(invoice)];
      return forEach(
        find(invoice).filter(says),
        (term) => term.element,
        (term) => {
          const ok = codes.has(term.value) || codes.has(term.value.toUpperCase());
          if (ok || growing?.test(term.value.toUpperCase()) !== true) return { ok, terms: [term] };
          const reason = 'The list grows, and this code may be newer than the one that is shipped.';
          return { ok: 'unclear', terms: [term], reason };
        },
      );
    },
  };
}

const DOCUMENT_TYPES: Record<Invoice['syntax'], CodeListName> = {
  'ubl-invoice': 'invoice_type',
  'ubl-credit-note': 'credit_note_type',
  cii: 'document_type',
};

const schemes = (ids: readonly (Identifier | null)[]) => ids.map((id) => id?.scheme ?? null);
const parties = ({ seller, buyer, payee, taxRepresentative }: Invoice) =>
  [seller, buyer, payee, taxRepresentative].filter((party) => party !== null);

function* amountCurrencies({ root }: Invoice): Generator<Term | null> {
  for (const element of descendants(root)) yield attributeOf(element, 'currencyID');
}

/** In UBL a category is judged whatever its tax scheme says. */
const documentCategories: Terms = (invoice) =>
  invoice.syntax === 'cii'
    ? [
        ...invoice.vatBreakdown,
        ...invoice.allowanceCharges.map((one) => ({ category: one.vatCategory })),
      ].map((one) => one.category)
    : ['TaxTotal/TaxSubtotal/TaxCategory/ID', 'AllowanceCharge/TaxCategory/ID'].flatMap((path) =>
        terms(invoice.root, path),
      );

const lineCategories: Terms = (invoice) =>
  invoice.lines.flatMap((line) =>
    invoice.syntax === 'cii'
      ? [line.vatCategory]
      : terms(line.element, 'Item/ClassifiedTaxCategory/ID'),
  );

/** In UBL only a reference to an object has a scheme, so one that has a scheme is judged whatever its type says. */
const schemesOfReferences: Terms = ({ root }) =>
  [
    'AdditionalDocumentReference/ID',
    'InvoiceLine/DocumentReference/ID',
    'CreditNoteLine/DocumentReference/ID',
  ]
    .flatMap((path) => elementsAt(root, path))
    .map((id) => attributeOf(id, 'schemeID'));

const countries: Terms = (invoice) => [
  ...parties(invoice).map((party) => party.address?.country ?? null),
  invoice.delivery?.address?.country ?? null,
];

const money: Rule[] = [
  rule(
    '01',
    'The type of the document (BT-3)',
    ({ syntax }) => DOCUMENT_TYPES[syntax],
    ({ typeCode }) => [typeCode],
  ),
  rule('03', 'The currency of an amount', 'currency', (invoice) => [...amountCurrencies(invoice)]),
  rule('04', 'The currency of the invoice (BT-5)', 'currency', ({ currency }) => [currency]),
  rule('05', 'The currency of VAT accounting (BT-6)', 'currency', ({ taxCurrency }) => [
    taxCurrency,
  ]),
  rule(
    '06',
    'The code of the VAT point date (BT-8)',
    ({ syntax }) => (syntax === 'cii' ? 'tax_point_cii' : 'tax_point'),
    ({ taxPointCode }) => [taxPointCode],
  ),
  rule('16', 'The means of payment (BT-81)', 'payment_means', ({ paymentMeans }) =>
    paymentMeans.map((means) => means.code),
  ),
  rule(
    '17',
    'The VAT category of a breakdown, allowance or charge',
    'vat_category',
    documentCategories,
  ),
  rule('18', 'The VAT category of a line (BT-151)', 'vat_category', lineCategories),
  rule('19', 'The reason code of an allowance (BT-98, BT-140)', 'allowance_reason', (invoice) =>
    [...ofDocument(invoice, 'allowance'), ...ofLines(invoice, 'allowance')].map(
      (one) => one.reasonCode,
    ),
  ),
  rule('20', 'The reason code of a charge (BT-105, BT-145)', 'charge_reason', (invoice) =>
    [...ofDocument(invoice, 'charge'), ...ofLines(invoice, 'charge')].map((one) => one.reasonCode),
  ),
  rule('22', 'The code of a VAT exemption (BT-121)', 'vatex', ({ vatBreakdown }) =>
    vatBreakdown.map((one) => one.exemptionCode),
  ),
];

const identifiers: Rule[] = [
  rule('07', 'The scheme of an invoiced object (BT-18, BT-128)', 'object_scheme', (invoice) => [
    ...schemes([invoice.invoicedObject, ...invoice.lines.map((line) => line.objectId)]),
    ...schemesOfReferences(invoice),
  ]),
  rule('08', 'The subject of a note (BT-21)', 'note_subject', ({ notes }) =>
    notes.map((note) => note.subjectCode),
  ),
  rule('10', 'The scheme of a party (BT-29, BT-46, BT-60)', 'icd', (invoice) =>
    schemes(parties(invoice).flatMap((party) => party.identifiers)),
  ),
  rule('11', 'The scheme of a registration (BT-30, BT-47, BT-61)', 'icd', (invoice) =>
    schemes(parties(invoice).map((party) => party.legalId)),
  ),
  rule('13', 'The scheme of a classification (BT-158)', 'item_class', ({ lines }) =>
    schemes(lines.flatMap((line) => line.classifications)),
  ),
  rule('14', 'The country of an address', 'country', countries),
  rule('15', 'The country of origin of an item (BT-159)', 'country', ({ lines }) =>
    lines.map((line) => line.origin),
  ),
  rule('21', 'The scheme of a standard item identifier (BT-157)', 'icd', ({ lines }) =>
    schemes(lines.map((line) => line.standardId)),
  ),
  rule('23', 'The unit of a quantity (BT-130, BT-150)', 'unit', ({ lines }) =>
    lines.flatMap((line) => [line.unit, line.baseUnit]),
  ),
  rule('24', 'The kind of an attachment (BT-125)', 'mime', ({ documents }) =>
    documents.map((document) => document.attachment?.mime ?? null),
  ),
  rule('25', 'The scheme of an electronic address (BT-34, BT-49)', 'eas', (invoice) =>
    schemes(parties(invoice).map((party) => party.electronicAddress)),
  ),
  rule('26', 'The scheme of a place of delivery (BT-71)', 'icd', ({ delivery }) =>
    schemes([delivery?.locationId ?? null]),
  ),
];

export const codeRules: Rule[] = [...money, ...identifiers].sort((a, b) =>
  a.id.localeCompare(b.id),
);
