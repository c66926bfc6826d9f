/** Task `chat`: a language model of this device writes a draft. It never goes further up by itself. */
import type { Answer, Attempt, ChatOutput, LabelScore, ReasonCode } from './answer.ts';
import { explain } from './explain.ts';
import { fail, type Failure, type Result } from './failure.ts';
import type { Generated, GenerateRequest } from './generation.ts';
import { allowedTiers } from './policy.ts';
import type { HandleOptions, ModelName, Ports } from './ports.ts';
import { reasonOf } from './reason.ts';
import type { Mode } from './request.ts';

/** What is to be written, and what was tried before. */
export interface ReplyJob {
  id: string;
  startedAt: number;
  deadlineAt: number;
  /** Of the request; it may only tighten the policy. */
  mode: Mode | undefined;
  model: ModelName;
  request: GenerateRequest;
  attempts: Attempt[];
  classifications: LabelScore[];
}

export interface Reply {
  answer: Answer<ChatOutput>;
  /** The text with its tokens; null when nothing was produced. */
  generated: Generated | null;
  failure: Failure | null;
}

/** Runs the model and puts the answer together. A stop keeps the text so far; a failure is an answer without output. */
export async function writeReply(
  job: ReplyJob,
  ports: Ports,
  options: HandleOptions,
): Promise<Reply> {
  const from = ports.now();
  const result = allowedTiers(ports.policy, 'chat', job.mode).includes('slm')
    ? await ports.slm.generate(job.model.id, job.request, {
        deadlineAt: job.deadlineAt,
        signal: options.signal,
        onEvent: options.onEvent,
      })
    : fail('policy_denied', 'The policy does not let a language model of this device write.');
  const reason = reasonFor(result, job, ports, options);
  const attempt: Attempt = {
    tier: 'slm',
    specialist: job.model.id,
    ms: ports.now() - from,
    outcome: result.ok ? result.value.finish : result.failure.code,
    confidence: null,
  };
  options.onEvent?.({ type: 'attempt', ...attempt });
  const failure = result.ok ? null : result.failure;
  const generated = result.ok ? result.value : null;
  const answer = answerOf(
    { ...job, attempts: [...job.attempts, attempt] },
    generated,
    reason,
    failure,
    ports,
  );
  return { answer, generated, failure };
}

function reasonFor(
  result: Result<Generated>,
  job: ReplyJob,
  ports: Ports,
  { signal }: HandleOptions,
): ReasonCode {
  if (signal?.aborted) return 'cancelled';
  if (!result.ok) return reasonOf(result.failure);
  if (result.value.finish === 'interrupted' && ports.now() >= job.deadlineAt) return 'deadline';
  return 'draft';
}

function answerOf(
  job: ReplyJob,
  generated: Generated | null,
  reason: ReasonCode,
  failure: Failure | null,
  ports: Ports,
): Answer<ChatOutput> {
  const { id, version, title } = job.model;
  const written = generated !== null && (generated.text !== '' || reason === 'draft');
  return {
    id: job.id,
    task: 'chat',
    specialist: { id, version },
    output: written ? { message: { role: 'assistant', content: generated.text } } : null,
    confidence: 0,
    status: reason === 'cancelled' ? 'cancelled' : 'needs_review',
    inferenceSource: written ? 'on_device' : null,
    decision: {
      object: 'routing.decision',
      tier: 'slm',
      reason,
      explanation:
        explain({
          reason,
          tier: 'slm',
          title,
          confidence: 0,
          certificate: null,
          failure: failure?.message ?? null,
          cut: false,
        }) + droppedWords(generated),
      classifications: job.classifications,
      attempts: job.attempts,
      certificate: null,
    },
    egress: { bytes: 0, receipt: null },
    usage: {
      ms: ports.now() - job.startedAt,
      ...(generated && {
        prompt_tokens: generated.promptTokens,
        completion_tokens: generated.tokens.length,
      }),
      cost: 0,
      currency: 'EUR',
    },
  };
}

const droppedWords = (generated: Generated | null): string =>
  (generated?.droppedTurns ?? 0) > 0
    ? ' The oldest messages no longer fitted into its context and were left out.'
    : '';
