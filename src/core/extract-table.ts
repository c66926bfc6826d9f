/** Extracted fields as plain JSON, and as rows for a spreadsheet. */
import { linesOf } from './corrected.ts';
import type { ExtractOutput } from './outputs.ts';
import { escapeRow, type CellValue } from './spreadsheet-safety.ts';

/** Name and value of each field, as JSON. */
export const valuesOf = (output: ExtractOutput): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(output.fields).map(([name, { value }]) => [name, value])),
    null,
    2,
  );

const cellOf = (value: unknown): CellValue =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'boolean'
    ? value
    : JSON.stringify(value);

const quoted = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** RFC 4180, with the escape of spreadsheet-safety.ts. */
const csv = (rows: CellValue[][]): string =>
  rows.map((row) => escapeRow(row).map(quoted).join(',')).join('\r\n');

/**
 * CSV with one line for each field; where there are line items, one line for each of them with the other fields
 * repeated, so that it can be sorted and added up.
 */
export function csvOf(output: ExtractOutput): string {
  const fields = Object.entries(output.fields);
  const table = fields.find(([, { value }]) => linesOf(value) !== null);
  const plain = fields.filter((field) => field !== table);
  const names = plain.map(([name]) => name);
  const values = plain.map(([, { value }]) => cellOf(value));
  const lines = table ? (linesOf(table[1].value) ?? []) : [];
  const columns = [...new Set(lines.flatMap((line) => Object.keys(line)))];
  const header = [...names, ...columns.map((column) => `line_${column}`)];
  const rows =
    lines.length === 0
      ? [values]
      : lines.map((line) => [...values, ...columns.map((column) => cellOf(line[column]))]);
  return csv([header, ...rows]);
}
