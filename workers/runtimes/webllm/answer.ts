/** One answer: the prompt that fits, tokens until an end, their text; and what of it there is at an interruption. */
import { ok, type Result } from '../../../src/core/failure.ts';
import type { Generated, GenerateRequest } from '../../../src/core/generation.ts';
import { seeded } from '../../../src/core/random.ts';
import { createAnswerText } from '../answer-text.ts';
import type { Grammar } from '../grammar.ts';
import { readSchema } from '../schema-check.ts';
import { checkedOutput } from '../checked-output.ts';
import { fitTurns } from '../turns.ts';
import type { Prompter } from './prompt.ts';
import type { Writer } from './writer.ts';
import { repetitionOf } from '../repetition.ts';

export interface AnswerDoors {
  prompter: Prompter;
  writer: Writer;
  contextTokens: number;
  now: () => number;
}

export interface Answering {
  /** Settles when the device is done with it, which can be later than an interruption. */
  run(signal: AbortSignal, onDelta: ((delta: string) => void) | null): Promise<Result<Generated>>;
  /** What there is so far, as an interrupted answer. */
  soFar: () => Generated;
}

export function startAnswer(request: GenerateRequest, doors: AnswerDoors): Answering {
  const { prompter, writer, now } = doors;
  const text = createAnswerText([...prompter.stopTexts, ...request.stop]);
  const figures = { promptTokens: 0, droppedTurns: 0, firstTokenMs: 0 };
  let startedAt = now();
  const generated = (finish: Generated['finish']): Generated => ({
    ...figures,
    text: text.text(),
    finish,
    tokens: text.tokens(),
    tookMs: now() - startedAt,
  });

  const writeText = async (
    ids: readonly number[],
    grammar: Grammar | null,
    signal: AbortSignal,
    onDelta: ((delta: string) => void) | null,
  ): Promise<Generated['finish']> => {
    const most = Math.min(request.maxTokens, doors.contextTokens - ids.length);
    const { temperature, topP, repetitionPenalty } = request;
    const repetition = repetitionOf(repetitionPenalty);
    const random = seeded(request.seed ?? Math.floor(Math.random() * 2 ** 32));
    const show = (delta: string): void => {
      if (delta !== '' && !signal.aborted) onDelta?.(delta);
    };
    let written = 0;
    const options = { temperature, topP, random, repetition, grammar, signal };
    for await (const { id, logprob, forced } of writer.write(ids, options)) {
      if (signal.aborted) break;
      if (written === 0) figures.firstTokenMs = now() - startedAt;
      const isEnd = prompter.stopIds.includes(id);
      if (!isEnd) {
        const { delta, stopped } = text.push(prompter.bytesOf(id), logprob, forced);
        show(delta);
        if (stopped) return 'stop';
        written++;
      }
      if (isEnd || written >= most) {
        show(text.end());
        return isEnd ? 'stop' : 'length';
      }
    }
    return 'interrupted';
  };

  return {
    soFar: () => generated('interrupted'),
    run: async (signal, onDelta) => {
      startedAt = now();
      const fitting = fitTurns(
        request.turns,
        doors.contextTokens,
        request.maxTokens,
        (turns) => prompter.idsOf(turns).length,
      );
      if (!fitting.ok) return fitting;
      const schema = request.schema === null ? ok(null) : readSchema(request.schema);
      if (!schema.ok) return schema;
      const grammar =
        request.schema === null ? ok(null) : await prompter.grammars.open(request.schema);
      if (!grammar.ok) return grammar;
      const ids = prompter.idsOf(fitting.value.turns);
      figures.promptTokens = ids.length;
      figures.droppedTurns = fitting.value.dropped;
      try {
        const finish = await writeText(ids, grammar.value, signal, onDelta);
        return checkedOutput(generated(finish), request.schema);
      } finally {
        grammar.value?.dispose();
      }
    },
  };
}
