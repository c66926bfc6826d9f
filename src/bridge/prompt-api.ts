/**
 * Chrome's built-in model (the Prompt API) behind PromptPort. Optional and untrusted: it names no version and no token
 * probabilities. https://webmachinelearning.github.io/prompt-api
 */
import { fail, ok, type Failure, type Result } from '../core/failure.ts';
import {
  NOTHING_WRITTEN,
  type ChatTurn,
  type Generated,
  type GenerateRequest,
} from '../core/generation.ts';
import type { DeviceProbe } from '../core/generation-model.ts';
import type { PromptPort } from '../core/prompt-port.ts';
import type { CreateOptions, LanguageModelApi, Message, Session } from './language-model-api.ts';
import { textUntilStop } from './prompt-text.ts';

export interface BrowserModel extends PromptPort {
  /**
   * Lets the browser download its model. Call it from a click: browsers refuse it otherwise. `onProgress` hears the share
   * that has arrived, 0..1. Fails with unknown_model, storage_full, cancelled, runtime_failed.
   */
  prepare(onProgress: (share: number) => void, signal: AbortSignal): Promise<Result<null>>;
}

const LANGUAGES = [{ type: 'text' as const, languages: ['en'] }];
const TEXT: CreateOptions = { expectedInputs: LANGUAGES, expectedOutputs: LANGUAGES };

/** Null where the browser brings none. */
export function openBrowserModel(
  api: LanguageModelApi | undefined = (globalThis as { LanguageModel?: LanguageModelApi })
    .LanguageModel,
  now: () => number = () => performance.now(),
): BrowserModel | null {
  if (api === undefined) return null;
  const running = new Map<string, AbortController>();
  return {
    availability: () => availabilityOf(api),
    prepare: async (onProgress, signal) => {
      try {
        const session = await api.create({ ...TEXT, signal, monitor: progressOf(onProgress) });
        session.destroy();
        return ok(null);
      } catch (cause) {
        return signal.aborted
          ? fail('cancelled', 'The download was stopped.')
          : failed(cause, false);
      }
    },
    generate: async (request, id, onDelta) => {
      const stop = new AbortController();
      running.set(id, stop);
      try {
        return await answer(api, request, stop.signal, onDelta, now);
      } finally {
        running.delete(id);
      }
    },
    interrupt: (id) => {
      running.get(id)?.abort();
      return Promise.resolve();
    },
  };
}

async function availabilityOf(api: LanguageModelApi): Promise<DeviceProbe['promptApi']> {
  const answer = await api.availability(TEXT).catch(() => 'unavailable');
  if (answer === 'available') return 'ready';
  return answer === 'downloadable' || answer === 'downloading' ? 'downloadable' : 'none';
}

const progressOf = (onProgress: (share: number) => void) => (monitor: EventTarget) => {
  monitor.addEventListener('downloadprogress', (event) => {
    const { loaded } = event as ProgressEvent;
    onProgress(loaded);
  });
};

/** Older turns are left out until the browser's context holds the rest. */
async function answer(
  api: LanguageModelApi,
  request: GenerateRequest,
  signal: AbortSignal,
  onDelta: ((delta: string) => void) | null,
  now: () => number,
): Promise<Result<Generated>> {
  const startedAt = now();
  const schema = parseSchema(request.schema);
  if (!schema.ok) return schema;
  const system = request.turns.filter(({ role }) => role === 'system');
  const rest = request.turns.filter(({ role }) => role !== 'system');
  for (let from = 0; from < rest.length; from = nextQuestion(rest, from)) {
    const answered: Generated = { ...NOTHING_WRITTEN, droppedTurns: from };
    const hear = (text: string, delta: string): void => {
      answered.firstTokenMs ||= now() - startedAt;
      answered.text = text;
      if (delta !== '') onDelta?.(delta);
    };
    try {
      const turns = [...system, ...rest.slice(from)];
      const ended = await attempt(api, { ...request, turns }, schema.value, signal, hear);
      return ok({ ...answered, ...ended, tookMs: now() - startedAt });
    } catch (cause) {
      if (signal.aborted) return ok({ ...answered, tookMs: now() - startedAt });
      if (nameOf(cause) !== 'QuotaExceededError') return failed(cause, schema.value !== null);
    }
  }
  return fail('input_too_long', 'The last message is longer than the browser’s model reads.');
}

/** Throws what the browser throws. */
async function attempt(
  api: LanguageModelApi,
  request: GenerateRequest,
  schema: object | null,
  signal: AbortSignal,
  hear: (text: string, delta: string) => void,
): Promise<Pick<Generated, 'finish' | 'promptTokens'>> {
  const session = await api.create({ ...optionsOf(request), signal });
  try {
    const input = request.turns.at(-1)?.content ?? '';
    const promptTokens = await tokensOf(session, input);
    const constraint = schema === null ? {} : { responseConstraint: schema };
    const stream = session.promptStreaming(input, { signal, ...constraint });
    return { promptTokens, finish: await textUntilStop(stream, request, hear) };
  } finally {
    session.destroy();
  }
}

function nextQuestion(rest: readonly ChatTurn[], from: number): number {
  let next = from + 1;
  while (next < rest.length - 1 && rest[next]?.role !== 'user') next++;
  return next;
}

function optionsOf({ temperature, turns }: GenerateRequest) {
  const initialPrompts = turns.slice(0, -1).map(({ role, content }): Message => {
    return { role: role === 'tool' ? 'user' : role, content };
  });
  return {
    ...TEXT,
    ...(initialPrompts.length > 0 ? { initialPrompts } : {}),
    // Pages may not set a temperature; at 0 the most predictable mode comes nearest.
    ...(temperature === 0 ? { samplingMode: 'most-predictable' as const } : {}),
  };
}

/** 0 where the browser does not tell. */
async function tokensOf(session: Session, input: string): Promise<number> {
  const measured = await session.measureContextUsage?.(input).catch(() => 0);
  return Math.round((session.contextUsage ?? 0) + (measured ?? 0));
}

function parseSchema(text: string | null): Result<object | null> {
  if (text === null) return ok(null);
  try {
    const schema: unknown = JSON.parse(text);
    if (typeof schema === 'object' && schema !== null) return ok(schema);
  } catch {
    // Not JSON: reported below.
  }
  return fail('schema_unsupported', 'The schema is no JSON object.');
}

const nameOf = (cause: unknown): string => (cause instanceof Error ? cause.name : '');

function failed(cause: unknown, bySchema: boolean): { ok: false; failure: Failure } {
  const message = cause instanceof Error ? cause.message : String(cause);
  const name = nameOf(cause);
  if (name === 'NotSupportedError' && bySchema)
    return fail('schema_unsupported', `The browser’s model cannot enforce the schema: ${message}`);
  if (name === 'NotSupportedError' || name === 'NotAllowedError' || name === 'InvalidStateError')
    return fail('unknown_model', `The browser’s model is not ready: ${message}`);
  if (name === 'QuotaExceededError')
    return fail('storage_full', `The browser’s model found no room: ${message}`);
  return fail('runtime_failed', `The browser’s model stopped: ${message}`);
}
