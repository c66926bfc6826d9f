/**
 * Host pages of the embed tests: plain HTML on ports of their own, with a hand-written host that speaks the protocol, so that
 * the guest is held against core/embed-protocol.ts and not against the SDK.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import type { GuestOptions, ToGuest, ToHost, WireFailure } from '../../src/core/embed-protocol.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from './fixture.ts';

type Outcome = { value: unknown; failure?: undefined } | { failure: WireFailure };

/** How the frame is made, and what of the connect is changed; `reuse`: the nonce of the connect before. */
export interface Opening {
  protocol?: number;
  sandbox?: string;
  style?: string;
  reuse?: boolean;
  challenge?: string;
  /** How long to wait for the guest, ms; then the outcome is `silent`. */
  waitMs?: number;
}

/** One embedded widget. */
export interface Embedded {
  frame: HTMLIFrameElement;
  /** The guest's answer to the connect; null: it said nothing. */
  hello: ToHost | null;
  heard: ToHost[];
  post(message: ToGuest): void;
  call(
    call: string,
    args: unknown[],
    onMessage?: (message: ToHost, id: number) => void,
  ): Promise<Outcome>;
  /** Reads up to `most` items, then cancels. */
  stream(
    call: string,
    args: unknown[],
    requests?: unknown[],
    most?: number,
  ): Promise<{ items: unknown[]; outcome: Outcome }>;
}

export interface HostPage {
  open(src: string, options: GuestOptions, how?: Opening): Promise<Embedded>;
  last: Embedded;
}

declare global {
  interface Window {
    host: HostPage;
  }
}

/** Runs on the host page; everything that it uses is inside. */
function installHost(): void {
  let nonce = '';

  function listen(port: MessagePort, heard: ToHost[], hear: Set<(message: ToHost) => void>): void {
    port.onmessage = ({ data }: MessageEvent<ToHost>) => {
      heard.push(data);
      for (const listener of [...hear]) listener(data);
    };
  }

  async function challengeOf(frame: HTMLIFrameElement, waitMs: number): Promise<string | null> {
    return new Promise((resolve) => {
      setTimeout(() => resolve(null), waitMs);
      addEventListener('message', function ready(event: MessageEvent<unknown>) {
        const data = event.data as { flotilla?: string; challenge: string } | null;
        if (event.source !== frame.contentWindow || data?.flotilla !== 'ready') return;
        removeEventListener('message', ready);
        resolve(data.challenge);
      });
    });
  }

  async function open(src: string, options: GuestOptions, how: Opening = {}): Promise<Embedded> {
    const frame = document.createElement('iframe');
    const { protocol = 1, waitMs = 60_000 } = how;
    if (how.sandbox !== undefined) frame.setAttribute('sandbox', how.sandbox);
    frame.style.cssText = how.style ?? 'width: 640px; height: 480px; border: 0';
    frame.src = src;
    const asked = challengeOf(frame, waitMs);
    document.body.append(frame);
    const challenge = await asked;
    const { port1, port2 } = new MessageChannel();
    const heard: ToHost[] = [];
    const hear = new Set<(message: ToHost) => void>();
    let lastId = 0;
    listen(port1, heard, hear);
    const embedded: Embedded = {
      frame,
      hello: null,
      heard,
      post: (message) => port1.postMessage(message),
      call: (call, args, onMessage) =>
        new Promise((resolve) => {
          const id = ++lastId;
          hear.add(function listener(message) {
            if (!('id' in message) || message.id !== id) return;
            onMessage?.(message, id);
            if (message.kind !== 'result' && message.kind !== 'failed') return;
            hear.delete(listener);
            resolve(
              message.kind === 'result' ? { value: message.value } : { failure: message.failure },
            );
          });
          port1.postMessage({ kind: 'call', id, call, args });
        }),
      stream: async (call, args, requests = [], most = Infinity) => {
        const items: unknown[] = [];
        let next = 0;
        const outcome = await embedded.call(call, args, (message, id) => {
          if (message.kind === 'want') {
            const part = requests.slice(next, next + message.n);
            next += part.length;
            if (part.length > 0) port1.postMessage({ kind: 'push', id, requests: part });
            if (next === requests.length) port1.postMessage({ kind: 'end', id });
          }
          if (message.kind !== 'items') return;
          items.push(...message.items);
          port1.postMessage({ kind: 'took', id, n: message.items.length });
          if (items.length >= most) port1.postMessage({ kind: 'cancel', id });
        });
        return { items, outcome };
      },
    };
    window.host.last = embedded;
    if (challenge === null) return embedded;
    if (!how.reuse) nonce = crypto.getRandomValues(new Uint32Array(4)).join('-');
    frame.contentWindow?.postMessage(
      {
        flotilla: 'connect',
        protocol,
        challenge: how.challenge ?? challenge,
        nonce,
        sdk: 'test',
        options,
      },
      how.sandbox?.includes('allow-same-origin') === false ? '*' : new URL(src).origin,
      [port2],
    );
    embedded.hello = await new Promise((resolve) => {
      setTimeout(() => resolve(null), waitMs);
      hear.add(function first(message) {
        hear.delete(first);
        resolve(message);
      });
    });
    return embedded;
  }

  window.host = { open, last: null as unknown as Embedded };
}

export interface HostServer {
  origin: string;
  close(): Promise<void>;
}

/** A page with nothing but the host's script, at every address. */
export async function serveHost(): Promise<HostServer> {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Portal</title><link rel="icon" href="data:,"><body><h1>Portal</h1><script>(${installHost.toString()})()</script></body></html>`;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** On a page of Flotilla's own origin. */
export const installOn = (page: Page): Promise<void> => page.evaluate(installHost);

export interface Portals {
  /** Named in `frame_ancestors`. */
  portal: string;
  /** Named in `embeds`: classifying only, no form of full size, no management. */
  narrow: string;
  /** Named nowhere. */
  stranger: string;
  /** The portal by a name, over http: no secure context. Named in `frame_ancestors`. */
  insecure: string;
}

/** The fixture of the browser tests with host pages, and a policy that names two of them; `policy` adds to it. */
export const test = base.extend<object, { portals: Portals; policy: object }>({
  policy: [{}, { option: true, scope: 'worker' }],
  portals: [
    async ({ browserName: _ }, use) => {
      const servers = [await serveHost(), await serveHost(), await serveHost()] as const;
      const [portal, narrow, stranger] = servers;
      await use({
        portal: portal.origin,
        narrow: narrow.origin,
        stranger: stranger.origin,
        insecure: portal.origin.replace('127.0.0.1', 'portal.test'),
      });
      await Promise.all(servers.map((server) => server.close()));
    },
    { scope: 'worker' },
  ],
  policyFile: [
    async ({ portals: { portal, narrow, insecure }, policy }, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'flotilla-embed-'));
      const file = join(folder, 'policy.json');
      const embeds = [
        { origin: narrow, tasks: ['classify'], layouts: ['compact', 'card'], manage: false },
      ];
      const whole = {
        version: 1,
        mode: 'only_on_device',
        frame_ancestors: [portal, insecure],
        embeds,
      };
      await writeFile(file, JSON.stringify({ ...whole, ...policy }));
      await use(file);
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
  flags: ['--host-resolver-rules=MAP portal.test 127.0.0.1'],
  // The host page is of another origin by nature; everything else that leaves fails the test.
  allowedProblems:
    /request to another origin: GET http:\/\/(127\.0\.0\.1|portal\.test):\d+\/portal$/,
});

export { expect } from './fixture.ts';
