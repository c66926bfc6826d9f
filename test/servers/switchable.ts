/** One address behind which the served build can be exchanged, as a deployment does, or go away in the middle. */
import {
  createServer,
  request as send,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '../../.ci/serve.mjs';

export interface Switchable {
  url: string;
  /** From now on this folder is served; the files of the one before are gone. */
  deploy(folder: string): Promise<void>;
  /** Answers so many further requests and then none, until it is called again. */
  answerOnly(requests: number): void;
  /** Never answers requests with this in their address; resolves when the first one came. */
  hold(part: string): Promise<void>;
  close(): Promise<void>;
}

export async function startSwitchable(folder: string): Promise<Switchable> {
  let behind = await serve({ folder, port: 0 });
  let left = Infinity;
  let held: { part: string; came: () => void } | null = null;
  const front = createServer((request, response) => {
    if (--left < 0) request.socket.destroy();
    else if (held && request.url?.includes(held.part)) held.came();
    else pass(behind.url, request, response);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}/`,
    deploy: async (next) => {
      await behind.close();
      behind = await serve({ folder: next, port: 0 });
    },
    answerOnly: (requests) => (left = requests),
    hold: (part) => new Promise((came) => (held = { part, came })),
    close: async () => {
      await new Promise<void>((resolve) => {
        front.close(() => resolve());
        front.closeAllConnections();
      });
      await behind.close();
    },
  };
}

function pass(target: string, request: IncomingMessage, response: ServerResponse): void {
  const address = new URL(request.url ?? '/', target);
  const options = { method: request.method, headers: { ...request.headers, host: address.host } };
  const upstream = send(address, options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  request.pipe(upstream);
}
