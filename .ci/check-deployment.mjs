/** Asks a running deployment whether it sends what the app and its policy rely on. Only GET, only addresses of the build. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { extname } from 'node:path';
import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { cachingOf, CONTENT_TYPES, IMMUTABLE } from './addresses.mjs';
import { contentSecurityPolicy, kindOf, securityHeaders } from './security-headers.mjs';

const TIMEOUT_MS = 20_000;
/** Never part of a build. */
const MISSING = '/assets/missing-0000.js';

/**
 * @typedef {{ path: string, rule: string, holds: boolean, found: string }} Rule `found`: what was sent instead
 * @typedef {{ status: number, headers: Record<string, string | undefined>, body: Buffer }} Reply
 */

/**
 * @param {URL} address of the app, with its base path
 * @param {unknown} [given] parsed policy.json; left out: the one that is served
 * @returns {Promise<Rule[]>}
 */
export async function checkDeployment(address, given) {
  const base = new URL(address.pathname.endsWith('/') ? address : `${address.href}/`);
  /** @param {string} path @param {Record<string, string>} [headers] */
  const ask = (path, headers = {}) => get(new URL(`.${path}`, base), headers);
  const served = parsed((await ask('/policy.json')).body);
  const policy = given ?? served;
  const page = (await ask('/')).body.toString();
  const assets = await assetsOf(ask, page, base.pathname);
  const paths = [
    ...['/', '/index.html', '/desk', '/widget.html', '/sdk.js', '/sdk.d.ts', '/policy.json'],
    ...['/service-worker.js', '/flotilla.webmanifest', '/icons/flotilla.svg', '/fleet/fleet.json'],
    ...assets.all,
  ];
  /** @type {Rule[]} */
  const rules = [
    rule('/policy.json', 'is the policy that the headers are for', {
      holds: served !== null && JSON.stringify(served) === JSON.stringify(policy),
      found: served === null ? 'not JSON, or not there' : 'another policy',
    }),
  ];
  for (const path of paths) rules.push(...rulesOf(path, await ask(path), policy));
  for (const path of ['/', '/widget.html']) rules.push(metaRule(path, await ask(path), policy));
  rules.push(...(await compressionRules(ask, ['/sdk.js', '/fleet/fleet.json', ...assets.code])));
  for (const path of assets.models) rules.push(...(await modelRules(ask, path)));
  rules.push(...missingRules(await ask(MISSING), policy));
  return rules;
}

/**
 * What every address must have.
 * @param {string} path
 * @param {Reply} reply
 * @param {unknown} policy
 */
function rulesOf(path, { status, headers }, policy) {
  const type =
    CONTENT_TYPES[extname(path)] ?? (kindOf(path) === 'page' ? CONTENT_TYPES['.html'] : null);
  const caching = headers['cache-control'] ?? 'nothing';
  return [
    rule(path, 'is there', { holds: status === 200, found: `status ${status}` }),
    ...securityRules(path, headers, policy),
    ...(type
      ? [rule(path, `Content-Type: ${type}`, sameType(headers['content-type'] ?? 'nothing', type))]
      : []),
    rule(path, `Cache-Control: ${cachingOf(path)}`, {
      holds: IMMUTABLE.test(path)
        ? /\bimmutable\b/.test(caching)
        : /\bno-cache\b|\bmax-age=0\b/.test(caching) && !/\bimmutable\b/.test(caching),
      found: caching,
    }),
  ];
}

/**
 * @param {string} path
 * @param {Record<string, string | undefined>} headers
 * @param {unknown} policy
 */
function securityRules(path, headers, policy) {
  const wanted = securityHeaders(policy, path);
  const rules = Object.entries(wanted).map(([name, value]) => {
    const found = headers[name.toLowerCase()] ?? 'nothing';
    return rule(path, `${name}: ${value}`, { holds: found === value, found });
  });
  if ('Access-Control-Allow-Origin' in wanted) return rules;
  const shared = headers['access-control-allow-origin'];
  return [
    ...rules,
    rule(path, 'no Access-Control-Allow-Origin', { holds: !shared, found: shared ?? '' }),
  ];
}

/**
 * @param {string} path
 * @param {Reply} reply
 * @param {unknown} policy
 */
function metaRule(path, { body }, policy) {
  const found = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(
    body.toString(),
  )?.[1];
  const wanted = contentSecurityPolicy(policy, 'meta', path);
  return rule(path, 'its <meta> holds the same policy', {
    holds: found?.replaceAll('&#39;', "'") === wanted,
    found: found ?? 'no such element',
  });
}

/**
 * @param {Ask} ask
 * @param {string[]} paths
 */
