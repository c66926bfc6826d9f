/** Opens a source of a model: finds its manifest, and knows how each file of it is read. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type {
  CatalogueEntry,
  GenerationModel,
  ModelFile,
  ModelSource,
} from '../../../src/core/generation-model.ts';
import type { FleetFile } from '../../../src/core/specialist.ts';
import { sha256 } from '../fleet-files.ts';
import { fetchModelFile, type FetchOptions } from './fetch-file.ts';
import { readHub } from './hub.ts';
import { MAX_MANIFEST_BYTES, readModel } from './manifest.ts';

export interface OpenSource {
  manifest: GenerationModel;
  /** Bytes of a file, unchecked but of the length that the manifest says. */
  read: (file: ModelFile, options: FetchOptions) => Promise<Result<Uint8Array<ArrayBuffer>>>;
  /** Small files that were read and checked on the way, by hash. */
  ready: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

export interface SourceContext {
  /** Of the app: its own origin needs no policy. */
  baseUrl: string;
  /** Origins of policy.model_sources; the first one is the hub, the others are where it may redirect to. */
  modelSources: readonly string[];
  /** The hash of model.json, where the build fixes it. */
  pinned: FleetFile | null;
}

const NONE: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map();

/**
 * Fails with policy_denied (an origin that the policy does not name), file_missing, file_corrupt, hash_mismatch,
 * bad_request (the files are of another model), cancelled.
 */
export async function openSource(
  id: string,
  entry: CatalogueEntry | null,
  source: ModelSource,
  context: SourceContext,
  options: FetchOptions,
): Promise<Result<OpenSource>> {
  const opened =
    source.kind === 'mirror'
      ? await openMirror(source.manifestUrl, context, options)
      : source.kind === 'files'
        ? await openFiles(source.files, context.pinned)
        : await openHub(id, entry, context, options);
  if (opened.ok && opened.value.manifest.id !== id)
    return fail('bad_request', `These are files of “${opened.value.manifest.id}”, not of “${id}”.`);
  return opened;
}

async function openMirror(
  manifestUrl: string,
  { baseUrl, modelSources, pinned }: SourceContext,
  options: FetchOptions,
): Promise<Result<OpenSource>> {
  const { origin } = new URL(manifestUrl, baseUrl);
  if (origin !== new URL(baseUrl).origin && !modelSources.includes(origin))
    return fail('policy_denied', `${origin} is not among the model_sources of policy.json.`);
  const url = new URL(manifestUrl, baseUrl).href;
  const bytes = await fetchManifest(url, options);
  if (!bytes.ok) return bytes;
  const manifest = await readPinned(bytes.value, pinned);
  if (!manifest.ok) return manifest;
  return ok({
    manifest: manifest.value,
    ready: NONE,
    read: (file, reading) =>
      fetchModelFile(file, { url: new URL(file.path, url).href, redirectsTo: [] }, reading),
  });
}

async function fetchManifest(
  url: string,
  { doors, signal }: FetchOptions,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const { pathname } = new URL(url);
  try {
    const response = await doors.fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(MANIFEST_WAIT_MS)]),
      cache: 'no-cache',
      credentials: 'same-origin',
      referrerPolicy: 'no-referrer',
      redirect: 'manual',
    });
    if (response.status !== 200)
      return fail('file_missing', `${pathname}: the server answered ${response.status}.`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    return bytes.length > MAX_MANIFEST_BYTES
      ? fail('file_corrupt', `${pathname} is longer than a model.json may be.`)
      : ok(bytes);
  } catch {
    return signal.aborted
      ? fail('cancelled', `${pathname}: the download was stopped.`)
      : fail('file_missing', `${pathname} could not be loaded: there is no connection.`);
  }
}
const MANIFEST_WAIT_MS = 10_000;

async function readPinned(
  bytes: Uint8Array<ArrayBuffer>,
  pinned: FleetFile | null,
): Promise<Result<GenerationModel>> {
  if (pinned && (await sha256(bytes)) !== pinned.sha256)
    return fail('hash_mismatch', `${pinned.path} is not the file that the fleet names.`);
  return readModel(bytes);
}

/** A folder or stick: model.json that lies highest says what the files beside it are. */
async function openFiles(
  files: readonly { path: string; file: Blob }[],
  pinned: FleetFile | null,
): Promise<Result<OpenSource>> {
  const [found] = files
    .filter(({ path }) => /(^|\/)model\.json$/.test(path))
    .sort((one, other) => one.path.split('/').length - other.path.split('/').length);
  if (!found) return fail('file_missing', 'There is no model.json among the chosen files.');
  if (found.file.size > MAX_MANIFEST_BYTES)
    return fail('file_corrupt', `${found.path} is longer than a model.json may be.`);
  const bytes = await readBlob(found.path, found.file);
  const manifest = bytes.ok ? await readPinned(bytes.value, pinned) : bytes;
  if (!manifest.ok) return manifest;
  const folder = found.path.slice(0, -'model.json'.length);
  const byPath = new Map(files.map(({ path, file }) => [path, file]));
  return ok({
    manifest: manifest.value,
    ready: NONE,
    read: async (file) => {
      const blob = byPath.get(folder + file.path);
      if (!blob) return fail('file_missing', `${file.path} is not among the chosen files.`);
      if (blob.size !== file.bytes)
        return fail('file_corrupt', `${file.path} has ${blob.size} bytes, not ${file.bytes}.`);
      return readBlob(file.path, blob);
    },
  });
}

/** The stick may have been pulled out since the files were chosen. */
async function readBlob(path: string, blob: Blob): Promise<Result<Uint8Array<ArrayBuffer>>> {
  try {
    return ok(new Uint8Array(await blob.arrayBuffer()));
  } catch {
    return fail('file_missing', `${path} can no longer be read. Choose the folder again.`);
  }
}

async function openHub(
  id: string,
  entry: CatalogueEntry | null,
  { modelSources }: SourceContext,
  options: FetchOptions,
): Promise<Result<OpenSource>> {
  const [hub] = modelSources;
  if (hub === undefined)
    return fail('policy_denied', 'policy.json names no model_sources, so no hub may be asked.');
  if (!entry?.hub) return fail('unknown_model', `The hub has no “${id}”.`);
  if (entry.hub.library !== null)
    return fail(
      'bad_request',
      `${entry.title} needs a WebGPU library that the hub offers without a hash, so it is not loaded from there. ` +
        `On the server of this app, npm run mirror -- ${id} makes a checked copy.`,
    );
  const read = await readHub(entry, entry.hub, hub, modelSources, options);
  if (!read.ok) return read;
  const { manifest, addressOf, ready } = read.value;
  return ok({
    manifest,
    ready,
    read: (file, reading) => fetchModelFile(file, addressOf(file.path), reading),
  });
}
