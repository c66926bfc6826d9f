/** What each call of a host page does: checks its arguments and the rules of its origin, then asks the engine. */
import type { EmbedRules } from '../core/embed.ts';
import type { CallName } from '../core/embed-protocol.ts';
import { FlotillaError, type Result } from '../core/failure.ts';
import type { ChatCompletionRequest } from '../core/chat-api.ts';
import type { RunRequest, TaskId } from '../core/request.ts';
import type { FlotillaApp, OnEvent } from '../core/threads.ts';
import { readBlob, readName, readRequest, readResume, readRows, readSpec } from './arguments.ts';

/** What a call has besides its arguments. */
export interface CallContext {
  rules: EmbedRules;
  app: () => Promise<FlotillaApp>;
  signal: AbortSignal;
  onEvent: OnEvent;
  /** What the host pushes for `runBatch`, unchecked. */
  requests: AsyncIterable<unknown>;
  /** Hands an item of a stream over when there is room; false: the reader left. */
  give(item: unknown): Promise<boolean>;
}

export type Perform = (
  name: CallName,
  args: readonly unknown[],
  context: CallContext,
) => Promise<unknown>;

type PerformOne = (args: readonly unknown[], context: CallContext) => Promise<unknown>;

const taken = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new FlotillaError(result.failure);
};

const denied = (message: string) => new FlotillaError({ code: 'policy_denied', message });

function mustManage({ rules }: CallContext): void {
  if (!rules.manage)
    throw denied(
      'The policy lets this page ask for answers, but not train, import, export or audit.',
    );
}

function mustDo(task: TaskId, { rules }: CallContext): void {
  if (!rules.tasks.includes(task)) throw denied(`The policy does not let this page use “${task}”.`);
}

/** A request that names no task is held against the rules by the router, which decides what it is. */
function requestOf(data: unknown, context: CallContext): RunRequest {
  const request = taken(readRequest(data));
  if (request.task !== undefined) mustDo(request.task, context);
  return request;
}

const options = ({ signal, onEvent }: CallContext) => ({ signal, onEvent });

async function* checked(context: CallContext): AsyncGenerator<RunRequest> {
  for await (const data of context.requests) yield requestOf(data, context);
}

/** Leaving the loop early ends the iterable, and with it the work. */
async function giveAll(items: AsyncIterable<unknown>, context: CallContext): Promise<void> {
  for await (const item of items) if (!(await context.give(item))) return;
}

const PERFORM: Record<CallName, PerformOne> = {
  capabilities: async (_args, { app }) => (await app()).capabilities(),
  specialists: async (_args, { app }) => (await app()).specialists(),
  workflows: async (_args, { app }) => (await app()).workflows(),
  run: async ([data], context) => {
    const request = requestOf(data, context);
    return (await context.app()).run(request, options(context));
  },
  runBatch: async (_args, context) => {
    const app = await context.app();
    await giveAll(app.runBatch(checked(context), options(context)), context);
  },
  train: async ([data], context) => {
    mustManage(context);
    mustDo('classify', context);
    const spec = taken(readSpec(data));
    return (await context.app()).train(spec, options(context));
  },
  evaluate: async ([id, data], context) => {
    mustDo('classify', context);
    const name = taken(readName(id));
    const rows = taken(readRows(data));
    return (await context.app()).evaluate(name, rows, options(context));
  },
  exportSpecialist: async ([id], context) => {
    mustManage(context);
    const name = taken(readName(id));
    return (await context.app()).exportSpecialist(name);
  },
  importSpecialist: async ([data], context) => {
    mustManage(context);
    const blob = taken(readBlob(data));
    return (await context.app()).importSpecialist(blob);
  },
  runWorkflow: async ([id, data, resume], context) => {
    const name = taken(readName(id));
    const request = requestOf(data, context);
    const before = taken(readResume(resume));
    return (await context.app()).runWorkflow(name, request, { ...before, ...options(context) });
  },
  // The chat's request is checked on the router thread, as every page's is.
  chat: async ([data], context) => {
    mustDo('chat', context);
    const request = { ...(data as ChatCompletionRequest), stream: false as const };
    return (await context.app()).chat.completions.create(request, options(context));
  },
  chatStream: async ([data], context) => {
    mustDo('chat', context);
    const request = { ...(data as ChatCompletionRequest), stream: true as const };
    const app = await context.app();
    await giveAll(app.chat.completions.create(request, options(context)), context);
  },
  auditExport: async (_args, context) => {
    mustManage(context);
    return (await context.app()).audit.export();
  },
  auditVerify: async (_args, context) => {
    mustManage(context);
    return (await context.app()).audit.verify();
  },
};

export const perform: Perform = (name, args, context) => PERFORM[name](args, context);
