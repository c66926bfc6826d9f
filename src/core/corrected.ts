/** Outputs as a person changes them: each function gives a new output and leaves the old one alone. */
import type {
  CodeOutput,
  ExtractOutput,
  ExtractedField,
  RedactedEntity,
  RedactOutput,
} from './outputs.ts';

/** A person's value is right by definition: no problems are left, and it is not from the model any more. */
export function withField(output: ExtractOutput, name: string, value: unknown): ExtractOutput {
  const before = Object.hasOwn(output.fields, name) ? output.fields[name] : undefined;
  if (!before) return output;
  const field: ExtractedField = { ...before, value, valid: true, problems: [] };
  return { fields: { ...output.fields, [name]: field } };
}

/** The value as a table: a list of plain objects, or null. */
export function linesOf(value: unknown): Record<string, unknown>[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const plain = value.every(
    (one) => typeof one === 'object' && one !== null && !Array.isArray(one),
  );
  return plain ? (value as Record<string, unknown>[]) : null;
}

export const sameValue = (a: unknown, b: unknown): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);

/** Names of the fields whose value a person changed. */
export const changedFields = (before: ExtractOutput, after: ExtractOutput): string[] =>
  Object.keys(after.fields).filter(
    (name) => !sameValue(before.fields[name]?.value, after.fields[name]?.value),
  );

/** Candidates at these positions only, in their order. */
export const withCodes = (output: CodeOutput, chosen: ReadonlySet<number>): CodeOutput => ({
  codes: output.codes.filter((_, index) => chosen.has(index)),
});

/** The source with a placeholder for every entity that is not `kept`. Entities are in order and do not overlap. */
export function redacted(
  source: string,
  entities: readonly RedactedEntity[],
  kept: ReadonlySet<number>,
): RedactOutput {
  const hidden = entities.filter((_, index) => !kept.has(index));
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, placeholder } of hidden) {
    if (start < at) continue;
    parts.push(source.slice(at, start), placeholder);
    at = end;
  }
  parts.push(source.slice(at));
  return { text: parts.join(''), entities: hidden };
}

/** A new set with or without these members. */
export function withMembers(
  set: ReadonlySet<number>,
  members: readonly number[],
  present: boolean,
): Set<number> {
  const next = new Set(set);
  for (const member of members) {
    if (present) next.add(member);
    else next.delete(member);
  }
  return next;
}
