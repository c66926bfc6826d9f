/** Reads a template: the parser is mustache's; partials, other delimiters and templates out of size are refused first. */
import Mustache from 'mustache';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { MAX_TEMPLATE_UNITS } from './schema.ts';
import { readSlot, type Slot } from './slot.ts';

export type TemplateNode =
  | { kind: 'text'; text: string }
  | { kind: 'slot'; slot: Slot }
  | { kind: 'section'; slot: Slot; inverted: boolean; nodes: TemplateNode[] };

/** A tag is a name, perhaps with a format: longer ones are mistakes, and slow to parse. */
const MAX_TAG_UNITS = 200;
const MAX_TAGS = 2000;
const MAX_DEPTH = 8;

// Every template is parsed once; kept ones would only fill the memory.
Mustache.templateCache = undefined;

/** Fails with bad_request and input_too_long. */
export function readTemplate(text: string): Result<TemplateNode[]> {
  if (text.length > MAX_TEMPLATE_UNITS)
    return fail(
      'input_too_long',
      `The template has ${text.length} characters; at most ${MAX_TEMPLATE_UNITS} are read.`,
    );
  const problem = problemOfTags(text);
  if (problem !== null) return fail('bad_request', problem);
  let spans: unknown[];
  try {
    spans = Mustache.parse(text);
  } catch (cause) {
    return fail('bad_request', `The template cannot be read: ${(cause as Error).message}.`);
  }
  return nodesOf(spans, 0);
}

/** Looks at every tag before the parser does: what is unclosed, too long, or asks for more than a value. */
function problemOfTags(text: string): string | null {
  let tags = 0;
  for (let open = text.indexOf('{{'); open >= 0; tags++) {
    const isTriple = text[open + 2] === '{';
    const closing = isTriple ? '}}}' : '}}';
    const close = text.slice(open, open + MAX_TAG_UNITS).indexOf(closing);
    const line = text.slice(0, open).split('\n').length;
    if (close < 0)
      return `The slot that opens on line ${line} of the template is not closed by ${closing} within ${MAX_TAG_UNITS} characters.`;
    const sign = text.slice(open + 2, open + close).trimStart()[0];
    if (sign === '>')
      return `Line ${line} of the template includes another template, which is not allowed.`;
    if (sign === '=')
      return `Line ${line} of the template changes the signs of slots, which is not allowed.`;
    if (tags >= MAX_TAGS) return `The template has more than ${MAX_TAGS} slots.`;
    open = text.indexOf('{{', open + close + closing.length);
  }
  return null;
}

function nodesOf(spans: readonly unknown[], depth: number): Result<TemplateNode[]> {
  if (depth > MAX_DEPTH)
    return fail('bad_request', `The sections of the template lie deeper than ${MAX_DEPTH}.`);
  const nodes: TemplateNode[] = [];
  for (const span of spans) {
    const [sign, text, , , inner] = span as [string, string, number, number, unknown[]?];
    if (sign === 'text') nodes.push({ kind: 'text', text });
    if (sign === 'text' || sign === '!') continue;
    const slot = readSlot(text);
    if (!slot.ok) return slot;
    if (sign !== '#' && sign !== '^') {
      nodes.push({ kind: 'slot', slot: slot.value });
      continue;
    }
    const nested = nodesOf(inner ?? [], depth + 1);
    if (!nested.ok) return nested;
    nodes.push({
      kind: 'section',
      slot: slot.value,
      inverted: sign === '^',
      nodes: nested.value,
    });
  }
  return ok(nodes);
}
