/** The security headers of every response, derived from the deployment's policy. One function, used by all servers. */
import { existsSync, readFileSync } from 'node:fs';

/** URL parsers let `*`, `;` and `,` pass in a host name; in a CSP they would widen it. */
const PLAIN_HOST = /^[a-z0-9.-]+$/;

/**
 * @typedef {{ servers?: unknown, model_sources?: unknown, frame_ancestors?: unknown }} PolicyPart
 */

/**
 * What the page may connect to and who may embed it. Anything that is not a plain http(s) origin is left out:
 * a mistake in the policy makes the boundary tighter, never wider.
 * @param {unknown} policy parsed policy.json, or null when there is none
 */
export function originsOf(policy) {
  const part = /** @type {PolicyPart} */ (
    policy !== null && typeof policy === 'object' ? policy : {}
  );
  /** @type {({ base_url?: unknown } | null)[]} */
  const servers = Array.isArray(part.servers) ? part.servers : [];
  const sources = Array.isArray(part.model_sources) ? part.model_sources : [];
  const ancestors = Array.isArray(part.frame_ancestors) ? part.frame_ancestors : [];
  return {
    connect: unique([...servers.map((server) => server?.base_url), ...sources].map(originOf)),
    frameAncestors: unique(ancestors.map(originOf)),
  };
}

/**
 * The Content-Security-Policy for one kind of response.
 * @param {unknown} policy parsed policy.json, or null
 * @param {'header' | 'meta'} place browsers ignore frame-ancestors in a <meta> element, and warn about it
 */
export function contentSecurityPolicy(policy, place = 'header') {
  const { connect, frameAncestors } = originsOf(policy);
  const directives = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    ["connect-src 'self'", ...connect].join(' '),
    "worker-src 'self'",
    "img-src 'self' blob: data:",
    "style-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  if (place === 'header') {
    directives.push(
      `frame-ancestors ${frameAncestors.length > 0 ? frameAncestors.join(' ') : "'none'"}`,
    );
  }
  return directives.join('; ');
}

/**
 * All security headers. COOP and COEP isolate the page, which is what allows threads in WebAssembly.
 * @param {unknown} policy parsed policy.json, or null
 * @returns {Record<string, string>}
 */
export function securityHeaders(policy) {
  return {
    'Content-Security-Policy': contentSecurityPolicy(policy),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy':
      'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), browsing-topics=()',
  };
}

/**
 * Reads a policy file. A missing or broken file means: no server, nobody may embed.
 * @param {string} path
 * @returns {unknown}
 */
export function readPolicy(path) {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param {unknown} address
 * @returns {string | null}
 */
function originOf(address) {
  if (typeof address !== 'string' || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  return PLAIN_HOST.test(url.hostname) ? url.origin : null;
}

/** @param {(string | null)[]} origins */
const unique = (origins) => [...new Set(origins.filter((origin) => origin !== null))];
