/** What holds for an address of a build, whichever server sends it: content type, caching, place below a base path. */

/** @type {Record<string, string>} By ending. */
export const CONTENT_TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.ts': 'text/plain; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
export const UNKNOWN_TYPE = 'application/octet-stream';

/** Addresses whose content never changes: names with a hash, and model files below their version. */
export const IMMUTABLE = /^\/(assets\/|fleet\/[^/]+\/[^/]+\/)/;
export const FOR_EVER = 'public, max-age=31536000, immutable';
/** Kept, but asked for again each time: pages, policy.json, the service worker, sdk.js. */
export const ASK_AGAIN = 'no-cache';

/** @param {string} path below the base path, with a leading slash */
export const cachingOf = (path) => (IMMUTABLE.test(path) ? FOR_EVER : ASK_AGAIN);

/**
 * The base path of a deployment, with a slash on both sides.
 * @param {string | undefined} base e.g. `/flotilla/`, or nothing for `/`
 * @returns {string}
 * @throws if it is not a plain path
 */
export function basePath(base) {
  const path = `/${base ?? ''}/`.replace(/\/+/g, '/');
  if (/^\/([A-Za-z0-9._~-]+\/)*$/.test(path) && !/\/\.\.?\//.test(path)) return path;
  throw new Error(`"${base}" is not a base path; write it like /flotilla/.`);
}

/**
 * @param {string} path a request's path
 * @param {string} base as of `basePath`
 * @returns {string | null} with a leading slash, or null where the path lies outside
 */
export const pathBelow = (path, base) =>
  path.startsWith(base) ? path.slice(base.length - 1) : null;
