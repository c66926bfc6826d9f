/** Builds the harness page with the app's own worker plugins and serves it with the fleet, and with faults on demand. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { build, type PluginOption } from 'vite';
import appConfig from '../../../vite.config.ts';
import type { SharedModel } from '../../../src/core/specialist.ts';
import { FLEET } from '../../contract/fleet-folder.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

export interface Site {
  url: string;
  /** Cross-origin isolation, which WASM threads need. */
  isolated: boolean;
  /** Further headers of every response. */
  headers: Record<string, string>;
  /** Changes a file on its way; null answers 404. */
  faults: Map<string, (bytes: Buffer) => Buffer | null>;
  /** Sends fleet files this slowly, in bytes per 10 ms. */
  slowBytes: number | null;
  requests: string[];
  close(): Promise<void>;
}

function workerPlugins(): PluginOption[] {
  const { plugins } = appConfig as { plugins: PluginOption[] };
  return plugins.filter(
    (plugin) => (plugin as { name?: string }).name === 'flotilla:small-onnx-runtime',
  );
}

export async function buildHarness(outDir: string, input = 'harness.html'): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    publicDir: false,
    plugins: workerPlugins(),
    resolve: {
      conditions: (appConfig as { resolve: { conditions: string[] } }).resolve.conditions,
    },
    worker: { format: 'es', plugins: workerPlugins as () => [] },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      rolldownOptions: { input: join(import.meta.dirname, input) },
    },
  });
}

/** The manifest of a model, made from its files as they are now. */
export async function modelOf(id: 'static' | 'encoder'): Promise<SharedModel> {
  const folder = `${id}/1.0.0`;
  const names = (await readdir(join(FLEET, folder))).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(FLEET, folder, name));
      return {
        path: `${folder}/${name}`,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      };
    }),
  );
  const passport = { source: '', licence: '', attribution: '', trainingData: '', recipe: '' };
  return {
    id,
    version: '1.0.0',
    dims: id === 'static' ? 256 : 384,
    maxTokens: 256,
    files,
    passport,
  };
}

export async function serveHarness(folder: string): Promise<Site> {
  const site: Site = {
    url: '',
    isolated: true,
    headers: {},
    faults: new Map(),
    slowBytes: null,
    requests: [],
    close: () => Promise.resolve(),
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    site.requests.push(path);
    void answer(site, folder, path, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  site.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return site;
}

async function answer(
  site: Site,
  folder: string,
  path: string,
  response: ServerResponse,
): Promise<void> {
  const isFleet = path.startsWith('/fleet/');
  const original = await readFile(isFleet ? join(FLEET, path.slice(7)) : join(folder, path)).catch(
    () => null,
  );
  const fault = site.faults.get(path);
  const bytes = original === null || fault === undefined ? original : fault(original);
  const isolation = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  };
  response.writeHead(bytes === null ? 404 : 200, {
    'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
    ...(site.isolated ? isolation : {}),
    ...site.headers,
  });
  if (bytes !== null && isFleet && site.slowBytes !== null) {
    for (let start = 0; start < bytes.length && !response.destroyed; start += site.slowBytes) {
      response.write(bytes.subarray(start, start + site.slowBytes));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    response.end();
  } else response.end(bytes ?? undefined);
}
