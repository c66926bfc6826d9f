/**
 * Browsers and host pages as the widget meets them: other ports, other sites, isolated or not, with storage blocked or not.
 * Each test gets a browser with a profile of its own, since only a profile can block storage.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test as base, type BrowserContext, type Page } from '@playwright/test';
import { findChromium } from '../../.ci/chromium.mjs';
import { DIST } from '../../.ci/project.mjs';
import { serve } from '../../.ci/serve.mjs';
import type { FlotillaConnection } from '../../src/sdk/contract.ts';
import { CHROMIUM_FLAGS } from './fixture.ts';

/** Preferences of the profile. New profiles of Chromium may block third parties, so each says what it means. */
export const STORAGE = {
  allowed: { cookie_controls_mode: 0, block_third_party_cookies: false },
  'third parties blocked': { cookie_controls_mode: 1, block_third_party_cookies: true },
  'all sites blocked': { default_content_setting_values: { cookies: 2 } },
};

declare global {
  interface Window {
    /** What the host page's own script imports from sdk.js. */
    connect: (options: object) => Promise<FlotillaConnection>;
    flotillas: FlotillaConnection[];
  }
}

/** The three lines of the README, and a handle for the test. */
const portalPage = (sdk: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Portal</title><link rel="icon" href="data:,">
<body><h1>Portal</h1><main id="place"></main>
<script type="module">
  import { connect } from '${sdk}';
  Object.assign(window, { connect, flotillas: [] });
</script>`;

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export interface Places {
  /** Flotilla, with a slash. */
  flotilla: string;
  /** Another port of the same host. */
  samesite: string;
  /** Another host name: third-party storage is partitioned, or blocked. */
  crosssite: string;
  /** Takes Flotilla's server away; the portal stays. */
  closeFlotilla: () => Promise<void>;
}

interface Fixtures {
  storage: keyof typeof STORAGE;
  /** Errors that a test expects. */
  expected: RegExp | null;
  places: Places;
  context: BrowserContext;
  page: Page;
}

export const test = base.extend<Fixtures>({
  storage: ['allowed', { option: true }],
  expected: [null, { option: true }],
  places: async ({ browserName: _ }, use) => {
    let sdk = '';
    const portal = createServer(({ url }, response) => {
      const headers = url?.startsWith('/isolated') ? ISOLATED : {};
      response
        .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers })
        .end(portalPage(sdk));
    });
    await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
    const { port } = portal.address() as AddressInfo;
    const samesite = `http://127.0.0.1:${port}`;
    const crosssite = `http://localhost:${port}`;
    const folder = await mkdtemp(join(tmpdir(), 'flotilla-everywhere-'));
    const policyFile = join(folder, 'policy.json');
    const embeds = [samesite, crosssite].map((origin) => ({ origin, sandboxed: true }));
    await writeFile(policyFile, JSON.stringify({ version: 1, mode: 'only_on_device', embeds }));
    const flotilla = await serve({ folder: DIST, policyFile, port: 0 });
    sdk = `${flotilla.url}sdk.js`;
    await use({ flotilla: flotilla.url, samesite, crosssite, closeFlotilla: flotilla.close });
    await flotilla.close();
    portal.close();
    portal.closeAllConnections();
    await rm(folder, { recursive: true });
  },
  context: async ({ storage }, use) => {
    const profile = await mkdtemp(join(tmpdir(), 'flotilla-profile-'));
    await mkdir(join(profile, 'Default'));
    await writeFile(
      join(profile, 'Default/Preferences'),
      JSON.stringify({ profile: STORAGE[storage] }),
    );
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: findChromium() ?? '',
      headless: true,
      args: CHROMIUM_FLAGS,
    });
    await use(context);
    await context.close();
    await rm(profile, { recursive: true, force: true });
  },
  // After the servers, so that it is looked at before they go.
  page: async ({ context, places: _, expected }, use) => {
    const problems: string[] = [];
    context.on('console', (message) => {
      if (message.type() === 'error')
        problems.push(`${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (event) => {
      const { name, message, stack } = event.error();
      problems.push(`uncaught ${name}: ${message} ${stack}`);
    });
    const page = await context.newPage();
    await use(page);
    expect(problems.filter((problem) => !expected?.test(problem))).toEqual([]);
  },
});

export { expect };
