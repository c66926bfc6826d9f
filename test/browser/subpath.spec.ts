/** A build for a base path: everything that the app loads lies below it, and works, also offline and on a deep link. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { serve } from '../../.ci/serve.mjs';
import type * as Sdk from '../../src/sdk/index.ts';
import { expect, test as base } from './fixture.ts';
import { buildBelowPath, BUILD_LIMIT_MS, SUBPATH } from './subpath-build.ts';

const TICKET = 'My card was stolen yesterday, please block it';

/** `server.close` takes the server away. */
const test = base.extend<object, { server: { url: string; close: () => Promise<void> } }>({
  server: [
    async ({ browserName: _ }, use) => {
      const folder = join(buildBelowPath(), SUBPATH);
      const server = await serve({ folder, port: 0, base: SUBPATH });
      await use(server);
      await server.close();
    },
    { scope: 'worker', timeout: BUILD_LIMIT_MS },
  ],
  site: [async ({ server }, use) => use({ url: server.url }), { scope: 'worker' }],
});

/** Paths that the page or one of its threads asked for outside the base path. */
function pathsBeside(page: Page): string[] {
  const beside: string[] = [];
  page.context().on('request', (request) => {
    const { pathname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && !pathname.startsWith(SUBPATH)) beside.push(pathname);
  });
  return beside;
}

const answer = (page: Page) => page.locator('#answer');

test('the desk answers, and every thread finds its files below the path', async ({
  page,
  site,
}) => {
  const beside = pathsBeside(page);
  await page.goto(site.url);
  await expect(answer(page)).toContainText('on this device', { timeout: 90_000 });
  const seen = await page.evaluate(async (text) => {
    const { flotilla } = window;
    await flotilla.embed('encoder', ['never seen before']);
    const fields = await flotilla.run({
      task: 'redact',
      text: 'Write to anna@example.com before Friday.',
    });
    const label = await flotilla.run({ text, specialist: 'banking-tickets' });
    const page1 = new Blob(['<html><body><p>Please block my card</p></body></html>'], {
      type: 'text/html',
    });
    const file = new File([page1], 'request.html', { type: 'text/html' });
    return {
      label: label.decision.tier,
      redacted: fields.output,
      ofFile: (await flotilla.run({ file, specialist: 'banking-tickets' })).status,
      workflows: (await flotilla.workflows()).length,
      leftOut: await flotilla.leftOut(),
    };
  }, TICKET);
  expect(['static', 'encoder']).toContain(seen.label);
  expect(JSON.stringify(seen.redacted)).not.toContain('anna@example.com');
  expect(seen.ofFile).not.toBe('refused');
  expect(seen.workflows).toBeGreaterThan(0);
  expect(seen.leftOut).toEqual([]);
  expect(beside).toEqual([]);
});

test('manifest, icons and service worker belong to the path', async ({ page, site }) => {
  await page.goto(site.url);
  const scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
  expect(scope).toBe(site.url);
  const client = await page.context().newCDPSession(page);
  const { url, errors, manifest } = await client.send('Page.getAppManifest');
  expect(url).toBe(`${site.url}flotilla.webmanifest`);
  expect(errors).toEqual([]);
  expect(manifest).toMatchObject({ scope: site.url, startUrl: site.url });
  for (const icon of await page.locator('link[rel~="icon"], link[rel="apple-touch-icon"]').all()) {
    const address = new URL((await icon.getAttribute('href')) ?? '', site.url);
    expect((await page.request.get(address.href)).ok(), address.href).toBe(true);
  }
});

for (const file of ['widget.html', 'sdk.js', 'sdk.d.ts', 'policy.json']) {
  test(`${file} lies below the path`, async ({ page, site }) => {
    const found = await page.request.get(`${site.url}${file}`);
    expect(found.status()).toBe(200);
    const text = await found.text();
    if (file === 'widget.html') {
      const addresses = [...text.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map((match) => match[1]);
      expect(addresses.length).toBeGreaterThan(0);
      for (const address of addresses) expect(address).toMatch(new RegExp(`^${SUBPATH}`));
    }
  });
}

test('the SDK finds its widget beside itself, and the widget its engine', async ({
  page,
  site,
}) => {
  const beside = pathsBeside(page);
  await page.goto(site.url);
  await expect(answer(page)).toContainText('on this device', { timeout: 90_000 });
  const label = await page.evaluate(
    async ({ sdk, text }) => {
      const { connect } = (await import(sdk)) as typeof Sdk;
      const flotilla = await connect();
      const { output } = await flotilla.run({ text, specialist: 'banking-tickets' });
      flotilla.close();
      return (output as { label: string }).label;
    },
    { sdk: `${site.url}sdk.js`, text: TICKET },
  );
  expect(label).toBe('lost_or_stolen_card');
  expect(beside).toEqual([]);
});

test.describe('without its server', () => {
  test.use({
    allowedProblems: /Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED)/,
  });

  test('a deep link keeps its place after a reload, and the desk answers offline', async ({
    page,
    context,
    server,
  }) => {
    await page.goto(`${server.url}#/fleet/banking-tickets`);
    await expect(page.locator('#main')).toContainText('banking-tickets');
    await page.reload();
    await expect(page.locator('#main')).toContainText('banking-tickets');
    await expect(page.getByRole('region', { name: 'Messages' })).toContainText(
      'Flotilla now works without a network',
      { timeout: 60_000 },
    );
    await context.setOffline(true);
    await server.close();
    await page.reload();
    await expect(page.locator('#main')).toContainText('banking-tickets');
    await page.goto(`${server.url}#/desk`);
    await page.getByLabel('The request: a ticket, an e-mail, a command').fill(TICKET);
    await page.keyboard.press('Enter');
    await expect(page.locator('li', { hasText: TICKET })).toBeVisible();
    await expect(answer(page)).toContainText('on this device', { timeout: 90_000 });
  });
});
