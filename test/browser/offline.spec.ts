/** After the first load the server can disappear: the page opens, the models load, and a ticket gets its certified answer. */
import { writeFileSync } from 'node:fs';
import { serve } from '../../.ci/serve.mjs';
import { DIST } from '../../.ci/project.mjs';
import { expect, test } from './closable-site.ts';

const TICKET = 'My card was stolen yesterday, please block it';

test('without a network and without a server, a ticket gets a certified answer', async ({
  page,
  context,
  closable,
}) => {
  await page.goto(closable.url);
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText(
    'Flotilla now works without a network',
    { timeout: 60_000 },
  );
  await context.setOffline(true);
  await closable.close();
  await page.reload();

  await page.getByLabel('The request: a ticket, an e-mail, a command').fill(TICKET);
  await page.keyboard.press('Enter');
  await expect(page.locator('li', { hasText: TICKET })).toBeVisible();
  const answer = page.locator('#answer');
  await expect(answer).toContainText('Accepted');
  await expect(answer).toContainText('on this device');
  await expect(answer).toContainText('held-out rows');

  // The encoder too, and every specialist.
  const { runtimes, ids, answered } = await page.evaluate(async () => {
    const { flotilla } = window;
    await flotilla.embed('encoder', ['a text that was never seen before']);
    const all = await flotilla.specialists();
    const cards = all.filter(({ task }) => task === 'classify');
    const answers = await Promise.all(
      cards.map(({ id, examples }) =>
        flotilla.run({ text: String(examples[0] ?? 'hi'), specialist: id }),
      ),
    );
    return {
      runtimes: (await flotilla.capabilities()).runtimes,
      ids: cards.map(({ id }) => id),
      answered: answers.map((one) => one.specialist.id),
    };
  });
  expect(Object.values(runtimes).map(({ state }) => state)).toEqual(['ready', 'ready']);
  expect(ids).toHaveLength(6);
  expect(answered).toEqual(ids);
});

test('a policy that changed on the server reaches a page that is kept offline', async ({
  browser,
}) => {
  const policyFile = test.info().outputPath('policy.json');
  writeFileSync(policyFile, '{"version":1}');
  const site = await serve({ folder: DIST, policyFile, port: 0 });
  const page = await (await browser.newContext()).newPage();
  const boundary = () =>
    page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  await page.goto(site.url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  expect(await boundary()).toContain("connect-src 'self';");
  const server = { id: 'onprem', base_url: 'http://127.0.0.1:9/v1', model: 'any', region: 'eu' };
  writeFileSync(policyFile, JSON.stringify({ version: 1, servers: [server], regions: ['eu'] }));
  const response = await page.reload();
  expect(response?.fromServiceWorker()).toBe(true);
  expect(await boundary()).toContain("connect-src 'self' http://127.0.0.1:9;");
  await site.close();
  await page.reload();
  await expect(page.locator('#main')).toBeVisible();
  await page.context().close();
});

test('the widget and the SDK: from the server while it answers, the kept ones without it', async ({
  page,
  closable,
}) => {
  await page.goto(closable.url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, {
    timeout: 60_000,
  });
  const sdk = () =>
    page.evaluate(async () => {
      const address = new URL('sdk.js', location.href).href;
      const { connect } = (await import(address)) as { connect: unknown };
      return typeof connect;
    });
  expect(await sdk()).toBe('function');
  // The copy beside the build's own one: only an answer of the server is kept there.
  const fromServer = () =>
    page.evaluate(async () => {
      const current = await caches.open('policy');
      return (await current.match(new URL('sdk.js', location.href))) !== undefined;
    });
  await expect.poll(fromServer).toBe(true);
  const titleOfWidget = await page.evaluate(
    async () => /<title>(.*)<\/title>/.exec(await (await fetch('widget.html')).text())?.[1],
  );

  await closable.close();
  await page.reload();
  expect(await sdk()).toBe('function');
  // Opened by itself, it is the widget and not the app, also offline.
  const opened = await page.goto(`${closable.url}widget.html`);
  expect(opened?.fromServiceWorker()).toBe(true);
  await expect(page).toHaveTitle(titleOfWidget ?? 'no title');
  await expect(page.locator('script[src*="widget"]')).toHaveCount(1);
});
