/** One local tier of the climb: embed, route, let the specialist answer, hold it against its promise. */
import { attempt, type Climb } from './climb.ts';
import { ok } from './failure.ts';
import { gate, type Verdict } from './gate.ts';
import { maxErrorFor } from './policy.ts';
import type { HandleOptions, Ports } from './ports.ts';
import { reasonOf } from './reason.ts';
import { route, type LocalTier } from './route.ts';
import type { LoadedSpecialist } from './specialist.ts';

/** Adds the opinion of one local tier to the climb. */
export async function askLocal(
  tier: LocalTier,
  climb: Climb,
  ports: Ports,
  options: HandleOptions,
): Promise<void> {
  if (climb.route && climb.route.verdict !== 'specialist' && tier !== 'encoder') return;
  const from = ports.now();
  const known = climb.embeddings[tier];
  const embedded = known
    ? ok(known)
    : await ports.embed(tier, climb.read.text, climb.deadlineAt, options.signal);
  if (!embedded.ok) {
    const { failure } = embedded;
    climb.failure = failure;
    climb.verdict = { ...climb.verdict, accept: false, reason: reasonOf(failure) };
    attempt(climb, options, {
      tier,
      specialist: 'none',
      outcome: failure.code,
      ms: ports.now() - from,
      confidence: null,
    });
    return;
  }
  climb.embeddings[tier] = embedded.value;
  chooseSpecialist(tier, embedded.value.vector, climb, ports, options);
  const { specialist } = climb;
  if (!specialist) return;
  climb.opinion = ports.classify(tier, specialist, climb.embeddings);
  climb.tier = tier;
  climb.verdict = judge(tier, specialist, climb, ports, options);
  attempt(climb, options, {
    tier,
    specialist: specialist.manifest.id,
    outcome: climb.verdict.accept ? 'accepted' : climb.verdict.reason,
    ms: ports.now() - from,
    confidence: climb.opinion.confidence,
  });
}

/** Routes with the embedding at hand unless the request named its specialist. */
function chooseSpecialist(
  tier: LocalTier,
  vector: Float32Array,
  climb: Climb,
  ports: Ports,
  options: HandleOptions,
): void {
  if (climb.read.specialist) return;
  const confidenceOf = (specialist: LoadedSpecialist): number =>
    ports.classify(tier, specialist, climb.embeddings).confidence;
  const typed = ports.specialists().filter(({ manifest }) => manifest.only !== 'files');
  climb.route = route(tier, vector, typed, ports.router(), confidenceOf);
  climb.specialist = climb.route.ranked[0]?.specialist ?? null;
  options.onEvent?.({ type: 'routed', classifications: climb.route.classifications });
}

/** The gate, after the router's doubts: nothing is accepted on an unsure or empty route. */
function judge(
  tier: LocalTier,
  specialist: LoadedSpecialist,
  climb: Climb,
  ports: Ports,
  options: HandleOptions,
): Verdict {
  const confidence = climb.opinion?.confidence ?? 0;
  const verdict = gate(
    specialist.manifest.promises[tier],
    confidence,
    maxErrorFor(ports.policy, climb.read.task),
  );
  if (options.byHand) return { ...verdict, accept: false, reason: 'sent_by_hand' };
  if (climb.route && climb.route.verdict !== 'specialist')
    return { ...verdict, accept: false, reason: climb.route.verdict };
  // The certificate is of both tiers together: without the static one it promises nothing.
  if (tier === 'encoder' && !climb.embeddings.static)
    return { accept: false, reason: 'no_certificate', certificate: null };
  if (climb.route && tier === 'static' && !climb.route.sure)
    return { ...verdict, accept: false, reason: 'low_confidence' };
  return verdict;
}
