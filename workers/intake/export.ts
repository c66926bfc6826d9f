/** A batch as CSV, JSON Lines or workbook: all original columns, then what the fleet said. Formula-safe in CSV. */
import { distinctNames } from '../../src/core/columns.ts';
import { flatOutput, type Cell } from '../../src/core/flat-output.ts';
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
const MOST_OUTPUT_COLUMNS = 300;
/** Longest text that a cell of a workbook may hold. */
const MOST_CELL_UNITS = 32_767;

/** Columns of the outputs of tasks that give more than a label, in the order in which they first occur. */
function outputColumns(sheet: Sheet): string[] {
  const names = new Set<string>();
  for (const { work } of sheet.answers) {
    if (!work || names.size >= MOST_OUTPUT_COLUMNS) continue;
    for (const [name] of flatOutput(work.task, work.output)) names.add(name);
  }
  return [...names].slice(0, MOST_OUTPUT_COLUMNS);
}

/** Cells of the added columns. Rows without an answer yet have empty ones. */
function addedCells(sheet: Sheet, row: number, outputs: readonly string[]): Cell[] {
  const answer = sheet.answers[row];
  const corrected = sheet.corrections.get(row) ?? null;
  if (!answer) return [null, corrected, null, null, null, null, null, ...outputs.map(() => null)];
  const specialist = answer.specialist === '' ? null : `${answer.specialist}@${answer.version}`;
  const confidence = Number(answer.confidence.toFixed(6));
  const { work } = answer;
  const cells = new Map(work ? flatOutput(work.task, work.output) : []);
  return [
    answer.label,
    corrected,
    confidence,
    answer.status,
    specialist,
    answer.tier,
    answer.reason,
    ...outputs.map((name) => cells.get(name) ?? null),
  ];
}

const quoted = (cell: string): string =>
  /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** Text is made harmless for spreadsheets; our own numbers stay numbers. */
const csvCell = (cell: Cell): string =>
  typeof cell === 'number' ? String(cell) : quoted(escapeCell(cell ?? ''));

const csvLine = (cells: Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`;

const jsonLine = (names: string[], cells: Cell[]): string =>
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
  const outputs = outputColumns(sheet);
  const names = distinctNames([...sheet.job.columns, ...ADDED_COLUMNS, ...outputs]);
  const rows = rowsOf(sheet, outputs, onProgress);
  if (format === 'xlsx') return workbookOf(names, rows);
  const parts: Blob[] = format === 'csv' ? [new Blob(['\uFEFF', csvLine(names)])] : [];
  for await (const some of rows)
    parts.push(
      new Blob(some.map((cells) => (format === 'csv' ? csvLine(cells) : jsonLine(names, cells)))),
    );
  return new Blob(parts, {
    type: format === 'csv' ? 'text/csv;charset=utf-8' : 'application/x-ndjson',
  });
}

async function* rowsOf(
  sheet: Sheet,
  outputs: readonly string[],
  onProgress: (rows: number) => void,
): AsyncGenerator<Cell[][]> {
  for (let from = 0; from < sheet.rows.length; from += ROWS_AT_A_TIME) {
    const end = Math.min(from + ROWS_AT_A_TIME, sheet.rows.length);
    const some: Cell[][] = [];
    for (let row = from; row < end; row++)
      some.push([...(sheet.rows[row] ?? []), ...addedCells(sheet, row, outputs)]);
    yield some;
    onProgress(end);
    // Lets waiting calls in, so that the table stays alive during a long export.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** A workbook with one sheet. Its text cells are text, whatever they begin with. */
async function workbookOf(names: string[], rows: AsyncIterable<Cell[][]>): Promise<Blob> {
  const { default: writeWorkbook } = await import('write-excel-file/universal');
  const all: Cell[][] = [];
  for await (const some of rows) all.push(...some);
  const cut = (cell: Cell): Cell =>
    typeof cell === 'string' ? cell.slice(0, MOST_CELL_UNITS) : cell;
  const sheet = [
    names.map((value) => ({ value, fontWeight: 'bold' as const })),
    ...all.map((row) => row.map(cut)),
  ];
  return writeWorkbook(sheet, { stickyRowsCount: 1 }).toBlob();
}
