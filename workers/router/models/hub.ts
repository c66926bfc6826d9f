/**
 * Makes a model.json out of what the hub says of a repository at one commit: large files carry their sha-256, small ones
 * a git blob id, with which they are checked here before their sha-256 is taken.
 */
import * as v from 'valibot';
import { fail, ok, type Failure, type Result } from '../../../src/core/failure.ts';
import type {
  CatalogueEntry,
  GenerationModel,
  ModelFile,
  ModelFileRole,
} from '../../../src/core/generation-model.ts';
import { sha256 } from '../fleet-files.ts';
import { fetchModelFile, type FetchOptions, type FileAddress } from './fetch-file.ts';
import { parseModel } from './manifest.ts';

type Hub = NonNullable<CatalogueEntry['hub']>;

const COMMIT = /^[0-9a-f]{40}$/;
/** Small files beside the weights: settings, vocabulary, chat template. */
const SMALL_FILE = /^[^/]+\.(json|jinja|txt|model)$/;
/** Files without a sha-256 of the hub; larger ones always have one. */
const MAX_SMALL_BYTES = 20_000_000;
const ANSWER_WAIT_MS = 10_000;

const Revision = v.object({ sha: v.pipe(v.string(), v.regex(COMMIT)) });
const Tree = v.array(
  v.object({
    type: v.string(),
    oid: v.string(),
    size: v.number(),
    path: v.string(),
    lfs: v.optional(v.object({ oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) })),
  }),
);
type TreeFile = v.InferOutput<typeof Tree>[number];

export interface HubModel {
  manifest: GenerationModel;
  addressOf: (path: string) => FileAddress;
  /** The small files, checked, by sha-256. */
  ready: Map<string, Uint8Array<ArrayBuffer>>;
}

/** Fails with file_missing, file_corrupt (an answer of another shape), hash_mismatch, cancelled. */
export async function readHub(
  entry: CatalogueEntry,
  hub: Hub,
  origin: string,
  redirectsTo: readonly string[],
  options: FetchOptions,
): Promise<Result<HubModel>> {
  const api = `${origin}/api/models/${hub.repository}`;
  const revision = COMMIT.test(hub.revision)
    ? ok({ sha: hub.revision })
    : await ask(Revision, `${api}/revision/${encodeURIComponent(hub.revision)}`, options);
  if (!revision.ok) return revision;
  const { sha } = revision.value;
  const tree = await ask(Tree, `${api}/tree/${sha}?recursive=true`, options);
  if (!tree.ok) return tree;
  const addressOf = (path: string): FileAddress => ({
    url: `${origin}/${hub.repository}/resolve/${sha}/${path}`,
    redirectsTo,
  });
  const wanted = tree.value.filter(
    ({ type, path }) => type === 'file' && (path.startsWith(hub.weights) || SMALL_FILE.test(path)),
  );
  const ready = new Map<string, Uint8Array<ArrayBuffer>>();
  const files: ModelFile[] = [];
  for (const one of wanted) {
    const hash = one.lfs
      ? ok(one.lfs.oid)
      : await readSmall(one, addressOf(one.path), ready, options);
    if (!hash.ok) return hash;
    const role = roleOf(one.path, hub.weights);
    files.push({ path: one.path, bytes: one.size, sha256: hash.value, role });
  }
  const manifest = parseModel(describe(entry, hub, sha, files));
  return manifest.ok ? ok({ manifest: manifest.value, addressOf, ready }) : manifest;
}

async function readSmall(
  { path, size, oid }: TreeFile,
  address: FileAddress,
  ready: HubModel['ready'],
  options: FetchOptions,
): Promise<Result<string>> {
  if (size > MAX_SMALL_BYTES)
    return fail('file_corrupt', `${path} has ${size} bytes and no sha-256 on the hub.`);
  const quiet = { ...options, onBytes: () => undefined };
  const bytes = await fetchModelFile({ path, bytes: size, sha256: '' }, address, quiet);
  if (!bytes.ok) return bytes;
  const blobId = await gitBlobId(bytes.value);
  if (blobId !== oid) return fail('hash_mismatch', `${path} has the git id ${blobId}, not ${oid}.`);
  const hash = await sha256(bytes.value);
  ready.set(hash, bytes.value);
  return ok(hash);
}

/** Git's name of a file: SHA-1 of `blob <length>\0` and its bytes. */
async function gitBlobId(bytes: Uint8Array): Promise<string> {
  const head = new TextEncoder().encode(`blob ${bytes.length}\0`);
  const all = new Uint8Array(head.length + bytes.length);
  all.set(head);
  all.set(bytes, head.length);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', all));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function roleOf(path: string, weights: string): ModelFileRole {
  if (path.startsWith(weights)) return 'weights';
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'tensor-cache.json') return 'tensors';
  if (name === 'config.json' || name === 'mlc-chat-config.json') return 'config';
  return name === 'tokenizer.json' ? 'tokenizer' : 'other';
}

const FORMATS = { webllm: 'mlc', 'llama-wasm': 'gguf', 'transformers-llm': 'onnx' } as const;

function describe(entry: CatalogueEntry, hub: Hub, sha: string, files: ModelFile[]): unknown {
  return {
    schema: 1,
    id: entry.id,
    version: sha.slice(0, 12),
    title: entry.title,
    description: entry.goodFor,
    format: entry.runtime === 'prompt-api' ? 'onnx' : FORMATS[entry.runtime],
    runtimes: [entry.runtime, ...(entry.fallback ? [entry.fallback] : [])],
    contextTokens: entry.contextTokens,
    memoryBytes: entry.memoryBytes,
    needs: entry.needs,
    files,
    passport: {
      source: `${hub.repository} at ${sha}`,
      licence: entry.licence,
      attribution: hub.repository,
      trainingData: 'See the card of the repository.',
      recipe: 'As published, every file checked against the hashes of the hub.',
    },
  };
}

async function ask<T>(
  schema: v.GenericSchema<unknown, T>,
  url: string,
  { doors, signal }: FetchOptions,
): Promise<Result<T>> {
  const missing = (why: string): { ok: false; failure: Failure } =>
    fail('file_missing', `The hub could not be asked for the list of files: ${why}.`);
  try {
    const response = await doors.fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WAIT_MS)]),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
    });
    if (!response.ok) return missing(`it answered ${response.status}`);
    const parsed = v.safeParse(schema, await response.json());
    return parsed.success
      ? ok(parsed.output)
      : fail('file_corrupt', 'The hub’s list of files has another shape than expected.');
  } catch {
    return signal.aborted
      ? fail('cancelled', 'The download was stopped.')
      : missing('there is no connection, or policy.json does not name it');
  }
}
