/** Engines of language models: not part of the offline shell, and kept once they were fetched. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DIST } from '../../.ci/project.mjs';
import { expect, test } from './fixture.ts';

const late = readdirSync(join(DIST, 'assets')).filter((name) => /^late-.*\.js$/.test(name));

test.use({ allowedProblems: /Failed to load resource: net::ERR_INTERNET_DISCONNECTED/ });

test('a late script is not fetched with the shell, and is there offline after its first use', async ({
  page,
  context,
}) => {
  await page.goto('/');
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText(
    'Flotilla now works without a network',
    { timeout: 60_000 },
  );
  const urls = late.map((name) => `/assets/${name}`);
  // WebLLM is one of them: six megabytes.
  expect(urls.length).toBeGreaterThan(0);
  const kept = () =>
    page.evaluate(
      async (urls) => Promise.all(urls.map(async (url) => (await caches.match(url)) !== undefined)),
      urls,
    );
  const lengths = () =>
    page.evaluate(
      async (urls) => Promise.all(urls.map(async (url) => (await (await fetch(url)).blob()).size)),
      urls,
    );
  expect(await kept()).toEqual(urls.map(() => false));
  const online = await lengths();
  expect(Math.max(...online)).toBeGreaterThan(5_000_000);
  await expect.poll(kept).toEqual(urls.map(() => true));
  await context.setOffline(true);
  expect(await lengths()).toEqual(online);
});
