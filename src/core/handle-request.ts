/**
 * The life of one request: read → static → encoder → slm → server → person. Read this file first.
 * Each tier adds an attempt; the first that the gate accepts ends the climb. Effects are ports, decisions are pure.
 * Work that is to be written (task chat, or an open-ended text) leaves the climb for a language model of this device.
 */
import {
  TIERS,
  type Answer,
  type ChatOutput,
  type ClassifyOutput,
  type ReasonCode,
  type Tier,
} from './answer.ts';
import { askLocal } from './ask-local.ts';
import { askServer } from './ask-server.ts';
import { askSlm } from './ask-slm.ts';
import { DEFAULT_MAX_TOKENS, OPEN_REPETITION_PENALTY } from './chat-turns.ts';
import type { Climb } from './climb.ts';
import { conclude } from './conclude.ts';
import { ok, type Result } from './failure.ts';
import { allowedTiers, deadlineMsFor } from './policy.ts';
import type { HandleOptions, ModelName, Ports } from './ports.ts';
import { readRequest } from './read-request.ts';
import { record } from './record.ts';
import type { RunRequest } from './request.ts';
import { writeReply } from './write-reply.ts';

/** Answers one request. Fails only for a wrong call (empty, too long, unknown specialist or task). */
export async function handleRequest(
  request: RunRequest,
  text: string,
  ports: Ports,
  options: HandleOptions = {},
): Promise<Result<Answer<ClassifyOutput | ChatOutput>>> {
  const read = readRequest(request, text, ports.specialists(), ports.slm);
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
  const answer = climb.read.model
    ? await write(climb, climb.read.model, ports, options)
    : await climbed(climb, ports, options);
  await record(answer, climb.read.text, ports);
  return ok(answer);
}

/** The answer of the ladder, or of a language model where the text turned out to be open-ended. */
async function climbed(
  climb: Climb,
  ports: Ports,
  options: HandleOptions,
): Promise<Answer<ClassifyOutput | ChatOutput>> {
  await climbTiers(climb, ports, options);
  const writer = writerFor(climb, ports, options);
  return writer ? write(climb, writer, ports, options) : conclude(climb, ports);
}

/** An open-ended text goes to a stored language model, if the policy lets that tier write and nobody else has answered. */
function writerFor(climb: Climb, ports: Ports, options: HandleOptions): ModelName | null {
  const openEnded = climb.route?.verdict === 'open_ended' && climb.server === null;
  if (!openEnded || options.byHand || !ports.audit || climb.request.task) return null;
  if (climb.verdict.accept || stopReason(climb, ports, options)) return null;
  const allowed = allowedTiers(ports.policy, 'chat', climb.request.mode).includes('slm');
  return allowed ? ports.slm.modelFor(null) : null;
}

async function write(
  climb: Climb,
  model: ModelName,
  ports: Ports,
  options: HandleOptions,
): Promise<Answer<ChatOutput>> {
  const { answer } = await writeReply(
    {
      id: climb.id,
      startedAt: climb.startedAt,
      deadlineAt: climb.startedAt + deadlineMsFor(ports.policy, 'chat'),
      mode: climb.request.mode,
      model,
      request: {
        turns: [{ role: 'user', content: climb.read.text }],
        maxTokens: DEFAULT_MAX_TOKENS,
        temperature: 0,
        topP: 1,
        repetitionPenalty: OPEN_REPETITION_PENALTY,
        seed: null,
        stop: [],
        schema: null,
      },
      attempts: climb.attempts,
      classifications: climb.route?.classifications ?? [],
    },
    ports,
    options,
  );
  return answer;
}

/** Tier after tier until one is accepted. A cancel or the deadline stops it before the next and never escalates. */
async function climbTiers(climb: Climb, ports: Ports, options: HandleOptions): Promise<void> {
  for (const tier of tiersToTry(climb, ports, options)) {
    if (stopReason(climb, ports, options)) break;
    if (tier === 'slm' && writerFor(climb, ports, options)) return;
    if (tier === 'static' || tier === 'encoder') await askLocal(tier, climb, ports, options);
    else if (tier === 'slm') await askSlm(climb, ports, options);
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
