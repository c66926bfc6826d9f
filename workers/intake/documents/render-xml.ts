/** XML as people can read it: one line for each element with text, indented, with its attributes. Pure. */
import { SaxesParser } from 'saxes';
import { fail, ok, type Result } from '../../../src/core/failure.ts';

const MOST_DEPTH = 200;
const STEP = '  ';

interface Open {
  name: string;
  attributes: string;
  text: string;
  hasChildren: boolean;
}

/** Names lose their prefix. Fails with file_broken where the XML is not well-formed; entities of a DTD count as that. */
export function renderXml(xml: string): Result<string> {
  const lines: string[] = [];
  const open: Open[] = [];
  const headOf = ({ name, attributes }: Open) =>
    `${STEP.repeat(open.length - 1)}${name}${attributes === '' ? '' : ` (${attributes})`}`;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (cause) => {
    throw cause;
  });
  parser.on('opentag', ({ local, attributes }) => {
    if (open.length >= MOST_DEPTH) throw new Error(`elements lie more than ${MOST_DEPTH} deep`);
    const outer = open.at(-1);
    if (outer !== undefined && !outer.hasChildren) {
      outer.hasChildren = true;
      const text = outer.text.trim();
      lines.push(text === '' ? headOf(outer) : `${headOf(outer)}: ${text}`);
      outer.text = '';
    }
    const shown = Object.values(attributes)
      .filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns' && prefix !== 'xsi')
      .map(({ local: name, value }) => `${name} ${value}`)
      .join(', ');
    open.push({ name: local, attributes: shown, text: '', hasChildren: false });
  });
  const addText = (text: string) => {
    const inner = open.at(-1);
    if (inner !== undefined) inner.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const inner = open.at(-1);
    if (inner === undefined) return;
    const text = inner.text.replace(/\s+/g, ' ').trim();
    if (!inner.hasChildren) lines.push(text === '' ? headOf(inner) : `${headOf(inner)}: ${text}`);
    else if (text !== '') lines.push(`${STEP.repeat(open.length)}${text}`);
    open.pop();
  });
  try {
    parser.write(xml).close();
  } catch (cause) {
    return fail('file_broken', cause instanceof Error ? cause.message : String(cause));
  }
  return ok(lines.join('\n'));
}
