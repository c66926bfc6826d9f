/** Copies one file from a server to this disk: goes on where a broken copy stopped, and keeps it only if its hash is right. */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const TRIES = 5;
const WAIT_MS = 1000;

/**
 * @typedef {{ bytes: number | null, sha256: string | null, gitId: string | null }} Expected what the source says of the
 *   file; null where it says nothing
 */

/**
 * @param {string} url
 * @param {string} target
 * @param {Expected} expected
 * @returns {Promise<{ bytes: number, sha256: string, copied: boolean }>} `copied` false: it was here already
 */
export async function copyFile(url, target, expected) {
  const here = existsSync(target) ? await digestOf(target) : null;
  if (here !== null && problemOf(here, expected) === null) return { ...here, copied: false };
  mkdirSync(dirname(target), { recursive: true });
  const part = `${target}.part`;
  for (let tries = 1; ; tries++) {
    try {
      await fetchRest(url, part, expected.bytes);
      break;
    } catch (error) {
      if (tries === TRIES || error instanceof RefusedError) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS * tries));
    }
  }
  const digest = await digestOf(part);
  const problem = problemOf(digest, expected);
  if (problem !== null) {
    rmSync(part);
    throw new Error(`${url} ${problem}. Nothing of it was kept.`);
  }
  renameSync(part, target);
  return { ...digest, copied: true };
}

/** The server said no; another attempt would hear the same. */
class RefusedError extends Error {}

/**
 * @param {string} url
 * @param {string} part
 * @param {number | null} bytes
 */
async function fetchRest(url, part, bytes) {
  const have = existsSync(part) ? statSync(part).size : 0;
  if (bytes !== null && have === bytes) return;
  const resume = have > 0 && bytes !== null && have < bytes;
  const response = await fetch(url, resume ? { headers: { Range: `bytes=${have}-` } } : {});
  if (response.status === 404 || response.status === 401 || response.status === 403)
    throw new RefusedError(`${url} answered ${response.status}.`);
  if (!response.ok || response.body === null)
    throw new Error(`${url} answered ${response.status}.`);
  const goesOn =
    resume &&
    response.status === 206 &&
    (response.headers.get('content-range') ?? '').startsWith(`bytes ${have}-`);
  await pipeline(
    Readable.fromWeb(/** @type {import('node:stream/web').ReadableStream} */ (response.body)),
    createWriteStream(part, { flags: goesOn ? 'a' : 'w' }),
  );
}

/**
 * @param {string} file
 * @returns {Promise<{ bytes: number, sha256: string, gitId: string }>}
 */
export async function digestOf(file) {
  const { size } = statSync(file);
  const sha256 = createHash('sha256');
  const gitId = createHash('sha1').update(`blob ${size}\0`);
  for await (const piece of createReadStream(file)) {
    sha256.update(piece);
    gitId.update(piece);
  }
  return { bytes: size, sha256: sha256.digest('hex'), gitId: gitId.digest('hex') };
}

/**
 * @param {{ bytes: number, sha256: string, gitId: string }} found
 * @param {Expected} expected
 * @returns {string | null}
 */
export function problemOf(found, expected) {
  if (expected.bytes !== null && found.bytes !== expected.bytes)
    return `has ${found.bytes} bytes, not ${expected.bytes}`;
  if (expected.sha256 !== null && found.sha256 !== expected.sha256)
    return `has the sha-256 ${found.sha256}, not ${expected.sha256}`;
  if (expected.gitId !== null && found.gitId !== expected.gitId)
    return `has the git id ${found.gitId}, not ${expected.gitId}`;
  return null;
}
