/** Values of XML elements as terms with their place. */
import type { Identifier, Term } from './invoice.ts';
import { elementsAt, type XmlElement } from './xml.ts';

export const termOf = (element: XmlElement): Term => ({
  value: element.text.trim(),
  start: element.contentStart,
  end: element.contentEnd,
  element,
});

/** An attribute; its place is that of its element's start tag up to the content. */
export function attributeOf(element: XmlElement, attribute: string): Term | null {
  const value = element.attributes.get(attribute);
  if (value === undefined) return null;
  return { value: value.trim(), start: element.start, end: element.end, element, attribute };
}

export const first = (from: XmlElement | null, path: string): XmlElement | null =>
  (from && elementsAt(from, path)[0]) ?? null;

/** The first element at a path, as a term. */
export function term(from: XmlElement | null, path: string): Term | null {
  const element = first(from, path);
  return element && termOf(element);
}

export const terms = (from: XmlElement | null, path: string): Term[] =>
  from ? elementsAt(from, path).map(termOf) : [];

export const identifierOf = (
  element: XmlElement,
  scheme = 'schemeID',
  version = 'schemeVersionID',
): Identifier => ({
  ...termOf(element),
  scheme: attributeOf(element, scheme),
  schemeVersion: attributeOf(element, version),
});

export function identifier(from: XmlElement | null, path: string): Identifier | null {
  const element = first(from, path);
  return element && identifierOf(element);
}

/** True where the term is there and says something. */
export const says = (value: Term | null): value is Term => value !== null && value.value !== '';
