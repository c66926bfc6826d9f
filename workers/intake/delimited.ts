/** CSV and TSV: text pieces to records, with quotes and line breaks in cells, and a plain word about what is broken. */
import Papa from 'papaparse';
import { fail, ok, type Result } from '../../src/core/failure.ts';

/** Stands for "no delimiter": a character that texts do not hold. */
export const ONE_COLUMN = '\u001f';

/** Longest record, in UTF-16 code units. A quote that never closes would otherwise swallow the rest of the file. */
export const MAX_RECORD_UNITS = 4 * 1_048_576;

const CANDIDATES = [',', ';', '\t', '|'];

/** `number` of the first record of the batch; the header is record 1, as in a spreadsheet. */
export interface Records {
  number: number;
  records: string[][];
}

interface Parsed {
  data: string[][];
  errors: { code: string; row: number }[];
  meta: { cursor: number };
}

function parse(text: string, delimiter: string, isLast: boolean): Parsed {
  // The types of papaparse leave the result of its documented low-level parser open.
  const parsed: unknown = new Papa.Parser({ delimiter, newline: '\n', quoteChar: '"' }).parse(
    text,
    0,
    !isLast,
  );
  return parsed as Parsed;
}

/** Whether a record is only a blank line. */
export const isBlank = (record: string[]): boolean =>
  record.length === 1 && record[0]?.trim() === '';

/** The first record of a sample that is not a blank line. */
export const firstRecord = (sample: string, delimiter: string): string[] | undefined =>
  parse(sample, delimiter, false).data.find((record) => !isBlank(record));

/** The delimiter that splits the header and gives most records as many cells as the header has. */
export function sniffDelimiter(sample: string): string {
  let best = { delimiter: ONE_COLUMN, share: 0, width: 1 };
  for (const delimiter of CANDIDATES) {
    const [header, ...rest] = parse(sample, delimiter, false).data.slice(0, 50);
    const width = header?.length ?? 0;
    if (width < 2) continue;
    const filled = rest.filter((record) => !isBlank(record));
    const share =
      filled.length === 0
        ? 1
        : filled.filter((record) => record.length === width).length / filled.length;
    const isBetter = share > best.share || (share === best.share && width > best.width);
    if (isBetter) best = { delimiter, share, width };
  }
  return best.delimiter;
}

const QUOTE_WORDS: Record<string, string> = {
  MissingQuotes: 'opens a quote that never closes',
  InvalidQuotes: 'has text after a closing quote; a quote inside a quoted cell is written twice',
};

const brokenQuote = (record: number, code: string): Result<never> =>
  fail('bad_csv', `Row ${record} ${QUOTE_WORDS[code] ?? 'cannot be read'} (the header is row 1).`);

/** Records in batches, in file order, pulled by the reader; ends after the first failure. Blank lines are left out. */
export async function* delimitedRecords(
  text: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<Result<Records>> {
  let rest = '';
  let number = 1;
  const take = (isLast: boolean): Result<Records> => {
    const { data, errors, meta } = parse(rest, delimiter, isLast);
    // At the end of a piece the last record is not complete, and its errors are not certain.
    const error = errors.find(({ row }) => isLast || row < data.length);
    if (error) return brokenQuote(number + error.row, error.code);
    rest = isLast ? '' : rest.slice(meta.cursor);
    const batch = { number, records: data };
    number += data.length;
    return ok(batch);
  };
  for await (const piece of text) {
    rest += piece;
    const batch = take(false);
    if (batch.ok && rest.length > MAX_RECORD_UNITS) {
      yield fail(
        'bad_csv',
        `Row ${number} is longer than 4 million characters: is there a quote that never closes?`,
      );
      return;
    }
    yield batch;
    if (!batch.ok) return;
  }
  yield take(true);
}
