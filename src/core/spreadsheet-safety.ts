/** Keeps a spreadsheet from running a cell of an exported CSV as a formula. */

/** First signs that spreadsheets take for a formula or that hide one, full-width forms and leading blanks included. */
const FORMULA_START = /^[\s\u00a0\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

export type CellValue = string | number | boolean | null | undefined;

/**
 * The text of a cell. Text that could start a formula gets a leading apostrophe, which spreadsheets do not show.
 * Numbers are written as they are: a number cannot carry a formula. Quoting for CSV is the writer's job.
 */
export function escapeCell(value: CellValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  return FORMULA_START.test(value) ? `'${value}` : value;
}

/** A row of cells, header included: a column name can be a formula too. */
export function escapeRow(values: readonly CellValue[]): string[] {
  return values.map(escapeCell);
}
