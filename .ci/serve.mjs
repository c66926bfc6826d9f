/** The production server: static files of one build, precompressed, cached by address, with the security headers. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { contentSecurityPolicy, readPolicy, securityHeaders } from './security-headers.mjs';

/** @type {Record<string, string>} */
const MIME_TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Addresses whose content never changes: names with a hash, and model files below their version. */
const IMMUTABLE = /^\/(assets\/|fleet\/[^/]+\/[^/]+\/)/;
const PORTS_TO_TRY = 20;

/**
 * Serves a build on 127.0.0.1.
 * @param {{ folder: string, policyFile?: string | undefined, port: number }} options `policyFile` replaces the policy of
 *   the build; `port` is the first one to try, 0 for any free one
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serve({ folder, policyFile, port }) {
  const policy = policyFile ?? join(folder, 'policy.json');
  const server = createServer((request, response) => {
    try {
      respond(request, response, { folder, policy });
    } catch (error) {
      console.error(error);
      response.writeHead(500).end();
    }
  });
  const used = await listen(server, port);
  return {
    url: `http://127.0.0.1:${used}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {{ folder: string, policy: string }} site
 */
function respond(request, response, site) {
  const headers = securityHeaders(readPolicy(site.policy));
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...headers, Allow: 'GET, HEAD' }).end();
    return;
  }
  const path = pathOf(request.url ?? '/');
  const file = path === null ? null : fileFor(path, site);
  if (path === null || file === null) {
    response.writeHead(404, { ...headers, 'Content-Type': MIME_TYPES['.txt'] }).end('Not found\n');
    return;
  }
  if (extname(file) === '.html')
    sendPage(request, response, { file, headers, policy: site.policy });
  else sendFile(request, response, { file, headers, immutable: IMMUTABLE.test(path) });
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
 * @param {{ folder: string, policy: string }} site
 */
function fileFor(path, { folder, policy }) {
  const file = path === '/policy.json' ? policy : join(folder, path);
  if (existsSync(file) && statSync(file).isFile()) return file;
  return extname(path) === '' ? join(folder, 'index.html') : null;
}

/**
 * Pages carry the policy in force, also where it is not the one that they were built with.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {{ file: string, headers: Record<string, string>, policy: string }} page
 */
function sendPage(request, response, { file, headers, policy }) {
  const csp = contentSecurityPolicy(readPolicy(policy), 'meta');
  const html = readFileSync(file, 'utf8').replace(
    /(<meta http-equiv="Content-Security-Policy" content=")[^"]*"/,
    (_all, start) => `${start}${csp}"`,
  );
  response.writeHead(200, {
    ...headers,
    'Content-Type': MIME_TYPES['.html'],
    'Content-Length': Buffer.byteLength(html),
    'Cache-Control': 'no-cache',
  });
  response.end(request.method === 'HEAD' ? undefined : html);
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {{ file: string, headers: Record<string, string>, immutable: boolean }} found
 */
function sendFile(request, response, { file, headers, immutable }) {
  const { encoding, path } = encodedCopy(file, request.headers['accept-encoding'] ?? '');
  const { size, mtimeMs } = statSync(path);
  const etag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
  const all = {
    ...headers,
    'Content-Type': MIME_TYPES[extname(file)] ?? 'application/octet-stream',
    'Cache-Control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: etag,
    Vary: 'Accept-Encoding',
    ...(encoding ? { 'Content-Encoding': encoding } : {}),
  };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, all).end();
    return;
  }
  response.writeHead(200, { ...all, 'Content-Length': size });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(path)
      .on('error', () => response.destroy())
      .pipe(response);
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
