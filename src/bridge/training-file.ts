/** Rows of a CSV, TSV or JSONL file that a host page hands to `train` instead of an array. */
import { fail, ok, type Result } from '../core/failure.ts';
import type { Intake, NamedBlob } from '../core/intake.ts';
import type { TrainRow } from '../core/threads.ts';

const ROWS_AT_A_TIME = 2000;

/** Reads the text and the label column, by their names or by the best guess. Fails as intake fails. */
export async function rowsOfFile(intake: Intake, file: NamedBlob): Promise<Result<TrainRow[]>> {
  const opened = await intake.open(file, () => undefined);
  if (!opened.ok) return opened;
  const { id, columns, guess, rows: total } = opened.value;
  try {
    const named = (name: string): number => columns.indexOf(name);
    const text = named('text') >= 0 ? named('text') : guess.text;
    const label = named('label') >= 0 ? named('label') : guess.label;
    if (label === null)
      return fail('bad_csv', 'The file has no column that looks like a label. Name it “label”.');
    const rows: TrainRow[] = [];
    for (let from = 0; from < total; from += ROWS_AT_A_TIME) {
      const part = await intake.read(id, [text, label], from, ROWS_AT_A_TIME);
      if (!part.ok) return part;
      for (const [cell = '', name = ''] of part.value) rows.push({ text: cell, label: name });
    }
    return ok(rows);
  } finally {
    await intake.close(id);
  }
}
