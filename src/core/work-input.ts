/** What a person types beside a request, and the `input` that the tasks read. Tasks check it again, by their schemas. */
import { ENTITY_TYPES } from './outputs.ts';
import type { TaskId } from './request.ts';

/** Texts by the name of the need. `rest`: further settings as JSON. */
export type NeedValues = Readonly<Record<string, string>>;

/**
 * `text`: as typed. `json`: JSON, or text where it is none. `choice`: one of `options`. `list`: one a line; `types`: the same, of `options`. `fields`: one
 * a line, a description after a colon. `products`: one a line. `blocks`: parted by lines of `---`. `files`: texts under
 * lines of `=== name`.
 */
type NeedKind =
  'text' | 'json' | 'choice' | 'list' | 'types' | 'fields' | 'products' | 'blocks' | 'files';

export interface Need {
  /** Key of the input. */
  name: string;
  label: string;
  hint: string;
  kind: NeedKind;
  options?: readonly { value: string; title: string }[];
  rows?: number;
}

const SUMMARY_KINDS = [
  { value: '', title: 'Found from the text' },
  { value: 'call', title: 'A call' },
  { value: 'meeting', title: 'A meeting' },
  { value: 'consultation', title: 'A consultation' },
  { value: 'text', title: 'Any other text' },
];

export const NEEDS: Partial<Record<TaskId, readonly Need[]>> = {
  extract: [
    {
      name: 'fields',
      label: 'Fields to find',
      hint: 'One a line, a description after a colon. Leave it empty for an invoice or a receipt.',
      kind: 'fields',
    },
    {
      name: 'schema',
      label: 'Or a JSON schema',
      hint: 'What the answer must look like; it is checked against it.',
      kind: 'json',
    },
  ],
  check: [
    {
      name: 'specification',
      label: 'Specification',
      hint: 'A table (CSV), numbered clauses, or rules as JSON. Leave it empty for an e-invoice.',
      kind: 'json',
      rows: 6,
    },
    {
      name: 'measurements',
      label: 'Measurements',
      hint: 'A table or JSON. Leave it empty where the text or file itself is what is checked.',
      kind: 'json',
      rows: 2,
    },
  ],
  generate: [
    {
      name: 'template',
      label: 'Template',
      hint: 'Slots are written {{name}}. Leave it empty where the request itself is the template.',
      kind: 'text',
    },
    {
      name: 'records',
      label: 'Records',
      hint: 'A table (CSV with a header line) or JSON: one text is made for each row.',
      kind: 'json',
    },
    {
      name: 'record',
      label: 'Or one record',
      hint: 'JSON with the values by name.',
      kind: 'json',
      rows: 2,
    },
  ],
  draft: [
    {
      name: 'knowledge',
      label: 'What the answer may rest on',
      hint: 'Texts, each under a line “=== its name”; or choose a base on the Knowledge page.',
      kind: 'files',
      rows: 4,
    },
    {
      name: 'tone',
      label: 'Replies of your house',
      hint: 'One to five, with lines of --- between them: greeting, sign-off and length are taken from them.',
      kind: 'blocks',
    },
    {
      name: 'taxonomy',
      label: 'Products that may be named',
      hint: 'One a line.',
      kind: 'products',
    },
  ],
  redact: [
    {
      name: 'types',
      label: 'Only these types',
      hint: 'None ticked: all of them.',
      kind: 'types',
      options: ENTITY_TYPES.map((value) => ({ value, title: value.replaceAll('_', ' ') })),
    },
    {
      name: 'keep',
      label: 'Words and names that stay',
      hint: 'One a line, e.g. your own company.',
      kind: 'list',
      rows: 2,
    },
  ],
  summarize: [
    {
      name: 'kind',
      label: 'What it is',
      hint: '',
      kind: 'choice',
      options: SUMMARY_KINDS,
    },
    {
      name: 'query',
      label: 'What it should be about',
      hint: 'Leave it empty for everything that matters.',
      kind: 'text',
      rows: 1,
    },
  ],
};

export const needsOf = (task: string): readonly Need[] =>
  Object.hasOwn(NEEDS, task) ? (NEEDS[task as TaskId] ?? []) : [];

