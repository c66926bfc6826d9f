/** One answer: the turns that fit, tokens until an end, their text, checked against the schema. */
import { ok, type Result } from '../../../src/core/failure.ts';
import type { Generated, GenerateRequest } from '../../../src/core/generation.ts';
import { seeded } from '../../../src/core/random.ts';
import { createAnswerText } from '../answer-text.ts';
import { checkedOutput } from '../checked-output.ts';
import { fitTurns } from '../turns.ts';
import type { LoadedModel } from './loaded.ts';
import { promptIds } from './prompt.ts';
import { openSchemaMask, type SchemaMask } from './schema-mask.ts';
import { repetitionOf } from '../repetition.ts';

export type OnDelta = ((delta: string) => void) | null;

export async function answer(
  request: GenerateRequest,
  loaded: LoadedModel,
  signal: AbortSignal,
  onDelta: OnDelta,
): Promise<Result<Generated>> {
  const startedAt = loaded.now();
  const { contextTokens } = loaded;
  const fitting = fitTurns(
    request.turns,
    contextTokens,
    request.maxTokens,
    (turns) => promptIds(loaded, turns).length,
  );
  if (!fitting.ok) return fitting;
  const { schema } = request;
  const bound =
    schema === null ? ok(null) : await openSchemaMask(loaded.library, loaded.tokenizer, schema);
  if (!bound.ok) return bound;
  const ids = promptIds(loaded, fitting.value.turns);
  const most = Math.min(request.maxTokens, contextTokens - ids.length);
  const written = await write(
    { ...request, maxTokens: most },
    ids,
    bound.value,
    loaded,
    signal,
    onDelta,
  );
  const generated: Generated = {
    text: written.text,
    finish: written.finish,
    tokens: written.tokens,
    promptTokens: ids.length,
    droppedTurns: fitting.value.dropped,
    firstTokenMs: written.firstAt === null ? 0 : written.firstAt - startedAt,
    tookMs: loaded.now() - startedAt,
  };
  return checkedOutput(generated, schema);
}

type Written = Pick<Generated, 'text' | 'finish' | 'tokens'> & { firstAt: number | null };

async function write(
  { temperature, topP, repetitionPenalty, seed, stop, maxTokens }: GenerateRequest,
  ids: readonly number[],
  bound: SchemaMask | null,
  { writer, vocabulary, now }: LoadedModel,
  signal: AbortSignal,
  onDelta: OnDelta,
): Promise<Written> {
  const text = createAnswerText(stop);
  const random = seeded(seed ?? Math.floor(Math.random() * 2 ** 32));
  const repetition = repetitionOf(repetitionPenalty);
  const options = { temperature, topP, random, repetition, mask: bound?.mask ?? null, signal };
  let firstAt: number | null = null;
  let count = 0;
  const show = (delta: string): void => {
    if (delta !== '' && !signal.aborted) onDelta?.(delta);
  };
  const end = (finish: Generated['finish']): Written => ({
    text: text.text(),
    finish,
    tokens: text.tokens(),
    firstAt,
  });
  for await (const { id, logprob, forced } of writer.write(ids, options)) {
    if (signal.aborted) break;
    firstAt ??= now();
    const isEnd = vocabulary.endIds.has(id);
    if (!isEnd) {
      const { delta, stopped } = text.push(vocabulary.bytesOf(id), logprob, forced);
      show(delta);
      if (stopped) return end('stop');
      count++;
    }
    if (isEnd || count >= maxTokens) {
      show(text.end());
      return end(isEnd ? 'stop' : 'length');
    }
  }
  return end('interrupted');
}
