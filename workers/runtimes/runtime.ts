/** What both runtimes do alike: load the files, open the engine, prove it with golden vectors, embed, dispose. */
import { fail, ok, type Result } from '../../src/core/failure.ts';
import { createWordPiece, type WordPiece } from '../../src/core/wordpiece.ts';
import type { SharedModel } from '../../src/core/specialist.ts';
import type { TokenVectors } from '../../src/core/work.ts';
import { parseGolden, smallestCosine, tokenProblem, type Golden } from './golden.ts';
import { loadModelFiles, type FileDoors, type ModelFiles } from './model-files.ts';
import type {
  Embeddings,
  LoadOptions,
  OnProgress,
  RuntimeInfo,
  SelfTest,
  TextRuntime,
} from './contract.ts';

/** Turns token ids into a vector. The only thing in which runtimes differ. */
export interface Engine {
  backend: string;
  /** Writes one row of length 1 (or zeros). `ids` begin with [CLS] and end with [SEP]. */
  embedTokens(ids: readonly number[], row: Float32Array): Promise<void> | void;
  /** [ids.length × dims] of the last layer, row-major, in memory of its own. Left out by engines that have no such layer. */
  tokenVectors?(ids: readonly number[]): Promise<Float32Array>;
  /** Other engines that were tried and lost, for the record. */
  others: SelfTest['backends'];
  dispose(): Promise<void>;
}

export type OpenEngine = (
  model: SharedModel,
  files: ModelFiles,
  golden: Golden,
  wordPiece: WordPiece,
  options: LoadOptions,
) => Result<Engine> | Promise<Result<Engine>>;

interface Loaded {
  model: SharedModel;
  engine: Engine;
  golden: Golden;
  wordPiece: WordPiece;
}

type Doors = Pick<FileDoors, 'fetch' | 'caches'> & { now: () => number };

/** Embeds texts one after the other: a text never meets another one. */
export async function embedTexts(
  texts: readonly string[],
  dims: number,
  maxTokens: number,
  wordPiece: WordPiece,
  engine: Pick<Engine, 'embedTokens'>,
): Promise<Embeddings> {
  const vectors = new Float32Array(texts.length * dims);
  const cut = new Uint8Array(texts.length);
  for (const [index, text] of texts.entries()) {
    const tokens = wordPiece.encode(text, maxTokens);
    cut[index] = tokens.cut ? 1 : 0;
    const pending = engine.embedTokens(
      tokens.ids,
      vectors.subarray(index * dims, (index + 1) * dims),
    );
    if (pending !== undefined) await pending;
  }
  return { vectors, cut, dims };
}

/** Vectors and places of the tokens of each text, one text after the other. */
export async function tokenVectorsOf(
  texts: readonly string[],
  dims: number,
  maxTokens: number,
  wordPiece: WordPiece,
  engine: Pick<Engine, 'tokenVectors'>,
): Promise<TokenVectors[]> {
  if (engine.tokenVectors === undefined) throw new Error('this model has no vectors of tokens');
  const all: TokenVectors[] = [];
  for (const text of texts) {
    const { ids, cut, offsets } = wordPiece.encodeWithOffsets(text, maxTokens);
    const vectors = await engine.tokenVectors(ids);
    if (vectors.length !== ids.length * dims)
      throw new Error(`${vectors.length} values for ${ids.length} tokens`);
    all.push({ vectors: vectors.slice(dims, -dims), offsets, dims, cut });
  }
  return all;
}

async function compare(
  { model, engine, golden, wordPiece }: Loaded,
  now: () => number,
): Promise<SelfTest> {
  const times: number[] = [];
  const vectors = new Float32Array(golden.texts.length * model.dims);
  for (const [index, { text }] of golden.texts.entries()) {
    const started = now();
    const one = await embedTexts([text], model.dims, model.maxTokens, wordPiece, engine);
    times.push(now() - started);
    vectors.set(one.vectors, index * model.dims);
  }
  const minCosine = smallestCosine(golden, vectors);
  const medianMs = times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
  const mine = { backend: engine.backend, minCosine, medianMs };
  return {
    texts: golden.texts.length,
    minCosine,
    requiredCosine: golden.requiredCosine,
    backends: [mine, ...engine.others],
  };
}

