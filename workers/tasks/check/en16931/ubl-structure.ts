/** UBL-SR: how often an element of UBL may occur in an invoice of the standard. */
import { isVat } from '../../../einvoice/ubl-line.ts';
import type { Invoice } from '../../../einvoice/invoice.ts';
import { says, term } from '../../../einvoice/terms.ts';
import { elementsAt, type XmlElement } from '../../../einvoice/xml.ts';
import { forEach, judge, NOT_APPLICABLE, placeOf, quote, type Finding, type Rule } from './rule.ts';

type Find = (root: XmlElement) => XmlElement[];

const rule = (number: string, requirement: string, check: (root: XmlElement) => Finding): Rule => ({
  id: `UBL-SR-${number}`,
  severity: 'fatal',
  syntax: 'ubl',
  requirement,
  check: (invoice: Invoice) => check(invoice.root),
});

function atMost(limit: number, found: readonly XmlElement[]): Finding {
  const extra = found[limit];
  const shown = extra ?? found[0];
  if (!shown) return NOT_APPLICABLE;
  return {
    verdict: extra ? 'fail' : 'pass',
    found: quote(
      found
        .slice(0, 4)
        .map((element) => element.text.trim() || element.name)
        .join(' · '),
    ),
    at: placeOf(shown),
  };
}

/** Lines of both documents. */
const LINES = ['InvoiceLine', 'CreditNoteLine'];
const at =
  (...paths: string[]): Find =>
  (root) =>
    paths.flatMap((path) => elementsAt(root, path));
const lines = at(...LINES);
const seller = 'AccountingSupplierParty/Party';
const buyer = 'AccountingCustomerParty/Party';

/** The count is taken in each group by itself; the whole invoice is the group where none is named. */
function once(
  number: string,
  name: string,
  path: string | Find,
  groups: Find = (root) => [root],
  limit = 1,
): Rule {
  const find = typeof path === 'string' ? at(path) : path;
  return rule(number, `${name}: at most ${limit === 1 ? 'once' : limit}.`, (root) => {
    const counts = groups(root).map((group) => atMost(limit, find(group)));
    return (
      counts.find((count) => count.verdict === 'fail') ??
      counts.find((count) => count.verdict === 'pass') ??
      NOT_APPLICABLE
    );
  });
}

const vatNumbers =
  (party: string, vat: boolean): Find =>
  (root) =>
    elementsAt(root, `${party}/PartyTaxScheme`)
      .filter((scheme) => isVat(scheme) === vat)
      .flatMap((scheme) => elementsAt(scheme, 'CompanyID'));

const withoutSepa =
  (path: string): Find =>
  (root) =>
    elementsAt(root, path).filter((id) => id.attributes.get('schemeID') !== 'SEPA');

const typed =
  (path: string, code: string): Find =>
  (group) =>
    elementsAt(group, path).filter((one) => term(one, 'DocumentTypeCode')?.value === code);

const charges =
  (charge: boolean): Find =>
  (root) =>
    elementsAt(root, 'AllowanceCharge').filter(
      (one) => (term(one, 'ChargeIndicator')?.value === 'true') === charge,
    );

const document: Rule[] = [
  once('01', 'Contract reference', 'ContractDocumentReference/ID'),
  once('02', 'Receiving advice', 'ReceiptDocumentReference/ID'),
  once('03', 'Despatch advice', 'DespatchDocumentReference/ID'),
  once('04', 'Invoiced object', typed('AdditionalDocumentReference', '130')),
  once('05', 'Payment terms', 'PaymentTerms'),
  once(
    '06',
    'Preceding invoice in a billing reference',
    'InvoiceDocumentReference',
    at('BillingReference'),
  ),
  once('08', 'Invoicing period', 'InvoicePeriod'),
  once('24', 'Delivery', 'Delivery'),
  once('25', 'Name of the place of delivery', 'Delivery/DeliveryParty/PartyName/Name'),
  once('30', 'Reason of an allowance', 'AllowanceChargeReason', charges(false)),
  once('31', 'Reason of a charge', 'AllowanceChargeReason', charges(true)),
  once(
    '32',
    'Reason of a VAT exemption',
    'TaxCategory/TaxExemptionReason',
    at('TaxTotal/TaxSubtotal'),
  ),
  once(
    '33',
    'Description of a supporting document',
    'DocumentDescription',
    at('AdditionalDocumentReference'),
  ),
  once('39', 'Project reference', (root) => [
    ...at('ProjectReference/ID')(root),
    ...(root.name === 'CreditNote' ? typed('AdditionalDocumentReference', '50')(root) : []),
  ]),
  once('45', 'Due date', (root) => at('DueDate', 'PaymentMeans/PaymentDueDate')(root)),
  once('49', 'VAT point date', 'TaxPointDate'),
  once(
    '51',
    'Third line of an address',
    'AddressLine',
    at(
      `${seller}/PostalAddress`,
      `${buyer}/PostalAddress`,
      'TaxRepresentativeParty/PostalAddress',
      'Delivery/DeliveryLocation/Address',
    ),
  ),
  once('56', 'Originator (tender) reference', 'OriginatorDocumentReference'),
];

