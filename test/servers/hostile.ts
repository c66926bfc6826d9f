/** A loopback HTTP server that answers as a test tells it, and records every byte that reaches it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Behaviour = (response: ServerResponse, request: IncomingMessage, count: number) => void;

export interface HostileServer {
  baseUrl: string;
  /** Bodies of the requests, as they came in. */
  bodies: string[];
  /** Connections that were opened, even without a request. */
  connections(): number;
  behave(behaviour: Behaviour): void;
  stop(): Promise<void>;
}

export async function startHostile(): Promise<HostileServer> {
  const bodies: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let behaviour: Behaviour = (response) => response.end();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      bodies.push(Buffer.concat(parts).toString('utf8'));
      behaviour(response, request, bodies.length);
    });
    request.on('error', () => undefined);
  });
  server.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    bodies,
    connections: () => connections,
    behave: (next) => {
      behaviour = next;
    },
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A complete chat completion with this content. */
export const completion = (content: unknown): string =>
  JSON.stringify({
    choices: [
      {
        message: {
          role: 'assistant',
          content: typeof content === 'string' ? content : JSON.stringify(content),
        },
      },
    ],
    usage: { prompt_tokens: 1000, completion_tokens: 10 },
  });

export const json =
  (text: string): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  };

export const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(code, headers).end('{"error":{"message":"no"}}');
  };

export const stream =
  (...parts: string[]): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of parts) response.write(part);
    response.end();
  };
