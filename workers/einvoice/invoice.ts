/** The semantic model of EN 16931: business terms (BT) and groups (BG) of an invoice, whatever syntax it was written in. */
import type { XmlElement } from './xml.ts';

/** One value. Dates are ISO 8601 where they can be read; amounts and codes as written, without white space around. */
export interface Term {
  value: string;
  /** UTF-16 offsets into the XML. */
  start: number;
  end: number;
  /** Where it stands: `pathOf(element)`, and the attribute where it is one. */
  element: XmlElement;
  attribute?: string;
}

/** An identifier and the scheme it is taken from. */
export interface Identifier extends Term {
  scheme: Term | null;
  schemeVersion: Term | null;
}

export interface Address {
  element: XmlElement;
  lines: Term[];
  city: Term | null;
  postCode: Term | null;
  subdivision: Term | null;
  country: Term | null;
}

export interface Contact {
  element: XmlElement;
  name: Term | null;
  phone: Term | null;
  email: Term | null;
}

/** BG-4 seller, BG-7 buyer, BG-10 payee, BG-11 tax representative. */
export interface Party {
  element: XmlElement;
  name: Term | null;
  tradingName: Term | null;
  identifiers: Identifier[];
  /** BT-30, BT-47, BT-61. */
  legalId: Identifier | null;
  /** BT-31, BT-48, BT-63. */
  vatId: Term | null;
  /** BT-32. */
  taxRegistration: Term | null;
  /** BT-33. */
  legalInfo: Term | null;
  /** BT-34, BT-49. */
  electronicAddress: Identifier | null;
  address: Address | null;
  contact: Contact | null;
}

/** BG-14, BG-26. */
export interface Period {
  element: XmlElement;
  start: Term | null;
  end: Term | null;
  /** BT-8 in UBL. */
  code: Term | null;
}

/** BG-13. */
export interface Delivery {
  element: XmlElement;
  /** BT-70. */
  name: Term | null;
  /** BT-71. */
  locationId: Identifier | null;
  /** BT-72. */
  date: Term | null;
  /** BG-15. */
  address: Address | null;
}

/** BG-16 with one BG-17, BG-18 or BG-19. */
export interface PaymentMeans {
  element: XmlElement;
  /** BT-81, BT-82. */
  code: Term | null;
  text: Term | null;
  /** BT-83. */
  remittance: Term[];
  /** BG-17: the account's element is there even where its identifier (BT-84) is not. */
  account: {
    element: XmlElement;
    id: Term | null;
    name: Term | null;
    provider: Term | null;
  } | null;
  /** BG-18. */
  card: { element: XmlElement; number: Term | null; holder: Term | null } | null;
  /** BT-89, BT-91. */
  mandate: Term | null;
  debited: Term | null;
}

/** BG-20, BG-21, BG-27, BG-28. */
export interface AllowanceCharge {
  element: XmlElement;
  kind: 'allowance' | 'charge';
  amount: Term | null;
  base: Term | null;
  percent: Term | null;
  vatCategory: Term | null;
  vatRate: Term | null;
  reason: Term | null;
  reasonCode: Term | null;
}

/** BG-22. */
export interface Totals {
  element: XmlElement | null;
  /** BT-106 to BT-109. */
  lines: Term | null;
  allowances: Term | null;
  charges: Term | null;
  net: Term | null;
  /** BT-110, BT-111. */
  tax: Term | null;
  taxInAccountingCurrency: Term | null;
  /** BT-112 to BT-115. */
  gross: Term | null;
  paid: Term | null;
  rounding: Term | null;
  due: Term | null;
}

/** BG-23. */
export interface VatBreakdown {
  element: XmlElement;
  taxable: Term | null;
  tax: Term | null;
  category: Term | null;
  rate: Term | null;
  exemptionReason: Term | null;
  exemptionCode: Term | null;
}

/** BG-25 with BG-26 to BG-32. */
export interface InvoiceLine {
  element: XmlElement;
  id: Term | null;
  note: Term | null;
  objectId: Identifier | null;
  quantity: Term | null;
  unit: Term | null;
  net: Term | null;
  orderLine: Term | null;
  accounting: Term | null;
  period: Period | null;
  allowanceCharges: AllowanceCharge[];
  /** BT-146 to BT-150. */
  netPrice: Term | null;
  priceDiscount: Term | null;
  grossPrice: Term | null;
  baseQuantity: Term | null;
  baseUnit: Term | null;
  vatCategory: Term | null;
  vatRate: Term | null;
  /** BT-153 to BT-159. */
  name: Term | null;
  description: Term | null;
  sellersId: Term | null;
  buyersId: Term | null;
  standardId: Identifier | null;
  classifications: Identifier[];
  origin: Term | null;
  /** BG-32. */
  attributes: { element: XmlElement; name: Term | null; value: Term | null }[];
}

/** BG-24. */
export interface SupportingDocument {
  element: XmlElement;
  /** BT-122. */
  reference: Term | null;
  description: Term | null;
  location: Term | null;
  /** BT-125, without its content. */
  attachment: { element: XmlElement; mime: Term | null; fileName: Term | null } | null;
}

export type InvoiceSyntax = 'ubl-invoice' | 'ubl-credit-note' | 'cii';

export interface Invoice {
  syntax: InvoiceSyntax;
  root: XmlElement;
  /** BT-1 to BT-3, BT-5 to BT-9. */
  number: Term | null;
  issueDate: Term | null;
  typeCode: Term | null;
  currency: Term | null;
  taxCurrency: Term | null;
  taxPointDate: Term | null;
  taxPointCode: Term | null;
  dueDate: Term | null;
  /** BT-10 to BT-20. */
  buyerReference: Term | null;
  project: Term | null;
  contract: Term | null;
  purchaseOrder: Term | null;
  salesOrder: Term | null;
  receivingAdvice: Term | null;
  despatchAdvice: Term | null;
  tender: Term | null;
  invoicedObject: Identifier | null;
  accounting: Term | null;
  paymentTerms: Term | null;
  /** BG-1. */
  notes: { text: Term; subjectCode: Term | null }[];
  /** BT-23, BT-24. */
  process: Term | null;
  specification: Term | null;
  /** BG-3. */
  precedingInvoices: { element: XmlElement; number: Term | null; date: Term | null }[];
  seller: Party | null;
  buyer: Party | null;
  payee: Party | null;
  taxRepresentative: Party | null;
  delivery: Delivery | null;
  period: Period | null;
  paymentMeans: PaymentMeans[];
  /** BT-90. */
  creditorId: Term | null;
  allowanceCharges: AllowanceCharge[];
  totals: Totals;
  vatBreakdown: VatBreakdown[];
  documents: SupportingDocument[];
  lines: InvoiceLine[];
}
