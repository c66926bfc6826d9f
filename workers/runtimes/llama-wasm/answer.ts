/** One answer: the prompt that fits, tokens until an end, their text. */
import { ok, type Result } from '../../../src/core/failure.ts';
import type { Generated, GenerateRequest } from '../../../src/core/generation.ts';
import { seeded } from '../../../src/core/random.ts';
import { createAnswerText } from '../answer-text.ts';
import { chooseToken } from '../next-token.ts';
import { repetitionOf } from '../repetition.ts';
import { readSchema } from '../schema-check.ts';
import { checkedOutput } from '../checked-output.ts';
import { fitTurns } from '../turns.ts';
import type { Grammar } from './grammar.ts';
import type { LoadedModel } from './loaded.ts';
import { nextTask } from './reader.ts';

/** Ends soon after `signal` aborts, with the text so far. Throws what the engine throws. */
export async function answer(
  request: GenerateRequest,
  model: LoadedModel,
  signal: AbortSignal,
  onDelta: ((delta: string) => void) | null,
): Promise<Result<Generated>> {
  const startedAt = model.now();
  const fitting = fitTurns(
    request.turns,
    model.contextTokens,
    request.maxTokens,
    (turns) => model.idsOf(turns).length,
  );
  if (!fitting.ok) return fitting;
  const schema = request.schema === null ? ok(null) : readSchema(request.schema);
  if (!schema.ok) return schema;
  const grammar = request.schema === null ? ok(null) : await model.grammars.open(request.schema);
  if (!grammar.ok) return grammar;
  try {
    const ids = model.idsOf(fitting.value.turns);
    const written = await write(ids, request, model, grammar.value, signal, onDelta);
    const { firstTokenAt, ...rest } = written;
    return checkedOutput(
      {
        ...rest,
        promptTokens: ids.length,
        droppedTurns: fitting.value.dropped,
        firstTokenMs: firstTokenAt === null ? 0 : firstTokenAt - startedAt,
        tookMs: model.now() - startedAt,
      },
      request.schema,
    );
  } finally {
    grammar.value?.dispose();
  }
}

type Written = Pick<Generated, 'text' | 'tokens' | 'finish'> & { firstTokenAt: number | null };

async function write(
  ids: readonly number[],
  request: GenerateRequest,
  model: LoadedModel,
  grammar: Grammar | null,
  signal: AbortSignal,
  onDelta: ((delta: string) => void) | null,
): Promise<Written> {
  const text = createAnswerText(request.stop);
  const most = Math.min(request.maxTokens, model.contextTokens - ids.length);
  const random = seeded(request.seed ?? Math.floor(Math.random() * 2 ** 32));
  const choosing = {
    temperature: request.temperature,
    topP: request.topP,
    random,
    repetition: repetitionOf(request.repetitionPenalty),
  };
  const show = (delta: string): void => {
    if (delta !== '') onDelta?.(delta);
  };
  let firstTokenAt: number | null = null;
  const end = (finish: Generated['finish']): Written => {
    show(text.end());
    return { text: text.text(), tokens: text.tokens(), finish, firstTokenAt };
  };

  if (!(await model.reader.read(ids, signal))) return end('interrupted');
  for (let written = 1; ; written++) {
    const allowed = grammar === null ? null : await grammar.allowed();
    const chosen =
      allowed === null && choosing.temperature === 0 && !choosing.repetition
        ? model.engine.likeliest()
        : chooseToken(model.engine.logits(), allowed, choosing);
    if (chosen === null) throw new Error('the model gave no usable logits');
    firstTokenAt ??= model.now();
    if (model.stopIds.includes(chosen.id)) return end('stop');
    const { delta, stopped } = text.push(model.bytesOf(chosen.id), chosen.logprob, chosen.forced);
    show(delta);
    if (stopped) return { text: text.text(), tokens: text.tokens(), finish: 'stop', firstTokenAt };
    if (written >= most) return end('length');
    if (grammar !== null && !grammar.accept(chosen.id))
      throw new Error('the grammar refused a token that it allowed');
    await nextTask();
    if (signal.aborted) return end('interrupted');
    model.reader.add(chosen.id);
  }
}