/** Text that is JSON as what it says, any other text as it is. */
export function jsonOrText(text: string): unknown {
  const start = text.trimStart()[0];
  if (start !== '{' && start !== '[') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const BLOCK_END = /\n\s*-{3,}\s*\n/;
const FILE_START = /^=== (.+)$/;

/** Texts under lines of `=== name`; what stands before the first such line is called `notes`. */
function filesOf(text: string): { name: string; text: string }[] {
  const files = [{ name: 'notes', lines: [] as string[] }];
  for (const line of text.split('\n')) {
    const name = FILE_START.exec(line)?.[1]?.trim();
    if (name) files.push({ name, lines: [] });
    else files.at(-1)?.lines.push(line);
  }
  return files
    .map(({ name, lines }) => ({ name, text: lines.join('\n').trim() }))
    .filter((file) => file.text !== '');
}

/** Written instead of texts: the id of a knowledge base of this browser. */
const STORED = /^@([0-9a-f-]{36})$/;

/** The stored base that is named, or the texts that are given. */
const knowledgeOf = (text: string): unknown => STORED.exec(text.trim())?.[1] ?? filesOf(text);

/** One more file in a text of files. */
export const withFile = (text: string, name: string, content: string): string =>
  `${text.trim() === '' ? '' : `${text.trimEnd()}\n\n`}=== ${name}\n${content.trimEnd()}\n`;

function fieldOf(line: string): { name: string; description?: string } {
  const colon = line.indexOf(':');
  const description = colon === -1 ? '' : line.slice(colon + 1).trim();
  return description === ''
    ? { name: line.replace(/:$/, '').trim() }
    : { name: line.slice(0, colon).trim(), description };
}

const VALUES: Record<NeedKind, (text: string) => unknown> = {
  text: (text) => text,
  choice: (text) => text,
  json: jsonOrText,
  list: linesOf,
  types: linesOf,
  fields: (text) =>
    text.trimStart().startsWith('[') ? jsonOrText(text) : linesOf(text).map(fieldOf),
  products: (text) => ({ products: linesOf(text) }),
  blocks: (text) => text.split(BLOCK_END).map((block) => block.trim()),
  files: knowledgeOf,
};

/** The `input` of a request; undefined where nothing was given. */
export function inputFrom(task: string, values: NeedValues): unknown {
  const rest = jsonOrText(values.rest ?? '');
  const entries: [string, unknown][] =
    typeof rest === 'object' && rest !== null && !Array.isArray(rest) ? Object.entries(rest) : [];
  for (const need of needsOf(task)) {
    const text = values[need.name] ?? '';
    if (text.trim() !== '') entries.push([need.name, VALUES[need.kind](text)]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** Text of a value that came as JSON, where the need has a form of its own for it; else null. */
function ownText(value: unknown, kind: NeedKind): string | null {
  if (isTexts(value)) {
    if (kind === 'list' || kind === 'types') return value.join('\n');
    if (kind === 'blocks') return value.join('\n---\n');
  }
  if (kind === 'files' && typeof value === 'string') return `@${value}`;
  if (kind === 'files' && Array.isArray(value)) {
    const files = value as { name?: unknown; text?: unknown }[];
    return files.reduce((text, one) => withFile(text, String(one.name), String(one.text)), '');
  }
  if (kind === 'fields' && Array.isArray(value)) {
    const fields = value as { name: string; description?: string; examples?: unknown }[];
    if (fields.some(({ examples }) => examples !== undefined)) return null;
    return fields
      .map(({ name, description }) => (description ? `${name}: ${description}` : name))
      .join('\n');
  }
  if (kind !== 'products') return null;
  const { products } = value as { products?: unknown };
  return isTexts(products) ? products.join('\n') : null;
}

const textOf = (value: unknown, { kind }: Need): string =>
  typeof value === 'string' ? value : (ownText(value, kind) ?? JSON.stringify(value, null, 2));

/** The texts that give this input again, e.g. to show an example in the panel. */
export function valuesFrom(task: string, input: unknown): NeedValues {
  if (typeof input !== 'object' || input === null) return {};
  const needs = new Map(needsOf(task).map((need) => [need.name, need]));
  const rest: [string, unknown][] = [];
  const values: [string, string][] = [];
  for (const [name, value] of Object.entries(input)) {
    const need = needs.get(name);
    if (need) values.push([name, textOf(value, need)]);
    else rest.push([name, value]);
  }
  if (rest.length > 0) values.push(['rest', JSON.stringify(Object.fromEntries(rest), null, 2)]);
  return Object.fromEntries(values);
}
