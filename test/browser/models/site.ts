/** Serves the shelf's page with the app's own headers, and small made-up models with faults on demand. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { build } from 'vite';
import { securityHeaders } from '../../../.ci/security-headers.mjs';
import type { GenerationModel } from '../../../src/core/generation-model.ts';
import { modelOf } from '../../unit/doubles/model-files.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
};

/** Answers a request for a file; `count` is how often it was asked for, from 1. */
export type Behaviour = (
  response: ServerResponse,
  bytes: Buffer,
  count: number,
  request: IncomingMessage,
) => void;

export interface ModelSite {
  url: string;
  /** Files by path; a fault on a path answers instead. */
  files: Map<string, Buffer>;
  faults: Map<string, Behaviour>;
  /** policy.model_sources of the headers. */
  modelSources: string[];
  /** Paths of all requests below /models/ and of the hub. */
  requests: string[];
  count(path: string): number;
  close(): Promise<void>;
}

export const MODEL_ID = 'test-model';
export const SHARDS = ['weights.0', 'weights.1', 'weights.2', 'weights.3'];
export const SHARD_BYTES = 400_000;

/** Four shards and a settings file of random bytes. */
export function makeModel(id = MODEL_ID): {
  model: GenerationModel;
  files: Record<string, Buffer>;
} {
  const files: Record<string, Buffer> = { 'config.json': Buffer.from(`{"id":"${id}"}`) };
  for (const name of SHARDS) files[name] = randomBytes(SHARD_BYTES);
  return { model: modelOf(files, id), files };
}

/** Below /models/<id>/, listed in /models/index.json. */
export function serveModel(site: ModelSite, made: ReturnType<typeof makeModel>): void {
  const folder = `/models/${made.model.id}`;
  for (const [name, bytes] of Object.entries(made.files))
    site.files.set(`${folder}/${name}`, bytes);
  site.files.set(`${folder}/model.json`, Buffer.from(JSON.stringify(made.model)));
  site.files.set(
    '/models/index.json',
    Buffer.from(JSON.stringify({ schema: 1, models: [made.model.id] })),
  );
}

export async function buildShelfPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    publicDir: false,
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(import.meta.dirname, 'shelf.html') },
    },
  });
}

/** `folder` holds the built page; null for a bare file server (a hub, a mirror elsewhere), which allows every origin. */
export async function startModelSite(folder: string | null): Promise<ModelSite> {
  const requests: string[] = [];
  const site: ModelSite = {
    url: '',
    files: new Map(),
    faults: new Map(),
    modelSources: [],
    requests,
    count: (path) => requests.filter((one) => one === path).length,
    close: () => Promise.resolve(),
  };
  const server = createServer((request, response) => void answer(site, folder, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  site.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return site;
}

async function answer(
  site: ModelSite,
  folder: string | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', site.url);
  const path = decodeURIComponent(pathname);
  const headers: Record<string, string> =
    folder === null
      ? { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' }
      : securityHeaders({ model_sources: site.modelSources });
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
  const bytes = site.files.get(path);
  const fault = site.faults.get(path);
  if (bytes || fault) {
    site.requests.push(path);
    if (fault) fault(response, bytes ?? Buffer.alloc(0), site.count(path), request);
    else whole(response, bytes ?? Buffer.alloc(0));
    return;
  }
  if (path === '/fleet/catalogue.json') {
    whole(response, Buffer.from('{"schema":1,"models":[]}'));
    return;
  }
  const page = folder === null ? null : await readFile(join(folder, path)).catch(() => null);
  if (page) whole(response, page);
  else response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n');
}

export const whole = (response: ServerResponse, bytes: Buffer): void => {
  response.setHeader('Content-Length', bytes.length);
  response.writeHead(200).end(bytes);
};

/** Sends a piece every 20 ms, so that a test can act in the middle. */
export const slowly =
  (pieces = 20): Behaviour =>
  (response, bytes) => {
    response.setHeader('Content-Length', bytes.length);
    response.writeHead(200);
    const piece = Math.ceil(bytes.length / pieces);
    let sent = 0;
    const timer = setInterval(() => {
      if (sent >= bytes.length || response.destroyed) {
        clearInterval(timer);
        response.end();
        return;
      }
      response.write(bytes.subarray(sent, sent + piece));
      sent += piece;
    }, 20);
  };

/** Promises the whole file and cuts the connection in the middle. */
export const brokenOff: Behaviour = (response, bytes) => {
  response.setHeader('Content-Length', bytes.length);
  response.writeHead(200);
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
};

/** Half of the file with a proper end, as if that were all. */
export const cutShort: Behaviour = (response, bytes) => {
  response.writeHead(200).end(bytes.subarray(0, bytes.length >> 1));
};

export const longer: Behaviour = (response, bytes) =>
  whole(response, Buffer.concat([bytes, Buffer.from('more')]));

export const flipped: Behaviour = (response, bytes) => {
  const changed = Buffer.from(bytes);
  changed[bytes.length >> 1] = (changed[bytes.length >> 1] ?? 0) ^ 1;
  whole(response, changed);
};

export const status =
  (code: number): Behaviour =>
  (response) => {
    response.writeHead(code).end();
  };

/** A part, though nobody asked for one. */
export const partial: Behaviour = (response, bytes) => {
  response.setHeader('Content-Range', `bytes 0-99/${bytes.length}`);
  response.writeHead(206).end(bytes.subarray(0, 100));
};

export const redirectTo =
  (location: string): Behaviour =>
  (response) => {
    response.writeHead(302, { Location: location }).end();
  };

export const page: Behaviour = (response) => {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<h1>Sign in</h1>');
};
