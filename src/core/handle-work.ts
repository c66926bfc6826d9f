/**
 * The life of a request whose task gives more than a label: let the specialist's code work → gate → (doubtful fields to a
 * server of the policy) → answer.
 * The sibling of handle-request.ts, which climbs the tiers of a classification.
 */
import { askFields } from './ask-fields.ts';
import type { Answer, AnswerStatus, Certificate, ReasonCode, Tier } from './answer.ts';
import type { ReadDocument } from './document.ts';
import { explain } from './explain.ts';
import { fail, ok, type Result } from './failure.ts';
import { certificateFor } from './gate.ts';
import { allowedTiers, alwaysReviewed, deadlineMsFor, maxErrorFor } from './policy.ts';
import type { HandleOptions, Ports } from './ports.ts';
import { reasonOf } from './reason.ts';
import { record } from './record.ts';
import type { FileRoute } from './route-file.ts';
import { MAX_TEXT_UNITS, type RunRequest } from './request.ts';
import type { Finding, Work, WorkManifest } from './work.ts';

/** The tasks thread, as the life of a request sees it. */
export interface WorkPort {
  /** Runs the task's code; at the deadline (ms since the epoch) and on the signal it fails with deadline, cancelled. */
  run(work: Work, options: WorkRunOptions): Promise<Result<Finding<unknown>>>;
}

export interface WorkRunOptions {
  deadlineAt: number;
  tiers: readonly Tier[];
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { stage: string; done: number; total: number }) => void) | undefined;
}

/** What handle-work needs of the ports. */
export type WorkDoors = Pick<Ports, 'now' | 'newId' | 'policy' | 'audit' | 'digest' | 'server'> & {
  works: WorkPort;
};

interface Outcome {
  finding: Finding<unknown> | null;
  accept: boolean;
  reason: ReasonCode;
  certificate: Certificate | null;
  failure: string | null;
}

const ON_DEVICE: readonly Tier[] = ['rules', 'static', 'encoder', 'slm'];
/** Failures that say the call itself was wrong: told to the caller, not turned into an answer. */
const WRONG_CALL: readonly string[] = [
  'bad_request',
  'empty_input',
  'input_too_long',
  'unsupported_input',
  'schema_unsupported',
  'file_broken',
];

/** Answers one request with one specialist. Fails only for a wrong call (an input that the task cannot use). */
export async function handleWork(
  request: RunRequest,
  document: ReadDocument,
  manifest: WorkManifest,
  ports: WorkDoors,
  options: HandleOptions = {},
  route: FileRoute | null = null,
): Promise<Result<Answer>> {
  if (document.text.length > MAX_TEXT_UNITS)
    return fail(
      'input_too_long',
      `The text has ${document.text.length} characters; at most ${MAX_TEXT_UNITS} are read.`,
    );
  const startedAt = ports.now();
  const { task } = manifest;
  const deadlineAt = startedAt + deadlineMsFor(ports.policy, task);
  const tiers = allowedTiers(ports.policy, task, request.mode).filter((t) => ON_DEVICE.includes(t));
  const result = await ports.works.run(
    { document, input: request.input, manifest },
    {
      deadlineAt,
      tiers,
      signal: options.signal,
      onProgress: (progress) => options.onEvent?.({ type: 'progress', ...progress }),
    },
  );
  if (!result.ok && WRONG_CALL.includes(result.failure.code)) return result;
  const outcome = judge(result, manifest, ports, options);
  for (const tried of outcome.finding?.attempts ?? [])
    options.onEvent?.({ type: 'attempt', ...tried });
  const ms = ports.now() - startedAt;
  const answer = answerOf(outcome, { request, document, manifest, route, id: ports.newId(), ms });
  const whole = await askFields(
    { request, document, manifest, answer, deadlineAt },
    ports,
    options,
  );
  await record(whole, document.text, ports);
  return ok(whole);
}

/** The gate: exact findings stand, measured ones need a certificate, drafts and doubts need a person. */
function judge(
  result: Result<Finding<unknown>>,
  manifest: WorkManifest,
  { policy }: WorkDoors,
  { signal }: HandleOptions,
): Outcome {
  if (signal?.aborted) return failed('cancelled', null);
  if (!result.ok) return failed(reasonOf(result.failure), result.failure.message);
  const finding = result.value;
  const open = { finding, accept: false, certificate: null, failure: null };
  if (finding.reason) return { ...open, reason: finding.reason };
  if (finding.output === null) return { ...open, reason: 'low_confidence' };
  if (finding.basis === 'draft') return { ...open, reason: 'draft' };
  if (alwaysReviewed(policy, manifest.task)) return { ...open, reason: 'review_required' };
  if (finding.doubts.length > 0) return { ...open, reason: 'doubtful' };
  if (finding.basis === 'exact') return { ...open, accept: true, reason: 'local_ok' };
  const certificate = certificateFor(manifest, maxErrorFor(policy, manifest.task));
  if (!certificate) return { ...open, reason: 'no_certificate' };
  const accept = finding.confidence >= certificate.threshold;
  return { ...open, accept, reason: accept ? 'local_ok' : 'low_confidence', certificate };
}

const failed = (reason: ReasonCode, failure: string | null): Outcome => ({
  finding: null,
  accept: false,
  reason,
  certificate: null,
  failure,
});

interface About {
  request: RunRequest;
  document: ReadDocument;
  manifest: WorkManifest;
  /** How the router came to this specialist; null where the request named the work. */
  route: FileRoute | null;
  id: string;
  ms: number;
}

function answerOf(outcome: Outcome, about: About): Answer {
  const { finding, accept, reason, certificate, failure } = outcome;
  const { document, manifest } = about;
  const confidence = finding?.confidence ?? 0;
  const tier = finding?.tier ?? 'person';
  return {
    id: about.id,
    task: manifest.task,
    specialist: { id: manifest.id, version: manifest.version },
    output: finding?.output ?? null,
    confidence,
    status: statusOf(accept, reason),
    inferenceSource: finding && finding.output !== null ? 'on_device' : null,
    decision: {
      object: 'routing.decision',
      tier,
      reason,
      explanation: explain({
        reason,
        tier,
        title: manifest.title,
        confidence,
        certificate,
        failure: failure ?? finding?.doubts[0] ?? null,
        cut: false,
        exact: finding?.basis === 'exact',
      }),
      classifications: about.route?.classifications ?? [{ label: manifest.id, score: 1 }],
      attempts: [...(about.route?.attempts ?? []), ...(finding?.attempts ?? [])],
      certificate: accept ? certificate : null,
    },
    egress: { bytes: 0, receipt: null },
    usage: { ms: about.ms, ...finding?.usage, cost: 0, currency: 'EUR' },
    ...(about.request.text === undefined && { input_text: document.text }),
    ...(finding && finding.doubts.length > 0 && { doubts: finding.doubts }),
  };
}

const statusOf = (accept: boolean, reason: ReasonCode): AnswerStatus => {
  if (reason === 'cancelled') return 'cancelled';
  return accept ? 'accepted' : 'needs_review';
};
