/** The semantic terms of a UN/CEFACT Cross Industry Invoice (D16B), the syntax of Factur-X and ZUGFeRD. */
import type { Invoice, PaymentMeans, Period, Term, Totals, VatBreakdown } from './invoice.ts';
import { allowanceChargeOf, dateOf, isVat, lineOf, periodOf } from './cii-line.ts';
import { deliveryOf, documentOf, partyOf } from './cii-party.ts';
import { first, identifier, term, termOf, terms } from './terms.ts';
import { elementsAt, type XmlElement } from './xml.ts';

const TYPE_OBJECT = '130';
const TYPE_TENDER = '50';

function paymentMeansOf(
  element: XmlElement,
  remittance: Term[],
  mandate: Term | null,
): PaymentMeans {
  const account = first(element, 'PayeePartyCreditorFinancialAccount');
  const card = first(element, 'ApplicableTradeSettlementFinancialCard');
  return {
    element,
    code: term(element, 'TypeCode'),
    text: term(element, 'Information'),
    remittance,
    account: account && {
      element: account,
      id: term(account, 'IBANID') ?? term(account, 'ProprietaryID'),
      name: term(account, 'AccountName'),
      provider: term(element, 'PayeeSpecifiedCreditorFinancialInstitution/BICID'),
    },
    card: card && {
      element: card,
      number: term(card, 'ID'),
      holder: term(card, 'CardholderName'),
    },
    mandate,
    debited: term(element, 'PayerPartyDebtorFinancialAccount/IBANID'),
  };
}

function totalsOf(settlement: XmlElement | null): Totals {
  const element = first(settlement, 'SpecifiedTradeSettlementHeaderMonetarySummation');
  const taxes = element ? elementsAt(element, 'TaxTotalAmount') : [];
  const currency = term(settlement, 'InvoiceCurrencyCode')?.value;
  const taxCurrency = term(settlement, 'TaxCurrencyCode')?.value;
  const inCurrency = (code: string | undefined) =>
    code === undefined ? undefined : taxes.find((tax) => tax.attributes.get('currencyID') === code);
  const main = inCurrency(currency) ?? taxes[0];
  const other = inCurrency(taxCurrency);
  return {
    element,
    lines: term(element, 'LineTotalAmount'),
    allowances: term(element, 'AllowanceTotalAmount'),
    charges: term(element, 'ChargeTotalAmount'),
    net: term(element, 'TaxBasisTotalAmount'),
    tax: main ? termOf(main) : null,
    taxInAccountingCurrency: other && other !== main ? termOf(other) : null,
    gross: term(element, 'GrandTotalAmount'),
    paid: term(element, 'TotalPrepaidAmount'),
    rounding: term(element, 'RoundingAmount'),
    due: term(element, 'DuePayableAmount'),
  };
}

const breakdownOf = (element: XmlElement): VatBreakdown => ({
  element,
  taxable: term(element, 'BasisAmount'),
  tax: term(element, 'CalculatedAmount'),
  category: isVat(element) ? term(element, 'CategoryCode') : null,
  rate: isVat(element) ? term(element, 'RateApplicablePercent') : null,
  exemptionReason: term(element, 'ExemptionReason'),
  exemptionCode: term(element, 'ExemptionReasonCode'),
});

function headerOf(root: XmlElement, settlement: XmlElement | null) {
  const document = first(root, 'ExchangedDocument');
  const context = first(root, 'ExchangedDocumentContext');
  return {
    number: term(document, 'ID'),
    issueDate: dateOf(document, 'IssueDateTime/DateTimeString'),
    typeCode: term(document, 'TypeCode'),
    currency: term(settlement, 'InvoiceCurrencyCode'),
    taxCurrency: term(settlement, 'TaxCurrencyCode'),
    taxPointDate: dateOf(settlement, 'ApplicableTradeTax/TaxPointDate/DateString'),
    taxPointCode: term(settlement, 'ApplicableTradeTax/DueDateTypeCode'),
    dueDate: dateOf(settlement, 'SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString'),
    accounting: term(settlement, 'ReceivableSpecifiedTradeAccountingAccount/ID'),
    paymentTerms: term(settlement, 'SpecifiedTradePaymentTerms/Description'),
    notes: (document ? elementsAt(document, 'IncludedNote') : []).flatMap((note) => {
      const text = term(note, 'Content');
      return text ? [{ text, subjectCode: term(note, 'SubjectCode') }] : [];
    }),
    process: term(context, 'BusinessProcessSpecifiedDocumentContextParameter/ID'),
    specification: term(context, 'GuidelineSpecifiedDocumentContextParameter/ID'),
  };
}

