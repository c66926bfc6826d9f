/** The security headers of every address, derived from the deployment's policy. One function, used by all servers. */
import { existsSync, readFileSync } from 'node:fs';

/** URL parsers let `*`, `;` and `,` pass in a host name; in a CSP they would widen it. */
const PLAIN_HOST = /^[a-z0-9.-]+$/;

/**
 * @typedef {'page' | 'widget' | 'sdk' | 'file'} Kind
 * @typedef {{ servers?: unknown, model_sources?: unknown, frame_ancestors?: unknown, embeds?: unknown }} PolicyPart
 * @typedef {{ connect: string[], frameAncestors: string[], sandboxed: boolean }} Boundary
 */

/** Files that pages of any origin may load: public code without content. */
const SDK = new Set(['/sdk.js', '/sdk.d.ts']);

/**
 * What an address holds. Paths without an ending are pages of the app, which routes them itself.
 * @param {string} path decoded, below the base path of the deployment, with a leading slash
 * @returns {Kind}
 */
export function kindOf(path) {
  if (path === '/widget.html') return 'widget';
  if (SDK.has(path)) return 'sdk';
  return path.endsWith('.html') || !/\.[^/]*$/.test(path) ? 'page' : 'file';
}

/**
 * What the pages may connect to and who may embed the widget. Anything that is not a plain http(s) origin is left out:
 * a mistake in the policy makes the boundary tighter, never wider.
 * @param {unknown} policy parsed policy.json, or null when there is none
 * @returns {Boundary} `sandboxed`: the widget may run in a frame without an origin
 */
export function originsOf(policy) {
  const part = /** @type {PolicyPart} */ (
    policy !== null && typeof policy === 'object' ? policy : {}
  );
  /** @type {({ base_url?: unknown } | null)[]} */
  const servers = listOf(part.servers);
  /** @type {({ origin?: unknown, sandboxed?: unknown } | null)[]} */
  const embeds = listOf(part.embeds);
  const hosts = [...listOf(part.frame_ancestors), ...embeds.map((embed) => embed?.origin)];
  return {
    connect: unique(
      [...servers.map((server) => server?.base_url), ...listOf(part.model_sources)].map(originOf),
    ),
    frameAncestors: unique(hosts.map(originOf)),
    sandboxed: embeds.some((embed) => embed?.sandboxed === true && originOf(embed.origin) !== null),
  };
}

/**
 * The Content-Security-Policy of one address.
 * @param {unknown} policy parsed policy.json, or null
 * @param {'header' | 'meta'} place browsers ignore frame-ancestors in a <meta> element, and warn about it
 * @param {string} path as for `kindOf`
 */
export function contentSecurityPolicy(policy, place = 'header', path = '/') {
  const { connect, frameAncestors, sandboxed } = originsOf(policy);
  const kind = kindOf(path);
  const directives = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    ["connect-src 'self'", ...connect].join(' '),
    // A frame without an origin may start a thread only by an address of its own, which imports the real one: see
    // src/platform/start-thread.ts. 'self' holds there: it means the address of the widget.
    `worker-src 'self'${kind === 'widget' && sandboxed ? ' data:' : ''}`,
    "img-src 'self' blob: data:",
    "style-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    // The app shows the widget as a host page would.
    ...(kind === 'page' ? ["frame-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ];
  if (place === 'header') {
    const hosts = kind === 'widget' ? ["'self'", ...frameAncestors] : ["'none'"];
    directives.push(`frame-ancestors ${hosts.join(' ')}`);
  }
  return directives.join('; ');
}

/**
 * All security headers of one address. COOP and COEP isolate the page, which is what allows threads in WebAssembly.
 * @param {unknown} policy parsed policy.json, or null
 * @param {string} path as for `kindOf`
 * @returns {Record<string, string>}
 */
export function securityHeaders(policy, path = '/') {
  return {
    'Content-Security-Policy': contentSecurityPolicy(policy, 'header', path),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    ...sharing(kindOf(path), originsOf(policy)),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy':
      'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), browsing-topics=()',
  };
}

/**
 * Who may load an address from elsewhere. A host page that isolates itself (COEP) can embed the widget only if the widget
 * says `cross-origin`; `frame-ancestors` still decides who may.
 *
 * [Note: Frames without an origin] A frame sandboxed without `allow-same-origin` asks for every file with `Origin: null`.
 * Any page can make such a frame, so `Access-Control-Allow-Origin: null` would keep nobody out and `*` says what is so:
 * once the policy has an entry with `sandboxed`, every page that can reach this server can read its files, the policy
 * among them. They are sent without cookies, so a server behind a login cannot serve such frames.
 * @param {Kind} kind
 * @param {Boundary} boundary
 * @returns {Record<string, string>}
 */
function sharing(kind, { sandboxed }) {
  if (kind === 'widget') return { 'Cross-Origin-Resource-Policy': 'cross-origin' };
  const open = kind === 'sdk' || (kind === 'file' && sandboxed);
  if (!open) return { 'Cross-Origin-Resource-Policy': 'same-origin' };
  return { 'Cross-Origin-Resource-Policy': 'cross-origin', 'Access-Control-Allow-Origin': '*' };
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
 * @param {unknown} value
 * @returns {any[]}
 */
const listOf = (value) => (Array.isArray(value) ? value : []);

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
