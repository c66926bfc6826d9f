/** XML text as a tree with positions, through saxes. No document type, no entities of its own, bounded in every direction. */
import { SaxesParser, type SaxesAttributeNS, type SaxesTagNS } from 'saxes';
import { fail, ok, type Failure, type Result } from '../../src/core/failure.ts';

export const MAX_XML_CHARS = 30_000_000;
export const MAX_XML_DEPTH = 60;
export const MAX_XML_ELEMENTS = 600_000;
/** Read in pieces, so that a refused document is not read to its end. */
const CHUNK = 65_536;

export interface XmlElement {
  /** Local name; `{namespace}name` where the namespace is not one that the caller knows. */
  name: string;
  namespace: string;
  attributes: Map<string, string>;
  parent: XmlElement | null;
  children: XmlElement[];
  /** Own character data, without that of the children. */
  text: string;
  /** UTF-16 offsets of the element in the text, tags included. */
  start: number;
  end: number;
  /** Offsets of what stands between the tags, without white space at both ends. */
  contentStart: number;
  contentEnd: number;
}

/** `Invoice/InvoiceLine[2]/Item/Name`: the position only where an element of that name came before. */
export function pathOf(element: XmlElement): string {
  const steps: string[] = [];
  for (let at: XmlElement | null = element; at; at = at.parent) {
    const { name } = at;
    const same = at.parent?.children.filter((child) => child.name === name) ?? [];
    steps.push(same.length > 1 ? `${name}[${same.indexOf(at) + 1}]` : name);
  }
  return steps.reverse().join('/');
}

/** All elements at a path of names below an element; an empty path is the element itself. */
export function elementsAt(element: XmlElement, path: string): XmlElement[] {
  let found = [element];
  if (path === '') return found;
  for (const name of path.split('/'))
    found = found.flatMap((at) => at.children.filter((child) => child.name === name));
  return found;
}

/** Every element below, in the order of the document. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  const waiting = [...element.children].reverse();
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    yield at;
    for (let child = at.children.length - 1; child >= 0; child--)
      waiting.push(at.children[child] as XmlElement);
  }
}

class TreeBuilder {
  root: XmlElement | null = null;
  failure: Failure | null = null;
  private open: XmlElement | null = null;
  private depth = 0;
  private count = 0;
  private readonly xml: string;
  private readonly known: ReadonlySet<string>;

  constructor(xml: string, known: ReadonlySet<string>) {
    this.xml = xml;
    this.known = known;
  }

  refuse(code: Failure['code'], message: string): void {
    this.failure ??= { code, message };
  }

  openTag(tag: SaxesTagNS, position: number): void {
    if (++this.depth > MAX_XML_DEPTH)
      this.refuse('file_broken', `The XML is nested deeper than ${MAX_XML_DEPTH} levels.`);
    if (++this.count > MAX_XML_ELEMENTS)
      this.refuse('input_too_long', `The XML has more than ${MAX_XML_ELEMENTS} elements.`);
    if (this.failure) return;
    const element: XmlElement = {
      name: this.known.has(tag.uri) ? tag.local : `{${tag.uri}}${tag.local}`,
      namespace: tag.uri,
      attributes: new Map(
        Object.values(tag.attributes).map((a: SaxesAttributeNS) => [a.name, a.value]),
      ),
      parent: this.open,
      children: [],
      text: '',
      start: this.xml.lastIndexOf('<', position - 1),
      end: position,
      contentStart: position,
      contentEnd: position,
    };
    if (this.open) this.open.children.push(element);
    else this.root ??= element;
    this.open = element;
  }

  closeTag(tag: SaxesTagNS, position: number): void {
    this.depth--;
    const element = this.open;
    if (!element || this.failure) return;
    element.end = position;
    if (!tag.isSelfClosing) this.closeContent(element, this.xml.lastIndexOf('<', position - 1));
    this.open = element.parent;
  }

  private closeContent(element: XmlElement, end: number): void {
    const content = this.xml.slice(element.contentStart, end);
    const lead = content.length - content.trimStart().length;
    element.contentStart += lead;
    element.contentEnd = element.contentStart + content.trim().length;
  }

  addText(text: string): void {
    if (this.open && !this.failure) this.open.text += text;
  }
}

/**
 * The root element. Names of elements in the namespaces of `known` are local names.
 * Fails with empty_input, input_too_long and file_broken (not well-formed, a document type, too deep).
 */
export function readXml(xml: string, known: ReadonlySet<string>): Result<XmlElement> {
  if (xml.trim() === '') return fail('empty_input', 'There is no XML to read.');
  if (xml.length > MAX_XML_CHARS)
    return fail(
      'input_too_long',
      `The XML has ${xml.length} characters; ${MAX_XML_CHARS} are read.`,
    );
  const tree = new TreeBuilder(xml, known);
  const parser = new SaxesParser({ xmlns: true });
  const lead = /^[\s\uFEFF]*/.exec(xml)?.[0].length ?? 0;
  const position = () => parser.position + lead;
  parser.on('doctype', () => {
    tree.refuse(
      'file_broken',
      'The XML declares a document type (DTD); such files are not read, for safety.',
    );
  });
  parser.on('error', (error) => {
    tree.refuse('file_broken', `The XML is not well-formed at ${error.message.slice(0, 200)}`);
  });
  parser.on('opentag', (tag) => {
    tree.openTag(tag, position());
  });
  parser.on('closetag', (tag) => {
    tree.closeTag(tag, position());
  });
  parser.on('text', (text) => {
    tree.addText(text);
  });
  parser.on('cdata', (text) => {
    tree.addText(text);
  });
  for (let at = lead; at < xml.length && !tree.failure; at += CHUNK)
    parser.write(xml.slice(at, at + CHUNK));
  if (!tree.failure) parser.close();
  if (tree.failure) return { ok: false, failure: tree.failure };
  return tree.root ? ok(tree.root) : fail('file_broken', 'The XML has no element.');
}
