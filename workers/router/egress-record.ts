/** What the egress port writes down: refusals, the row before a call, the row after it. */
import { fail, ok, type Failure, type Result } from '../../src/core/failure.ts';
import type { StorageKind } from '../../src/core/storage-kind.ts';
import type { AuditLog, Receipt, ReceiptBook, ServerQuestion } from '../../src/core/threads.ts';
import type { Departure } from './departure.ts';

export interface RecordParts {
  audit: AuditLog;
  receipts: ReceiptBook;
  /** Whether audit and receipts outlive the page. */
  storageKind: () => Promise<StorageKind>;
}

/** Nothing leaves from where the record of it would be gone with the page. Fails with audit_failed. */
export async function lastingRecord({ storageKind }: RecordParts): Promise<Result<null>> {
  if ((await storageKind()) === 'lasting') return ok(null);
  return fail(
    'audit_failed',
    'It could not be recorded: this browser keeps nothing for this page once it is closed.',
  );
}

/** Records a refusal; when even that fails, the refusal stands. */
export async function deny(
  parts: RecordParts,
  call: ServerQuestion,
  server: string | null,
  failure: Failure,
  reason: string = failure.code,
): Promise<Result<never>> {
  const { requestId: request, task, specialist } = call;
  await parts.audit.append('denied', { request, task, specialist, server, reason });
  return { ok: false, failure };
}

/** Audit row first, then the receipt. The body is in the row as a salted digest only. Fails with audit_failed. */
export async function recordLeaving(
  parts: RecordParts,
  { call, plan, receipt }: Departure,
): Promise<Result<null>> {
  const bodyDigest = await parts.audit.digest(receipt.body);
  if (!bodyDigest.ok) return auditFailed(bodyDigest.failure);
  const row = await parts.audit.append('leaving', {
    receipt: receipt.id,
    request: call.requestId,
    task: call.task,
    specialist: call.specialist,
    server: plan.server.id,
    region: plan.region,
    masking: plan.masking,
    consent: plan.consent,
    bytes: receipt.bytes,
    body_digest: bodyDigest.value,
  });
  if (!row.ok) return auditFailed(row.failure);
  const kept = await parts.receipts.put(receipt);
  if (kept.ok) return ok(null);
  await recordSettled(parts, receipt, kept.failure.code, 0);
  return auditFailed(kept.failure);
}

/**
 * The row after the call. If it cannot be written the answer is still given: the row `leaving` stands without its
 * counterpart, and that is what the log then shows.
 */
export async function recordSettled(
  parts: RecordParts,
  receipt: Receipt,
  code: string | null,
  tookMs: number,
): Promise<void> {
  const { id, requestId, server, attempts } = receipt;
  await parts.audit.append('settled', {
    receipt: id,
    request: requestId,
    server,
    outcome: attempts === 0 ? 'not_sent' : receipt.outcome,
    code,
    attempts,
    took_ms: Math.round(tookMs),
  });
}

const auditFailed = (cause: Failure) =>
  fail('audit_failed', `It could not be recorded: ${cause.message}`);
