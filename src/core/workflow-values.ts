/** What the references of a workflow stand for: values of the document, of the extras and of earlier answers. */
import type { ReadDocument } from './document.ts';
import type { RunRequest } from './request.ts';
import { isReference, type StepRecord, type WorkflowStep } from './workflow.ts';

/** What came in. */
export interface Sources {
  request: RunRequest;
  document: ReadDocument;
}

/** Written for an object of extracted fields: the values by name, without confidence and places. */
const VALUES_OF = '$values';

/** An input with its references replaced by what they refer to; what refers to nothing is left out. */
export function filled(value: unknown, before: readonly StepRecord[], run: Sources): unknown {
  if (isReference(value)) return valueOf(value, before, run) ?? undefined;
  if (Array.isArray(value))
    return value.map((one: unknown) => filled(one, before, run)).filter((one) => one !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  if (VALUES_OF in value) return valuesOf(filled(value[VALUES_OF], before, run));
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, filled(one, before, run)] as const)
      .filter(([, one]) => one !== undefined),
  );
}

function valuesOf(fields: unknown): unknown {
  if (typeof fields !== 'object' || fields === null) return undefined;
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]: [string, unknown]) => {
      const value: unknown =
        typeof field === 'object' && field !== null && 'value' in field ? field.value : field;
      return typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [];
    }),
  );
}

export function holds(
  { value, in: wanted, not = false }: NonNullable<WorkflowStep['when']>,
  before: readonly StepRecord[],
  run: Sources,
): boolean {
  const found = valueOf(value, before, run);
  const is = wanted
    ? wanted.some((one) => one === found)
    : found !== undefined && found !== null && found !== '';
  return is !== not;
}

export function valueOf(reference: string, before: readonly StepRecord[], run: Sources): unknown {
  const [source = '', ...path] = reference.slice(1).split('.');
  let value: unknown = sourceOf(source, before, run);
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function sourceOf(source: string, before: readonly StepRecord[], run: Sources): unknown {
  const { document, request } = run;
  if (source === 'document') return document;
  if (source === 'input') return request.input;
  if (source !== 'email') return before.find(({ id }) => id === source)?.answer ?? undefined;
  if (!document.email) return undefined;
  return { ...document.email, body: document.text.slice(...document.email.body).trim() };
}
