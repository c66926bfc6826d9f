/**
 * The one way out. In this order: policy, lasting record, mask, preview and consent, daily count, audit row `leaving`,
 * receipt, call, receipt and audit row `settled`. If a step before the call fails, not one byte leaves.
 */
import {
  classifyBody,
  parseClassification,
  type ChatReply,
  type ChatUsage,
} from '../../src/core/chat-completions.ts';
import { costOf, trueEvidence } from '../../src/core/egress.ts';
import { ok, type Failure, type Result } from '../../src/core/failure.ts';
import { fieldsBody, parseFields } from '../../src/core/field-completions.ts';
import { unmask } from '../../src/core/mask.ts';
import type {
  FieldsAnswer,
  FieldsCall,
  Receipt,
  ServerAnswer,
  ServerCall,
  ServerFacts,
  ServerOutcome,
  ServerQuestion,
  ServerTier,
} from '../../src/core/threads.ts';
import { prepareDeparture, type BodyOf, type Departure, type EgressParts } from './departure.ts';
import { recordLeaving, recordSettled } from './egress-record.ts';

export type { EgressParts } from './departure.ts';

/** A kind of question: how its body is written, and what of an answer is believed. */
interface Kind<Read, Given> {
  bodyOf: BodyOf;
  read: (content: string) => Result<Read>;
  /** What is given back; identifiers are restored here, on the device. */
  give: (read: Read, facts: ServerFacts, restored: (text: string) => string) => Given;
}

export function createServerTier(parts: EgressParts): ServerTier {
  return {
    classify: (call) => ask(parts, call, classification(call)),
    fields: (call) => ask(parts, call, fieldReading(call)),
  };
}

const classification = (
  call: ServerCall,
): Kind<{ label: string | null; evidence: string }, ServerAnswer> => ({
  bodyOf: (model, document) =>
    classifyBody({ model, document, labels: call.labels, stream: false }),
  read: (content) => parseClassification(content, call.labels),
  give: ({ label, evidence }, facts, restored) => ({
    ...facts,
    label,
    evidence: trueEvidence(restored(evidence), call.text),
    confidence: null,
  }),
});

const fieldReading = ({ fields }: FieldsCall): Kind<FieldsAnswer['values'], FieldsAnswer> => ({
  bodyOf: (model, document) => fieldsBody({ model, document, fields }),
  read: (content) => parseFields(content, fields),
  give: (values, facts, restored) => ({
    ...facts,
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        value === null ? null : restored(value),
      ]),
    ),
  }),
});

async function ask<Read, Given>(
  parts: EgressParts,
  call: ServerQuestion,
  kind: Kind<Read, Given>,
): Promise<ServerOutcome<Given>> {
  const departure = await prepareDeparture(parts, call, kind.bodyOf);
  if (!departure.ok) return nothingLeft(departure.failure);
  const recorded = await recordLeaving(parts, departure.value);
  if (!recorded.ok) return nothingLeft(recorded.failure);
  return depart(parts, departure.value, kind);
}

const nothingLeft = (failure: Failure): ServerOutcome<never> => ({
  result: { ok: false, failure },
  receipt: null,
  bytes: 0,
});

async function depart<Read, Given>(
  parts: EgressParts,
  departure: Departure,
  kind: Kind<Read, Given>,
): Promise<ServerOutcome<Given>> {
  const { call, plan, masked, deadlineAt } = departure;
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
    read({ content, usage }: ChatReply) {
      const read = kind.read(content);
      return read.ok ? ok({ read: read.value, usage }) : read;
    },
  });
  const tookMs = parts.now() - startedAt;
  const outcome = result.ok ? 'answered' : 'failed';
  const receipt: Receipt = { ...departure.receipt, attempts, outcome };
  await parts.receipts.put(receipt);
  await recordSettled(parts, receipt, result.ok ? null : result.failure.code, tookMs);
  const given = result.ok ? ok(givenOf(result.value)) : result;
  return {
    result: given,
    receipt: attempts === 0 ? null : receipt,
    bytes: receipt.bytes * attempts,
  };

  function givenOf({ read, usage }: { read: Read; usage: ChatUsage }): Given {
    const facts = {
      server: server.id,
      tookMs,
      usage: { ...usage, ...costOf(usage, server.price) },
    };
    return kind.give(read, facts, (text) => unmask(text, masked.restore));
  }
}
