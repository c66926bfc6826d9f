/** The semantic terms of a UBL 2.1 Invoice or CreditNote. */
import type {
  Identifier,
  Invoice,
  PaymentMeans,
  Period,
  SupportingDocument,
  Term,
  Totals,
  VatBreakdown,
} from './invoice.ts';
import { allowanceChargeOf, lineOf, isVat } from './ubl-line.ts';
import { CREDITOR_SCHEME, deliveryOf, partyOf } from './ubl-party.ts';
import { attributeOf, first, identifier, term, termOf, terms } from './terms.ts';
import { elementsAt, type XmlElement } from './xml.ts';

const DOCUMENT_TYPE_OBJECT = '130';
const DOCUMENT_TYPE_PROJECT = '50';

function periodOf(element: XmlElement | null): Period | null {
  if (!element) return null;
  return {
    element,
    start: term(element, 'StartDate'),
    end: term(element, 'EndDate'),
    code: term(element, 'DescriptionCode'),
  };
}

function paymentMeansOf(element: XmlElement): PaymentMeans {
  const account = first(element, 'PayeeFinancialAccount');
  const card = first(element, 'CardAccount');
  const code = first(element, 'PaymentMeansCode');
  return {
    element,
    code: code && termOf(code),
    text: code && attributeOf(code, 'name'),
    remittance: terms(element, 'PaymentID'),
    account: account && {
      element: account,
      id: term(account, 'ID'),
      name: term(account, 'Name'),
      provider: term(account, 'FinancialInstitutionBranch/ID'),
    },
    card: card && {
      element: card,
      number: term(card, 'PrimaryAccountNumberID'),
      holder: term(card, 'HolderName'),
    },
    mandate: term(element, 'PaymentMandate/ID'),
    debited: term(element, 'PaymentMandate/PayerFinancialAccount/ID'),
  };
}

/** BT-110 is in the invoice's currency, BT-111 in that of VAT accounting; without currencies the breakdown tells. */
function taxTotals(root: XmlElement): { tax: Term | null; taxInAccountingCurrency: Term | null } {
  const totals = elementsAt(root, 'TaxTotal');
  const currency = term(root, 'DocumentCurrencyCode')?.value;
  const taxCurrency = term(root, 'TaxCurrencyCode')?.value;
  const inCurrency = (code: string | undefined) =>
    code === undefined
      ? undefined
      : totals.find((total) => first(total, 'TaxAmount')?.attributes.get('currencyID') === code);
  const other = inCurrency(taxCurrency);
  const rest = totals.filter((total) => total !== other);
  const main =
    inCurrency(currency) ??
    rest.find((total) => first(total, 'TaxSubtotal') !== null) ??
    rest[0] ??
    other;
  return {
    tax: term(main ?? null, 'TaxAmount'),
    taxInAccountingCurrency: term(other ?? null, 'TaxAmount'),
  };
}

function totalsOf(root: XmlElement): Totals {
  const element = first(root, 'LegalMonetaryTotal');
  return {
    element,
    lines: term(element, 'LineExtensionAmount'),
    allowances: term(element, 'AllowanceTotalAmount'),
    charges: term(element, 'ChargeTotalAmount'),
    net: term(element, 'TaxExclusiveAmount'),
    ...taxTotals(root),
    gross: term(element, 'TaxInclusiveAmount'),
    paid: term(element, 'PrepaidAmount'),
    rounding: term(element, 'PayableRoundingAmount'),
    due: term(element, 'PayableAmount'),
  };
}

function breakdownOf(element: XmlElement): VatBreakdown {
  const category = elementsAt(element, 'TaxCategory').find(isVat) ?? null;
  return {
    element,
    taxable: term(element, 'TaxableAmount'),
    tax: term(element, 'TaxAmount'),
    category: term(category, 'ID'),
    rate: term(category, 'Percent'),
    exemptionReason: term(category, 'TaxExemptionReason'),
    exemptionCode: term(category, 'TaxExemptionReasonCode'),
  };
}

function documentOf(element: XmlElement): SupportingDocument {
  const attachment = first(element, 'Attachment/EmbeddedDocumentBinaryObject');
  return {
    element,
    reference: term(element, 'ID'),
    description: term(element, 'DocumentDescription'),
    location: term(element, 'Attachment/ExternalReference/URI'),
    attachment: attachment && {
      element: attachment,
      mime: attributeOf(attachment, 'mimeCode'),
      fileName: attributeOf(attachment, 'filename'),
    },
  };
}

