/** The production server: static files of one build, precompressed, cached by address, with the security headers. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import {
  ASK_AGAIN,
  basePath,
  cachingOf,
  CONTENT_TYPES,
  pathBelow,
  UNKNOWN_TYPE,
} from './addresses.mjs';
import { byteRange } from './byte-range.mjs';
import { contentSecurityPolicy, readPolicy, securityHeaders } from './security-headers.mjs';

const PORTS_TO_TRY = 20;

/**
 * @typedef {{ folder: string, policy: string, base: string }} Site `policy` is the file in force
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 */

/**
 * Serves a build on 127.0.0.1.
 * @param {{ folder: string, policyFile?: string | undefined, port: number, base?: string | undefined }} options
 *   `policyFile` replaces the policy of the build; `port` is the first one to try, 0 for any free one; `base` is the path
 *   that the build was made for
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serve({ folder, policyFile, port, base }) {
  const site = {
    folder,
    policy: policyFile ?? join(folder, 'policy.json'),
    base: basePath(base),
  };
  const server = createServer((request, response) => {
    try {
      respond(request, response, site);
    } catch (error) {
      console.error(error);
      response.writeHead(500).end();
    }
  });
  const used = await listen(server, port);
  return {
    url: `http://127.0.0.1:${used}${site.base}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {Request} request
 * @param {Response} response
 * @param {Site} site
 */
function respond(request, response, site) {
  const asked = pathOf(request.url ?? '/');
  const path = asked === null ? null : pathBelow(asked, site.base);
  const headers = securityHeaders(readPolicy(site.policy), path ?? '/');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...headers, Allow: 'GET, HEAD' }).end();
    return;
  }
  if (asked !== null && `${asked}/` === site.base) {
    response.writeHead(308, { ...headers, Location: site.base }).end();
    return;
  }
  const file = path === null ? null : fileFor(path, site);
  if (path === null || file === null) {
    response
      .writeHead(404, { ...headers, 'Content-Type': CONTENT_TYPES['.txt'] })
      .end('Not found\n');
    return;
  }
  if (extname(file) === '.html') sendPage(request, response, { file, path, headers, site });
  else sendFile(request, response, { file, path, headers });
}

/**
 * @param {string} address
 * @returns {string | null} decoded path, or null if it is malformed or leaves the folder
 */
function pathOf(address) {
  try {
    const path = decodeURIComponent(address.split(/[?#]/, 1)[0] ?? '/');
    const clean = normalize(path).split(sep).join('/');
    return path.startsWith('/') && !path.includes('\0') && !clean.startsWith('/..') ? clean : null;
  } catch {
    return null;
  }
}

/**
 * The file behind a path. Paths without an ending are pages of the app, which routes them itself.
 * @param {string} path
 * @param {Site} site
 */
function fileFor(path, { folder, policy }) {
  const file = path === '/policy.json' ? policy : join(folder, path);
  if (existsSync(file) && statSync(file).isFile()) return file;
  return extname(path) === '' ? join(folder, 'index.html') : null;
}

/**
 * Pages carry the policy in force, also where it is not the one that they were built with.
 * @param {Request} request
 * @param {Response} response
 * @param {{ file: string, path: string, headers: Record<string, string>, site: Site }} page
 */
function sendPage(request, response, { file, path, headers, site }) {
  const csp = contentSecurityPolicy(readPolicy(site.policy), 'meta', path);
  const html = readFileSync(file, 'utf8').replace(
    /(<meta http-equiv="Content-Security-Policy" content=")[^"]*"/,
    (_all, start) => `${start}${csp}"`,
  );
  response.writeHead(200, {
    ...headers,
    'Content-Type': CONTENT_TYPES['.html'],
    'Content-Length': Buffer.byteLength(html),
    'Cache-Control': ASK_AGAIN,
  });
  response.end(request.method === 'HEAD' ? undefined : html);
}

/**
 * A part of a file is always a part of the file itself, not of its compressed copy.
 * @param {Request} request
 * @param {Response} response
 * @param {{ file: string, path: string, headers: Record<string, string> }} found
 */
function sendFile(request, response, { file, path, headers }) {
  const asked = request.method === 'GET' ? request.headers.range : undefined;
  const copy = encodedCopy(file, asked ? '' : (request.headers['accept-encoding'] ?? ''));
  const { size, mtimeMs } = statSync(copy.path);
  const etag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
  const all = {
    ...headers,
    'Content-Type': CONTENT_TYPES[extname(file)] ?? UNKNOWN_TYPE,
    'Cache-Control': cachingOf(path),
    'Accept-Ranges': 'bytes',
    ETag: etag,
    Vary: 'Accept-Encoding',
    ...(copy.encoding ? { 'Content-Encoding': copy.encoding } : {}),
  };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, all).end();
    return;
  }
  const isSame = (request.headers['if-range'] ?? etag) === etag;
  const range = isSame ? byteRange(asked, size) : 'all';
  if (range === 'unsatisfiable') {
    response.writeHead(416, { ...all, 'Content-Range': `bytes */${size}` }).end();
    return;
  }
  writeLength(response, all, range, size);
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(copy.path, range === 'all' ? {} : range)
      .on('error', () => response.destroy())
      .pipe(response);
}

/**
 * @param {Response} response
 * @param {Record<string, string | undefined>} headers
 * @param {{ start: number, end: number } | 'all'} range
 * @param {number} size
 */
function writeLength(response, headers, range, size) {
  if (range === 'all') {
    response.writeHead(200, { ...headers, 'Content-Length': size });
    return;
  }
  response.writeHead(206, {
    ...headers,
    'Content-Length': range.end - range.start + 1,
    'Content-Range': `bytes ${range.start}-${range.end}/${size}`,
  });
}

/**
 * @param {string} file
 * @param {string} accepted the request's Accept-Encoding
 */
function encodedCopy(file, accepted) {
  if (/\bbr\b/.test(accepted) && existsSync(`${file}.br`))
    return { encoding: 'br', path: `${file}.br` };
  if (/\bgzip\b/.test(accepted) && existsSync(`${file}.gz`))
    return { encoding: 'gzip', path: `${file}.gz` };
  return { encoding: null, path: file };
}

/**
 * @param {import('node:http').Server} server
 * @param {number} first
 * @returns {Promise<number>} the port in use
 */
async function listen(server, first) {
  for (let port = first; port < first + PORTS_TO_TRY; port++) {
    const used = await new Promise((resolve, reject) => {
      server.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
        error.code === 'EADDRINUSE' && port !== 0 ? resolve(null) : reject(error),
      );
      server.listen(port, '127.0.0.1', () => resolve(portOf(server)));
    });
    server.removeAllListeners('error');
    if (used !== null) return used;
  }
  throw new Error(`No free port between ${first} and ${first + PORTS_TO_TRY - 1}.`);
}

/** @param {import('node:http').Server} server */
function portOf(server) {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
