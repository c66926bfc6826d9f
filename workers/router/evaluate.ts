/** Accuracy and calibration of one specialist's best tier on labelled rows. */
import type { EventSink } from '../../src/core/door.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { Opinion } from '../../src/core/ports.ts';
import { reportOf } from '../../src/core/report.ts';
import type { LoadedSpecialist } from '../../src/core/specialist.ts';
import type { Report, TrainRow } from '../../src/core/threads.ts';
import { tasks } from '../tasks/index.ts';
import type { RuntimePool } from './pool.ts';

const CHUNK = 256;

export async function evaluate(
  specialist: LoadedSpecialist,
  rows: TrainRow[],
  pool: RuntimePool,
  signal: AbortSignal,
  onEvent: EventSink,
): Promise<Result<Report>> {
  const startedAt = performance.now();
  const predicted: { label: string; confidence: number }[] = [];
  for (let start = 0; start < rows.length; start += CHUNK) {
    if (signal.aborted) return fail('cancelled', 'The evaluation was cancelled.');
    const chunk = rows.slice(start, start + CHUNK);
    const opinions = await Promise.all(chunk.map((row) => opinionOf(specialist, row.text, pool)));
    for (const opinion of opinions) {
      if (!opinion.ok) return opinion;
      predicted.push({ label: opinion.value.bestLabel, confidence: opinion.value.confidence });
    }
    const [done, total] = [predicted.length, rows.length];
    onEvent?.({ type: 'progress', stage: 'evaluating', done, total });
  }
  return ok(reportOf(rows, predicted, performance.now() - startedAt));
}

async function opinionOf(
  specialist: LoadedSpecialist,
  text: string,
  pool: RuntimePool,
): Promise<Result<Opinion>> {
  const [onStatic, onEncoder] = await Promise.all([
    pool.embed('static', text),
    pool.embed('encoder', text),
  ]);
  if (!onStatic.ok) return onStatic;
  if (!onEncoder.ok) return onEncoder;
  const embeddings = { static: onStatic.value, encoder: onEncoder.value };
  return ok(tasks.classify.run('encoder', specialist, embeddings));
}
