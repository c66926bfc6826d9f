/** Reads the files of the specialist, once a version: some tenths of a second. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { Work, WorkPorts } from '../../../src/core/work.ts';
import { coderOf, type Coder } from './coder.ts';
import { FEATURES } from './feature-names.ts';
import { LearnedSchema, phraseIndexOf, priorsOf } from './knowledge.ts';
import { readPhrases } from './phrase-file.ts';
import { readTable } from './table.ts';
import { TreesSchema } from './trees.ts';

/** As the task asks for them; they are shipped with `.gzip` behind. */
export const FILES = ['codes.txt', 'phrases.bin', 'learned.json', 'trees.json'] as const;
type FileName = (typeof FILES)[number];
export type CoderFiles = Record<FileName, Uint8Array>;

const textOf = (file: Uint8Array): string => new TextDecoder().decode(file);

function readJson<S extends v.GenericSchema>(schema: S, file: Uint8Array): v.InferOutput<S> | null {
  try {
    const read = v.safeParse(schema, JSON.parse(textOf(file)));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

/** Fails with file_corrupt. */
export function coderFrom(files: CoderFiles): Result<Coder> {
  const learned = readJson(LearnedSchema, files['learned.json']);
  if (!learned) return fail('file_corrupt', 'learned.json is not as it should be.');
  const trees = readJson(TreesSchema, files['trees.json']);
  if (!trees || trees.features.join() !== FEATURES.join())
    return fail('file_corrupt', 'trees.json is not of these features.');
  const phrases = readPhrases(files['phrases.bin']);
  if (!phrases) return fail('file_corrupt', 'phrases.bin is not whole.');
  const table = readTable(textOf(files['codes.txt']));
  const index = phraseIndexOf(table, phrases, learned);
  return ok(coderOf({ table, index, priors: priorsOf(table, learned), trees }));
}

let kept: { version: string; coder: Coder } | null = null;

/** The coder of the specialist; kept while the same version is asked for. Fails as WorkPorts.file does. */
export async function loadCoder({ manifest }: Work, ports: WorkPorts): Promise<Result<Coder>> {
  const version = [manifest.id, manifest.version, ...manifest.files.map((f) => f.sha256)].join();
  if (kept?.version === version) return ok(kept.coder);
  ports.onProgress({ stage: 'Reading the code table', done: 0, total: 1 });
  const files: Partial<CoderFiles> = {};
  for (const name of FILES) {
    const bytes = await ports.file(name);
    if (!bytes.ok) return bytes;
    files[name] = bytes.value;
  }
  const coder = coderFrom(files as CoderFiles);
  if (coder.ok) kept = { version, coder: coder.value };
  return coder;
}
