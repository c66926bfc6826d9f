/** A loopback relay in front of a real server: records every body that arrives and can change answers on their way. */
import {
  createServer,
  request as send,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** Changes a body on its way back; null closes the connection instead. */
export type Change = (bytes: Buffer) => Buffer | null;

export interface Relay {
  /** Origin without a slash at the end. */
  origin: string;
  /** Bodies of POST requests, as they came in. */
  bodies: string[];
  /** By path. */
  changes: Map<string, Change>;
  close(): Promise<void>;
}

/** `target` is an origin such as http://127.0.0.1:8080. */
export async function startRelay(target: string): Promise<Relay> {
  const relay: Relay = {
    origin: '',
    bodies: [],
    changes: new Map(),
    close: () => Promise.resolve(),
  };
  const server = createServer((request, response) => pass(relay, target, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  relay.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  relay.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return relay;
}

function pass(relay: Relay, target: string, request: IncomingMessage, response: ServerResponse) {
  const path = request.url ?? '/';
  const change = relay.changes.get(path);
  const headers: OutgoingHttpHeaders = { ...request.headers, host: new URL(target).host };
  if (change) {
    // A body that is to be changed must not be compressed, nor answered with "you have it already".
    headers['accept-encoding'] = 'identity';
    delete headers['if-none-match'];
  }
  const upstream = send(target + path, { method: request.method, headers }, (answer) => {
    if (change) return void sendChanged(answer, change, response);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    if (request.method === 'POST') relay.bodies.push(body.toString('utf8'));
    upstream.end(body);
  });
}

async function sendChanged(answer: IncomingMessage, change: Change, response: ServerResponse) {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  const changed = change(Buffer.concat(parts));
  if (changed === null) return response.destroy();
  const headers = { ...answer.headers, 'content-length': String(changed.length) };
  return response.writeHead(answer.statusCode ?? 502, headers).end(changed);
}
