/** UBL-CR: elements and attributes of UBL that the standard does without. Most are warnings. */
import type { Invoice } from '../../../einvoice/invoice.ts';
import { term } from '../../../einvoice/terms.ts';
import { descendants, elementsAt, type XmlElement } from '../../../einvoice/xml.ts';
import { forEach, judge, NOT_APPLICABLE, placeOf, quote, type Finding, type Rule } from './rule.ts';
import { ABSENT } from './ubl-absent-table.ts';

/** The type of a document reference that names the invoiced object (BT-18). */
const OBJECT = '130';

const rule = (
  number: number,
  requirement: string,
  check: (root: XmlElement) => Finding,
  severity: Rule['severity'] = 'warning',
): Rule => ({
  id: `UBL-CR-${String(number).padStart(3, '0')}`,
  severity,
  syntax: 'ubl',
  requirement,
  check: (invoice: Invoice) => check(invoice.root),
});

/** Passes where nothing is there: the rule is about what an invoice does without. */
function none(found: readonly XmlElement[], attribute?: string): Finding {
  const [first] = found;
  if (!first) return { ...NOT_APPLICABLE, verdict: 'pass' };
  const value = attribute === undefined ? first.text.trim() : first.attributes.get(attribute);
  const name = attribute === undefined ? first.name : `${first.name} ${attribute}`;
  return { verdict: 'fail', found: quote(`${name}: ${value ?? ''}`), at: placeOf(first) };
}

/** `Line` stands for the lines of an invoice and of a credit note. */
const pathsOf = (path: string): string[] =>
  path.startsWith('Line')
    ? [path.replace('Line', 'InvoiceLine'), path.replace('Line', 'CreditNoteLine')]
    : [path];

function elementRule(number: number, group: string, name: string): Rule {
  const path = group === '' ? name : `${group}/${name}`;
  const paths = pathsOf(path);
  return rule(number, `${path.replaceAll('/', ' › ')} is left out.`, (root) => {
    // The due date of a credit note stands there (BT-9).
    if (path === 'PaymentMeans/PaymentDueDate' && root.name === 'CreditNote') return NOT_APPLICABLE;
    return none(paths.flatMap((one) => elementsAt(root, one)));
  });
}

const tableRules: Rule[] = ABSENT.flatMap(({ first, path, names }) =>
  names.map((name, index) => elementRule(first + index, path, name)),
);

/** An attribute of the elements at a path, or of all elements of a name where the path begins with `//`. */
function attributeRule(number: number, path: string, attribute: string): Rule {
  const name = path.slice(2);
  const find = path.startsWith('//')
    ? (root: XmlElement) =>
        [...descendants(root)].filter((one) => name === '*' || one.name === name)
    : (root: XmlElement) => pathsOf(path).flatMap((one) => elementsAt(root, one));
  const where = path.replace('//*', 'any element').replace('//', '').replaceAll('/', ' › ');
  return rule(number, `The ${attribute} of ${where} is left out.`, (root) =>
    none(
      find(root).filter((one) => one.attributes.has(attribute)),
      attribute,
    ),
  );
}

/** Elements of a name whose parent has a name. */
function below(number: number, parent: string, name: string, attribute: string): Rule {
  return rule(number, `The ${attribute} of ${parent} › ${name} is left out.`, (root) => {
    const found = [...descendants(root)].filter(
      (one) => one.name === name && one.parent?.name === parent,
    );
    return none(
      found.filter((one) => one.attributes.has(attribute)),
      attribute,
    );
  });
}

const attributeRules: Rule[] = [
  attributeRule(648, 'CustomizationID', 'schemeID'),
  attributeRule(649, 'ProfileID', 'schemeID'),
  attributeRule(650, 'ID', 'schemeID'),
  attributeRule(651, 'OrderReference/SalesOrderID', 'schemeID'),
  below(652, 'PartyTaxScheme', 'CompanyID', 'schemeID'),
  attributeRule(653, 'PaymentMeans/PaymentID', 'schemeID'),
  attributeRule(654, 'PaymentMeans/PayeeFinancialAccount/ID', 'schemeID'),
  attributeRule(
    655,
    'PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID',
    'schemeID',
  ),
  attributeRule(656, 'InvoiceTypeCode', 'listID'),
  attributeRule(657, 'DocumentCurrencyCode', 'listID'),
  attributeRule(658, 'TaxCurrencyCode', 'listID'),
  attributeRule(659, 'AdditionalDocumentReference/DocumentTypeCode', 'listID'),
  below(660, 'Country', 'IdentificationCode', 'listID'),
  attributeRule(661, 'PaymentMeans/PaymentMeansCode', 'listID'),
  attributeRule(662, '//AllowanceChargeReasonCode', 'listID'),
  attributeRule(663, '//*', 'unitCodeListID'),
  attributeRule(667, 'Line/Item/BuyersItemIdentification/ID', 'schemeID'),
  attributeRule(668, 'Line/Item/SellersItemIdentification/ID', 'schemeID'),
  attributeRule(672, 'CreditNoteTypeCode', 'listID'),
  attributeRule(674, '//PrimaryAccountNumberID', 'schemeID'),
  attributeRule(675, '//NetworkID', 'schemeID'),
  below(676, 'PaymentMandate', 'ID', 'schemeID'),
  below(677, 'PayerFinancialAccount', 'ID', 'schemeID'),
  below(678, 'TaxCategory', 'ID', 'schemeID'),
  below(679, 'ClassifiedTaxCategory', 'ID', 'schemeID'),
];

const additional = (root: XmlElement) => elementsAt(root, 'AdditionalDocumentReference');
const isObject = (reference: XmlElement) => term(reference, 'DocumentTypeCode')?.value === OBJECT;

/** A reference to the invoiced object is nothing else besides. */
const objectWithout = (number: number, path: string): Rule =>
  rule(
    number,
    `A reference to the invoiced object has no ${path}.`,
    (root) =>
      forEach(
        additional(root).filter(isObject),
        (one) => one,
        (one) => judge(elementsAt(one, path).length === 0, term(one, 'ID')),
      ),
    'fatal',
  );

const otherRules: Rule[] = [
  rule(1, 'Extensions are left out.', (root) => none(elementsAt(root, 'UBLExtensions'))),
  rule(2, 'The version of UBL is left out or 2.1.', (root) =>
    none(elementsAt(root, 'UBLVersionID').filter((version) => version.text.trim() !== '2.1')),
  ),
  rule(665, 'Only the reference to the invoiced object (type 130) has a scheme.', (root) =>
    none(
      additional(root)
        .filter((one) => !isObject(one))
        .flatMap((one) => elementsAt(one, 'ID'))
        .filter((id) => id.attributes.has('schemeID')),
      'schemeID',
    ),
  ),
  objectWithout(666, 'Attachment'),
  objectWithout(673, 'DocumentDescription'),
  elementRule(669, 'Line/Price/AllowanceCharge', 'AllowanceChargeReasonCode'),
  elementRule(670, 'Line/Price/AllowanceCharge', 'AllowanceChargeReason'),
  elementRule(671, 'Line/Price/AllowanceCharge', 'MultiplierFactorNumeric'),
];

export const absentRules: Rule[] = [...tableRules, ...attributeRules, ...otherRules].sort((a, b) =>
  a.id.localeCompare(b.id),
);
