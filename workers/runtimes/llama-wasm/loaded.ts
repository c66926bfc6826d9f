/** Brings one model into the engine: checked files, sizes, weights, tokenizer, golden answers. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { ChatTurn, GenerationSelfTest } from '../../../src/core/generation.ts';
import type { GenerationModel } from '../../../src/core/generation-model.ts';
import { readChatConfig, renderTurns } from '../chat-template.ts';
import {
  parseGenerationGolden,
  judgedSelfTest,
  type GenerationGolden,
  type GoldenPrompt,
  type GoldenRun,
} from '../generation-self-test.ts';
import { readGguf } from '../gguf.ts';
import { joinShards } from '../shard-bytes.ts';
import type { StoredFile } from '../stored-files.ts';
import { openEngine, type EngineBuild, type EngineOptions, type LlamaEngine } from './engine.ts';
import { createGrammars, type GrammarLibrary, type Grammars } from './grammar.ts';
import { findTensors, readShape } from './model-shape.ts';
import { createReader, type Reader } from './reader.ts';
import { openVocabulary } from './vocabulary.ts';

export interface LoadedModel {
  engine: LlamaEngine;
  reader: Reader;
  grammars: Grammars;
  /** The prompt of a conversation: chat template and control tokens included. */
  idsOf(turns: readonly ChatTurn[]): number[];
  bytesOf(id: number): Uint8Array;
  /** An answer ends before any of these. */
  stopIds: readonly number[];
  contextTokens: number;
  /** Null where the model brings no golden answers. */
  golden: GenerationGolden | null;
  now: () => number;
}

export type ModelDoors = Omit<EngineOptions, 'contextTokens'> & {
  now: () => number;
  grammarLibrary: () => Promise<GrammarLibrary>;
};

/** Throws a RangeError where the memory cannot be had, and what `onLayer` or a thread throws. */
export async function openModel(
  model: GenerationModel,
  files: readonly StoredFile[],
  build: EngineBuild,
  doors: ModelDoors,
): Promise<Result<LoadedModel>> {
  const one = (role: StoredFile['role']) => files.find((file) => file.role === role)?.bytes;
  const [config, tokenizer, goldenBytes] = [one('config'), one('tokenizer'), one('golden')];
  if (!config || !tokenizer)
    return fail('file_missing', `${model.id} names no chat configuration or no tokenizer.`);
  const weights = joinShards(
    files.flatMap((file) => (file.role === 'weights' ? [file.bytes] : [])),
  );
  const gguf = readGguf(weights);
  if (!gguf.ok) return gguf;
  const shape = readShape(gguf.value);
  if (!shape.ok) return shape;
  const tensors = findTensors(gguf.value, shape.value);
  if (!tensors.ok) return tensors;
  const chat = readChatConfig(config);
  if (!chat.ok) return chat;
  const vocabulary = openVocabulary(tokenizer, shape.value.vocab);
  if (!vocabulary.ok) return vocabulary;
  const golden = goldenBytes ? parseGenerationGolden(goldenBytes) : ok(null);
  if (!golden.ok) return golden;
  const contextTokens = Math.min(model.contextTokens, chat.value.context_window_size);
  const engine = await openEngine(build, shape.value, tensors.value, weights, {
    ...doors,
    contextTokens,
  });
  const stopIds = chat.value.conv_template.stop_token_ids;
  return ok({
    engine,
    reader: createReader(engine, doors.now),
    grammars: createGrammars(vocabulary.value, stopIds, doors.grammarLibrary),
    idsOf: (turns) => vocabulary.value.encode(renderTurns(chat.value, turns)),
    bytesOf: (id) => vocabulary.value.bytesOf(id),
    stopIds,
    contextTokens,
    golden: golden.value,
    now: doors.now,
  });
}

/** Golden prompts that every load runs; all of them take four times as long. */
export const PROMPTS_AT_LOAD = 2;

/** Runs the first golden prompts. Null where the model brings none; `self_test_failed` where the engine is refused. */
export const testModel = (
  model: LoadedModel,
  most: number,
  signal: AbortSignal,
): Promise<Result<GenerationSelfTest | null>> =>
  judgedSelfTest(model.golden, most, 'WebAssembly', (prompt) => runGolden(prompt, model, signal));

async function runGolden(
  { turns, tokenIds: wanted }: GoldenPrompt,
  model: LoadedModel,
  signal: AbortSignal,
): Promise<Result<GoldenRun>> {
  const { engine, reader } = model;
  const promptIds = model.idsOf(turns);
  const tokenIds: number[] = [];
  const logprobs: number[] = [];
  const startedAt = model.now();
  const read = await reader.read(promptIds, signal);
  const firstAt = model.now();
  while (read && !signal.aborted) {
    const chosen = engine.likeliest();
    tokenIds.push(chosen?.id ?? -1);
    logprobs.push(chosen?.logprob ?? NaN);
    if (chosen === null || tokenIds.length === wanted.length)
      return ok({
        promptIds,
        tokenIds,
        logprobs,
        prefillMs: firstAt - startedAt,
        decodeMs: model.now() - firstAt,
      });
    reader.add(chosen.id);
  }
  return fail('cancelled', 'The self-test was cancelled.');
}
