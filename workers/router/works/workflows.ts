/** The workflows that the build ships: read once, run on the router thread, each run with one row in the audit. */
import type { WorkflowsDoor } from '../../../src/core/door.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { parseJson } from '../../../src/core/fleet-schema.ts';
import type { RunRequest } from '../../../src/core/request.ts';
import { runWorkflow } from '../../../src/core/run-workflow.ts';
import type { FlotillaEvent } from '../../../src/core/threads.ts';
import {
  parseWorkflow,
  type Decisions,
  type Workflow,
  type WorkflowRecord,
} from '../../../src/core/workflow.ts';
import type { Caller, Engine } from '../engine.ts';
import { fetchFile } from '../fleet-files.ts';
import type { Session } from '../session.ts';

/** Ids, in the order in which they are shown; each is a file beside the page: workflows/<id>.json. */
const SHIPPED = [
  'accounts-payable',
  'helpdesk-triage',
  'call-wrap-up',
  'outpatient-coding',
  'goods-in',
] as const;

let reading: Promise<Result<Workflow[]>> | null = null;

/** Reads all; a failure is forgotten, so that the next call tries again. */
async function readAll(baseUrl: string): Promise<Result<Workflow[]>> {
  reading ??= Promise.all(SHIPPED.map((id) => read(baseUrl, id))).then((all) => {
    const failed = all.find((one) => !one.ok);
    return failed ?? ok(all.flatMap((one) => (one.ok ? [one.value] : [])));
  });
  const read_ = await reading;
  if (!read_.ok) reading = null;
  return read_;
}

async function read(baseUrl: string, id: string): Promise<Result<Workflow>> {
  const name = `workflows/${id}.json`;
  const bytes = await fetchFile(new URL(name, baseUrl).href, 'no-cache');
  if (!bytes.ok) return bytes;
  const json = parseJson(bytes.value, name);
  return json.ok ? parseWorkflow(json.value, name) : json;
}

interface Call {
  id: string;
  request: RunRequest;
  before: WorkflowRecord | null;
  decisions: Decisions;
}

async function run(
  engine: Engine,
  caller: Caller,
  baseUrl: string,
  { id, request, before, decisions }: Call,
  signal: AbortSignal,
  onEvent: ((event: FlotillaEvent) => void) | null,
): Promise<Result<WorkflowRecord>> {
  const all = await readAll(baseUrl);
  if (!all.ok) return all;
  const workflow = all.value.find((one) => one.id === id);
  if (!workflow) return fail('unknown_workflow', `There is no workflow “${id}”.`);
  if (before && before.workflow !== id)
    return fail('bad_request', `The record is of the workflow “${before.workflow}”.`);
  const denied = denialOf(workflow, caller);
  if (denied) return denied;
  const document = await engine.works.read(request, { signal });
  if (!document.ok) return document;
  const { file } = request;
  let ran = 0;
  const record = await runWorkflow(
    { workflow, request, document: document.value, before, decisions },
    {
      now: () => performance.now(),
      newId: () => caller.id,
      time: () => new Date().toISOString(),
      run: (step) => {
        ran += 1;
        const stepCaller = { ...caller, id: `${caller.id}-${ran}` };
        return engine.run(step, stepCaller, signal, onEvent, false);
      },
      attachment: async (index) =>
        file instanceof File
          ? engine.works.documents.attachment(file, index)
          : fail('bad_request', 'Attachments need the e-mail as a file.'),
      cancelled: () => signal.aborted,
      onStep: (steps) => onEvent?.({ type: 'step', steps: [...steps] }),
    },
  );
  await caller.append('answered', auditOf(record));
  return ok(record);
}

/** A workflow of which the connection may not do every step is refused before its first. */
function denialOf({ steps }: Workflow, { denial }: Caller): Result<never> | null {
  return steps.map(({ task }) => denial(task)).find((denied) => denied !== null) ?? null;
}

const auditOf = ({ id, workflow, version, state, totals }: WorkflowRecord) => ({
  request: id,
  workflow: `${workflow}@${version}`,
  state,
  accepted: totals.accepted,
  reviewed: totals.reviewed,
  egress_bytes: totals.egressBytes,
  ms: Math.round(totals.ms),
});

export function workflowsDoor(session: Session, baseUrl: string): WorkflowsDoor {
  return {
    workflows: () => readAll(baseUrl),
    runWorkflow: (id, request, resume, call, onEvent) =>
      session.cancellable(call, (engine, caller, signal) =>
        run(engine, caller, baseUrl, { id, request, ...resume }, signal, onEvent),
      ),
  };
}