async function open(
  model: SharedModel,
  files: ModelFiles,
  openEngine: OpenEngine,
  options: LoadOptions,
): Promise<Result<Loaded>> {
  const vocabulary = files.byName.get('vocab.txt');
  const goldenBytes = files.byName.get('golden.json');
  if (!vocabulary || !goldenBytes)
    return fail('file_missing', `${model.id} names no vocab.txt or no golden.json.`);
  const wordPiece = createWordPiece(new TextDecoder().decode(vocabulary));
  if (!wordPiece.ok) return wordPiece;
  const golden = parseGolden(goldenBytes);
  if (!golden.ok) return golden;
  if (golden.value.dims !== model.dims)
    return fail('file_corrupt', `${model.id}: golden.json is of another width.`);
  const problem = tokenProblem(golden.value, wordPiece.value, model.maxTokens);
  if (problem !== null)
    return fail(
      'runtime_failed',
      `${model.id}: other tokens than expected for “${problem.slice(0, 40)}”.`,
    );
  const engine = await openEngine(model, files, golden.value, wordPiece.value, options);
  if (!engine.ok) return engine;
  return ok({ model, engine: engine.value, golden: golden.value, wordPiece: wordPiece.value });
}

/** A runtime over an engine. `afterLoad` may warm it up; it must not keep calls waiting. */
export function createRuntime(
  doors: Doors,
  openEngine: OpenEngine,
  afterLoad: (engine: Engine) => void = () => undefined,
): TextRuntime {
  let loaded: Loaded | null = null;
  const ending = new AbortController();
  const cancelled = (): Result<never> => fail('cancelled', 'The runtime was disposed of.');

  const load = async (
    model: SharedModel,
    baseUrl: string,
    onProgress: OnProgress,
    options: LoadOptions,
  ): Promise<Result<RuntimeInfo>> => {
    const started = doors.now();
    const files = await loadModelFiles(model, baseUrl, {
      ...doors,
      signal: ending.signal,
      onProgress,
    });
    if (!files.ok) return files;
    const opened = await open(model, files.value, openEngine, options);
    if (!opened.ok) return opened;
    const selfTest = await compare(opened.value, doors.now);
    const { engine } = opened.value;
    if (ending.signal.aborted || selfTest.minCosine < selfTest.requiredCosine) {
      await engine.dispose();
      if (ending.signal.aborted) return cancelled();
      return fail(
        'runtime_failed',
        `${model.id} on ${engine.backend} failed its self-test: cosine ${selfTest.minCosine.toFixed(4)}.`,
      );
    }
    loaded = opened.value;
    afterLoad(engine);
    const { fetchedBytes, cache } = files.value;
    const { dims, maxTokens } = model;
    return ok({
      backend: engine.backend,
      dims,
      maxTokens,
      loadMs: doors.now() - started,
      fetchedBytes,
      cache,
      selfTest,
    });
  };

  /** Runs `work` on the loaded model; whatever the engine throws becomes a failure. */
  const whenLoaded = async <T>(work: (ready: Loaded) => Promise<T>): Promise<Result<T>> => {
    if (ending.signal.aborted) return cancelled();
    if (loaded === null) return fail('runtime_failed', 'The runtime is not loaded yet.');
    return work(loaded).then(ok, (cause: unknown) =>
      fail('runtime_failed', `The engine stopped: ${String(cause)}.`),
    );
  };

  return {
    load: (model, baseUrl, onProgress, options = {}) =>
      load(model, baseUrl, onProgress, options).catch((cause: unknown) =>
        fail('runtime_failed', `${model.id} did not start: ${String(cause)}.`),
      ),
    embed: (texts) =>
      whenLoaded(({ model, engine, wordPiece }) =>
        embedTexts(texts, model.dims, model.maxTokens, wordPiece, engine),
      ),
    tokens: (texts) =>
      whenLoaded(({ model, engine, wordPiece }) =>
        tokenVectorsOf(texts, model.dims, model.maxTokens, wordPiece, engine),
      ),
    selfTest: () => whenLoaded((ready) => compare(ready, doors.now)),
    dispose: async () => {
      ending.abort();
      await loaded?.engine.dispose();
      loaded = null;
    },
  };
}
