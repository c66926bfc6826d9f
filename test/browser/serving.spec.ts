/** The configurations of docs/serving under the real nginx and the real Caddy: every rule holds, and the app runs. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DIST, ROOT } from '../../.ci/project.mjs';
import { findWebServer, startWebServer, type WebServer } from '../servers/web-servers.ts';
import { expect, test, watch } from './fixture.ts';
import { buildBelowPath, BUILD_LIMIT_MS, SUBPATH } from './subpath-build.ts';

const run = promisify(execFile);

const started: { close: () => void }[] = [];
test.afterEach(() => {
  for (const server of started.splice(0)) server.close();
});

/** Serves the build for a path with the configuration that is written for it, until the test ends. */
async function start(name: WebServer, base: string): Promise<{ url: string }> {
  const root = base === '/' ? DIST : buildBelowPath();
  const policyFile = join(root, base, 'policy.json');
  const server = await startWebServer(name, { root, base, policyFile });
  started.push(server);
  return server;
}

/** Exit code and output of `npm run headers -- check`. */
async function check(...args: string[]): Promise<{ code: number; output: string }> {
  const command = [join(ROOT, '.ci/headers.mjs'), 'check', ...args];
  try {
    const { stdout } = await run(process.execPath, command);
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, output: stdout };
  }
}

/** Lines of the rules that do not hold, each with what was sent instead. */
const failuresIn = (output: string): string[] =>
  output
    .split('\n')
    .filter((line, at, all) => line.startsWith('FAIL') || all[at - 1]?.startsWith('FAIL'));

for (const name of ['nginx', 'caddy'] as const) {
  for (const path of ['/', SUBPATH]) {
    test(`${name} at ${path} sends what the policy says, and the desk answers`, async ({
      browser,
    }) => {
      test.skip(findWebServer(name) === null, `${name} is not installed`);
      test.setTimeout(BUILD_LIMIT_MS);
      const server = await start(name, path);
      const { code, output } = await check(server.url);
      expect(failuresIn(output)).toEqual([]);
      expect(output).toMatch(/^\d{3} rules hold, 0 do not\.$/m);
      expect(code).toBe(0);

      const page = await (await browser.newContext()).newPage();
      const problems = watch(page, new URL(server.url).origin);
      await page.goto(server.url);
      await expect(page.locator('#answer')).toContainText('on this device', { timeout: 90_000 });
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      expect(problems).toEqual([]);
      await page.context().close();
    });
  }
}

test('the check fails, and says where, when the headers are those of another policy', async () => {
  test.skip(findWebServer('nginx') === null, 'nginx is not installed');
  test.setTimeout(BUILD_LIMIT_MS);
  const server = await start('nginx', '/');
  const policyFile = join(buildBelowPath(), SUBPATH, 'policy.json');
  const { code, output } = await check(server.url, '--policy', policyFile);
  expect(code).toBe(1);
  expect(output).toContain('FAIL  /policy.json  is the policy that the headers are for');
  expect(failuresIn(output).join()).toContain("frame-ancestors 'self' https://intranet.example");
  expect(output).toMatch(/^\d+ rules hold, [1-9]\d* do not\.$/m);
});
