/** The configurations of docs/serving under the real nginx and the real Caddy: every rule holds, and the app runs. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DIST, ROOT } from '../../.ci/project.mjs';
import { findWebServer, startWebServer, type WebServer } from '../servers/web-servers.ts';
import { expect, test as base } from './fixture.ts';
import { buildBelowPath, BUILD_LIMIT_MS, SUBPATH } from './subpath-build.ts';

const run = promisify(execFile);

interface Place {
  name: WebServer;
  base: string;
}

const test = base.extend<object, { place: Place | null }>({
  place: [null, { option: true, scope: 'worker' }],
  site: [
    async ({ place }, use) => {
      if (place === null || findWebServer(place.name) === null) return use({ url: 'about:blank' });
      const root = place.base === '/' ? DIST : buildBelowPath();
      const policyFile = join(root, place.base, 'policy.json');
      const server = await startWebServer(place.name, { root, base: place.base, policyFile });
      await use(server);
      server.close();
    },
    { scope: 'worker', timeout: BUILD_LIMIT_MS },
  ],
});

/** Exit code and output of `npm run headers -- check`. */
async function check(...args: string[]): Promise<{ code: number; output: string }> {
  try {
    const { stdout } = await run(process.execPath, [
      join(ROOT, '.ci/headers.mjs'),
      'check',
      ...args,
    ]);
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, output: stdout };
  }
}

const failuresIn = (output: string): string[] =>
  output
    .split('\n')
    .filter((line, at, all) => line.startsWith('FAIL') || all[at - 1]?.startsWith('FAIL'));

for (const name of ['nginx', 'caddy'] as const) {
  for (const path of ['/', SUBPATH]) {
    test.describe(`${name} at ${path}`, () => {
      test.use({ place: { name, base: path } });

      test(`${name} at ${path} sends what the policy says, and the desk answers`, async ({
        page,
        site,
      }) => {
        test.skip(findWebServer(name) === null, `${name} is not installed`);
        const { code, output } = await check(site.url);
        expect(failuresIn(output)).toEqual([]);
        expect(output).toMatch(/^\d{3} rules hold, 0 do not\.$/m);
        expect(code).toBe(0);
        await page.goto(site.url);
        await expect(page.locator('#answer')).toContainText('on this device');
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      });
    });
  }
}

test.describe('the check', () => {
  test.use({ place: { name: 'nginx', base: '/' } });

  test('fails, and says where, when a deployment sends the headers of another policy', async ({
    site,
  }) => {
    test.skip(findWebServer('nginx') === null, 'nginx is not installed');
    const policyFile = join(buildBelowPath(), SUBPATH, 'policy.json');
    const { code, output } = await check(site.url, '--policy', policyFile);
    expect(code).toBe(1);
    expect(output).toContain('FAIL  /policy.json  is the policy that the headers are for');
    expect(failuresIn(output).join()).toContain("frame-ancestors 'self' https://intranet.example");
    expect(output).toMatch(/^\d+ rules hold, [1-9]\d* do not\.$/m);
  });
});
