/** Parties, delivery and supporting documents of a Cross Industry Invoice. */
import type { Address, Delivery, Party, SupportingDocument, Term } from './invoice.ts';
import { dateOf } from './cii-line.ts';
import { attributeOf, first, identifier, identifierOf, term, terms } from './terms.ts';
import { elementsAt, type XmlElement } from './xml.ts';

/** Schemes of `SpecifiedTaxRegistration/ID`: VAT number, and the seller's local tax number. */
const SCHEME_VAT = 'VA';
const SCHEME_LOCAL = 'FC';

function addressOf(element: XmlElement | null): Address | null {
  if (!element) return null;
  return {
    element,
    lines: ['LineOne', 'LineTwo', 'LineThree'].flatMap((path) => terms(element, path)),
    city: term(element, 'CityName'),
    postCode: term(element, 'PostcodeCode'),
    subdivision: term(element, 'CountrySubDivisionName'),
    country: term(element, 'CountryID'),
  };
}

function taxId(party: XmlElement, scheme: string): Term | null {
  const ids = elementsAt(party, 'SpecifiedTaxRegistration/ID').map((id) => identifierOf(id));
  return ids.find((id) => id.scheme?.value === scheme) ?? null;
}

export function partyOf(element: XmlElement | null): Party | null {
  if (!element) return null;
  const contact = first(element, 'DefinedTradeContact');
  return {
    element,
    name: term(element, 'Name'),
    tradingName: term(element, 'SpecifiedLegalOrganization/TradingBusinessName'),
    identifiers: ['ID', 'GlobalID'].flatMap((path) =>
      elementsAt(element, path).map((id) => identifierOf(id)),
    ),
    legalId: identifier(element, 'SpecifiedLegalOrganization/ID'),
    vatId: taxId(element, SCHEME_VAT),
    taxRegistration: taxId(element, SCHEME_LOCAL),
    legalInfo: term(element, 'Description'),
    electronicAddress: identifier(element, 'URIUniversalCommunication/URIID'),
    address: addressOf(first(element, 'PostalTradeAddress')),
    contact: contact && {
      element: contact,
      name: term(contact, 'PersonName') ?? term(contact, 'DepartmentName'),
      phone: term(contact, 'TelephoneUniversalCommunication/CompleteNumber'),
      email: term(contact, 'EmailURIUniversalCommunication/URIID'),
    },
  };
}

/** Null where neither a place nor a date of delivery is named. */
export function deliveryOf(element: XmlElement | null): Delivery | null {
  const place = first(element, 'ShipToTradeParty');
  const date = dateOf(element, 'ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString');
  if (!element || (!place && !date)) return null;
  return {
    element,
    name: term(place, 'Name'),
    locationId: identifier(place, 'GlobalID') ?? identifier(place, 'ID'),
    date,
    address: addressOf(first(place, 'PostalTradeAddress')),
  };
}

export function documentOf(element: XmlElement): SupportingDocument {
  const attachment = first(element, 'AttachmentBinaryObject');
  return {
    element,
    reference: term(element, 'IssuerAssignedID'),
    description: term(element, 'Name'),
    location: term(element, 'URIID'),
    attachment: attachment && {
      element: attachment,
      mime: attributeOf(attachment, 'mimeCode'),
      fileName: attributeOf(attachment, 'filename'),
    },
  };
}
