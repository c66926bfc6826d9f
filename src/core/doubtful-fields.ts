/** The fields of a document that are not sure enough, and the few lines around them: all that a server may be asked about. */
import type { ReadDocument } from './document.ts';
import { certificateFor } from './gate.ts';
import type { ExtractedField, ExtractOutput } from './outputs.ts';
import type { WorkManifest } from './work.ts';

/** Lines before and after the one that holds a field. */
const AROUND = 2;
/** More doubtful fields than these are a document that a person should read. */
const MOST_FIELDS = 6;

export interface Doubtful {
  names: string[];
  /** The lines around them, in order, gaps marked. */
  excerpt: string;
}

/** Null where nothing is doubtful, or nothing of it stands in the text. */
export function doubtfulFields(
  { fields }: ExtractOutput,
  document: Pick<ReadDocument, 'text' | 'lines'>,
  manifest: Pick<WorkManifest, 'fieldCertificates'>,
  maxError: number,
): Doubtful | null {
  const doubtful = Object.entries(fields).filter(
    ([name, field]) =>
      field.span !== null &&
      typeof field.value === 'string' &&
      isDoubtful(field, manifest.fieldCertificates[name] ?? [], maxError),
  );
  if (doubtful.length === 0 || doubtful.length > MOST_FIELDS) return null;
  const wanted = new Set(doubtful.flatMap(([, { span }]) => linesAround(document, span ?? [0, 0])));
  return { names: doubtful.map(([name]) => name), excerpt: excerptOf(document, wanted) };
}

function isDoubtful(
  { valid, problems, confidence }: ExtractedField,
  certificates: WorkManifest['certificates'],
  maxError: number,
): boolean {
  if (!valid || problems.length > 0) return true;
  const certificate = certificateFor({ certificates }, maxError);
  return certificate !== null && confidence < certificate.threshold;
}

function linesAround(
  { lines }: Pick<ReadDocument, 'lines'>,
  [start, end]: readonly [number, number],
): number[] {
  const held = lines.flatMap((line, index) =>
    line.start < Math.max(end, start + 1) && line.end >= start ? [index] : [],
  );
  const [first, last] = [held[0] ?? 0, held.at(-1) ?? -1];
  const from = Math.max(0, first - AROUND);
  const to = Math.min(lines.length - 1, last + AROUND);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

function excerptOf(
  { text, lines }: Pick<ReadDocument, 'text' | 'lines'>,
  wanted: ReadonlySet<number>,
): string {
  const parts: string[] = [];
  let before = -1;
  for (const index of [...wanted].sort((a, b) => a - b)) {
    if (before >= 0 && index > before + 1) parts.push('…');
    const line = lines[index];
    if (line) parts.push(text.slice(line.start, line.end));
    before = index;
  }
  return parts.join('\n');
}

const folded = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim().toLowerCase();

/**
 * The output after a server has read the doubtful fields. What it says is a second reading, never a probability: a value
 * counts only if it stands in the excerpt; it replaces one that a validator refused, and stands beside any other.
 */
export function withSecondReading(
  output: ExtractOutput,
  { names, excerpt }: Doubtful,
  values: Readonly<Record<string, string | null>>,
  server: string,
): ExtractOutput {
  const fields = { ...output.fields };
  for (const name of names) {
    const field = fields[name];
    const read = Object.hasOwn(values, name) ? values[name] : null;
    if (!field || !read || !folded(excerpt).includes(folded(read))) continue;
    fields[name] = secondReading(field, read, server);
  }
  return { fields };
}

function secondReading(field: ExtractedField, read: string, server: string): ExtractedField {
  const same = folded(String(field.value)) === folded(read);
  if (same)
    return { ...field, problems: [...field.problems, `The server “${server}” reads the same.`] };
  if (!field.valid)
    return {
      value: read,
      valid: false,
      confidence: 0,
      span: null,
      problems: [`Read by the server “${server}”; “${String(field.value)}” was not valid.`],
    };
  return { ...field, problems: [...field.problems, `The server “${server}” reads “${read}”.`] };
}
