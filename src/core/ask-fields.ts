/** The server tier of `extract`: a second reading of the doubtful fields alone, from the few lines around them, masked. */
import type { Answer } from './answer.ts';
import type { ReadDocument } from './document.ts';
import { doubtfulFields, withSecondReading } from './doubtful-fields.ts';
import type { ExtractOutput } from './outputs.ts';
import { allowedTiers, maxErrorFor } from './policy.ts';
import type { HandleOptions, Ports } from './ports.ts';
import type { RunRequest } from './request.ts';
import type { WorkManifest } from './work.ts';

export interface Extracted {
  request: RunRequest;
  document: ReadDocument;
  manifest: WorkManifest;
  answer: Answer;
  deadlineAt: number;
}

/**
 * The answer with what a server read, or as it was where nothing is doubtful, the policy names no server or the person
 * did not agree. It stays one for a person: a second reading promises nothing.
 */
export async function askFields(
  { request, document, manifest, answer, deadlineAt }: Extracted,
  ports: Pick<Ports, 'now' | 'policy' | 'server'>,
  options: HandleOptions,
): Promise<Answer> {
  if (manifest.task !== 'extract' || answer.status !== 'needs_review' || !answer.output)
    return answer;
  if (!allowedTiers(ports.policy, 'extract', request.mode).includes('server')) return answer;
  const output = answer.output as ExtractOutput;
  const maxError = maxErrorFor(ports.policy, 'extract');
  const doubtful = doubtfulFields(output, document, manifest, maxError);
  if (!doubtful) return answer;
  options.onEvent?.({ type: 'escalated', because: answer.decision.reason, to: 'server' });
  const from = ports.now();
  const { result, receipt, bytes } = await ports.server.fields({
    requestId: answer.id,
    task: 'extract',
    text: doubtful.excerpt,
    fields: doubtful.names,
    specialist: `${manifest.id}@${manifest.version}`,
    mode: request.mode,
    deadlineAt,
    signal: options.signal,
    onPreview: (masked) => options.onEvent?.({ type: 'egress_preview', masked }),
  });
  const attempt = {
    tier: 'server' as const,
    specialist: result.ok ? result.value.server : 'server',
    ms: ports.now() - from,
    outcome: result.ok ? 'answered' : result.failure.code,
    confidence: null,
  };
  options.onEvent?.({ type: 'attempt', ...attempt });
  const read = result.ok
    ? withSecondReading(output, doubtful, result.value.values, result.value.server)
    : output;
  const usage = result.ok ? result.value.usage : { cost: 0, currency: answer.usage.currency };
  return {
    ...answer,
    output: read,
    decision: { ...answer.decision, attempts: [...answer.decision.attempts, attempt] },
    egress: { bytes, receipt: receipt?.id ?? null },
    usage: { ...answer.usage, ...usage, ms: answer.usage.ms + attempt.ms },
  };
}
