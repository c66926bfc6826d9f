/**
 * The `_headers` file, which Netlify, Cloudflare Pages and their like read. Where two rules fit one address such hosts join
 * the values, and two joined policies would both be enforced. So what is the same everywhere stands under `/*`, and
 * everything else under addresses that do not overlap.
 */
import { readdirSync } from 'node:fs';
import { cachingOf } from './addresses.mjs';
import { securityHeaders } from './security-headers.mjs';

/** An address of each kind. */
const KINDS = ['/', '/widget.html', '/sdk.js', '/policy.json'];
/** Not content of the site. */
const NOT_SERVED = /^_headers$|\.(br|gz|sha256)$/;

/**
 * @param {unknown} policy parsed policy.json, or null
 * @param {string} folder the build
 * @param {string} base as of `basePath`
 */
export function headersFile(policy, folder, base) {
  const [first = {}, ...others] = KINDS.map((path) => securityHeaders(policy, path));
  const everywhere = Object.entries(first).filter(([name, value]) =>
    others.every((headers) => headers[name] === value),
  );
  const shared = new Set(everywhere.map(([name]) => name));
  const rules = addressesOf(folder).map(({ pattern, example }) => {
    const own = Object.entries(securityHeaders(policy, example)).filter(
      ([name]) => !shared.has(name),
    );
    return rule(base + pattern.slice(1), [...own, ['Cache-Control', cachingOf(example)]]);
  });
  // For addresses that the build does not have. `frame-ancestors` of the others takes its place.
  const unknown = /** @type {[string, string]} */ (['X-Frame-Options', 'DENY']);
  return [rule(`${base}*`, [...everywhere, unknown]), ...rules].join('\n');
}

/**
 * Every address of a build once: its files, and its folders by pattern. Folders of the fleet are immutable below a version.
 * @param {string} folder
 */
function addressesOf(folder) {
  const top = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_SERVED.test(name))
    .sort((one, other) => one.name.localeCompare(other.name));
  const named = top
    .filter((entry) => !(entry.isDirectory() && entry.name === 'fleet'))
    .map((entry) =>
      entry.isDirectory()
        ? { pattern: `/${entry.name}/*`, example: `/${entry.name}/file.bin` }
        : { pattern: `/${entry.name}`, example: `/${entry.name}` },
    );
  const fleet = top.some(({ name }) => name === 'fleet') ? fleetAddresses(`${folder}/fleet`) : [];
  return [{ pattern: '/', example: '/' }, ...named, ...fleet];
}

/** @param {string} folder */
const fleetAddresses = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_SERVED.test(name))
    .map((entry) =>
      entry.isDirectory()
        ? { pattern: `/fleet/${entry.name}/*`, example: `/fleet/${entry.name}/1/file.bin` }
        : { pattern: `/fleet/${entry.name}`, example: `/fleet/${entry.name}` },
    );

/**
 * @param {string} pattern
 * @param {[string, string][]} headers
 */
const rule = (pattern, headers) =>
  `${pattern}\n${headers.map(([name, value]) => `  ${name}: ${value}\n`).join('')}`;