/** `#AAI#text`: the subject code stands before the text. */
function noteOf(text: Term): { text: Term; subjectCode: Term | null } {
  const marked = /^#([^#]{1,10})#/.exec(text.value);
  if (!marked?.[1]) return { text, subjectCode: null };
  const value = text.value.slice(marked[0].length).trim();
  const subjectCode = { ...text, value: marked[1], end: text.start + marked[0].length };
  return { text: { ...text, value, start: subjectCode.end }, subjectCode };
}

function creditorIdOf(root: XmlElement): Term | null {
  const parties = ['AccountingSupplierParty/Party', 'PayeeParty'];
  const ids = parties.flatMap((path) => elementsAt(root, `${path}/PartyIdentification/ID`));
  const found = ids.find((id) => id.attributes.get('schemeID') === CREDITOR_SCHEME);
  return found ? termOf(found) : null;
}

/** A billing reference without an invoice is one without a number. */
function precedingOf(billing: XmlElement): Invoice['precedingInvoices'] {
  const invoices = elementsAt(billing, 'InvoiceDocumentReference');
  return (invoices.length > 0 ? invoices : [billing]).map((element) => ({
    element,
    number: element === billing ? null : term(element, 'ID'),
    date: term(element, 'IssueDate'),
  }));
}

function referencesOf(root: XmlElement, creditNote: boolean) {
  const additional = elementsAt(root, 'AdditionalDocumentReference');
  const typed = (code: string) =>
    additional.find((reference) => term(reference, 'DocumentTypeCode')?.value === code) ?? null;
  const object: Identifier | null = identifier(typed(DOCUMENT_TYPE_OBJECT), 'ID');
  const projectCode = creditNote ? typed(DOCUMENT_TYPE_PROJECT) : null;
  return {
    project: creditNote ? term(projectCode, 'ID') : term(root, 'ProjectReference/ID'),
    contract: term(root, 'ContractDocumentReference/ID'),
    purchaseOrder: term(root, 'OrderReference/ID'),
    salesOrder: term(root, 'OrderReference/SalesOrderID'),
    receivingAdvice: term(root, 'ReceiptDocumentReference/ID'),
    despatchAdvice: term(root, 'DespatchDocumentReference/ID'),
    tender: term(root, 'OriginatorDocumentReference/ID'),
    invoicedObject: object,
    precedingInvoices: elementsAt(root, 'BillingReference').flatMap(precedingOf),
    documents: additional
      .filter(
        (one) =>
          one !== projectCode && term(one, 'DocumentTypeCode')?.value !== DOCUMENT_TYPE_OBJECT,
      )
      .map(documentOf),
  };
}

/** The root is `Invoice` or `CreditNote` of UBL 2. */
export function invoiceOfUbl(root: XmlElement): Invoice {
  const creditNote = root.name === 'CreditNote';
  return {
    syntax: creditNote ? 'ubl-credit-note' : 'ubl-invoice',
    root,
    number: term(root, 'ID'),
    issueDate: term(root, 'IssueDate'),
    typeCode: term(root, creditNote ? 'CreditNoteTypeCode' : 'InvoiceTypeCode'),
    currency: term(root, 'DocumentCurrencyCode'),
    taxCurrency: term(root, 'TaxCurrencyCode'),
    taxPointDate: term(root, 'TaxPointDate'),
    taxPointCode: term(root, 'InvoicePeriod/DescriptionCode'),
    dueDate: term(root, creditNote ? 'PaymentMeans/PaymentDueDate' : 'DueDate'),
    buyerReference: term(root, 'BuyerReference'),
    ...referencesOf(root, creditNote),
    accounting: term(root, 'AccountingCost'),
    paymentTerms: term(root, 'PaymentTerms/Note'),
    notes: terms(root, 'Note').map(noteOf),
    process: term(root, 'ProfileID'),
    specification: term(root, 'CustomizationID'),
    seller: partyOf(first(root, 'AccountingSupplierParty/Party'), 'legal'),
    buyer: partyOf(first(root, 'AccountingCustomerParty/Party'), 'legal'),
    payee: partyOf(first(root, 'PayeeParty'), 'trading'),
    taxRepresentative: partyOf(first(root, 'TaxRepresentativeParty'), 'trading'),
    delivery: deliveryOf(first(root, 'Delivery')),
    period: periodOf(first(root, 'InvoicePeriod')),
    paymentMeans: elementsAt(root, 'PaymentMeans').map(paymentMeansOf),
    creditorId: creditorIdOf(root),
    allowanceCharges: elementsAt(root, 'AllowanceCharge').map(allowanceChargeOf),
    totals: totalsOf(root),
    vatBreakdown: elementsAt(root, 'TaxTotal/TaxSubtotal').map(breakdownOf),
    lines: root.children
      .filter(({ name }) => name === 'InvoiceLine' || name === 'CreditNoteLine')
      .map(lineOf),
  };
}
