/** Thread of the tasks: runs their code, brings the files of their specialists, and holds their output against its schema. */
import * as Comlink from 'comlink';
import * as v from 'valibot';
import { fail, type Result } from '../src/core/failure.ts';
import type { TasksDoor, WorkCall, WorkCallbacks } from '../src/core/tasks-door.ts';
import type { Finding, WorkPorts } from '../src/core/work.ts';
import { SpecialistFiles } from './tasks/specialist-files.ts';
import { works } from './tasks/works.ts';

const files = new SpecialistFiles();
const running = new Map<string, AbortController>();

function portsOf(call: WorkCall, callbacks: WorkCallbacks, signal: AbortSignal): WorkPorts {
  return {
    now: () => Date.now(),
    deadlineAt: call.deadlineAt,
    signal,
    tiers: call.tiers,
    embed: (tier, texts) => callbacks.embed(tier, texts),
    tokens: (texts) => callbacks.tokens(texts),
    file: (name) => files.bring(call.manifestUrl, call.work.manifest, name),
    slm: {
      modelFor: (wanted) => callbacks.modelFor(wanted),
      generate: (model, request, { deadlineAt }) => callbacks.generate(model, request, deadlineAt),
    },
    onProgress: (progress) => {
      callbacks.onProgress(progress);
    },
  };
}

async function run(
  call: WorkCall,
  callbacks: WorkCallbacks,
  signal: AbortSignal,
): Promise<Result<Finding<unknown>>> {
  const { task } = call.work.manifest;
  const bring = works[task];
  if (!bring) return fail('unknown_task', `This build has no code for “${task}”.`);
  const { run: runTask, output } = await bring();
  const found = await runTask(call.work, portsOf(call, callbacks, signal));
  if (!found.ok || found.value.output === null) return found;
  const checked = v.safeParse(output, found.value.output);
  if (checked.success) return found;
  const [issue] = checked.issues;
  const where = v.getDotPath(issue) ?? 'top';
  return fail(
    'schema_invalid',
    `The output of “${task}” is not valid at “${where}”: ${issue.message}.`,
  );
}

const door: TasksDoor = {
  async run(call, callbacks) {
    const controller = new AbortController();
    running.set(call.id, controller);
    try {
      return await run(call, callbacks, controller.signal);
    } catch (cause) {
      return fail('runtime_failed', `The task broke: ${String(cause)}.`);
    } finally {
      running.delete(call.id);
    }
  },
  cancel: (id) => running.get(id)?.abort(),
};

Comlink.expose(door);
