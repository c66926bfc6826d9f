/** The record of calls that an engine which is gone had under way: what it wrote of them is not written a second time. */
import { ok, type Result } from '../../src/core/failure.ts';
import type { AuditLog, AuditRow } from '../../src/core/threads.ts';
import type { TrustStore } from './trust-db.ts';

/** More rows than an engine can have written in its last moments. */
const LATEST_ROWS = 5000;

/** Appends unless an earlier engine has recorded the answer to the same request. The log is read once, when first needed. */
export function createAppendAgain(store: TrustStore, audit: AuditLog): AuditLog['append'] {
  let reading: Promise<Result<Map<unknown, AuditRow>>> | null = null;

  const readLatest = (): Promise<Result<Map<unknown, AuditRow>>> =>
    store.with(async (db) => {
      const from = (await db.count('rows')) - LATEST_ROWS;
      const rows = await db.getAll('rows', IDBKeyRange.lowerBound(from));
      const answered = rows.filter(({ kind }) => kind === 'answered');
      return new Map(answered.map((row) => [row.data['request'], row]));
    });

  return async (kind, data) => {
    const recorded = await (reading ??= readLatest());
    if (!recorded.ok) reading = null;
    const known = recorded.ok && kind === 'answered' ? recorded.value.get(data['request']) : null;
    return known ? ok(known) : audit.append(kind, data);
  };
}
