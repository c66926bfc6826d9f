/**
 * The one way out. In this order: policy, mask, preview and consent, daily count, audit row `leaving`, receipt, call,
 * receipt and audit row `settled`. If a step before the call fails, not one byte leaves.
 */
import {
  parseClassification,
  type ChatReply,
  type ChatUsage,
} from '../../src/core/chat-completions.ts';
import { costOf, trueEvidence } from '../../src/core/egress.ts';
import { ok, type Failure } from '../../src/core/failure.ts';
import { unmask } from '../../src/core/mask.ts';
import type { Receipt, ServerAnswer, ServerOutcome, ServerTier } from '../../src/core/threads.ts';
import { prepareDeparture, type Departure, type EgressParts } from './departure.ts';
import { recordLeaving, recordSettled } from './egress-record.ts';

export type { EgressParts } from './departure.ts';

export function createServerTier(parts: EgressParts): ServerTier {
  return {
    async classify(call) {
      const departure = await prepareDeparture(parts, call);
      if (!departure.ok) return nothingLeft(departure.failure);
      const recorded = await recordLeaving(parts, departure.value);
      if (!recorded.ok) return nothingLeft(recorded.failure);
      return depart(parts, departure.value);
    },
  };
}

const nothingLeft = (failure: Failure): ServerOutcome => ({
  result: { ok: false, failure },
  receipt: null,
  bytes: 0,
});

async function depart(parts: EgressParts, departure: Departure): Promise<ServerOutcome> {
  const { call, plan, deadlineAt } = departure;
  const { server } = plan;
  const startedAt = parts.now();
  const { result, attempts } = await parts.client.send({
    serverId: server.id,
    task: call.task,
    mode: call.mode,
    body: departure.bytes,
    deadlineAt,
    signal: call.signal,
    mayTryAgain: () => parts.quota.spend(server.id, server.max_requests_per_day),
    read(reply: ChatReply) {
      const parsed = parseClassification(reply.content, call.labels);
      return parsed.ok ? ok({ ...parsed.value, usage: reply.usage }) : parsed;
    },
  });
  const tookMs = parts.now() - startedAt;
  const outcome = result.ok ? 'answered' : 'failed';
  const receipt: Receipt = { ...departure.receipt, attempts, outcome };
  await parts.receipts.put(receipt);
  await recordSettled(parts, receipt, result.ok ? null : result.failure.code, tookMs);
  return {
    result: result.ok ? ok(answerOf(departure, result.value, tookMs)) : result,
    receipt: attempts === 0 ? null : receipt,
    bytes: receipt.bytes * attempts,
  };
}

/** Identifiers are restored here, on the device. */
function answerOf(
  { call, plan, masked }: Departure,
  found: { label: string | null; evidence: string; usage: ChatUsage },
  tookMs: number,
): ServerAnswer {
  return {
    label: found.label,
    evidence: trueEvidence(unmask(found.evidence, masked.restore), call.text),
    confidence: null,
    server: plan.server.id,
    tookMs,
    usage: { ...found.usage, ...costOf(found.usage, plan.server.price) },
  };
}
