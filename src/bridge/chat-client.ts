/** `flotilla.chat`: one call to the router thread, as a whole completion or as a stream of chunks. */
import * as Comlink from 'comlink';
import { FlotillaError } from '../core/failure.ts';
import type {
  AskToolCall,
  ChatApi,
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequest,
} from '../core/chat-api.ts';
import type { FlotillaEvent, OnEvent, RunOptions } from '../core/threads.ts';
import { cancellable, type Door } from './cancellable.ts';

/** `askToolCall` gives the way to ask the person, null while there is none. */
export function chatClient(door: Door, askToolCall: () => AskToolCall | null): ChatApi {
  const complete = async (
    request: ChatCompletionRequest,
    signal: AbortSignal | undefined,
    onEvent: OnEvent | undefined,
  ): Promise<ChatCompletion> => {
    const completion = await cancellable(door, signal, (id) =>
      door.chat(request, id, onEvent ? Comlink.proxy(onEvent) : null),
    );
    await confirm(completion, askToolCall());
    return completion;
  };

  function create(
    request: ChatCompletionRequest & { stream: true },
    options?: RunOptions,
  ): AsyncIterable<ChatCompletionChunk>;
  function create(
    request: ChatCompletionRequest & { stream?: false },
    options?: RunOptions,
  ): Promise<ChatCompletion>;
  function create(
    request: ChatCompletionRequest,
    { signal, onEvent }: RunOptions = {},
  ): AsyncIterable<ChatCompletionChunk> | Promise<ChatCompletion> {
    // A caller without types may hand over anything; the other side says what is wrong with it.
    return (request as ChatCompletionRequest | undefined)?.stream
      ? stream(request, complete, { signal, onEvent })
      : complete(request, signal, onEvent);
  }
  return { completions: { create } };
}

/** A tool may do something in the world: no call reaches the caller before a person has agreed to it. */
async function confirm(
  { choices: [choice] }: ChatCompletion,
  ask: AskToolCall | null,
): Promise<void> {
  for (const { function: call } of choice.message.tool_calls ?? []) {
    if (await ask?.(call)) continue;
    throw new FlotillaError({
      code: 'consent_denied',
      message: `The call of “${call.name}” was refused, so it was not passed on.`,
    });
  }
}

type Complete = (
  request: ChatCompletionRequest,
  signal: AbortSignal | undefined,
  onEvent: OnEvent | undefined,
) => Promise<ChatCompletion>;

interface StreamOptions {
  signal: AbortSignal | undefined;
  onEvent: OnEvent | undefined;
}

/** Chunks as they come. A reader that leaves early (break, return) cancels the work. */
async function* stream(
  request: ChatCompletionRequest,
  complete: Complete,
  { signal, onEvent }: StreamOptions,
): AsyncGenerator<ChatCompletionChunk> {
  const left = new AbortController();
  const either = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
  const deltas: string[] = [];
  let wake = (): void => undefined;
  const work = { settled: false };
  const hear = (event: FlotillaEvent): void => {
    onEvent?.(event);
    if (event.type !== 'draft') return;
    deltas.push(event.delta);
    wake();
  };
  const whole = complete(request, either, hear).finally(() => {
    work.settled = true;
    wake();
  });
  whole.catch(() => undefined); // told to the reader below
  const head = headOf(request);
  let told = '';
  try {
    yield { ...head, choices: [{ index: 0, delta: { role: 'assistant' }, finish_reason: null }] };
    while (!work.settled || deltas.length > 0) {
      if (deltas.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const text = deltas.splice(0).join('');
      told += text;
      if (text !== '')
        yield { ...head, choices: [{ index: 0, delta: { content: text }, finish_reason: null }] };
    }
    yield* lastChunks(await whole, head, told, request);
  } finally {
    left.abort();
  }
}

type Head = Pick<ChatCompletionChunk, 'id' | 'object' | 'created' | 'model'>;

const headOf = ({ model }: ChatCompletionRequest): Head => ({
  id: `chatcmpl-${crypto.randomUUID()}`,
  object: 'chat.completion.chunk',
  created: Math.floor(Date.now() / 1000),
  model,
});

/** What was not told yet (a label, an object, a call of a tool), why it ended, and who answered. */
function* lastChunks(
  { choices: [choice], model, usage, flotilla }: ChatCompletion,
  head: Head,
  told: string,
  { stream_options }: ChatCompletionRequest,
): Generator<ChatCompletionChunk> {
  const { content, tool_calls: calls } = choice.message;
  const rest = content?.startsWith(told) ? content.slice(told.length) : '';
  const delta = {
    ...(rest !== '' && { content: rest }),
    ...(calls && { tool_calls: calls.map((call, index) => ({ ...call, index })) }),
  };
  if (rest !== '' || calls)
    yield { ...head, model, choices: [{ index: 0, delta, finish_reason: null }] };
  yield {
    ...head,
    model,
    choices: [{ index: 0, delta: {}, finish_reason: choice.finish_reason }],
    flotilla,
    ...(stream_options?.include_usage && { usage }),
  };
}
