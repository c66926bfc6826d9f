/** JSON Lines: text pieces to one object a line, with the number of the line that is broken. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import { MAX_RECORD_UNITS } from './delimited.ts';

export type JsonRecord = Record<string, unknown>;

function parseLine(line: string, number: number): Result<JsonRecord> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return fail('bad_csv', `Line ${number} is not valid JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail(
      'bad_csv',
      `Line ${number} is not a JSON object. Each line needs one object, e.g. {"text": "…"}.`,
    );
  }
  return ok(value as JsonRecord);
}

/** Objects in batches, in file order, pulled by the reader; ends after the first failure. Blank lines are left out. */
export async function* jsonlRecords(
  text: AsyncIterable<string>,
): AsyncGenerator<Result<JsonRecord[]>> {
  let rest = '';
  let number = 0;
  const take = (lines: string[]): Result<JsonRecord[]> => {
    const records: JsonRecord[] = [];
    for (const line of lines) {
      number += 1;
      if (line.trim() === '') continue;
      const record = parseLine(line, number);
      if (!record.ok) return record;
      records.push(record.value);
    }
    return ok(records);
  };
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_RECORD_UNITS) {
      yield fail(
        'bad_csv',
        `Line ${number + lines.length + 1} is longer than 4 million characters.`,
      );
      return;
    }
    const batch = take(lines);
    yield batch;
    if (!batch.ok) return;
  }
  yield take([rest]);
}

/** A value as a cell: strings as they are, null as empty, the rest as JSON. */
export function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
