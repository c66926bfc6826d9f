/** Training rows of scorers on disk: figures as float32, labels and groups as JSON, for train.py. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scorer } from '../../workers/tasks/extract/trees.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

export interface TrainingRow {
  features: readonly number[];
  label: 0 | 1;
  /** Part of the cross-validation, 0 to 4. */
  fold: number;
  weight: number;
}

/** Settings of the trees of one field. */
export interface Settings {
  iterations: number;
  leaves: number;
}

/**
 * Trains one scorer a field without each fold in turn, and one on all: `<field>.<fold>` and `<field>.all`. Python with
 * scikit-learn is named by FLOTILLA_PYTHON.
 */
export function trainScorers(
  folder: string,
  fields: Record<string, TrainingRow[]>,
  settings: Settings = { iterations: 90, leaves: 12 },
): void {
  mkdirSync(folder, { recursive: true });
  for (const [field, rows] of Object.entries(fields)) {
    const width = rows[0]?.features.length ?? 0;
    const data = new Float32Array(rows.length * width);
    rows.forEach((row, i) => data.set(row.features, i * width));
    writeFileSync(join(folder, `${field}.f32`), data);
    const columns = {
      width,
      label: rows.map((row) => row.label),
      fold: rows.map((row) => row.fold),
      weight: rows.map((row) => row.weight),
      ...settings,
    };
    writeFileSync(join(folder, `${field}.json`), JSON.stringify(columns));
  }
  const python = process.env['FLOTILLA_PYTHON'] ?? 'python3';
  execFileSync(python, [join(HERE, 'train.py'), folder, ...Object.keys(fields)], {
    stdio: 'inherit',
  });
}

/** What train.py wrote: scorers by `<field>.<fold>` and `<field>.all`. */
export function readScorers(folder: string, fields: readonly string[]): Map<string, Scorer> {
  const read = fields.flatMap((field) =>
    Object.entries(
      JSON.parse(readFileSync(join(folder, `${field}.scorers.json`), 'utf8')) as Record<
        string,
        Scorer
      >,
    ),
  );
  return new Map(read);
}
