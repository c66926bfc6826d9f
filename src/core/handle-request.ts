/**
 * The life of one request: read → static → encoder → server → person. Read this file first.
 * Each tier adds an attempt; the first that the gate accepts ends the climb. Effects are ports, decisions are pure.
 */
import {
  TIERS,
  type Answer,
  type Attempt,
  type ClassifyOutput,
  type ReasonCode,
  type Tier,
} from './answer.ts';
import { explain } from './explain.ts';
import { ok, type Failure, type Result } from './failure.ts';
import { gate, type Verdict } from './gate.ts';
import { allowedTiers, alwaysReviewed, deadlineMsFor, maxErrorFor, whyNoServer } from './policy.ts';
import type { Embeddings, HandleOptions, Opinion, Ports } from './ports.ts';
import { readRequest, type ReadRequest } from './read-request.ts';
import type { RunRequest } from './request.ts';
import { route, type LocalTier, type Route } from './route.ts';
import type { LoadedSpecialist } from './specialist.ts';
import type { ServerOutcome } from './threads.ts';

/** What is known so far about one request. */
interface Climb {
  id: string;
  startedAt: number;
  deadlineAt: number;
  request: RunRequest;
  read: ReadRequest;
  embeddings: Embeddings;
  route: Route | null;
  specialist: LoadedSpecialist | null;
  opinion: Opinion | null;
  tier: Tier;
  verdict: Verdict;
  attempts: Attempt[];
  failure: Failure | null;
  server: ServerOutcome | null;
}

/** Answers one request. Fails only for a wrong call (empty, too long, unknown specialist or task). */
export async function handleRequest(
  request: RunRequest,
  text: string,
  ports: Ports,
  options: HandleOptions = {},
): Promise<Result<Answer<ClassifyOutput>>> {
  const read = readRequest(request, text, ports.specialists());
  if (!read.ok) return read;
  const startedAt = ports.now();
  const climb: Climb = {
    id: ports.newId(),
    startedAt,
    deadlineAt: startedAt + deadlineMsFor(ports.policy, read.value.task),
    request,
    read: read.value,
    embeddings: { static: null, encoder: null },
    route: null,
    specialist: read.value.specialist,
    opinion: null,
    tier: 'person',
    verdict: { accept: false, reason: 'low_confidence', certificate: null },
    attempts: [],
    failure: null,
    server: null,
  };
  for (const tier of tiersToTry(climb, ports, options)) {
    const stopped = stopReason(climb, ports, options);
    if (stopped) {
      climb.verdict = { ...climb.verdict, accept: false, reason: stopped };
      break;
    }
    if (tier === 'static' || tier === 'encoder') await askLocal(tier, climb, ports, options);
    else if (tier === 'server') await askServer(climb, ports, options);
    if (climb.verdict.accept) break;
  }
  const answer = conclude(climb, ports, options);
  await record(answer, climb, ports);
  return ok(answer);
}

/** Local tiers always run before the server when a person sends a request up: the server needs to know the labels. */
function tiersToTry(climb: Climb, ports: Ports, options: HandleOptions): Tier[] {
  const allowed = allowedTiers(ports.policy, climb.read.task, climb.request.mode);
  if (!options.byHand) return allowed;
  return TIERS.filter(
    (tier) =>
      tier === 'static' || tier === 'encoder' || (tier === 'server' && allowed.includes(tier)),
  );
}

function stopReason(climb: Climb, ports: Ports, options: HandleOptions): ReasonCode | null {
  if (options.signal?.aborted) return 'cancelled';
  return ports.now() > climb.deadlineAt ? 'deadline' : null;
}

async function askLocal(
  tier: LocalTier,
  climb: Climb,
  ports: Ports,
  options: HandleOptions,
): Promise<void> {
  if (climb.route && climb.route.verdict !== 'specialist' && tier !== 'encoder') return;
  const from = ports.now();
  const embedded = await ports.embed(tier, climb.read.text);
  if (!embedded.ok) {
    climb.failure = embedded.failure;
    return attempt(climb, tier, 'none', embedded.failure.code, ports.now() - from, null, options);
  }
  climb.embeddings[tier] = embedded.value;
  chooseSpecialist(tier, embedded.value.vector, climb, ports, options);
  const { specialist } = climb;
  if (!specialist)
    return attempt(
      climb,
      tier,
      'router',
      climb.route?.verdict ?? 'out_of_scope',
      ports.now() - from,
      null,
      options,
    );
  climb.opinion = ports.classify(tier, specialist, climb.embeddings);
  climb.tier = tier;
  climb.verdict = judge(tier, specialist, climb, ports, options);
  attempt(
    climb,
    tier,
    specialist.manifest.id,
    climb.verdict.accept ? 'accepted' : climb.verdict.reason,
    ports.now() - from,
    climb.opinion.confidence,
    options,
  );
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
  climb.route = route(tier, vector, ports.specialists(), ports.router());
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
  if (climb.route && tier === 'static' && !climb.route.sure)
    return { ...verdict, accept: false, reason: 'low_confidence' };
  return verdict;
}

