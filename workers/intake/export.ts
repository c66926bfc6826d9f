/** A batch as CSV or JSON Lines: all original columns, then what the fleet said. Formula-safe in CSV. */
import { distinctNames } from '../../src/core/columns.ts';
import type { ExportFormat } from '../../src/core/intake.ts';
import { escapeCell } from '../../src/core/spreadsheet-safety.ts';
import type { Sheet } from './sheet.ts';

/** Columns that the export adds. A name that the file has already gets a number, e.g. `label (2)`. */
export const ADDED_COLUMNS = [
  'label',
  'corrected_label',
  'confidence',
  'status',
  'specialist',
  'tier',
  'reason',
] as const;

const ROWS_AT_A_TIME = 1000;

/** Cells of the added columns. Rows without an answer yet have empty ones. */
function addedCells(sheet: Sheet, row: number): (string | number | null)[] {
  const answer = sheet.answers[row];
  const corrected = sheet.corrections.get(row) ?? null;
  if (!answer) return [null, corrected, null, null, null, null, null];
  const specialist = answer.specialist === '' ? null : `${answer.specialist}@${answer.version}`;
  const confidence = Number(answer.confidence.toFixed(6));
  return [
    answer.label,
    corrected,
    confidence,
    answer.status,
    specialist,
    answer.tier,
    answer.reason,
  ];
}

const quoted = (cell: string): string =>
  /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** Text is made harmless for spreadsheets; our own numbers stay numbers. */
const csvCell = (cell: string | number | null): string =>
  typeof cell === 'number' ? String(cell) : quoted(escapeCell(cell ?? ''));

const csvLine = (cells: (string | number | null)[]): string =>
  `${cells.map(csvCell).join(',')}\r\n`;

const jsonLine = (names: string[], cells: (string | number | null)[]): string =>
  `${JSON.stringify(Object.fromEntries(names.map((name, index) => [name, cells[index] ?? null])))}\n`;

/**
 * The export as a Blob, built in parts that the browser may keep outside memory. UTF-8; the CSV has a byte order mark,
 * so that Excel reads accents right.
 */
export async function exportSheet(
  sheet: Sheet,
  format: ExportFormat,
  onProgress: (rows: number) => void,
): Promise<Blob> {
  const names = distinctNames([...sheet.job.columns, ...ADDED_COLUMNS]);
  const parts: Blob[] = format === 'csv' ? [new Blob(['\uFEFF', csvLine(names)])] : [];
  for (let from = 0; from < sheet.rows.length; from += ROWS_AT_A_TIME) {
    const lines: string[] = [];
    for (let row = from; row < Math.min(from + ROWS_AT_A_TIME, sheet.rows.length); row++) {
      const cells = [...(sheet.rows[row] ?? []), ...addedCells(sheet, row)];
      lines.push(format === 'csv' ? csvLine(cells) : jsonLine(names, cells));
    }
    parts.push(new Blob(lines));
    onProgress(from + lines.length);
    // Lets waiting calls in, so that the table stays alive during a long export.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return new Blob(parts, {
    type: format === 'csv' ? 'text/csv;charset=utf-8' : 'application/x-ndjson',
  });
}
