/**
 * Copies a language model to a folder of this server, every file checked and listed with its hash in model.json.
 *
 *   npm run mirror -- <model> [--from <address>] [--to <folder>] [--library <address>]
 *   npm run mirror -- --list
 *   npm run mirror -- --check <folder of a model>
 *
 * `--from` is a hub or another mirror (the folder that holds <model>/model.json); left out: the hub that WebLLM's own list
 * names. `--to` is served at /models/; left out: public/models. Run it again after a break: what is here and right stays.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { prebuiltAppConfig } from '@mlc-ai/web-llm';
import { CATALOGUE } from './catalogue.mjs';
import { copyFile, digestOf, problemOf } from './copy-file.mjs';
import { listHubFiles } from './hub-files.mjs';
import { ROOT } from './project.mjs';

/**
 * @typedef {import('../src/core/generation-model.ts').CatalogueEntry} Entry
 * @typedef {import('../src/core/generation-model.ts').GenerationModel} Model
 * @typedef {import('../src/core/generation-model.ts').ModelFileRole} Role
 */

const FORMATS = { webllm: 'mlc', 'llama-wasm': 'gguf', 'transformers-llm': 'onnx' };

/** @returns {Entry[]} */
const entries = () => JSON.parse(readFileSync(CATALOGUE, 'utf8')).models;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string' },
    to: { type: 'string', default: join(ROOT, 'public/models') },
    library: { type: 'string' },
    check: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});

