/** `npm run portal`: Flotilla and the example portal of docs/portal on two ports, with a policy that lets the portal in. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTENT_TYPES, UNKNOWN_TYPE } from './addresses.mjs';
import { DIST, ensureBuilt, ensureInstalled, requireNode, ROOT } from './project.mjs';
import { serve } from './serve.mjs';

const FIRST_PORT = 4173;
const PORTAL_PORT = 4273;
const FOLDER = join(ROOT, 'docs/portal');
/** What the pages of the portal are written with. */
const WRITTEN = 'https://flotilla.example/';
const TEXT = /\.(html|js)$/;

/** What a portal has to allow for Flotilla: one script, one frame. @param {string} flotilla */
const boundaryOf = (flotilla) =>
  [
    "default-src 'none'",
    `script-src 'self' ${flotilla}`,
    `frame-src ${flotilla}`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * @param {{ port?: number, portalPort?: number, dist?: string }} [options] ports to try first, 0 for any
 * @returns {Promise<{ flotilla: string, portal: string, closeFlotilla: () => Promise<void>, close: () => Promise<void> }>}
 */
export async function servePortal({ port = 0, portalPort = 0, dist = DIST } = {}) {
  let flotilla = WRITTEN;
  const pages = createServer((request, response) => {
    sendPage(request.url ?? '/', response, flotilla);
  });
  const portal = await new Promise((resolve, reject) => {
    pages.on('error', reject);
    pages.listen(portalPort, '127.0.0.1', () => resolve(originOf(pages)));
  });
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-portal-'));
  const policyFile = join(folder, 'policy.json');
  writeFileSync(policyFile, JSON.stringify({ version: 1, embeds: [{ origin: portal }] }));
  const site = await serve({ folder: dist, policyFile, port });
  flotilla = site.url;
  return {
    flotilla,
    portal: `${portal}/`,
    closeFlotilla: site.close,
    close: async () => {
      await site.close();
      pages.closeAllConnections();
      pages.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @param {import('node:http').Server} server */
function originOf(server) {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

/**
 * @param {string} address
 * @param {import('node:http').ServerResponse} response
 * @param {string} flotilla
 */
function sendPage(address, response, flotilla) {
  const headers = {
    'Content-Security-Policy': boundaryOf(flotilla),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-cache',
  };
  try {
    const path = normalize(decodeURIComponent(new URL(address, 'http://portal').pathname));
    const name = path === '/' ? 'index.html' : path.slice(1);
    const content = readFileSync(join(FOLDER, name));
    const body = TEXT.test(name) ? content.toString().replaceAll(WRITTEN, flotilla) : content;
    const type = CONTENT_TYPES[extname(name)] ?? UNKNOWN_TYPE;
    response.writeHead(200, { ...headers, 'Content-Type': type }).end(body);
  } catch {
    response.writeHead(404, headers).end('Not found\n');
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  requireNode();
  try {
    await ensureInstalled();
    await ensureBuilt();
    const { flotilla, portal } = await servePortal({ port: FIRST_PORT, portalPort: PORTAL_PORT });
    console.log(`\nThe portal: ${portal}\nFlotilla:   ${flotilla}\nStop both with Ctrl-C.`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
