/** One opened file: what is in it, and its rows on demand. Only the first rows are held. */
import { guessColumns } from '../../src/core/columns.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import {
  MAX_ROWS,
  type NamedBlob,
  type ReadProgress,
  type TableSummary,
} from '../../src/core/intake.ts';
import { ColumnSampler } from './column-sampler.ts';
import { settleLayout, type Layout, type LayoutOptions } from './layout.ts';
import { rowsOf } from './rows.ts';

const PREVIEW_ROWS = 20;
const PREVIEW_UNITS = 400;

export interface OpenOptions extends LayoutOptions {
  id: string;
  onProgress?: (progress: ReadProgress) => void;
  /** Most rows; given only where the default limit would make a test slow. */
  maxRows?: number;
}

const noticesOf = (layout: Layout, shortRows: number): string[] => {
  const notices: string[] = [];
  if (layout.encoding === 'windows-1252') {
    const why = 'The file is not UTF-8. It was read as Windows-1252 (Western European)';
    notices.push(
      `${why}: check that accents and quotes look right below, or save it again as UTF-8.`,
    );
  }
  if (shortRows > 0) {
    const rows = shortRows === 1 ? '1 row has' : `${shortRows.toLocaleString('en')} rows have`;
    notices.push(`${rows} fewer cells than the header. The missing cells are read as empty.`);
  }
  return notices;
};

export class Table {
  readonly summary: TableSummary;
  readonly #file: NamedBlob;
  readonly #chunkBytes: number | undefined;
  /** The reader under way: rows that were read and not yet asked for, and the number of the first of them. */
  #reader: ReturnType<typeof rowsOf> | null = null;
  #waiting: string[][] = [];
  #next = 0;

  private constructor(file: NamedBlob, summary: TableSummary, chunkBytes: number | undefined) {
    this.#file = file;
    this.summary = summary;
    this.#chunkBytes = chunkBytes;
  }

  /** Reads the whole file once: every row is counted and checked before any is used. */
  static async open(file: NamedBlob, options: OpenOptions): Promise<Result<Table>> {
    const layout = await settleLayout(file, options);
    if (!layout.ok) return layout;
    const maxRows = options.maxRows ?? MAX_ROWS;
    const sampler = new ColumnSampler(layout.value.columns);
    const preview: string[][] = [];
    let [rows, bytes, shortRows] = [0, 0, 0];
    const batches = rowsOf(file, layout.value, {
      chunkBytes: options.chunkBytes,
      onBytes: (read) => (bytes = read),
      onShortRow: () => (shortRows += 1),
    });
    for await (const batch of batches) {
      if (!batch.ok) return batch;
      if (options.isStopped?.()) return fail('cancelled', 'Reading was stopped.');
      rows += batch.value.length;
      if (rows > maxRows) {
        return fail(
          'too_many_rows',
          `${file.name} has more than ${maxRows.toLocaleString('en')} rows.`,
        );
      }
      sampler.add(batch.value);
      preview.push(...batch.value.slice(0, PREVIEW_ROWS - preview.length));
      options.onProgress?.({ rows, bytes, totalBytes: file.size });
    }
    if (rows === 0) return fail('empty_input', `${file.name} has a header line but no rows.`);
    const summary: TableSummary = {
      id: options.id,
      fileName: file.name,
      bytes: file.size,
      ...layout.value,
      preview: preview.map((row) => row.map((cell) => cell.slice(0, PREVIEW_UNITS))),
      rows,
      notices: noticesOf(layout.value, shortRows),
      guess: guessColumns(sampler.samples()),
    };
    return ok(new Table(file, summary, options.chunkBytes));
  }

  /** Rows from `from` on, at most `count`. Reading on from where the last call ended costs no second pass. */
  async read(from: number, count: number): Promise<Result<string[][]>> {
    if (this.#reader === null || from < this.#next) {
      this.#reader = rowsOf(this.#file, this.summary, { chunkBytes: this.#chunkBytes });
      this.#waiting = [];
      this.#next = 0;
    }
    for (;;) {
      const skipped = Math.min(from - this.#next, this.#waiting.length);
      this.#waiting.splice(0, skipped);
      this.#next += skipped;
      if (this.#next === from && this.#waiting.length >= count) break;
      const batch = await this.#reader.next();
      if (batch.done) break;
      if (!batch.value.ok) return batch.value;
      this.#waiting = [...this.#waiting, ...batch.value.value];
    }
    const rows = this.#waiting.splice(0, count);
    this.#next += rows.length;
    return ok(rows);
  }
}
