/** What the SDK costs: bytes before first use, a cold frame's first answer, and a call's way over the port. */
import { readdirSync } from 'node:fs';
import { connect as dial, createServer, type AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { DIST } from '../../.ci/project.mjs';
import type { FlotillaApp } from '../../src/core/threads.ts';
import type * as Sdk from '../../src/sdk/index.ts';
import type { FlotillaConnection, Layout } from '../../src/sdk/index.ts';
import { TEXT } from '../browser/embed-calls.ts';
import { expect, test } from '../browser/embed-host.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 7);
const CALLS = Number(process.env['BENCH_CALLS'] ?? 200);
/** After it the frame has loaded whatever it loads by itself. */
const QUIET_MS = 3000;

declare global {
  interface Window {
    connection: FlotillaConnection;
    engine: FlotillaApp;
  }
}

const quantile = (values: number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? NaN;
const load = (): string => `load average ${loadavg()[0]?.toFixed(1) ?? '?'} on this machine`;

/** Connects on a host page that has nothing else; resolves to the milliseconds until a first answer, if it asks. */
const useSdk = (page: Page, url: string, layout: Layout | null, text: string | null) =>
  page.evaluate(
    async ([sdkUrl, shown, asked]) => {
      const from = performance.now();
      const sdk = (await import(sdkUrl)) as typeof Sdk;
      const container = document.body.appendChild(document.createElement('main'));
      window.connection = await sdk.connect(shown ? { container, layout: shown } : {});
      const status = asked === null ? null : (await window.connection.run({ text: asked })).status;
      return { ms: performance.now() - from, status };
    },
    [url, layout, text] as const,
  );

/** Passes bytes on and counts those that the server sent: headers, and bodies as they were compressed. */
async function countingRelay(
  target: string,
): Promise<{ url: string; sent: () => number; close: () => void }> {
  const { hostname, port } = new URL(target);
  let sent = 0;
  const relay = createServer((socket) => {
    const upstream = dial(Number(port), hostname);
    upstream.on('data', (part) => (sent += part.length));
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) end.on('error', () => end.destroy());
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}/`,
    sent: () => sent,
    close: () => void relay.close(),
  };
}

async function onHostPage<T>(
  browser: Browser,
  host: string,
  act: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${host}/portal`);
  const result = await act(page);
  await context.close();
  return result;
}

test('bytes that a portal page pays before the widget is used', async ({
  browser,
  site,
  portals,
}) => {
  for (const layout of [null, 'compact', 'card', 'full'] as const) {
    const relay = await countingRelay(site.url);
    let bodies = 0;
    let files = 0;
    const wire = await onHostPage(browser, portals.portal, async (page) => {
      page.on('requestfinished', (request) => {
        files += 1;
        void request.sizes().then(({ responseBodySize }) => (bodies += responseBodySize));
      });
      await useSdk(page, new URL('sdk.js', relay.url).href, layout, null);
      await page.waitForTimeout(QUIET_MS);
      return relay.sent();
    });
    relay.close();
    const [inBodies, onWire] = [bodies, wire].map((bytes) => (bytes / 1000).toFixed(1));
    console.log(
      `${layout ?? 'hidden'}: ${inBodies} KB in ${files} files, ${onWire} KB with the headers of HTTP/1.1`,
    );
    expect(wire).toBeGreaterThan(bodies);
  }
});

test('first answer of a cold frame of another origin', async ({ browser, site, portals }) => {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { ms, status } = await onHostPage(browser, portals.portal, (page) =>
      useSdk(page, new URL('sdk.js', site.url).href, null, TEXT),
    );
    expect(status).toBe('accepted');
    times.push(ms);
  }
  console.log(
    `import of sdk.js to first answer, empty caches: median ${quantile(times, 0.5).toFixed(0)} ms, ` +
      `worst ${Math.max(...times).toFixed(0)} ms of ${ROUNDS}; ${load()}`,
  );
});

test('a call through the SDK against the same call inside the frame', async ({
  page,
  site,
  portals,
}) => {
  await page.goto(`${portals.portal}/portal`);
  await useSdk(page, new URL('sdk.js', site.url).href, null, TEXT);
  const frame = page.frames().find((one) => one.url().startsWith(site.url));
  const chunk = readdirSync(join(DIST, 'assets')).find((name) =>
    /^widget-engine-.*\.js$/.test(name),
  );
  await frame!.evaluate(
    async (url) => {
      const { openEngine } = (await import(url)) as { openEngine: () => FlotillaApp };
      window.engine = openEngine();
      await window.engine.limit({});
    },
    new URL(`assets/${chunk ?? ''}`, site.url).href,
  );
  const request = { text: TEXT, specialist: 'banking-tickets' };
  const ways = { sdk: [] as number[], direct: [] as number[] };
  for (let i = -20; i < CALLS; i++) {
    const sdk = await page.evaluate(async (given) => {
      const from = performance.now();
      await window.connection.run(given);
      return performance.now() - from;
    }, request);
    const direct = await frame!.evaluate(async (given) => {
      const from = performance.now();
      await window.engine.run(given);
      return performance.now() - from;
    }, request);
    if (i < 0) continue; // the engine warms up
    ways.sdk.push(sdk);
    ways.direct.push(direct);
  }
  const above = ways.sdk.map((ms, i) => ms - (ways.direct[i] ?? NaN));
  for (const [name, values] of Object.entries({ ...ways, 'sdk − direct, by pairs': above }))
    console.log(
      `${name}: p50 ${quantile(values, 0.5).toFixed(2)} ms, p95 ${quantile(values, 0.95).toFixed(2)} ms of ${CALLS}`,
    );
  console.log(load());
  expect(above).toHaveLength(CALLS);
});
