/** The server tier of the climb. The egress port behind it decides again whether anything may leave. */
import { askLocal } from './ask-local.ts';
import { attempt, type Climb } from './climb.ts';
import type { HandleOptions, Opinion, Ports } from './ports.ts';
import { reasonOf } from './reason.ts';

/** Asks a server of the policy. The labels come from the specialist, so a local tier routes first if none has. */
export async function askServer(climb: Climb, ports: Ports, options: HandleOptions): Promise<void> {
  const tried = climb.embeddings.encoder ?? climb.attempts.find((one) => one.tier === 'encoder');
  if (!climb.specialist && !tried)
    await askLocal('encoder', climb, ports, { ...options, byHand: true });
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
    attempt(climb, options, {
      tier: 'server',
      specialist: name,
      outcome: outcome.result.failure.code,
      ms: ports.now() - from,
      confidence: null,
    });
    return;
  }
  const { label } = outcome.result.value;
  takeLabel(climb, label);
  attempt(climb, options, {
    tier: 'server',
    specialist: name,
    outcome: label === null ? 'out_of_scope' : 'answered',
    ms: ports.now() - from,
    confidence: null,
  });
}

/** The server's label becomes the opinion and the verdict; null means that none of the labels fits. */
function takeLabel(climb: Climb, label: string | null): void {
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
