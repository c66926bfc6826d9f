/** Task `chat`: a specialist where one is sure, else a language model of this device. OpenAI's shapes in and out. */
import type { Answer } from '../../../src/core/answer.ts';
import type { ChatCompletion, ChatCompletionRequest } from '../../../src/core/chat-api.ts';
import { completionOf, completionOfSpecialist } from '../../../src/core/chat-reply.ts';
import { parseChatRequest } from '../../../src/core/chat-request.ts';
import { grammarOf } from '../../../src/core/chat-tools.ts';
import { generateRequestOf } from '../../../src/core/chat-turns.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { handleRequest } from '../../../src/core/handle-request.ts';
import { deadlineMsFor } from '../../../src/core/policy.ts';
import type { HandleOptions, ModelName, Ports } from '../../../src/core/ports.ts';
import { HOUSE_MODEL } from '../../../src/core/read-request.ts';
import { record } from '../../../src/core/record.ts';
import { writeReply } from '../../../src/core/write-reply.ts';

/** Answers one chat request; `draft` events carry the text as it grows. Fails as ChatApi says. */
export async function run(
  data: unknown,
  ports: Ports,
  options: HandleOptions,
): Promise<Result<ChatCompletion>> {
  const parsed = parseChatRequest(data);
  if (!parsed.ok) return parsed;
  const request = parsed.value;
  const sure = await fromSpecialist(request, ports, options);
  if (sure) return ok(completionOfSpecialist(sure, ports.now()));
  const model = modelOf(request, ports);
  if (!model) return fail('unknown_model', `There is no language model “${request.model}”.`);
  return write(request, model, ports, options);
}

/**
 * The specialist that is asked for or, with `auto`, the one that is sure. Tools and formats ask for generated text, and so
 * does a system turn with instructions of its own.
 */
async function fromSpecialist(
  request: ChatCompletionRequest,
  ports: Ports,
  options: HandleOptions,
): Promise<Answer | null> {
  const [id = ''] = request.model.split('@');
  const named = ports.specialists().some(({ manifest }) => manifest.id === id);
  const shaped =
    request.tools !== undefined || (request.response_format?.type ?? 'text') !== 'text';
  const instructed = request.messages.some(({ role }) => role === 'system');
  if (!named && (request.model !== 'auto' || shaped || instructed)) return null;
  const last = request.messages.at(-1);
  if (last?.role !== 'user') return null;
  const answer = await handleRequest(
    {
      mode: 'only_on_device',
      task: 'classify',
      ...(named && { specialist: request.model }),
    },
    last.content,
    { ...ports, audit: null },
    { signal: options.signal },
  );
  if (!answer.ok) return null;
  if (!named && answer.value.status !== 'accepted') return null;
  await record(answer.value, last.content, ports);
  return answer.value;
}

function modelOf({ model }: ChatCompletionRequest, { slm }: Ports): ModelName | null {
  if (model !== 'auto') return slm.modelFor(model.split('@')[0] ?? '');
  return slm.modelFor(null) ?? slm.modelFor(HOUSE_MODEL);
}

async function write(
  request: ChatCompletionRequest,
  model: ModelName,
  ports: Ports,
  options: HandleOptions,
): Promise<Result<ChatCompletion>> {
  const grammar = grammarOf(request);
  const startedAt = ports.now();
  const { answer, generated, failure } = await writeReply(
    {
      id: ports.newId(),
      startedAt,
      deadlineAt: startedAt + deadlineMsFor(ports.policy, 'chat'),
      mode: undefined,
      model,
      request: generateRequestOf(request, grammar),
      attempts: [],
      classifications: [],
    },
    ports,
    // An object is no text to read along with: it is told when it is whole and valid.
    grammar.kind === 'tools' ? { ...options, onEvent: withoutDrafts(options) } : options,
  );
  await record(answer, lastText(request), ports);
  if (failure) return { ok: false, failure };
  if (!generated) return fail('runtime_failed', 'The model gave no text.');
  return completionOf({
    request,
    grammar,
    answer,
    generated,
    now: ports.now(),
    newId: () => ports.newId(),
  });
}

const withoutDrafts = ({ onEvent }: HandleOptions): HandleOptions['onEvent'] =>
  onEvent && ((event) => (event.type === 'draft' ? undefined : onEvent(event)));

const lastText = ({ messages }: ChatCompletionRequest): string => messages.at(-1)?.content ?? '';