const parties: Rule[] = [
  once('09', "Seller's name", `${seller}/PartyLegalEntity/RegistrationName`),
  once('10', "Seller's trading name", `${seller}/PartyName/Name`),
  once('11', "Seller's registration", `${seller}/PartyLegalEntity/CompanyID`),
  once('12', "Seller's VAT number", vatNumbers(seller, true)),
  once('13', "Seller's other tax number", vatNumbers(seller, false)),
  once('14', "Seller's legal information", `${seller}/PartyLegalEntity/CompanyLegalForm`),
  once('15', "Buyer's name", `${buyer}/PartyLegalEntity/RegistrationName`),
  once('16', "Buyer's identifier", `${buyer}/PartyIdentification/ID`),
  once('17', "Buyer's registration", `${buyer}/PartyLegalEntity/CompanyID`),
  once('18', "Buyer's VAT number", vatNumbers(buyer, true)),
  once('19', "Payee's name", 'PayeeParty/PartyName/Name'),
  once('20', "Payee's identifier", withoutSepa('PayeeParty/PartyIdentification/ID')),
  once('21', "Payee's registration", 'PayeeParty/PartyLegalEntity/CompanyID'),
  once('22', "Tax representative's name", 'TaxRepresentativeParty/PartyName/Name'),
  once('23', "Tax representative's VAT number", vatNumbers('TaxRepresentativeParty', true)),
  once('29', "Bank's identifier of the creditor", (root) =>
    at(
      `${seller}/PartyIdentification/ID`,
      'PayeeParty/PartyIdentification/ID',
    )(root).filter((id) => id.attributes.get('schemeID') === 'SEPA'),
  ),
  once('40', "Buyer's trading name", `${buyer}/PartyName/Name`),
  once('42', "Seller's tax schemes", `${seller}/PartyTaxScheme`, undefined, 2),
  rule('53', 'A tax scheme of a party comes with its number.', (root) =>
    forEach(
      at(
        `${seller}/PartyTaxScheme`,
        `${buyer}/PartyTaxScheme`,
        'TaxRepresentativeParty/PartyTaxScheme',
      )(root),
      (scheme) => scheme,
      (scheme) =>
        says(term(scheme, 'TaxScheme/ID'))
          ? judge(
              says(term(scheme, 'CompanyID')),
              term(scheme, 'CompanyID'),
              term(scheme, 'TaxScheme/ID'),
            )
          : null,
    ),
  ),
];

/** All values of a path are one and the same. */
const allEqual =
  (path: string) =>
  (root: XmlElement): Finding => {
    const found = elementsAt(root, path);
    const [first] = found;
    if (!first) return NOT_APPLICABLE;
    const other = found.find((one) => one.text.trim() !== first.text.trim());
    return {
      verdict: other ? 'fail' : 'pass',
      found: quote([first, ...(other ? [other] : [])].map((one) => one.text.trim()).join(' · ')),
      at: placeOf(other ?? first),
    };
  };

const payment: Rule[] = [
  once('26', 'Payment reference of a means of payment', 'PaymentID', at('PaymentMeans')),
  once('27', 'Text of a means of payment', 'InstructionNote', at('PaymentMeans')),
  once('28', 'Mandate of a direct debit', 'PaymentMandate/ID', at('PaymentMeans')),
  rule('44', 'All payment references are the same.', allEqual('PaymentMeans/PaymentID')),
  once(
    '46',
    'Name of a means of payment',
    (means) => elementsAt(means, 'PaymentMeansCode').filter((code) => code.attributes.has('name')),
    at('PaymentMeans'),
  ),
  rule('47', 'All means of payment have the same code.', allEqual('PaymentMeans/PaymentMeansCode')),
  once('54', 'Payment card', 'PaymentMeans/CardAccount'),
  once('55', 'Payment mandate', 'PaymentMeans/PaymentMandate'),
];

const line: Rule[] = [
  rule('07', 'A preceding invoice reference names the number.', (root) =>
    forEach(
      at('BillingReference')(root),
      (one) => one,
      (one) => {
        const number = term(one, 'InvoiceDocumentReference/ID');
        return judge(says(number), number);
      },
    ),
  ),
  once('34', 'Note of a line', 'Note', lines),
  once('35', 'Order line of a line', 'OrderLineReference/LineID', lines),
  once('36', 'Period of a line', 'InvoicePeriod', lines),
  once('37', 'Discount of a price', 'Price/AllowanceCharge/Amount', lines),
  rule(
    '43',
    'The scheme of a document reference is for invoiced objects (type 130) only.',
    (root) =>
      forEach(
        at('AdditionalDocumentReference')(root),
        (one) => one,
        (one) => {
          const id = elementsAt(one, 'ID')[0];
          return id?.attributes.has('schemeID')
            ? judge(term(one, 'DocumentTypeCode')?.value === '130', term(one, 'ID'))
            : null;
        },
      ),
  ),
  rule('48', 'Each line has exactly one VAT category.', (root) =>
    forEach(
      lines(root),
      (one) => one,
      (one) => {
        const found = elementsAt(one, 'Item/ClassifiedTaxCategory');
        return judge(
          found.length === 1,
          ...found.slice(0, 2).map((category) => term(category, 'ID')),
        );
      },
    ),
  ),
  once('50', 'Description of an item', 'Item/Description', lines),
  once('52', 'Document reference of a line', 'DocumentReference', lines),
];

export const structureRules: Rule[] = [...document, ...parties, ...payment, ...line].sort((a, b) =>
  a.id.localeCompare(b.id),
);
