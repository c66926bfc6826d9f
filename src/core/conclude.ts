/** From the end of a climb to the answer, in the shape of the public contract. */
import type { Answer, AnswerStatus, ClassifyOutput, Decision, ReasonCode } from './answer.ts';
import type { Climb } from './climb.ts';
import { explain } from './explain.ts';
import type { Verdict } from './gate.ts';
import { alwaysReviewed, whyNoServer } from './policy.ts';
import type { Ports } from './ports.ts';

/** The answer of a climb that has ended. */
export function conclude(climb: Climb, ports: Ports): Answer<ClassifyOutput> {
  const { verdict, opinion, specialist, server } = climb;
  const reviewed = verdict.accept && alwaysReviewed(ports.policy, climb.read.task);
  const reason = finalReason(climb, ports, reviewed);
  const usage = server?.result.ok ? server.result.value.usage : { cost: 0, currency: 'EUR' };
  const unclaimed = isUnclaimed(climb);
  const confidence = unclaimed ? unclaimedConfidence(climb) : (opinion?.confidence ?? 0);
  const output =
    opinion && unclaimed ? { ...opinion.output, label: null } : (opinion?.output ?? null);
  return {
    id: climb.id,
    task: climb.read.task,
    specialist: {
      id: specialist?.manifest.id ?? 'none',
      version: specialist?.manifest.version ?? '0',
    },
    output,
    confidence,
    status: statusOf(verdict, reviewed),
    inferenceSource: output === null ? null : climb.tier === 'server' ? 'in_cloud' : 'on_device',
    decision: decisionOf(climb, reason, confidence),
    egress: { bytes: server?.bytes ?? 0, receipt: server?.receipt?.id ?? null },
    usage: { ms: ports.now() - climb.startedAt, ...usage },
  };
}

/** True when no specialist claims the text and no server has labelled it, whatever else stopped the climb. */
const isUnclaimed = ({ tier, route, opinion }: Climb): boolean =>
  tier !== 'server' &&
  ((route !== null && route.verdict !== 'specialist') || opinion?.output.label === null);

/** No higher than the confidence below which the specialist itself calls a text out of scope. */
function unclaimedConfidence({ tier, specialist, opinion }: Climb): number {
  const promises = specialist?.manifest.promises;
  if (!opinion || !promises || (tier !== 'static' && tier !== 'encoder')) return 0;
  return Math.min(opinion.confidence, promises[tier].calibration.outOfScopeBelow);
}

const statusOf = (verdict: Verdict, reviewed: boolean): AnswerStatus => {
  if (verdict.reason === 'cancelled') return 'cancelled';
  return verdict.accept && !reviewed ? 'accepted' : 'needs_review';
};

function finalReason(climb: Climb, ports: Ports, reviewed: boolean): ReasonCode {
  if (reviewed) return 'review_required';
  if (climb.verdict.reason === 'sent_by_hand' && !climb.server) {
    climb.failure = {
      code: 'policy_denied',
      message: whyNoServer(ports.policy, climb.read.task, climb.request.mode).explanation,
    };
    return 'policy_denied';
  }
  return climb.verdict.reason;
}

function decisionOf(climb: Climb, reason: ReasonCode, confidence: number): Decision {
  const { verdict, specialist, embeddings } = climb;
  const named = specialist ? [{ label: specialist.manifest.id, score: 1 }] : [];
  return {
    object: 'routing.decision',
    tier: climb.tier,
    reason,
    explanation: explain({
      reason,
      tier: climb.tier,
      title: specialist?.manifest.title ?? 'the fleet',
      confidence,
      certificate: verdict.certificate,
      failure: climb.failure?.message ?? null,
      cut: embeddings.encoder?.cut ?? embeddings.static?.cut ?? false,
    }),
    classifications: climb.route?.classifications ?? named,
    attempts: climb.attempts,
    certificate: verdict.accept ? verdict.certificate : null,
  };
}
