/** Makes a call ready to leave: policy, lasting record, mask, body, preview, consent, daily count. Nothing leaves in here. */
import {
  consentQuestion,
  newReceipt,
  planEgress,
  prepareText,
  type EgressPlan,
} from '../../src/core/egress.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { ExtraSpan, Masked } from '../../src/core/mask.ts';
import type { Policy } from '../../src/core/policy-schema.ts';
import { endpointUrl } from '../../src/core/server-address.ts';
import type { AskConsent, Receipt, ServerQuestion } from '../../src/core/threads.ts';
import { askForConsent } from './consent.ts';
import { deny, lastingRecord, type RecordParts } from './egress-record.ts';
import type { DailyQuota } from './receipts.ts';
import type { ServerClient } from './server-client.ts';

/** The connection that asks, as far as it matters to what leaves. */
export interface Asker {
  /** As tight as the host page made it. */
  policy: () => Policy;
  /** Null while no page listens: then nobody can agree. */
  askConsent: () => AskConsent | null;
  /** Tells the page that something may leave from now on; resolves when it knows, or when it is gone. */
  beforeLeaving: () => Promise<void>;
}

export interface EgressParts extends RecordParts, Asker {
  quota: DailyQuota;
  client: ServerClient;
  /** Names, organisations, places and addresses, which are masked beside identifiers. What fails keeps the text here. */
  namesIn: (text: string) => Promise<Result<readonly ExtraSpan[]>>;
  /** Milliseconds since the epoch. */
  now: () => number;
  newId: () => string;
  sha256Hex: (text: string) => Promise<string>;
}

/** A call that has everything it needs to leave. */
export interface Departure {
  call: ServerQuestion;
  plan: EgressPlan;
  masked: Masked;
  receipt: Receipt;
  /** The body, exactly as it is handed to the network. */
  bytes: Uint8Array<ArrayBuffer>;
  deadlineAt: number;
}

/** The body for a model and the text as it may leave. The same text gives the same bytes. */
export type BodyOf = (model: string, masked: string) => string;

export async function prepareDeparture(
  parts: EgressParts,
  call: ServerQuestion,
  bodyOf: BodyOf,
): Promise<Result<Departure>> {
  const planned = planEgress(parts.policy(), call.task, call.mode, parts.client.isResting);
  if (!planned.ok) {
    const code = planned.reason === 'circuit_open' ? 'circuit_open' : 'policy_denied';
    return deny(parts, call, null, { code, message: planned.explanation }, planned.reason);
  }
  const { plan } = planned;
  const { server } = plan;
  const recordable = await lastingRecord(parts);
  if (!recordable.ok) return deny(parts, call, server.id, recordable.failure);
  const names = plan.masking === 'masked' ? await parts.namesIn(call.text) : ok([]);
  if (!names.ok) return deny(parts, call, server.id, names.failure, 'masking_incomplete');
  const prepared = prepareText(call.text, plan.masking, names.value);
  if (!prepared.ok) return deny(parts, call, server.id, prepared.failure, 'masking_incomplete');
  const masked = prepared.value;
  const body = bodyOf(server.model, masked.masked);
  const bytes = new TextEncoder().encode(body);
  const agreed = await consentAndDeadline(parts, call, plan, masked, bytes.byteLength);
  if (!agreed.ok) return deny(parts, call, server.id, agreed.failure);
  await parts.beforeLeaving();
  if (call.signal?.aborted)
    return deny(parts, call, server.id, {
      code: 'cancelled',
      message: 'The request was cancelled.',
    });
  const spent = await parts.quota.spend(server.id, server.max_requests_per_day);
  if (!spent.ok) return deny(parts, call, server.id, spent.failure);
  const receipt = await receiptOf(parts, call, plan, masked, body, bytes.byteLength);
  return ok({ call, plan, masked, receipt, bytes, deadlineAt: agreed.value });
}

/** Shows the preview and asks where the policy says so. Gives the deadline, moved by the time the person took. */
async function consentAndDeadline(
  parts: EgressParts,
  call: ServerQuestion,
  plan: EgressPlan,
  masked: Masked,
  bytes: number,
): Promise<Result<number>> {
  if (call.signal?.aborted) return fail('cancelled', 'The request was cancelled.');
  call.onPreview?.(masked.masked);
  const askedAt = parts.now();
  if (plan.consent === 'ask') {
    const question = consentQuestion(call.requestId, plan, masked, bytes);
    const consent = await askForConsent(parts.askConsent(), question, call.signal);
    if (!consent.ok) return consent;
  }
  const now = parts.now();
  const deadlineAt = call.deadlineAt + (now - askedAt);
  if (now < deadlineAt) return ok(deadlineAt);
  return fail('deadline', 'The time for this request was used up before anything left.');
}

async function receiptOf(
  parts: EgressParts,
  call: ServerQuestion,
  plan: EgressPlan,
  masked: Masked,
  body: string,
  bytes: number,
): Promise<Receipt> {
  const about = {
    id: parts.newId(),
    time: new Date(parts.now()).toISOString(),
    requestId: call.requestId,
    url: endpointUrl(plan.server.base_url, 'chat/completions'),
    bytes,
    sha256: await parts.sha256Hex(body),
    body,
  };
  return newReceipt(about, plan, masked);
}
