/**
 * The slm tier of the climb: a language model of this device picks among the encoder's best labels. Only specialists for
 * which it was measured, calibrated and certified ask it; for the others the ladder goes on as if the tier were not there.
 */
import { attempt, type Climb } from './climb.ts';
import { certificateFor } from './gate.ts';
import { maxErrorFor } from './policy.ts';
import type { HandleOptions, Ports } from './ports.ts';
import { reasonOf } from './reason.ts';
import { combine, pickOf, secondOpinionRequest } from './second-opinion.ts';

export async function askSlm(climb: Climb, ports: Ports, options: HandleOptions): Promise<void> {
  const { opinion, specialist } = climb;
  const promise = specialist?.manifest.promises.slm;
  if (!opinion || !promise || climb.route?.verdict === 'open_ended' || options.byHand) return;
  const [id = ''] = promise.model.split('@');
  const model = ports.slm.modelFor(id);
  if (!model?.stored || `${model.id}@${model.version}` !== promise.model) return;
  const labels = opinion.output.scores.slice(0, promise.choices).map(({ label }) => label);
  const from = ports.now();
  const result = await ports.slm.generate(id, secondOpinionRequest(climb.read.text, labels), {
    deadlineAt: climb.deadlineAt,
    signal: options.signal,
  });
  const pick = result.ok ? pickOf(result.value, labels) : null;
  const tell = (outcome: string, confidence: number | null): void =>
    attempt(climb, options, {
      tier: 'slm',
      specialist: id,
      outcome,
      ms: ports.now() - from,
      confidence,
    });
  if (!result.ok) {
    climb.failure = result.failure;
    climb.verdict = { ...climb.verdict, accept: false, reason: reasonOf(result.failure) };
    tell(result.failure.code, null);
  } else if (pick === null) tell('no_pick', null);
  else {
    climb.opinion = combine(opinion, pick, result.value, promise);
    climb.tier = 'slm';
    const certificate = certificateFor(promise, maxErrorFor(ports.policy, climb.read.task));
    const { confidence } = climb.opinion;
    const accept = certificate !== null && confidence >= certificate.threshold;
    const reason = accept ? 'local_ok' : certificate ? 'low_confidence' : 'no_certificate';
    climb.verdict = { accept, reason, certificate };
    tell(accept ? 'accepted' : reason, confidence);
  }
}
