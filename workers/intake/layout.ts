/** How the bytes of a file become rows: encoding, format, delimiter and column names, settled before the first row. */
import { distinctNames } from '../../src/core/columns.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { Encoding, NamedBlob, TableSummary } from '../../src/core/intake.ts';
import { firstRecord, ONE_COLUMN, sniffDelimiter } from './delimited.ts';
import { CHUNK_BYTES, decodedText, detectEncoding } from './encoding.ts';
import { jsonlRecords } from './jsonl.ts';

export type Layout = Pick<TableSummary, 'format' | 'encoding' | 'delimiter' | 'columns'>;

const SAMPLE_UNITS = 65_536;
const MAX_COLUMNS = 1000;

export interface LayoutOptions {
  isStopped?: () => boolean;
  /** Bytes read at a time. */
  chunkBytes?: number;
}

/** The first text of the file. A whole small file ends with a line end, so that its last record is complete. */
async function sampleOf(file: Blob, encoding: Encoding, chunkBytes: number): Promise<string> {
  let sample = '';
  for await (const piece of decodedText(file, encoding, undefined, chunkBytes)) {
    sample += piece;
    if (sample.length >= SAMPLE_UNITS) return sample;
  }
  return `${sample}\n`;
}

/** Names of all keys of a JSONL file, in order of appearance. */
async function jsonlColumns(
  file: Blob,
  encoding: Encoding,
  options: LayoutOptions,
): Promise<Result<string[]>> {
  const names = new Set<string>();
  for await (const batch of jsonlRecords(
    decodedText(file, encoding, undefined, options.chunkBytes),
  )) {
    if (!batch.ok) return batch;
    for (const record of batch.value) for (const name of Object.keys(record)) names.add(name);
    if (names.size > MAX_COLUMNS)
      return fail('bad_csv', 'The lines have more than 1,000 different keys.');
    if (options.isStopped?.()) return fail('cancelled', 'Reading was stopped.');
  }
  return ok([...names]);
}

function delimitedColumns(sample: string, delimiter: string): Result<string[]> {
  const header = firstRecord(sample, delimiter);
  if (!header) return fail('bad_csv', 'Row 1 opens a quote that never closes.');
  if (header.length > MAX_COLUMNS)
    return fail('bad_csv', 'The first line has more than 1,000 cells.');
  if (header.every((cell) => cell.trim() === '')) {
    return fail('bad_csv', 'There is no header: the first line holds no column names.');
  }
  if (header.every((cell) => cell.trim() === '' || !Number.isNaN(Number(cell)))) {
    return fail('bad_csv', 'There is no header: the first line holds numbers, not column names.');
  }
  return ok(distinctNames(header));
}

/** Looks at the whole file for its encoding, at its name and first text for the rest. */
export async function settleLayout(
  file: NamedBlob,
  options: LayoutOptions = {},
): Promise<Result<Layout>> {
  const chunkBytes = options.chunkBytes ?? CHUNK_BYTES;
  if (file.size === 0) return fail('empty_input', `${file.name} is empty.`);
  const encoding = await detectEncoding(file, chunkBytes);
  if (!encoding.ok) return encoding;
  const sample = await sampleOf(file, encoding.value, chunkBytes);
  const start = sample.trimStart();
  if (start === '') return fail('empty_input', `${file.name} holds only blank lines.`);
  const isNamedJson = /\.(jsonl|ndjson|json)$/i.test(file.name);
  if (isNamedJson && start.startsWith('[')) {
    return fail(
      'bad_csv',
      'The file is one JSON list. JSON Lines is needed: one object on each line.',
    );
  }
  if (isNamedJson || start.startsWith('{')) {
    const columns = await jsonlColumns(file, encoding.value, options);
    if (!columns.ok) return columns;
    return ok({
      format: 'jsonl',
      encoding: encoding.value,
      delimiter: null,
      columns: columns.value,
    });
  }
  const delimiter = sniffDelimiter(sample);
  const columns = delimitedColumns(sample, delimiter);
  if (!columns.ok) return columns;
  return ok({
    format: 'delimited',
    encoding: encoding.value,
    delimiter: delimiter === ONE_COLUMN ? null : delimiter,
    columns: columns.value,
  });
}