async function compressionRules(ask, paths) {
  /** @type {Rule[]} */
  const rules = [];
  for (const path of paths) {
    const plain = await ask(path);
    for (const accepted of ['br, gzip', 'gzip']) {
      const { headers, body } = await ask(path, { 'accept-encoding': accepted });
      const encoding = headers['content-encoding'] ?? 'none';
      const isSame = decoded(encoding, body)?.equals(plain.body) ?? false;
      rules.push(
        rule(path, `compressed for a browser that takes ${accepted}`, {
          holds: accepted.split(', ').includes(encoding) && isSame,
          found: isSame ? `Content-Encoding: ${encoding}` : `${encoding}, with other content`,
        }),
        rule(path, `Vary: Accept-Encoding (${accepted})`, {
          holds: /accept-encoding/i.test(headers.vary ?? ''),
          found: headers.vary ?? 'nothing',
        }),
      );
    }
  }
  return rules;
}

/**
 * Model files are stored compressed. A server that labels them `Content-Encoding: gzip` makes the browser unpack them, and
 * their hash no longer fits.
 * @param {Ask} ask
 * @param {string} path
 */
async function modelRules(ask, path) {
  const { headers } = await ask(path, { 'accept-encoding': 'br, gzip' });
  const part = await ask(path, { range: 'bytes=2-5' });
  return [
    rule(path, 'is sent as it is stored', {
      holds: headers['content-encoding'] === undefined,
      found: `Content-Encoding: ${headers['content-encoding']}`,
    }),
    rule(path, 'parts of it can be asked for (Range)', {
      holds: part.status === 206 && part.body.length === 4,
      found: `status ${part.status}, ${part.body.length} bytes`,
    }),
  ];
}

/**
 * @param {Reply} reply
 * @param {unknown} policy
 */
function missingRules({ status, headers }, policy) {
  const caching = headers['cache-control'] ?? '';
  return [
    rule(MISSING, 'a missing file is not a page', {
      holds: status === 404,
      found: `status ${status}`,
    }),
    rule(MISSING, 'a missing file is not remembered', {
      holds: !/\bimmutable\b|max-age=[1-9]/.test(caching),
      found: caching,
    }),
    ...securityRules(MISSING, headers, policy),
  ];
}

/**
 * Addresses that only this build knows: its script, a thread's WebAssembly, model files.
 * @param {Ask} ask
 * @param {string} page
 * @param {string} base
 */
async function assetsOf(ask, page, base) {
  const linked = [...page.matchAll(/(?:src|href)="([^"]*assets\/[^"]+\.(?:js|css))"/g)].map(
    (match) => new URL(match[1] ?? '', `http://x${base}`).pathname.slice(base.length - 1),
  );
  const shell = (await ask('/service-worker.js')).body.toString();
  const wasm = /["'](assets\/[^"']+\.wasm)["']/.exec(shell)?.[1];
  const fleet = (await ask('/fleet/fleet.json')).body.toString();
  const models = [...fleet.matchAll(/"path":\s*"([^"]+\.(?:gz|bin|safetensors))"/g)]
    .slice(0, 2)
    .map((match) => `/fleet/${match[1]}`);
  const code = [...linked.slice(0, 2), ...(wasm ? [`/${wasm}`] : [])];
  return { all: [...code, ...models], code, models };
}

/**
 * @param {string} path
 * @param {string} text
 * @param {{ holds: boolean, found: string }} seen
 * @returns {Rule}
 */
const rule = (path, text, { holds, found }) => ({ path, rule: text, holds, found });

/**
 * `application/javascript` means the same to a browser as `text/javascript`.
 * @param {string} found
 * @param {string} wanted
 */
function sameType(found, wanted) {
  const [type = '', charset] = found
    .toLowerCase()
    .replace('application/javascript', 'text/javascript')
    .split(/;\s*/);
  const holds =
    type === wanted.split(';')[0] && (charset === undefined || charset === 'charset=utf-8');
  return { holds, found };
}

/**
 * @param {string} encoding
 * @param {Buffer} body
 */
function decoded(encoding, body) {
  try {
    if (encoding === 'br') return brotliDecompressSync(body);
    return encoding === 'gzip' ? gunzipSync(body) : body;
  } catch {
    return null;
  }
}

/** @param {Buffer} body @returns {unknown} */
function parsed(body) {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

/**
 * @callback Ask
 * @param {string} path below the base path
 * @param {Record<string, string>} [headers]
 * @returns {Promise<Reply>}
 */

/**
 * Without `fetch`, which unpacks what it gets and hides how it was sent.
 * @param {URL} url
 * @param {Record<string, string>} headers
 * @returns {Promise<Reply>}
 */
function get(url, headers) {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, timeout: TIMEOUT_MS }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          ),
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error(`${url.href} did not answer in time.`)));
    sent.on('error', reject);
    sent.end();
  });
}
