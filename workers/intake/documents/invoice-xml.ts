/** Finds out whether an XML is an e-invoice, and which attachment of a PDF is. Pure. */
import { SaxesParser } from 'saxes';

/** Names that the standards give the attachment (Factur-X 1.0, ZUGFeRD 1 and 2, XRechnung, Order-X has none of them). */
const KNOWN_NAMES = [
  'factur-x.xml',
  'zugferd-invoice.xml',
  'xrechnung.xml',
  'cii.xml',
  'ubl.xml',
  'invoice.xml',
];

/** Root elements: CII D16B, ZUGFeRD 1.0, UBL 2. */
const ROOTS = new Set(['CrossIndustryInvoice', 'CrossIndustryDocument', 'Invoice', 'CreditNote']);
const NAMESPACES =
  /^urn:(un:unece:uncefact:data:standard:CrossIndustry|ferd:CrossIndustryDocument|oasis:names:specification:ubl:schema:xsd:)/;

/** Looks at the first element only. Entities that a DTD declares are not expanded. */
export function isInvoiceXml(xml: string): boolean {
  let found = false;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', () => undefined);
  let open = true;
  parser.on('opentag', ({ local, uri }) => {
    if (open) found = ROOTS.has(local) && NAMESPACES.test(uri);
    open = false;
  });
  try {
    // The first element begins within the first kilobytes, comments included.
    parser.write(xml.slice(0, 65_536));
  } catch {
    return false;
  }
  return found;
}

/** The names most likely to be the invoice first; only XML. */
export function byLikelihood(names: readonly string[]): string[] {
  const rank = (name: string) => {
    const at = KNOWN_NAMES.indexOf(name.toLowerCase());
    return at === -1 ? KNOWN_NAMES.length : at;
  };
  return names.filter((name) => /\.xml$/i.test(name)).sort((a, b) => rank(a) - rank(b));
}

/** The text of an XML file: UTF-8 unless a byte order mark or its declaration says otherwise. */
export function decodeXml(bytes: Uint8Array): string {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark === 0xfffe) return new TextDecoder('utf-16le').decode(bytes);
  if (mark === 0xfeff) return new TextDecoder('utf-16be').decode(bytes);
  const declaration = String.fromCharCode(...bytes.subarray(0, 200));
  const named = /^[^?]{0,10}<\?xml[^>]{0,100}encoding\s*=\s*["']([\w.-]{1,40})["']/.exec(
    declaration,
  )?.[1];
  try {
    return new TextDecoder(named ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder('utf-8').decode(bytes);
  }
}
