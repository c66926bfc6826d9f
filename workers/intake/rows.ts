/** Rows of a file whose layout is settled: in batches, in file order, as wide as the header, pulled by the reader. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import { delimitedRecords, isBlank, ONE_COLUMN, type Records } from './delimited.ts';
import { decodedText } from './encoding.ts';
import { cellOf, jsonlRecords } from './jsonl.ts';
import type { Layout } from './layout.ts';

export interface RowsOptions {
  onBytes?: (bytes: number) => void;
  /** Called for each row that had fewer cells than the header and was filled up with empty ones. */
  onShortRow?: () => void;
  chunkBytes?: number | undefined;
}

type RowBatches = AsyncGenerator<Result<string[][]>>;

/** Null when there are more cells than columns and the surplus holds something. */
function fitted(record: string[], width: number): string[] | null {
  if (record.length === width) return record;
  if (record.length < width) return [...record, ...Array<string>(width - record.length).fill('')];
  return record.slice(width).every((cell) => cell.trim() === '') ? record.slice(0, width) : null;
}

function fittedBatch(
  batch: Records,
  isHeaderDue: boolean,
  width: number,
  onShortRow: () => void,
): Result<string[][]> {
  const rows: string[][] = [];
  let headerDue = isHeaderDue;
  for (const [index, record] of batch.records.entries()) {
    if (isBlank(record)) continue;
    if (headerDue) {
      headerDue = false;
      continue;
    }
    const row = fitted(record, width);
    if (row === null) {
      const what = `Row ${batch.number + index} has ${record.length} cells, the header has ${width}`;
      return fail(
        'bad_csv',
        `${what} (the header is row 1). A cell that holds the delimiter must stand in quotes.`,
      );
    }
    if (record.length < width) onShortRow();
    rows.push(row);
  }
  return ok(rows);
}

async function* delimitedRows(
  text: AsyncIterable<string>,
  layout: Layout,
  onShortRow: () => void,
): RowBatches {
  let isHeaderDue = true;
  for await (const batch of delimitedRecords(text, layout.delimiter ?? ONE_COLUMN)) {
    if (!batch.ok) {
      yield batch;
      return;
    }
    const rows = fittedBatch(batch.value, isHeaderDue, layout.columns.length, onShortRow);
    yield rows;
    if (!rows.ok) return;
    isHeaderDue &&= batch.value.records.every(isBlank);
  }
}

async function* jsonlRows(text: AsyncIterable<string>, layout: Layout): RowBatches {
  for await (const batch of jsonlRecords(text)) {
    yield batch.ok
      ? ok(batch.value.map((record) => layout.columns.map((name) => cellOf(record[name]))))
      : batch;
    if (!batch.ok) return;
  }
}

/** All rows from the first on; ends after the first failure. */
export function rowsOf(file: Blob, layout: Layout, options: RowsOptions = {}): RowBatches {
  const text = decodedText(file, layout.encoding, options.onBytes, options.chunkBytes);
  if (layout.format === 'jsonl') return jsonlRows(text, layout);
  return delimitedRows(text, layout, options.onShortRow ?? (() => undefined));
}
