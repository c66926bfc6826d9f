/** Where things are, whether they are up to date, and how to run a command: shared by the scripts beside this file. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { basePath } from './addresses.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
export const DIST = process.env.FLOTILLA_DIST ?? join(ROOT, 'dist');
/** Path below which the deployment lies. */
export const BASE = basePath(process.env.FLOTILLA_BASE);

const BUILD_INPUTS = [
  'src',
  'workers',
  'public',
  'index.html',
  'widget.html',
  'vite.config.ts',
  'package-lock.json',
  '.ci',
];
const BUILD_RECORD = 'build-inputs.sha256';
const BUILD_LIMIT_MS = 10 * 60_000;

/** Ends the process with a clear sentence where Node is too old for the tools. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Flotilla needs Node 20.19 or newer; this is ${process.versions.node}. See https://nodejs.org.`,
  );
  process.exit(1);
}

/**
 * Runs a command with our own output and resolves to its exit code.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env] added to the environment
 * @param {number} [limitMs] ends the command after this time; its exit code is then not 0
 * @returns {Promise<number>}
 */
export function run(command, args, env = {}, limitMs = 0) {
  const onWindows = process.platform === 'win32' && command === 'npm';
  return new Promise((resolve, reject) => {
    const child = spawn(onWindows ? 'npm.cmd' : command, args, {
      cwd: ROOT,
      stdio: 'inherit',
      shell: onWindows,
      env: { ...process.env, ...env },
      timeout: limitMs,
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * Runs a tool of node_modules.
 * @param {string} tool path of its entry file below node_modules
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @param {number} [limitMs]
 */
export const runTool = (tool, args, env, limitMs) =>
  run(process.execPath, [join(ROOT, 'node_modules', tool), ...args], env, limitMs);

/** Installs what package-lock.json asks for, if that is not what lies in node_modules. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  console.log('Installing dependencies (npm ci) …');
  if ((await run('npm', ['ci'])) !== 0) throw new Error('npm ci failed; its output is above.');
}

function isInstalled() {
  const installed = packagesOf(join(ROOT, 'node_modules/.package-lock.json'));
  const wanted = packagesOf(join(ROOT, 'package-lock.json'));
  return Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    return path === '' || (found ? found.version === entry.version : entry.optional === true);
  });
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(lockFile) {
  if (!existsSync(lockFile)) return {};
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/**
 * Builds the app if a source changed since the last build.
 * @param {string | null} [policyFile] left out: the policy of the sources
 */
export async function ensureBuilt(policyFile = null) {
  const record = join(DIST, BUILD_RECORD);
  if (existsSync(record) && readFileSync(record, 'utf8') === fingerprint(policyFile)) return;
  console.log('Building …');
  await build(policyFile);
}

/**
 * Builds the app, compresses it and records what it was built from.
 * @param {string | null} policyFile takes the place of public/policy.json, in the pages and in `_headers` too
 */
export async function build(policyFile) {
  const inputs = fingerprint(policyFile);
  const policy = policyFile ?? join(ROOT, 'public/policy.json');
  const env = { FLOTILLA_POLICY: policy };
  if ((await runTool('vite/bin/vite.js', ['build'], env, BUILD_LIMIT_MS)) !== 0)
    throw new Error('The build failed; see above.');
  const { headersFile } = await import('./static-host-headers.mjs');
  const { precompress } = await import('./precompress.mjs');
  const { readPolicy } = await import('./security-headers.mjs');
  if (policyFile !== null) copyFileSync(policyFile, join(DIST, 'policy.json'));
  precompress(DIST, join(ROOT, 'node_modules/.cache/precompress'));
  writeFileSync(join(DIST, '_headers'), headersFile(readPolicy(policy), DIST, BASE));
  writeFileSync(join(DIST, BUILD_RECORD), inputs);
}

/**
 * Digest of base path, policy, and path, size and time of all files that a build reads.
 * @param {string | null} policyFile
 */
function fingerprint(policyFile) {
  const hash = createHash('sha256').update(`${BASE}\0`);
  if (policyFile !== null) hash.update(readFileSync(policyFile));
  for (const input of BUILD_INPUTS) {
    for (const file of filesBelow(join(ROOT, input))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/**
 * All files below a folder, sorted; the file itself if it is one; nothing if it does not exist.
 * @param {string} path
 * @returns {string[]}
 */
export function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** @param {string} folder */
export const ensureFolder = (folder) => mkdirSync(folder, { recursive: true });
