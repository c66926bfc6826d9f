/** A model's stored files under the addresses at which WebLLM looks for them. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { GenerationModel, ModelFileRole } from '../../../src/core/generation-model.ts';
import { readGguf } from '../gguf.ts';
import { openModelCache } from '../model-cache.ts';
import { joinShards } from '../shard-bytes.ts';
import { readStoredFiles, type StoredDoors, type StoredFile } from '../stored-files.ts';
import type { EngineAddresses } from './engine.ts';
import { readLayout } from './layout.ts';
import type { ReadFile } from './served-files.ts';
import { tensorShards } from './tensor-shards.ts';

export interface AddressedModel {
  addresses: EngineAddresses;
  files: Map<string, ReadFile>;
  /** mlc-chat-config.json. */
  config: Uint8Array;
  /** golden.json; null where the model brings none. */
  golden: Uint8Array | null;
}

type Bytes = Uint8Array<ArrayBuffer>;
type LibraryRole = 'library' | 'software-library';

/**
 * Small files are read and checked at once, and so are the weights of a GGUF file, which are needed together. Those of an
 * MLC model are read and checked one by one when WebLLM wants them: they may be larger than memory.
 */
export async function addressModel(
  model: GenerationModel,
  library: LibraryRole,
  doors: StoredDoors,
): Promise<Result<AddressedModel>> {
  const missing = await missingFile(model, doors);
  if (missing !== null) return fail('file_missing', `${missing} of ${model.id} is not stored.`);
  const first: ModelFileRole[] = ['config', 'tokenizer', 'tensors', 'golden', library];
  if (model.format === 'gguf') first.push('weights');
  const stored = await readStoredFiles(model, first, doors);
  if (!stored.ok) return stored;
  const found = (role: ModelFileRole): Bytes | null =>
    stored.value.find((file) => file.role === role)?.bytes ?? null;
  const parts = {
    config: found('config'),
    library: found(library),
    tensors: found('tensors'),
  };
  for (const [role, bytes] of Object.entries(parts))
    if (bytes === null) return fail('file_missing', `${model.id} has no ${role} for WebGPU.`);
  const folder = `https://${model.id.toLowerCase().replace(/[^a-z0-9-]/g, '-')}.flotilla.invalid/`;
  const base = `${folder}resolve/main/`;
  const addresses = { model: base, library: `${folder}library.wasm` };
  const files = new Map<string, ReadFile>();
  const serve = (url: string, bytes: Bytes) => files.set(url, () => Promise.resolve(ok(bytes)));
  serve(addresses.library, parts.library as Bytes);
  serve(`${base}mlc-chat-config.json`, parts.config as Bytes);
  for (const { role, name, bytes } of stored.value)
    if (role === 'tokenizer') serve(base + name, bytes);
  const weights =
    model.format === 'gguf'
      ? relaidWeights(stored.value, parts.tensors as Bytes)
      : ok(storedWeights(model, parts.tensors as Bytes, doors));
  if (!weights.ok) return weights;
  for (const [name, read] of weights.value) files.set(base + name, read);
  return ok({ addresses, files, config: parts.config as Bytes, golden: found('golden') });
}

/** Path of the first file that is not stored; a hash says nothing about the bytes yet. */
async function missingFile(model: GenerationModel, doors: StoredDoors): Promise<string | null> {
  const cache = await openModelCache(doors.caches, model.id, doors.baseUrl);
  const hashes = (await cache?.hashes()) ?? new Set();
  return model.files.find(({ sha256 }) => !hashes.has(sha256))?.path ?? null;
}

const LIST = 'tensor-cache.json';

function relaidWeights(stored: readonly StoredFile[], layout: Bytes): Result<[string, ReadFile][]> {
  const shards = stored.filter(({ role }) => role === 'weights').map(({ bytes }) => bytes);
  const file = joinShards(shards);
  const gguf = readGguf(file);
  if (!gguf.ok) return gguf;
  const parameters = readLayout(layout, gguf.value);
  if (!parameters.ok) return parameters;
  const tensors = tensorShards(parameters.value, file);
  return ok([
    [LIST, () => Promise.resolve(ok(tensors.list))],
    ...tensors.shards.map(({ name, bytes }): [string, ReadFile] => [
      name,
      () => Promise.resolve(ok(bytes())),
    ]),
  ]);
}

function storedWeights(
  model: GenerationModel,
  list: Bytes,
  doors: StoredDoors,
): [string, ReadFile][] {
  const weights = model.files.filter(({ role }) => role === 'weights');
  const total = weights.reduce((sum, { bytes }) => sum + bytes, 0);
  let loaded = 0;
  const reader = (file: (typeof weights)[number]): ReadFile => {
    return async () => {
      const own: StoredDoors = { ...doors, onBytes: () => undefined };
      const read = await readStoredFiles({ ...model, files: [file] }, ['weights'], own);
      if (!read.ok) return read;
      loaded += file.bytes;
      doors.onBytes(loaded, total);
      return ok((read.value[0] as StoredFile).bytes);
    };
  };
  return [
    [LIST, () => Promise.resolve(ok(list))],
    ...weights.map((file): [string, ReadFile] => [
      file.path.slice(file.path.lastIndexOf('/') + 1),
      reader(file),
    ]),
  ];
}
