/** A loopback server that answers as the public hub does: revision, tree and resolve; large files lie on another origin. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const COMMIT = 'c0ffee'.padEnd(40, '0');
/** Larger files are stored beside git, with their sha-256. */
const LARGE_BYTES = 10_000;

export type HubFault = (response: ServerResponse, bytes: Buffer, request: IncomingMessage) => void;

export interface Hub {
  url: string;
  /** Where `resolve` redirects to for large files. */
  filesUrl: string;
  /** Faults by path in the repository. */
  faults: Map<string, HubFault>;
  /** Paths of files that were sent, oldest first, with their Range if there was one. */
  sent: string[];
  /** Entries of the tree are changed before they are told. */
  lie: ((entry: Record<string, unknown>) => Record<string, unknown>) | null;
  close(): Promise<void>;
}

const sha = (kind: 'sha1' | 'sha256', ...parts: (Buffer | string)[]): string => {
  const hash = createHash(kind);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** Serves one repository. */
export async function startHub(repository: string, files: Map<string, Buffer>): Promise<Hub> {
  const hub: Hub = {
    url: '',
    filesUrl: '',
    faults: new Map(),
    sent: [],
    lie: null,
    close: () => Promise.resolve(),
  };
  const send = (response: ServerResponse, path: string, request: IncomingMessage): void => {
    const bytes = files.get(path);
    const fault = hub.faults.get(path);
    const { range } = request.headers;
    hub.sent.push(range === undefined ? path : `${path} ${range}`);
    if (bytes === undefined) response.writeHead(404).end();
    else if (fault) fault(response, bytes, request);
    else sendRange(response, bytes, range);
  };
  const tree = (): object[] =>
    [...files].map(([path, bytes]) => {
      const entry = {
        type: 'file',
        oid: sha('sha1', `blob ${bytes.length}\0`, bytes),
        size: bytes.length,
        path,
        ...(bytes.length > LARGE_BYTES
          ? { lfs: { oid: sha('sha256', bytes), size: bytes.length, pointerSize: 134 } }
          : {}),
      };
      return hub.lie?.(entry) ?? entry;
    });
  const large = createServer((request, response) => {
    allowAll(response);
    send(response, decodeURIComponent((request.url ?? '').slice(1)), request);
  });
  const main = createServer((request, response) => {
    allowAll(response);
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const resolve = `/${repository}/resolve/${COMMIT}/`;
    if (pathname === `/api/models/${repository}/revision/main`) json(response, { sha: COMMIT });
    else if (pathname === `/api/models/${repository}/tree/${COMMIT}`) json(response, tree());
    else if (!pathname.startsWith(resolve)) response.writeHead(404).end();
    else {
      const path = decodeURIComponent(pathname.slice(resolve.length));
      if ((files.get(path)?.length ?? 0) <= LARGE_BYTES) send(response, path, request);
      else response.writeHead(302, { Location: `${hub.filesUrl}/${path}` }).end();
    }
  });
  const servers = [main, large];
  const urls = await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }),
  );
  [hub.url = '', hub.filesUrl = ''] = urls;
  hub.close = async () => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
  return hub;
}

function allowAll(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

function sendRange(response: ServerResponse, bytes: Buffer, range: string | undefined): void {
  const [, from] = /^bytes=(\d+)-$/.exec(range ?? '') ?? [];
  if (from === undefined) response.writeHead(200, { 'Content-Length': bytes.length }).end(bytes);
  else
    response
      .writeHead(206, { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` })
      .end(bytes.subarray(Number(from)));
}
