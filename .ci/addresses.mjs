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
/** Kept, but asked for again each time: pages, policy.json, the service worker. */
export const ASK_AGAIN = 'no-cache';
/** The script of the SDK. A host page has no service worker of ours, so this is what lets it start without our server. */
export const SDK_SCRIPT = '/sdk.js';
/** Asked for again each time as well, but in the background: for a week the kept copy is used meanwhile. */
export const ASK_BEHIND = 'max-age=0, stale-while-revalidate=604800';

/** @param {string} path below the base path, with a leading slash */
export function cachingOf(path) {
  if (path === SDK_SCRIPT) return ASK_BEHIND;
  return IMMUTABLE.test(path) ? FOR_EVER : ASK_AGAIN;
}

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
