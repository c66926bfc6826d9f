/** What may leave, to whom and in which form: the pure part of the one way out. Effects are in workers/router/egress.ts. */
import type { ChatUsage } from './chat-completions.ts';
import { fail, ok, type Result } from './failure.ts';
import { mask, type ExtraSpan, type Masked } from './mask.ts';
import { egressAllowed, usableServers, whyNoServer, type EgressDenial } from './policy.ts';
import type { Policy, PolicyServer } from './policy-schema.ts';
import type { Mode, TaskId } from './request.ts';
import type { ConsentQuestion, Receipt } from './threads.ts';

/** A server that may be asked, and the conditions. */
export interface EgressPlan {
  server: PolicyServer;
  region: string;
  masking: 'masked' | 'full';
  consent: 'ask' | 'auto';
}

/** `reason` goes into the audit row. */
export type PlanResult =
  | { ok: true; plan: EgressPlan }
  | { ok: false; reason: EgressDenial | 'circuit_open'; explanation: string };

/** The first server of the policy that content of the task may go to and that is not being left alone. */
export function planEgress(
  policy: Policy,
  task: TaskId,
  mode: Mode | undefined,
  isResting: (serverId: string) => boolean,
): PlanResult {
  const usable = usableServers(policy, task, mode);
  if (usable.length === 0) return { ok: false, ...denial(policy, task, mode) };
  const server = usable.find((one) => !isResting(one.id));
  if (!server)
    return {
      ok: false,
      reason: 'circuit_open',
      explanation: `${usable.map((one) => one.id).join(', ')} failed several times in a row.`,
    };
  const verdict = egressAllowed(policy, task, server.id, mode);
  if (!verdict.allowed)
    return { ok: false, reason: verdict.reason, explanation: verdict.explanation };
  return {
    ok: true,
    plan: {
      server,
      region: server.region ?? '',
      masking: verdict.masking,
      consent: verdict.consent,
    },
  };
}

function denial(
  policy: Policy,
  task: TaskId,
  mode: Mode | undefined,
): { reason: EgressDenial; explanation: string } {
  const { reason, explanation } = whyNoServer(policy, task, mode);
  return { reason, explanation };
}

/** The text in the form in which it may leave. Fails with policy_denied rather than let an identifier through. */
export function prepareText(
  text: string,
  masking: 'masked' | 'full',
  names: readonly ExtraSpan[] = [],
): Result<Masked> {
  if (masking === 'full')
    return ok({ masked: text, restore: new Map(), counts: {}, complete: true });
  const masked = mask(text, names);
  return masked.complete
    ? ok(masked)
    : fail('policy_denied', 'The text could not be masked completely, so it stays here.');
}

/** What a person is shown before content leaves. `bytes` are those of the whole body. */
export function consentQuestion(
  requestId: string,
  plan: EgressPlan,
  masked: Masked,
  bytes: number,
): ConsentQuestion {
  const { server, region } = plan;
  return {
    requestId,
    server: server.id,
    url: server.base_url,
    region,
    masked: masked.masked,
    bytes,
    maskedCounts: masked.counts,
  };
}

/** A receipt before the call. `bytes` and `sha256` are those of the body, exactly as it is handed to the network. */
export function newReceipt(
  about: {
    id: string;
    time: string;
    requestId: string;
    url: string;
    bytes: number;
    sha256: string;
    body: string;
  },
  plan: EgressPlan,
  masked: Masked,
): Receipt {
  return {
    ...about,
    server: plan.server.id,
    region: plan.region,
    masked: masked.counts,
    attempts: 0,
    outcome: 'leaving',
  };
}

/** Price of a call in the server's currency; tokens that the server did not report cost nothing here. */
export function costOf(
  usage: ChatUsage,
  price: PolicyServer['price'],
): { cost: number; currency: string } {
  const input = (usage.prompt_tokens ?? 0) * price.input_per_mtok;
  const output = (usage.completion_tokens ?? 0) * price.output_per_mtok;
  return { cost: (input + output) / 1_000_000, currency: price.currency };
}

/** Evidence counts only if it stands in the text word for word. */
export function trueEvidence(evidence: string, text: string): string | null {
  const words = evidence.trim();
  return words !== '' && text.includes(words) ? words : null;
}
