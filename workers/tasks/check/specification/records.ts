/** A document that is data: the records of its JSON or the rows of its CSV. */
import type { ReadDocument } from '../../../../src/core/document.ts';
import { rowsOfCsv } from './rows.ts';

const MAX_RECORDS = 100_000;

/** Cells that are numbers become numbers; null where the document is neither JSON nor a table. */
export function recordsOf({ kind, text }: Pick<ReadDocument, 'kind' | 'text'>): unknown[] | null {
  const json = /^\s*[[{]/.test(text) ? jsonOf(text) : null;
  if (json !== null)
    return (Array.isArray(json) ? (json as unknown[]) : [json]).slice(0, MAX_RECORDS);
  const first = text.slice(0, text.indexOf('\n') + 1 || undefined);
  const looksLikeTable = kind === 'csv' || /[,;\t]\S/.test(first.trim());
  const rows = looksLikeTable && text.includes('\n') && isRegular(text) ? rowsOfCsv(text) : null;
  // A header that begins with a number is no header.
  if (rows && Object.keys(rows[0] ?? {}).some((name) => /^[-+]?\d/.test(name))) return null;
  return (
    rows?.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, valueOf(cell)])),
    ) ?? null
  );
}

/** Most lines have as many separators as the first: prose with commas is no table. */
function isRegular(text: string): boolean {
  const lines = text.trim().split('\n').slice(0, 20);
  return [',', ';', '\t'].some((separator) => {
    const counts = lines.map((line) => line.split(separator).length);
    return (counts[0] ?? 0) > 1 && counts.every((count) => count === counts[0]);
  });
}

function jsonOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

function valueOf(cell: string): string | number {
  const text = cell.trim();
  return /^-?\d{1,15}(\.\d{1,12})?$/.test(text) ? Number(text) : text;
}
