/** The house model as an MLC model, the format of the catalogue: for tests of that format, and for WebLLM by itself. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { GenerationModel, ModelFileRole } from '../../../src/core/generation-model.ts';
import { readGguf } from '../../../workers/runtimes/gguf.ts';
import { joinShards } from '../../../workers/runtimes/shard-bytes.ts';
import { readLayout } from '../../../workers/runtimes/webllm/layout.ts';
import { tensorShards } from '../../../workers/runtimes/webllm/tensor-shards.ts';
import { FLEET } from '../../contract/fleet-folder.ts';

const HOUSE = join(FLEET, 'house-slm/1.0.0');

/** Writes the model with its model.json into `folder`. */
export async function writeMlcCopy(folder: string, id = 'house-mlc'): Promise<void> {
  await mkdir(folder, { recursive: true });
  const read = async (name: string) => Uint8Array.from(await readFile(join(HOUSE, name)));
  const unpacked = async (name: string) => Uint8Array.from(gunzipSync(await read(name)));
  const names = (await readdir(HOUSE)).filter((name) => name.startsWith('weights.gguf.')).sort();
  const file = joinShards(await Promise.all(names.map(read)));
  const gguf = readGguf(file);
  if (!gguf.ok) throw new Error(gguf.failure.message);
  const layout = readLayout(await unpacked('params.json.gzip'), gguf.value);
  if (!layout.ok) throw new Error(layout.failure.message);
  const { list, shards } = tensorShards(layout.value, file);

  const files: GenerationModel['files'] = [];
  const add = async (path: string, role: ModelFileRole, bytes: Uint8Array) => {
    await writeFile(join(folder, path), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    files.push({ path, role, bytes: bytes.length, sha256 });
  };
  await add('mlc-chat-config.json', 'config', await read('mlc-chat-config.json'));
  await add('tokenizer.json', 'tokenizer', await unpacked('tokenizer.json.gzip'));
  await add('tensor-cache.json', 'tensors', list);
  await add('library.wasm', 'library', await unpacked('software.wasm.gzip'));
  for (const { name, bytes } of shards) await add(name, 'weights', bytes());
  const house = JSON.parse(await readFile(join(HOUSE, 'model.json'), 'utf8')) as GenerationModel;
  const model: GenerationModel = { ...house, id, format: 'mlc', runtimes: ['webllm'], files };
  await writeFile(join(folder, 'model.json'), JSON.stringify(model));
}
