/** UBL-DT: attributes and decimals of the data types of UBL. */
import type { Invoice, Term } from '../../../einvoice/invoice.ts';
import { attributeOf, termOf } from '../../../einvoice/terms.ts';
import { descendants, type XmlElement } from '../../../einvoice/xml.ts';
import { decimalsOf } from './amounts.ts';
import { forEach, judge, NOT_APPLICABLE, placeOf, quote, type Finding, type Rule } from './rule.ts';

const MAX_DECIMALS = 2;
/** Attributes that an invoice of the standard does without, from UBL-DT-08 on. */
const UNWANTED = [
  'schemeName',
  'schemeAgencyName',
  'schemeDataURI',
  'schemeURI',
  'format',
  'unitCodeListID',
  'unitCodeListAgencyID',
  'unitCodeListAgencyName',
  'listAgencyName',
  'listName',
  'name',
  'languageID',
  'listURI',
  'listSchemeURI',
  'languageLocaleID',
  'uri',
  'currencyCodeListVersionID',
  'characterSetCode',
  'encodingCode',
  'schemeAgencyID',
  'listAgencyID',
];
const FIRST_UNWANTED = 8;
/** The name of a means of payment is BT-82. */
const NAMED = 'PaymentMeansCode';

/** Prices and the discounts of prices may have more decimals. */
function isAmount({ name, parent }: XmlElement): boolean {
  if (!name.endsWith('Amount') || name === 'PriceAmount') return false;
  return !(parent?.name === 'AllowanceCharge' && parent.parent?.name === 'Price');
}

const amounts = ({ root }: Invoice): Term[] => [...descendants(root)].filter(isAmount).map(termOf);
const binaries = ({ root }: Invoice): XmlElement[] =>
  [...descendants(root)].filter((element) => element.name === 'EmbeddedDocumentBinaryObject');

const fatal = (number: string, requirement: string, check: Rule['check']): Rule => ({
  id: `UBL-DT-${number}`,
  severity: 'fatal',
  syntax: 'ubl',
  requirement,
  check,
});

const hasAttribute =
  (name: string) =>
  (invoice: Invoice): Finding =>
    forEach(
      binaries(invoice),
      (one) => one,
      (one) => judge(one.attributes.has(name), attributeOf(one, name)),
    );

function without(invoice: Invoice, name: string): Finding {
  for (const element of descendants(invoice.root)) {
    const value = element.attributes.get(name);
    if (value === undefined || (name === 'name' && element.name === NAMED)) continue;
    return {
      verdict: 'fail',
      found: quote(`${element.name} ${name}="${value}"`),
      at: placeOf(element),
    };
  }
  return { ...NOT_APPLICABLE, verdict: 'pass' };
}

export const typeRules: Rule[] = [
  fatal('01', `Amounts have at most ${MAX_DECIMALS} decimals.`, (invoice) =>
    forEach(
      amounts(invoice),
      (term) => term.element,
      (term) => judge(decimalsOf(term.value) <= MAX_DECIMALS, term),
    ),
  ),
  fatal('06', 'An attached file names its kind (mimeCode).', hasAttribute('mimeCode')),
  fatal('07', 'An attached file has a file name.', hasAttribute('filename')),
  ...UNWANTED.map((name, index): Rule => ({
    id: `UBL-DT-${String(FIRST_UNWANTED + index).padStart(2, '0')}`,
    severity: 'warning',
    syntax: 'ubl',
    requirement: `The attribute ${name} is left out.`,
    check: (invoice) => without(invoice, name),
  })),
];
