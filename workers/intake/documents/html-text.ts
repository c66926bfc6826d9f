/** HTML as plain text: blocks become lines, cells of a row are parted by tabs; scripts, styles and hidden parts are dropped. */
import { Parser } from 'htmlparser2';

const DROPPED = new Set([
  'script',
  'style',
  'head',
  'noscript',
  'template',
  'svg',
  'math',
  'iframe',
  'object',
  'canvas',
  'audio',
  'video',
  'select',
  'datalist',
]);
const BLOCKS = new Set([
  'address',
  'article',
  'aside',
  'blockquote',
  'body',
  'br',
  'caption',
  'center',
  'dd',
  'details',
  'dialog',
  'div',
  'dl',
  'dt',
  'fieldset',
  'figcaption',
  'figure',
  'footer',
  'form',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'header',
  'hr',
  'legend',
  'li',
  'main',
  'nav',
  'ol',
  'p',
  'pre',
  'section',
  'summary',
  'table',
  'tbody',
  'tfoot',
  'thead',
  'tr',
  'ul',
]);
/** Blocks with space around them. */
const SPACED = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'table',
  'ul',
  'ol',
  'pre',
  'blockquote',
  'hr',
]);
const CELLS = new Set(['td', 'th']);
const VOID = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'param',
  'source',
  'track',
  'wbr',
]);
const HIDDEN_STYLE =
  /(?:^|;)\s{0,8}(?:display\s{0,8}:\s{0,8}none|visibility\s{0,8}:\s{0,8}hidden|font-size\s{0,8}:\s{0,8}0(?:px|pt|em)?\s{0,8}(?:;|$))/i;

/** Writes text, collapsing white space as a browser does. */
class Writer {
  #lines: string[] = [];
  #line: string[] = [];
  #spaceWaits = false;
  #gapWaits = false;
  #cellStarted = false;
  quotes = 0;
  preformatted = 0;

  text(text: string): void {
    if (this.preformatted > 0) {
      const [first = '', ...others] = text.split('\n');
      this.#word(first);
      for (const line of others) {
        this.newLine();
        this.#word(line);
      }
      return;
    }
    for (const [index, word] of text.split(/[ \t\r\n\f]+/).entries()) {
      if (index > 0) this.#spaceWaits = true;
      this.#word(word);
    }
  }

  #word(word: string): void {
    if (word === '') return;
    if (this.#spaceWaits && this.#line.length > 0 && this.#line.at(-1) !== '\t')
      this.#line.push(' ');
    this.#spaceWaits = false;
    this.#line.push(word);
  }

  cell(): void {
    if (this.#cellStarted) this.#line.push('\t');
    this.#cellStarted = true;
    this.#spaceWaits = false;
  }

  newLine(): void {
    const line = this.#line.join('').replaceAll('\u00a0', ' ').trimEnd();
    this.#line = [];
    this.#cellStarted = false;
    this.#spaceWaits = false;
    if (line === '') return;
    if (this.#gapWaits && this.#lines.length > 0) this.#lines.push('');
    this.#gapWaits = false;
    this.#lines.push(this.quotes > 0 ? `${'> '.repeat(Math.min(this.quotes, 9))}${line}` : line);
  }

  gap(): void {
    this.newLine();
    this.#gapWaits = true;
  }

  result(): string {
    this.newLine();
    return this.#lines.join('\n');
  }
}

/** Browsers stop at 512; the parser looks through all open elements for each end tag. */
const MOST_DEPTH = 4000;

export class TooDeep extends Error {
  constructor() {
    super(`elements lie more than ${MOST_DEPTH} deep`);
  }
}

/**
 * Throws TooDeep.
 * @param marksQuotes puts “> ” before each line of a blockquote, as mail programs do
 */
export function htmlToText(html: string, marksQuotes = false): string {
  const writer = new Writer();
  /** Depth inside dropped elements: end tags are only looked for there. */
  const dropped: string[] = [];
  let depth = 0;
  const breakAt = (name: string, isOpen: boolean) => {
    if (SPACED.has(name)) writer.gap();
    else if (BLOCKS.has(name)) writer.newLine();
    if (name === 'pre') writer.preformatted += isOpen ? 1 : -1;
    if (name === 'blockquote' && marksQuotes) writer.quotes += isOpen ? 1 : -1;
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const hides =
          DROPPED.has(name) ||
          Object.hasOwn(attributes, 'hidden') ||
          HIDDEN_STYLE.test(attributes['style'] ?? '');
        if (!VOID.has(name) && ++depth > MOST_DEPTH) throw new TooDeep();
        if (!VOID.has(name) && (dropped.length > 0 || hides)) dropped.push(name);
        if (dropped.length > 0) return;
        if (CELLS.has(name)) writer.cell();
        breakAt(name, true);
      },
      onclosetag(name) {
        if (!VOID.has(name)) depth -= 1;
        if (dropped.length > 0) {
          if (dropped.at(-1) === name) dropped.pop();
          return;
        }
        if (!VOID.has(name)) breakAt(name, false);
      },
      ontext(text) {
        if (dropped.length === 0) writer.text(text);
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.end(html);
  return writer.result();
}
