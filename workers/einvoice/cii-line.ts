/** The lines, allowances and charges of a Cross Industry Invoice as semantic terms. */
import type { AllowanceCharge, InvoiceLine, Period, Term } from './invoice.ts';
import { attributeOf, first, identifier, identifierOf, term, termOf } from './terms.ts';
import { elementsAt, type XmlElement } from './xml.ts';

/** A date of format 102 (YYYYMMDD) as ISO 8601; another format as it is written. */
export function dateOf(from: XmlElement | null, path: string): Term | null {
  const found = term(from, path);
  const parts = found && /^(\d{4})(\d{2})(\d{2})$/.exec(found.value);
  return found && parts ? { ...found, value: parts.slice(1).join('-') } : found;
}

export const isVat = (tax: XmlElement): boolean =>
  term(tax, 'TypeCode')?.value.toUpperCase() === 'VAT';

export function periodOf(element: XmlElement | null): Period | null {
  if (!element) return null;
  return {
    element,
    start: dateOf(element, 'StartDateTime/DateTimeString'),
    end: dateOf(element, 'EndDateTime/DateTimeString'),
    code: null,
  };
}

export function allowanceChargeOf(element: XmlElement): AllowanceCharge {
  const tax = elementsAt(element, 'CategoryTradeTax').find(isVat) ?? null;
  return {
    element,
    kind: term(element, 'ChargeIndicator/Indicator')?.value === 'true' ? 'charge' : 'allowance',
    amount: term(element, 'ActualAmount'),
    base: term(element, 'BasisAmount'),
    percent: term(element, 'CalculationPercent'),
    vatCategory: term(tax, 'CategoryCode'),
    vatRate: term(tax, 'RateApplicablePercent'),
    reason: term(element, 'Reason'),
    reasonCode: term(element, 'ReasonCode'),
  };
}

function productOf(product: XmlElement | null) {
  const all = (path: string) => (product ? elementsAt(product, path) : []);
  return {
    name: term(product, 'Name'),
    description: term(product, 'Description'),
    sellersId: term(product, 'SellerAssignedID'),
    buyersId: term(product, 'BuyerAssignedID'),
    standardId: identifier(product, 'GlobalID'),
    classifications: all('DesignatedProductClassification/ClassCode').map((code) =>
      identifierOf(code, 'listID', 'listVersionID'),
    ),
    origin: term(product, 'OriginTradeCountry/ID'),
    attributes: all('ApplicableProductCharacteristic').map((element) => ({
      element,
      name: term(element, 'Description'),
      value: term(element, 'Value'),
    })),
  };
}

function priceOf(agreement: XmlElement | null) {
  const net = first(agreement, 'NetPriceProductTradePrice');
  const gross = first(agreement, 'GrossPriceProductTradePrice');
  const base = first(net, 'BasisQuantity') ?? first(gross, 'BasisQuantity');
  return {
    netPrice: term(net, 'ChargeAmount'),
    priceDiscount: term(gross, 'AppliedTradeAllowanceCharge/ActualAmount'),
    grossPrice: term(gross, 'ChargeAmount'),
    baseQuantity: base && termOf(base),
    baseUnit: base && attributeOf(base, 'unitCode'),
  };
}

function settlementOf(settlement: XmlElement | null) {
  const all = (path: string) => (settlement ? elementsAt(settlement, path) : []);
  const tax = all('ApplicableTradeTax').find(isVat) ?? null;
  const object =
    all('AdditionalReferencedDocument').find((one) => term(one, 'TypeCode')?.value === '130') ??
    null;
  const objectId = identifier(object, 'IssuerAssignedID');
  return {
    objectId: objectId && { ...objectId, scheme: term(object, 'ReferenceTypeCode') },
    net: term(settlement, 'SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount'),
    accounting: term(settlement, 'ReceivableSpecifiedTradeAccountingAccount/ID'),
    period: periodOf(first(settlement, 'BillingSpecifiedPeriod')),
    allowanceCharges: all('SpecifiedTradeAllowanceCharge').map(allowanceChargeOf),
    vatCategory: term(tax, 'CategoryCode'),
    vatRate: term(tax, 'RateApplicablePercent'),
  };
}

export function lineOf(element: XmlElement): InvoiceLine {
  const agreement = first(element, 'SpecifiedLineTradeAgreement');
  const quantity = first(element, 'SpecifiedLineTradeDelivery/BilledQuantity');
  return {
    element,
    id: term(element, 'AssociatedDocumentLineDocument/LineID'),
    note: term(element, 'AssociatedDocumentLineDocument/IncludedNote/Content'),
    quantity: quantity && termOf(quantity),
    unit: quantity && attributeOf(quantity, 'unitCode'),
    orderLine: term(agreement, 'BuyerOrderReferencedDocument/LineID'),
    ...priceOf(agreement),
    ...settlementOf(first(element, 'SpecifiedLineTradeSettlement')),
    ...productOf(first(element, 'SpecifiedTradeProduct')),
  };
}