async function askServer(climb: Climb, ports: Ports, options: HandleOptions): Promise<void> {
  const { specialist } = climb;
  if (!specialist) return;
  options.onEvent?.({ type: 'escalated', because: climb.verdict.reason, to: 'server' });
  const from = ports.now();
  const outcome = await ports.server.classify({
    requestId: climb.id,
    task: climb.read.task,
    text: climb.read.text,
    labels: specialist.manifest.labels,
    specialist: `${specialist.manifest.id}@${specialist.manifest.version}`,
    mode: climb.request.mode,
    deadlineAt: climb.deadlineAt,
    signal: options.signal,
    onPreview: (masked) => options.onEvent?.({ type: 'egress_preview', masked }),
  });
  climb.server = outcome;
  const name = outcome.result.ok ? outcome.result.value.server : 'server';
  if (!outcome.result.ok) {
    climb.failure = outcome.result.failure;
    climb.verdict = { ...climb.verdict, accept: false, reason: reasonOf(outcome.result.failure) };
    return attempt(
      climb,
      'server',
      name,
      outcome.result.failure.code,
      ports.now() - from,
      null,
      options,
    );
  }
  const { label } = outcome.result.value;
  climb.tier = 'server';
  climb.opinion = {
    output: { label, scores: climb.opinion?.output.scores ?? [] },
    bestLabel: label ?? '',
    confidence: scoreOf(climb.opinion, label),
  };
  climb.verdict = {
    accept: label !== null,
    reason: label === null ? 'out_of_scope' : 'server_ok',
    certificate: null,
  };
  attempt(
    climb,
    'server',
    name,
    label === null ? 'out_of_scope' : 'answered',
    ports.now() - from,
    null,
    options,
  );
}

/** What the device's own model thinks of the server's label: the only measured figure there is. */
function scoreOf(opinion: Opinion | null, label: string | null): number {
  if (!opinion || label === null) return 0;
  if (label === opinion.bestLabel) return opinion.confidence;
  return Math.min(
    opinion.confidence,
    opinion.output.scores.find((s) => s.label === label)?.score ?? 0,
  );
}

function reasonOf(failure: Failure): ReasonCode {
  const plain: readonly string[] = ['policy_denied', 'consent_denied', 'deadline', 'cancelled'];
  return plain.includes(failure.code) ? (failure.code as ReasonCode) : `fell_back:${failure.code}`;
}

function attempt(
  climb: Climb,
  tier: Tier,
  specialist: string,
  outcome: string,
  ms: number,
  confidence: number | null,
  options: HandleOptions,
): void {
  climb.attempts.push({ tier, specialist, ms, outcome, confidence });
  options.onEvent?.({ type: 'attempt', tier, specialist, outcome, ms, confidence });
}

function conclude(climb: Climb, ports: Ports, options: HandleOptions): Answer<ClassifyOutput> {
  const { verdict, opinion, specialist, server } = climb;
  const reviewed = verdict.accept && alwaysReviewed(ports.policy, climb.read.task);
  const reason = finalReason(climb, ports, options, reviewed);
  const status =
    verdict.reason === 'cancelled'
      ? 'cancelled'
      : verdict.accept && !reviewed
        ? 'accepted'
        : 'needs_review';
  const usage = server?.result.ok ? server.result.value.usage : { cost: 0, currency: 'EUR' };
  const confidence = opinion?.confidence ?? 0;
  const unclaimed = reason === 'out_of_scope' || reason === 'open_ended';
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
    status,
    inferenceSource: output === null ? null : climb.tier === 'server' ? 'in_cloud' : 'on_device',
    decision: {
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
        cut: climb.embeddings.encoder?.cut ?? climb.embeddings.static?.cut ?? false,
      }),
      classifications:
        climb.route?.classifications ??
        (specialist ? [{ label: specialist.manifest.id, score: 1 }] : []),
      attempts: climb.attempts,
      certificate: verdict.accept ? verdict.certificate : null,
    },
    egress: { bytes: server?.bytes ?? 0, receipt: server?.receipt?.id ?? null },
    usage: { ms: ports.now() - climb.startedAt, ...usage },
  };
}

function finalReason(
  climb: Climb,
  ports: Ports,
  options: HandleOptions,
  reviewed: boolean,
): ReasonCode {
  if (reviewed) return 'review_required';
  if (climb.verdict.reason === 'sent_by_hand' && !climb.server) {
    climb.failure = {
      code: 'policy_denied',
      message: whyNoServer(ports.policy, climb.read.task, climb.request.mode).explanation,
    };
    return 'policy_denied';
  }
  if (!climb.opinion && climb.failure && !options.signal?.aborted) return reasonOf(climb.failure);
  return climb.verdict.reason;
}

async function record(answer: Answer, climb: Climb, ports: Ports): Promise<void> {
  if (!ports.audit) return;
  const digest = await ports.digest(climb.read.text);
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
