/** What a person types beside a request, and the `input` that the tasks read. Tasks check it again, by their schemas. */
import type { TaskId } from './request.ts';

/** Texts by the name of the need. `rest`: further settings as JSON. */
export type NeedValues = Readonly<Record<string, string>>;

export interface Need {
  /** Key of the input. */
  name: string;
  label: string;
  hint: string;
  /** `text`: as typed; `json`: JSON, or text where it is none; `list`: one a line; `choice`: one of `options`. */
  kind: 'text' | 'json' | 'list' | 'choice';
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
      hint: 'One name a line. Leave it empty for an invoice or a receipt.',
      kind: 'list',
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

function valueOf({ kind }: Need, text: string): unknown {
  if (kind === 'list') return linesOf(text);
  return kind === 'json' ? jsonOrText(text) : text;
}

/** The `input` of a request; undefined where nothing was given. */
export function inputFrom(task: string, values: NeedValues): unknown {
  const rest = jsonOrText(values.rest ?? '');
  const entries: [string, unknown][] =
    typeof rest === 'object' && rest !== null && !Array.isArray(rest) ? Object.entries(rest) : [];
  for (const need of needsOf(task)) {
    const text = values[need.name] ?? '';
    if (text.trim() !== '') entries.push([need.name, valueOf(need, text)]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function textOf(value: unknown, { kind }: Need): string {
  if (typeof value === 'string') return value;
  if (kind === 'list' && Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value.join('\n');
  return JSON.stringify(value, null, 2);
}

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