try {
  if (values.list) list();
  else if (values.check !== undefined) await check(resolve(values.check));
  else await mirror(positionals[0]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function list() {
  for (const { id, title, licence, hub, downloadBytes, downloadBytesAbout } of entries()) {
    if (hub === null) continue;
    const bytes = downloadBytes ?? downloadBytesAbout;
    const size = bytes === null ? 'size unknown' : `about ${(bytes / 1e9).toFixed(1)} GB`;
    console.log(`${id.padEnd(20)} ${title} · ${licence} · ${size} · ${hub.repository}`);
  }
}

/** @param {string | undefined} id */
async function mirror(id) {
  const entry = entries().find((one) => one.id === id);
  if (!entry?.hub)
    throw new Error(
      `Say which model: npm run mirror -- --list names them. “${id ?? ''}” is not one that can be copied.`,
    );
  const folder = resolve(values.to, entry.id);
  mkdirSync(folder, { recursive: true });
  const model =
    (values.from === undefined ? null : await fromMirror(entry, values.from, folder)) ??
    (await fromHub(entry, entry.hub, values.from ?? hubOfWebLlm(), folder));
  writeFileSync(join(folder, 'model.json'), `${JSON.stringify(model, null, 1)}\n`);
  writeIndex(resolve(values.to));
  console.log(
    `${folder}: ${model.files.length} files, ready to be served at /models/${entry.id}/.`,
  );
}

/** @returns {string} */
function hubOfWebLlm() {
  const [first] = prebuiltAppConfig.model_list;
  return new URL(/** @type {{ model: string }} */ (first).model).origin;
}

/**
 * @param {Entry} entry
 * @param {NonNullable<Entry['hub']>} hub
 * @param {string} base
 * @param {string} folder
 * @returns {Promise<Model>}
 */
async function fromHub(entry, hub, base, folder) {
  const { commit, files, urlOf } = await listHubFiles(base.replace(/\/$/, ''), hub);
  console.log(`${hub.repository} at ${commit}: ${files.length} files`);
  /** @type {Model['files']} */
  const copied = [];
  for (const file of files) {
    const { bytes, sha256 } = await copy(urlOf(file.path), folder, file.path, file);
    copied.push({ path: file.path, bytes, sha256, role: roleOf(file.path, hub.weights) });
  }
  const library = values.library ?? hub.library;
  if (library !== null) {
    const nothingKnown = { bytes: null, sha256: null, gitId: null };
    const { bytes, sha256 } = await copy(library, folder, 'library.wasm', nothingKnown);
    console.log(
      '  No hash of the library is published: what came is what model.json now names. Keep it.',
    );
    copied.push({ path: 'library.wasm', bytes, sha256, role: 'library' });
  }
  return describe(entry, `${hub.repository} at ${commit}`, commit.slice(0, 12), copied);
}

/**
 * @param {Entry} entry
 * @param {string} base
 * @param {string} folder
 * @returns {Promise<Model | null>} null where there is no mirror at this address
 */
async function fromMirror(entry, base, folder) {
  const url = new URL(`${entry.id}/model.json`, base.endsWith('/') ? base : `${base}/`).href;
  const response = await fetch(url);
  if (!response.ok) return null;
  /** @type {Model} */
  const model = await response.json();
  if (model.id !== entry.id) throw new Error(`${url} is of another model: ${model.id}.`);
  for (const file of model.files)
    await copy(new URL(file.path, url).href, folder, file.path, { ...file, gitId: null });
  return model;
}

/**
 * @param {string} url
 * @param {string} folder
 * @param {string} path
 * @param {import('./copy-file.mjs').Expected} expected
 */
async function copy(url, folder, path, expected) {
  const target = resolve(folder, path);
  if (!target.startsWith(folder + sep)) throw new Error(`${path} would lie outside of ${folder}.`);
  const done = await copyFile(url, target, expected);
  console.log(`  ${done.copied ? 'copied ' : 'here   '} ${path} (${done.bytes} bytes)`);
  return done;
}

/**
 * @param {string} path
 * @param {string} weights
 * @returns {Role}
 */
function roleOf(path, weights) {
  if (path.startsWith(weights)) return 'weights';
  if (path === 'tensor-cache.json') return 'tensors';
  if (path === 'config.json' || path === 'mlc-chat-config.json') return 'config';
  return path === 'tokenizer.json' ? 'tokenizer' : 'other';
}

/**
 * @param {Entry} entry
 * @param {string} source
 * @param {string} version
 * @param {Model['files']} files
 * @returns {Model}
 */
function describe(entry, source, version, files) {
  const { id, title, goodFor, runtime, fallback, contextTokens, memoryBytes, needs, licence } =
    entry;
  return {
    schema: 1,
    id,
    version,
    title,
    description: goodFor,
    format: /** @type {Model['format']} */ (FORMATS[/** @type {keyof typeof FORMATS} */ (runtime)]),
    runtimes: fallback === null ? [runtime] : [runtime, fallback],
    contextTokens,
    memoryBytes,
    needs,
    files,
    passport: {
      source,
      licence,
      attribution: source.split(' ')[0] ?? source,
      trainingData: 'See the card of the repository.',
      recipe: 'npm run mirror: as published, every file checked against the hashes of the hub',
    },
  };
}

/** models/index.json names what lies beside it. @param {string} folder */
function writeIndex(folder) {
  const models = readdirSync(folder, { withFileTypes: true })
    .filter((one) => one.isDirectory() && existsSync(join(folder, one.name, 'model.json')))
    .map(({ name }) => name)
    .sort();
  writeFileSync(join(folder, 'index.json'), `${JSON.stringify({ schema: 1, models })}\n`);
}

/** @param {string} folder */
async function check(folder) {
  /** @type {Model} */
  const model = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  let wrong = 0;
  for (const file of model.files) {
    const path = resolve(folder, file.path);
    const problem =
      !path.startsWith(folder + sep) || !existsSync(path)
        ? 'is missing'
        : problemOf(await digestOf(path), { ...file, gitId: null });
    if (problem === null) continue;
    wrong += 1;
    console.log(`${file.path} ${problem}`);
  }
  if (wrong > 0)
    throw new Error(`${wrong} of ${model.files.length} files of ${model.id} are not right.`);
  console.log(`${model.id}@${model.version}: all ${model.files.length} files are right.`);
}