function referencesOf(
  agreement: XmlElement | null,
  delivery: XmlElement | null,
  settlement: XmlElement | null,
) {
  const additional = agreement ? elementsAt(agreement, 'AdditionalReferencedDocument') : [];
  const typed = (code: string) =>
    additional.find((reference) => term(reference, 'TypeCode')?.value === code) ?? null;
  const object = typed(TYPE_OBJECT);
  const invoicedObject = identifier(object, 'IssuerAssignedID');
  const preceding = settlement ? elementsAt(settlement, 'InvoiceReferencedDocument') : [];
  return {
    buyerReference: term(agreement, 'BuyerReference'),
    project: term(agreement, 'SpecifiedProcuringProject/ID'),
    contract: term(agreement, 'ContractReferencedDocument/IssuerAssignedID'),
    purchaseOrder: term(agreement, 'BuyerOrderReferencedDocument/IssuerAssignedID'),
    salesOrder: term(agreement, 'SellerOrderReferencedDocument/IssuerAssignedID'),
    receivingAdvice: term(delivery, 'ReceivingAdviceReferencedDocument/IssuerAssignedID'),
    despatchAdvice: term(delivery, 'DespatchAdviceReferencedDocument/IssuerAssignedID'),
    tender: term(typed(TYPE_TENDER), 'IssuerAssignedID'),
    invoicedObject: invoicedObject && {
      ...invoicedObject,
      scheme: term(object, 'ReferenceTypeCode'),
    },
    precedingInvoices: preceding.map((element) => ({
      element,
      number: term(element, 'IssuerAssignedID'),
      date: dateOf(element, 'FormattedIssueDateTime/DateTimeString'),
    })),
    documents: additional
      .filter((one) => ![TYPE_OBJECT, TYPE_TENDER].includes(term(one, 'TypeCode')?.value ?? ''))
      .map(documentOf),
  };
}

function paymentOf(settlement: XmlElement | null) {
  const remittance = terms(settlement, 'PaymentReference');
  const mandate = term(settlement, 'SpecifiedTradePaymentTerms/DirectDebitMandateID');
  const means = settlement ? elementsAt(settlement, 'SpecifiedTradeSettlementPaymentMeans') : [];
  return {
    paymentMeans: means.map((one) => paymentMeansOf(one, remittance, mandate)),
    creditorId: term(settlement, 'CreditorReferenceID'),
  };
}

/** The root is `CrossIndustryInvoice`. */
export function invoiceOfCii(root: XmlElement): Invoice {
  const transaction = first(root, 'SupplyChainTradeTransaction');
  const agreement = first(transaction, 'ApplicableHeaderTradeAgreement');
  const delivery = first(transaction, 'ApplicableHeaderTradeDelivery');
  const settlement = first(transaction, 'ApplicableHeaderTradeSettlement');
  const all = (from: XmlElement | null, path: string) => (from ? elementsAt(from, path) : []);
  const period: Period | null = periodOf(first(settlement, 'BillingSpecifiedPeriod'));
  return {
    syntax: 'cii',
    root,
    ...headerOf(root, settlement),
    ...referencesOf(agreement, delivery, settlement),
    seller: partyOf(first(agreement, 'SellerTradeParty')),
    buyer: partyOf(first(agreement, 'BuyerTradeParty')),
    payee: partyOf(first(settlement, 'PayeeTradeParty')),
    taxRepresentative: partyOf(first(agreement, 'SellerTaxRepresentativeTradeParty')),
    delivery: deliveryOf(delivery),
    period,
    ...paymentOf(settlement),
    allowanceCharges: all(settlement, 'SpecifiedTradeAllowanceCharge').map(allowanceChargeOf),
    totals: totalsOf(settlement),
    vatBreakdown: all(settlement, 'ApplicableTradeTax').map(breakdownOf),
    lines: all(transaction, 'IncludedSupplyChainTradeLineItem').map(lineOf),
  };
}
