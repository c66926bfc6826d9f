/** What every browser test gets: our server, real Chromium, and a page that fails the test when it misbehaves. */
import { chromium, expect, test as base, type BrowserServer, type Page } from '@playwright/test';
import { findChromium } from '../../.ci/chromium.mjs';
import { DIST } from '../../.ci/project.mjs';
import { serve } from '../../.ci/serve.mjs';

export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const CLOSE_GRACE_MS = 5_000;

interface Options {
  /** Problems that this test expects; everything else fails it. */
  allowedProblems: RegExp | null;
}

interface WorkerOptions {
  /** A policy file to serve instead of the one of the build. */
  policyFile: string | null;
  /** Further Chromium flags, e.g. for WebGPU. */
  flags: string[];
}

interface WorkerFixtures {
  site: { url: string };
}

export const test = base.extend<Options, WorkerOptions & WorkerFixtures>({
  allowedProblems: [null, { option: true }],
  policyFile: [null, { option: true, scope: 'worker' }],
  flags: [[], { option: true, scope: 'worker' }],

  site: [
    async ({ policyFile }, use) => {
      const site = await serve({ folder: DIST, policyFile: policyFile ?? undefined, port: 0 });
      await use({ url: site.url });
      await site.close();
    },
    { scope: 'worker' },
  ],

  browser: [
    async ({ flags }, use) => {
      const executablePath = findChromium();
      if (executablePath === null)
        throw new Error('No Chromium found. Set CHROME_PATH to its executable.');
      const server = await chromium.launchServer({
        executablePath,
        headless: true,
        args: [...CHROMIUM_FLAGS, ...flags],
      });
      await use(await chromium.connect(server.wsEndpoint()));
      await closeOrKill(server);
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  baseURL: async ({ site }, use) => use(site.url),

  page: async ({ page, site, allowedProblems }, use) => {
    const problems = watch(page, new URL(site.url).origin);
    await use(page);
    const unexpected = problems.filter((problem) => !allowedProblems?.test(problem));
    expect(unexpected, 'problems seen on the page').toEqual([]);
  },
});

export { expect };

/** Collects whatever a page must not do: foreign requests, policy violations, console errors, uncaught errors. */
export function watch(page: Page, origin: string): string[] {
  const problems: string[] = [];
  page.context().on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !['data:', 'blob:'].includes(url.protocol)) {
      problems.push(`request to another origin: ${request.method()} ${request.url()}`);
    }
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content[- ]Security[- ]Policy/i.test(message.text())) {
      problems.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('crash', () => problems.push('the page crashed'));
  return problems;
}

/** Closing was seen to hang for minutes; after a grace the process is ended by its id. */
async function closeOrKill(server: BrowserServer): Promise<void> {
  const grace = new Promise<'hangs'>((resolve) =>
    setTimeout(() => resolve('hangs'), CLOSE_GRACE_MS).unref(),
  );
  if ((await Promise.race([server.close(), grace])) === 'hangs') server.process().kill('SIGKILL');
}
