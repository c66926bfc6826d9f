/** A forward proxy on loopback that records what a browser sends, whatever the page says of it: the network as it is. */
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Passed {
  method: string;
  url: string;
  /** The request's body, byte by byte as Latin-1. */
  body: string;
}

export interface Proxy {
  port: number;
  passed: Passed[];
  close(): Promise<void>;
}

/** Passes plain HTTP on. A tunnel (HTTPS) is recorded and refused: nothing in a test has a reason for one. */
export async function startProxy(): Promise<Proxy> {
  const passed: Passed[] = [];
  const server = createServer((request, response) => {
    const { method = 'GET', url = '', headers } = request;
    const record = { method, url, body: '' };
    passed.push(record);
    if (!URL.canParse(url)) {
      response.writeHead(400).end();
      return;
    }
    const upstream = send(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    request.on('data', (part: Buffer) => (record.body += part.toString('latin1')));
    request.pipe(upstream);
  });
  server.on('connect', ({ url = '' }, socket) => {
    passed.push({ method: 'CONNECT', url, body: '' });
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    passed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
