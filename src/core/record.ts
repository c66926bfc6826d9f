/** The audit row of an answer: ids, digests, codes and figures, never content. */
import type { Answer } from './answer.ts';
import type { Ports } from './ports.ts';

/** `text` is what was asked; only its salted digest is written. Does nothing inside a batch. */
export async function record(
  answer: Answer,
  text: string,
  ports: Pick<Ports, 'audit' | 'digest'>,
): Promise<void> {
  if (!ports.audit) return;
  const digest = await ports.digest(text);
  await ports.audit('answered', {
    request: answer.id,
    input: digest.ok ? digest.value : null,
    specialist: `${answer.specialist.id}@${answer.specialist.version}`,
    status: answer.status,
    tier: answer.decision.tier,
    reason: answer.decision.reason,
    confidence: Math.round(answer.confidence * 1e4) / 1e4,
    egress_bytes: answer.egress.bytes,
    ms: Math.round(answer.usage.ms),
  });
}
