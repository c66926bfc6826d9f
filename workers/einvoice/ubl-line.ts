/** The lines, allowances and charges of a UBL invoice as semantic terms. */
import type { AllowanceCharge, InvoiceLine } from './invoice.ts';
import { attributeOf, first, identifier, identifierOf, term, termOf } from './terms.ts';
import { elementsAt, type XmlElement } from './xml.ts';

/** Is the tax scheme of a tax category or a party VAT? */
export const isVat = (element: XmlElement): boolean =>
  term(element, 'TaxScheme/ID')?.value.toUpperCase() === 'VAT';

export function allowanceChargeOf(element: XmlElement): AllowanceCharge {
  const category = elementsAt(element, 'TaxCategory').find(isVat) ?? null;
  const indicator = term(element, 'ChargeIndicator')?.value;
  return {
    element,
    kind: indicator === 'true' || indicator === '1' ? 'charge' : 'allowance',
    amount: term(element, 'Amount'),
    base: term(element, 'BaseAmount'),
    percent: term(element, 'MultiplierFactorNumeric'),
    vatCategory: term(category, 'ID'),
    vatRate: term(category, 'Percent'),
    reason: term(element, 'AllowanceChargeReason'),
    reasonCode: term(element, 'AllowanceChargeReasonCode'),
  };
}

function periodOfLine(element: XmlElement | null): InvoiceLine['period'] {
  if (!element) return null;
  return { element, start: term(element, 'StartDate'), end: term(element, 'EndDate'), code: null };
}

function itemOf(item: XmlElement | null) {
  const vat = (item && elementsAt(item, 'ClassifiedTaxCategory').find(isVat)) ?? null;
  return {
    vatCategory: term(vat, 'ID'),
    vatRate: term(vat, 'Percent'),
    name: term(item, 'Name'),
    description: term(item, 'Description'),
    sellersId: term(item, 'SellersItemIdentification/ID'),
    buyersId: term(item, 'BuyersItemIdentification/ID'),
    standardId: identifier(item, 'StandardItemIdentification/ID'),
    classifications: (item
      ? elementsAt(item, 'CommodityClassification/ItemClassificationCode')
      : []
    ).map((code) => identifierOf(code, 'listID', 'listVersionID')),
    origin: term(item, 'OriginCountry/IdentificationCode'),
    attributes: (item ? elementsAt(item, 'AdditionalItemProperty') : []).map((element) => ({
      element,
      name: term(element, 'Name'),
      value: term(element, 'Value'),
    })),
  };
}

function priceOf(price: XmlElement | null) {
  const base = first(price, 'BaseQuantity');
  return {
    netPrice: term(price, 'PriceAmount'),
    priceDiscount: term(price, 'AllowanceCharge/Amount'),
    grossPrice: term(price, 'AllowanceCharge/BaseAmount'),
    baseQuantity: base && termOf(base),
    baseUnit: base && attributeOf(base, 'unitCode'),
  };
}

export function lineOf(element: XmlElement): InvoiceLine {
  const quantity = first(element, 'InvoicedQuantity') ?? first(element, 'CreditedQuantity');
  const object = elementsAt(element, 'DocumentReference').find(
    (reference) => term(reference, 'DocumentTypeCode')?.value === '130',
  );
  return {
    element,
    id: term(element, 'ID'),
    note: term(element, 'Note'),
    objectId: identifier(object ?? null, 'ID'),
    quantity: quantity && termOf(quantity),
    unit: quantity && attributeOf(quantity, 'unitCode'),
    net: term(element, 'LineExtensionAmount'),
    orderLine: term(element, 'OrderLineReference/LineID'),
    accounting: term(element, 'AccountingCost'),
    period: periodOfLine(first(element, 'InvoicePeriod')),
    allowanceCharges: elementsAt(element, 'AllowanceCharge').map(allowanceChargeOf),
    ...priceOf(first(element, 'Price')),
    ...itemOf(first(element, 'Item')),
  };
}
