/** Tables as rows with headers: CSV text (papaparse), or rows that were given as JSON. */
import Papa from 'papaparse';

export type Row = Record<string, string>;

export const MAX_ROWS = 100_000;
const MAX_CELL = 2_000;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) as string | undefined);
  return (text ?? '').slice(0, MAX_CELL);
}

/** Keys as they came; no prototype. */
function rowOf(entries: readonly (readonly [string, unknown])[]): Row {
  const row = Object.create(null) as Row;
  for (const [key, value] of entries) row[key.trim()] = cell(value);
  return row;
}

export const rowsOfJson = (rows: readonly object[]): Row[] =>
  rows.slice(0, MAX_ROWS).map((row) => rowOf(Object.entries(row)));

/** Null where the text is no table: fewer than two columns, or no rows below the header. */
export function rowsOfCsv(text: string): Row[] | null {
  const { data, errors } = Papa.parse<string[]>(text.trim(), {
    skipEmptyLines: 'greedy',
    preview: MAX_ROWS + 1,
  });
  const [header, ...body] = data;
  if (!header || header.length < 2 || body.length === 0) return null;
  if (errors.some((error) => error.type === 'Quotes')) return null;
  const ragged = body.filter((row) => row.length !== header.length).length;
  if (ragged > body.length / 2) return null;
  return body.map((row) => rowOf(header.map((name, index) => [name, row[index] ?? ''] as const)));
}

/** The value of the first of these columns that the row has; names are compared without case, units and accents. */
export function columnOf(headers: readonly string[], names: readonly string[]): string | null {
  const plain = (name: string) =>
    name
      .toLowerCase()
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/\s*[[(].*$/, '')
      .trim();
  for (const name of names) {
    const found = headers.find((header) => plain(header) === name);
    if (found !== undefined) return found;
  }
  return null;
}

/** All columns of the rows: rows given as JSON need not all have the same. */
export const headersOf = (rows: readonly Row[]): string[] => [
  ...new Set(rows.flatMap((row) => Object.keys(row))),
];
