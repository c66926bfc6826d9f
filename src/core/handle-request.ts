/**
 * The life of one request: read → static → encoder → server → person. Read this file first.
 * Each tier adds an attempt; the first that the gate accepts ends the climb. Effects are ports, decisions are pure.
 */
import { TIERS, type Answer, type ClassifyOutput, type ReasonCode, type Tier } from './answer.ts';
import { askLocal } from './ask-local.ts';
import { askServer } from './ask-server.ts';
import type { Climb } from './climb.ts';
import { conclude } from './conclude.ts';
import { ok, type Result } from './failure.ts';
import { allowedTiers, deadlineMsFor } from './policy.ts';
import type { HandleOptions, Ports } from './ports.ts';
import { readRequest } from './read-request.ts';
import type { RunRequest } from './request.ts';

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
  await climbTiers(climb, ports, options);
  const answer = conclude(climb, ports);
  await record(answer, climb, ports);
  return ok(answer);
}

/** Tier after tier until one is accepted. A cancel or the deadline stops it before the next and never escalates. */
async function climbTiers(climb: Climb, ports: Ports, options: HandleOptions): Promise<void> {
  for (const tier of tiersToTry(climb, ports, options)) {
    if (stopReason(climb, ports, options)) break;
    if (tier === 'static' || tier === 'encoder') await askLocal(tier, climb, ports, options);
    else if (tier === 'server') await askServer(climb, ports, options);
    if (climb.verdict.accept) return;
  }
  const stopped = stopReason(climb, ports, options);
  // A server's outcome says more than the clock, which also ran while a person read the preview.
  if (stopped === 'deadline' && climb.server) return;
  if (stopped) climb.verdict = { ...climb.verdict, accept: false, reason: stopped };
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
