/** An e-invoice out of XML text: UBL 2.1 (Invoice, CreditNote) and UN/CEFACT CII, as the terms of EN 16931. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import { invoiceOfCii } from './cii.ts';
import type { Invoice } from './invoice.ts';
import { invoiceOfUbl } from './ubl.ts';
import { readXml, type XmlElement } from './xml.ts';

const UBL = 'urn:oasis:names:specification:ubl:schema:xsd:';
const CII = 'urn:un:unece:uncefact:data:standard:';
const INVOICE = `${UBL}Invoice-2`;
const CREDIT_NOTE = `${UBL}CreditNote-2`;
const CROSS_INDUSTRY = `${CII}CrossIndustryInvoice:100`;

const KNOWN: ReadonlySet<string> = new Set([
  INVOICE,
  CREDIT_NOTE,
  `${UBL}CommonAggregateComponents-2`,
  `${UBL}CommonBasicComponents-2`,
  `${UBL}CommonExtensionComponents-2`,
  CROSS_INDUSTRY,
  `${CII}ReusableAggregateBusinessInformationEntity:100`,
  `${CII}UnqualifiedDataType:100`,
  `${CII}QualifiedDataType:100`,
]);

function syntaxOf(root: XmlElement): ((root: XmlElement) => Invoice) | null {
  if (root.namespace === INVOICE && root.name === 'Invoice') return invoiceOfUbl;
  if (root.namespace === CREDIT_NOTE && root.name === 'CreditNote') return invoiceOfUbl;
  if (root.namespace === CROSS_INDUSTRY && root.name === 'CrossIndustryInvoice')
    return invoiceOfCii;
  return null;
}

/** Does the text begin like an e-invoice? Reads only its head. */
export function looksLikeInvoice(text: string): boolean {
  const head = text.slice(0, 8_192);
  return (
    /^[\s\uFEFF]*</.test(head) &&
    [INVOICE, CREDIT_NOTE, CROSS_INDUSTRY].some((uri) => head.includes(uri))
  );
}

/** Fails with empty_input, input_too_long, file_broken (not well-formed, a DTD, too deep) and unsupported_input. */
export function readInvoice(xml: string): Result<Invoice> {
  const read = readXml(xml, KNOWN);
  if (!read.ok) return read;
  const map = syntaxOf(read.value);
  if (!map)
    return fail(
      'unsupported_input',
      `The XML is no e-invoice of UBL 2.1 or UN/CEFACT CII: its root is "${read.value.name.slice(0, 120)}".`,
    );
  return ok(map(read.value));
}
