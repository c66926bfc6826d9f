/** The shelf's page, served with the app's headers beside a made-up model. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { findChromium } from '../../../.ci/chromium.mjs';
import { CHROMIUM_FLAGS, expect, test as base } from '../fixture.ts';
import type { ShelfHarness } from './shelf-page.ts';
import * as server from './site.ts';

declare const harness: ShelfHarness;

export type Made = ReturnType<typeof server.makeModel>;
interface Fixtures {
  site: { url: string };
  models: server.ModelSite;
  made: Made;
  open: () => Promise<Page>;
}

export const test = base.extend<Fixtures, { built: string }>({
  built: [
    async ({ browserName: _ }, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'flotilla-shelf-'));
      await server.buildShelfPage(folder);
      await use(folder);
      await rm(folder, { recursive: true });
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  models: async ({ built }, use) => {
    const site = await server.startModelSite(built);
    await use(site);
    await site.close();
  },
  made: async ({ models }, use) => {
    const made = server.makeModel();
    server.serveModel(models, made);
    await use(made);
  },
  open: async ({ context, models, made: _ }, use) => use(() => openShelf(context, models)),
});

export { expect };

export async function openShelf(context: BrowserContext, models: server.ModelSite): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${models.url}/shelf.html`);
  await page.waitForFunction(() => 'harness' in globalThis);
  await page.evaluate((sources) => harness.open([], sources), models.modelSources);
  return page;
}

const stored = (page: Page, id: string) => page.evaluate((one) => harness.shelf.stored(one), id);

/** What is stored is right to the bit, whatever happened before. Returns how many files that are. */
export async function expectRightBytes(page: Page, { model }: Made): Promise<number> {
  const files = await stored(page, model.id);
  const known = model.files.map(({ sha256 }) => sha256);
  for (const { name, hash } of files) {
    expect(hash).toBe(name);
    expect(known).toContain(hash);
  }
  return files.length;
}

interface Killable {
  context: BrowserContext;
  kill: () => Promise<void>;
}

/** A browser with a profile on disk that a test can kill as a power cut would: all its processes at once. */
export async function startBrowser(profile: string, tries = 3): Promise<Killable> {
  const flags = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const child = spawn(findChromium() ?? '', [...CHROMIUM_FLAGS, ...flags], { detached: true });
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (text: Buffer) => {
      const [, found] = /listening on (ws:\S+)/.exec(text.toString()) ?? [];
      if (found) resolve(found);
    });
    child.on('exit', () => reject(new Error('Chromium did not start.')));
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const kill = async (): Promise<void> => {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
  };
  try {
    const [context] = (await chromium.connectOverCDP(address, { timeout: 20_000 })).contexts();
    if (!context) throw new Error('Chromium has no window.');
    return { context, kill };
  } catch (error) {
    // On a busy machine Chromium was seen to open its port and then to say nothing on it.
    await kill();
    if (tries <= 1) throw error;
    return startBrowser(profile, tries - 1);
  }
}
