/**
 * Runs a workflow, step after step:
 *   request ─► step ─► accepted ─► next step … ─► record
 *                └► not accepted: the step says whether a person decides first (state `waiting`) or the next step goes on
 * A run that waited goes on when it is run again with the person's decisions and the record so far: what was done is kept.
 */
import type { Answer } from './answer.ts';
import { ok, type Result } from './failure.ts';
import type { RunRequest } from './request.ts';
import type { NamedBlob } from './intake.ts';
import {
  type Decisions,
  type StepRecord,
  type Workflow,
  type WorkflowRecord,
  type WorkflowStep,
} from './workflow.ts';
import { filled, holds, valueOf, type Sources } from './workflow-values.ts';

export interface WorkflowPorts {
  now(): number;
  newId(): string;
  /** ISO 8601, UTC. */
  time(): string;
  run(request: RunRequest): Promise<Result<Answer>>;
  attachment(index: number): Promise<Result<NamedBlob>>;
  cancelled(): boolean;
  onStep(steps: readonly StepRecord[]): void;
}

/** `request` is what the person handed over; its text or file is the document. */
export interface WorkflowRun extends Sources {
  workflow: Workflow;
  /** The record of a run that waited. */
  before: WorkflowRecord | null;
  decisions: Decisions;
}

/** Never fails: a step that could not run is in the record, with the reason. */
export async function runWorkflow(run: WorkflowRun, ports: WorkflowPorts): Promise<WorkflowRecord> {
  const startedAt = ports.now();
  const steps: StepRecord[] = [];
  for (const step of run.workflow.steps) {
    if (ports.cancelled()) break;
    const known = run.before?.steps.find(({ id }) => id === step.id);
    const done = known ? kept(known, run.decisions) : null;
    const record = done ?? (await runStep(step, steps, run, ports));
    steps.push(record);
    ports.onStep(steps);
    if (record.state === 'waiting' || record.state === 'failed') break;
  }
  const ms = ports.now() - startedAt + (run.before?.totals.ms ?? 0);
  return {
    id: run.before?.id ?? ports.newId(),
    workflow: run.workflow.id,
    version: run.workflow.version,
    time: run.before?.time ?? ports.time(),
    state: stateOf(steps, run.workflow.steps.length),
    steps,
    result: Object.fromEntries(
      Object.entries(run.workflow.result).map(([name, reference]) => [
        name,
        valueOf(reference, steps, run) ?? null,
      ]),
    ),
    totals: totalsOf(steps, ms),
  };
}

/** A step of the run before: done is done; one that waited is done when its decision is here; a failed one runs again. */
function kept(step: StepRecord, decisions: Decisions): StepRecord | null {
  if (step.state === 'failed') return null;
  if (step.state !== 'waiting') return step;
  if (!Object.hasOwn(decisions, step.id) || !step.answer) return null;
  const answer = { ...step.answer, output: decisions[step.id], status: 'accepted' as const };
  return { ...step, state: 'done', why: 'A person decided.', answer, decided: true };
}

async function runStep(
  step: WorkflowStep,
  before: readonly StepRecord[],
  run: WorkflowRun,
  ports: WorkflowPorts,
): Promise<StepRecord> {
  const about = { id: step.id, title: step.title, task: step.task, answer: null, decided: false };
  if (step.when && !holds(step.when, before, run))
    return { ...about, state: 'skipped', why: 'Its condition did not hold.' };
  const request = await requestOf(step, before, run, ports);
  if (typeof request === 'string') return { ...about, state: 'skipped', why: request };
  const answer = request.ok ? await ports.run(request.value) : request;
  if (!answer.ok) {
    const isSkipped = step.optional === true && CANNOT_WORK.includes(answer.failure.code);
    return { ...about, state: isSkipped ? 'skipped' : 'failed', why: answer.failure.message };
  }
  const { status, decision } = answer.value;
  const waits = status !== 'accepted' && step.doubt !== 'go_on';
  const state = waits ? 'waiting' : 'done';
  return { ...about, state, answer: answer.value, why: waits ? decision.explanation : '' };
}

const CANNOT_WORK: readonly string[] = ['bad_request', 'unsupported_input', 'empty_input'];

/** The request of a step, or in words why there is nothing for it to work on. */
async function requestOf(
  step: WorkflowStep,
  before: readonly StepRecord[],
  run: WorkflowRun,
  ports: WorkflowPorts,
): Promise<Result<RunRequest> | string> {
  const { text, file, lines, mode } = run.request;
  const base: RunRequest = {
    task: step.task,
    ...(step.specialist !== undefined && { specialist: step.specialist }),
    ...(mode !== undefined && { mode }),
    ...(step.input && { input: filled(step.input, before, run) }),
  };
  const on = step.on ?? 'document';
  if (on === 'document')
    return ok({
      ...base,
      ...(text !== undefined && { text }),
      ...(file && { file }),
      ...(lines && { lines }),
    });
  if ('text' in on) {
    const value = valueOf(on.text, before, run);
    return typeof value === 'string' && value.trim() !== ''
      ? ok({ ...base, text: value })
      : `There is no ${on.text.slice(1)} to work on.`;
  }
  const attachments = run.document.email?.attachments ?? null;
  if (!attachments)
    return ok({
      ...base,
      ...(text !== undefined && { text }),
      ...(file && { file }),
      ...(lines && { lines }),
    });
  const index = attachments.findIndex((one) => on.attachment.some((kind) => isKind(kind, one)));
  if (index < 0) return `The e-mail has no attachment of the kind ${on.attachment.join(', ')}.`;
  const attached = await ports.attachment(index);
  return attached.ok ? ok({ ...base, file: attached.value }) : attached;
}

const KINDS = {
  pdf: /\.pdf$|^application\/pdf/iu,
  xml: /\.xml$|[/+]xml$/iu,
  image: /\.(?:png|jpe?g|webp)$|^image\//iu,
};
const isKind = (
  kind: keyof typeof KINDS,
  { name, type }: { name: string; type: string },
): boolean => KINDS[kind].test(name) || KINDS[kind].test(type);

function stateOf(steps: readonly StepRecord[], all: number): WorkflowRecord['state'] {
  const last = steps.at(-1)?.state;
  if (last === 'waiting' || last === 'failed') return last;
  return steps.length < all ? 'cancelled' : 'done';
}

function totalsOf(steps: readonly StepRecord[], ms: number): WorkflowRecord['totals'] {
  const answers = steps.flatMap(({ answer }) => (answer ? [answer] : []));
  const tiers: WorkflowRecord['totals']['tiers'] = {};
  for (const { decision } of answers) tiers[decision.tier] = (tiers[decision.tier] ?? 0) + 1;
  const accepted = steps.filter(({ answer, decided }) => answer?.status === 'accepted' && !decided);
  return {
    ms,
    cost: answers.reduce((sum, { usage }) => sum + usage.cost, 0),
    currency: answers[0]?.usage.currency ?? 'EUR',
    egressBytes: answers.reduce((sum, { egress }) => sum + egress.bytes, 0),
    tiers,
    accepted: accepted.length,
    reviewed: answers.length - accepted.length,
  };
}
