/** What a stranger copies out of the README: the lines, into an HTML file on another port, and the policy. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '../../.ci/serve.mjs';
import { DIST, ROOT } from '../../.ci/project.mjs';
import { expect, test } from './fixture.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const WRITTEN = { flotilla: 'http://127.0.0.1:4173/', page: 'http://127.0.0.1:8000' };

function partOf(pattern: RegExp): string {
  const part = pattern.exec(README)?.[1];
  if (part === undefined) throw new Error(`The README has nothing like ${pattern}.`);
  return part;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('the lines of the README label rows from another port, also while Flotilla is away', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const lines = partOf(/```html\n(<script type="module">[\s\S]*?<\/script>)\n```/);
  const policy = partOf(/`(\{ "version": 1, "embeds": .*?\})`/);
  let html = '';
  const host = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
  });
  const origin = await listen(host);
  const policyFile = test.info().outputPath('policy.json');
  writeFileSync(policyFile, policy.replace(WRITTEN.page, origin));
  const flotilla = await serve({ folder: DIST, policyFile, port: 0 });
  html = `<!doctype html><html lang="en"><title>Tickets</title><body>${lines.replace(WRITTEN.flotilla, flotilla.url)}`;

  const page = await (await browser.newContext()).newPage();
  await page.goto(origin);
  await expect(page.locator('body')).toContainText('card_arrival (accepted)', { timeout: 120_000 });
  await expect(page.locator('body')).toContainText('top_up_failed');
  const frame = page.frames()[1];
  await frame?.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const needed = ['router', 'banking-tickets'].map((id) => `fleet/${id}/1.0.0/head.safetensors`);
    for (const path of ['policy.json', ...needed])
      while (!(await caches.match(new URL(path, location.href))))
        await new Promise((resolve) => setTimeout(resolve, 200));
  });

  await flotilla.close();
  await page.reload();
  await expect(page.locator('body')).toContainText('card_arrival (accepted)', { timeout: 120_000 });
  await page.context().close();
  host.closeAllConnections();
  host.close();
});
