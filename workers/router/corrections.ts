/** What people said of answers: the texts and labels stay in this browser and can train the next version. */
import type { DBSchema, IDBPDatabase } from 'idb';
import type { Answer } from '../../src/core/answer.ts';
import type { Correction } from '../../src/core/door.ts';
import { ok, type Result } from '../../src/core/failure.ts';
import type { AuditLog, Verdict } from '../../src/core/threads.ts';
import { openDatabase } from '../../src/platform/browser-storage.ts';
import { storageFailure } from './trust-db.ts';

interface Database extends DBSchema {
  corrections: { key: number; value: Correction };
}

const open = (): Promise<IDBPDatabase<Database>> =>
  openDatabase<Database>('flotilla-corrections', 1, {
    upgrade: (db) => void db.createObjectStore('corrections', { autoIncrement: true }),
  });

async function addCorrection(correction: Correction): Promise<Result<null>> {
  try {
    await (await open()).add('corrections', correction);
    return ok(null);
  } catch (cause) {
    return storageFailure(cause);
  }
}

/** Oldest first. */
export async function allCorrections(): Promise<Result<Correction[]>> {
  try {
    return ok(await (await open()).getAll('corrections'));
  } catch (cause) {
    return storageFailure(cause);
  }
}

/** Keeps a person's verdict on an answer: a row of the audit, and the text with its label. */
export async function recordVerdict(
  { audit }: { audit: AuditLog },
  answer: Answer,
  text: string,
  verdict: Verdict,
): Promise<Result<null>> {
  const accepted = verdict === 'accepted';
  const label = accepted
    ? ((answer.output as { label?: string | null } | null)?.label ?? null)
    : 'correctedTo' in verdict
      ? verdict.correctedTo
      : null;
  const row = await audit.append(accepted ? 'accepted' : 'corrected', {
    request: answer.id,
    specialist: `${answer.specialist.id}@${answer.specialist.version}`,
    to: label,
  });
  if (!row.ok) return row;
  const output =
    !accepted && 'correctedOutput' in verdict ? { output: verdict.correctedOutput } : {};
  if (label === null && !('output' in output)) return ok(null);
  const time = new Date().toISOString();
  const specialist = answer.specialist.id;
  return addCorrection({ text, label: label ?? '', specialist, time, ...output });
}
