/** Parties and delivery of a UBL invoice as semantic terms. */
import type { Address, Delivery, Party, Term } from './invoice.ts';
import { isVat } from './ubl-line.ts';
import { first, identifier, identifierOf, term, terms } from './terms.ts';
import { elementsAt, type XmlElement } from './xml.ts';

/** Scheme of the bank's identifier of the creditor (BT-90), which stands among the party's identifiers. */
export const CREDITOR_SCHEME = 'SEPA';

function addressOf(element: XmlElement | null): Address | null {
  if (!element) return null;
  const lines = ['StreetName', 'AdditionalStreetName', 'AddressLine/Line'];
  return {
    element,
    lines: lines.flatMap((path) => terms(element, path)),
    city: term(element, 'CityName'),
    postCode: term(element, 'PostalZone'),
    subdivision: term(element, 'CountrySubentity'),
    country: term(element, 'Country/IdentificationCode'),
  };
}

/** The company's identifier under the tax scheme VAT, or under another one. */
function taxId(party: XmlElement, vat: boolean): Term | null {
  const scheme = elementsAt(party, 'PartyTaxScheme').find((tax) => isVat(tax) === vat);
  return term(scheme ?? null, 'CompanyID');
}

export function partyOf(element: XmlElement | null, nameFirst: 'legal' | 'trading'): Party | null {
  if (!element) return null;
  const legal = term(element, 'PartyLegalEntity/RegistrationName');
  const trading = term(element, 'PartyName/Name');
  const contact = first(element, 'Contact');
  return {
    element,
    name: nameFirst === 'legal' ? legal : trading,
    tradingName: nameFirst === 'legal' ? trading : null,
    identifiers: elementsAt(element, 'PartyIdentification/ID')
      .filter((id) => id.attributes.get('schemeID') !== CREDITOR_SCHEME)
      .map((id) => identifierOf(id)),
    legalId: identifier(element, 'PartyLegalEntity/CompanyID'),
    vatId: taxId(element, true),
    taxRegistration: taxId(element, false),
    legalInfo: term(element, 'PartyLegalEntity/CompanyLegalForm'),
    electronicAddress: identifier(element, 'EndpointID'),
    address: addressOf(first(element, 'PostalAddress')),
    contact: contact && {
      element: contact,
      name: term(contact, 'Name'),
      phone: term(contact, 'Telephone'),
      email: term(contact, 'ElectronicMail'),
    },
  };
}

export function deliveryOf(element: XmlElement | null): Delivery | null {
  if (!element) return null;
  return {
    element,
    name: term(element, 'DeliveryParty/PartyName/Name'),
    locationId: identifier(element, 'DeliveryLocation/ID'),
    date: term(element, 'ActualDeliveryDate'),
    address: addressOf(first(element, 'DeliveryLocation/Address')),
  };
}
