/** Reads model.json: every name, path and size is checked here before anything of it is used. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { parseJson } from '../../../src/core/fleet-schema.ts';
import { GENERATORS } from '../../../src/core/generation.ts';
import type { GenerationModel } from '../../../src/core/generation-model.ts';

/** A file is held in memory while it is hashed, and by the runtime that reads it; browsers stop somewhere above. */
const MAX_FILE_BYTES = 2 ** 32;
const MAX_FILES = 1000;
const MAX_MODEL_BYTES = 64 * 2 ** 30;
/** Longest model.json that is read, in bytes. */
export const MAX_MANIFEST_BYTES = 1_000_000;

const Text = v.pipe(v.string(), v.maxLength(4000));
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** Also the name of a folder on a server and a part of addresses. */
export const ModelId = v.pipe(
  v.string(),
  v.regex(/^(?!.*\.\.)[a-z0-9][a-z0-9.-]{0,63}$/u, 'must be a short lower-case name'),
);

const File = v.strictObject({
  path: v.pipe(
    v.string(),
    v.maxLength(300),
    v.regex(/^(?!.*\.\.)[\w.-]+(\/[\w.-]+)*$/u, 'must be a path below the folder of model.json'),
  ),
  bytes: v.pipe(Positive, v.maxValue(MAX_FILE_BYTES, 'is more than one file may have')),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u, 'must be a sha-256 in lower-case hex')),
  role: v.picklist([
    'weights',
    'tensors',
    'library',
    'software-library',
    'config',
    'tokenizer',
    'golden',
    'other',
  ]),
});

const Files = v.pipe(
  v.array(File),
  v.minLength(1, 'names no file'),
  v.maxLength(MAX_FILES),
  v.check(
    (files) => new Set(files.map(({ path }) => path)).size === files.length,
    'names a path twice',
  ),
  v.check((files) => files.some(({ role }) => role === 'weights'), 'names no weights'),
  v.check(
    (files) => files.reduce((sum, { bytes }) => sum + bytes, 0) <= MAX_MODEL_BYTES,
    'is larger than any model may be',
  ),
);

const Model = v.strictObject({
  schema: v.literal(1),
  id: ModelId,
  version: v.pipe(
    v.string(),
    v.regex(/^[\w][\w.-]{0,63}$/u, 'must be a version such as 1.0.0, or a revision'),
  ),
  title: Text,
  description: Text,
  format: v.picklist(['gguf', 'mlc', 'onnx']),
  runtimes: v.pipe(v.array(v.picklist(GENERATORS)), v.minLength(1)),
  contextTokens: v.pipe(Positive, v.maxValue(10_000_000)),
  memoryBytes: Count,
  needs: v.strictObject({ shaderF16: v.boolean(), maxBufferBytes: Count }),
  files: Files,
  passport: v.strictObject({
    source: Text,
    licence: Text,
    attribution: Text,
    trainingData: Text,
    recipe: Text,
  }),
});

/** Fails with file_corrupt; the message names the key. */
export function parseModel(value: unknown): Result<GenerationModel> {
  const parsed = v.safeParse(Model, value);
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  return fail(
    'file_corrupt',
    `model.json is not valid at “${v.getDotPath(issue) ?? 'top'}”: ${issue.message}.`,
  );
}

export function readModel(bytes: Uint8Array): Result<GenerationModel> {
  const json = parseJson(bytes, 'model.json');
  return json.ok ? parseModel(json.value) : json;
}

/** Bytes of all files; a file that two paths share is stored once and counts once. */
export function bytesOf(model: GenerationModel, only?: (sha256: string) => boolean): number {
  const byHash = new Map(model.files.map(({ sha256, bytes }) => [sha256, bytes]));
  return [...byHash].reduce((sum, [hash, bytes]) => sum + (only?.(hash) === false ? 0 : bytes), 0);
}
