/** A new version beside open tabs: nothing fails to load, no draft is lost, and a tab changes only when it is asked to. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import { DIST } from '../../.ci/project.mjs';
import { PAGES, TITLES } from '../../src/ui/pages.ts';
import { startSwitchable, type Switchable } from '../servers/switchable.ts';
import { expect, test, watch } from './fixture.ts';
import { secondBuild } from './second-build.ts';

const REQUEST = 'The request: a ticket, an e-mail, a command';
const NEW = 'A new version is ready';
const ELSEWHERE = 'Another tab has switched to a new version';
/** A model's code was on its way when the shell was stopped: the runtime says so, and reads it a second time. */
const SHELL_STOPPED = /wasm streaming compile failed|falling back to ArrayBuffer instantiation/;

let next = '';
let site: Switchable;

test.describe.configure({ timeout: 300_000 });
test.beforeAll(async () => {
  test.setTimeout(600_000);
  next = await secondBuild();
});
test.beforeEach(async () => {
  site = await startSwitchable(DIST);
});
test.afterEach(() => site.close());

const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });
const entryOf = (page: Page) =>
  page.locator('script[type=module][src]').first().getAttribute('src');
/** Assets of a build that belong to its shell, by address. */
const shellAssets = (folder: string): string[] =>
  readdirSync(join(folder, 'assets'))
    .filter((name) => /\.(js|css)$/.test(name) && !/^late-|asyncify|jsep|jspi/.test(name))
    .map((name) => `/assets/${name}`);

/** Opens a tab and waits until the shell answers for it. */
async function openTab(context: BrowserContext, draft: string): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(site.url);
  await tab.waitForFunction(() => navigator.serviceWorker.controller !== null, null, {
    timeout: 60_000,
  });
  await tab.getByLabel(REQUEST).fill(draft);
  return tab;
}

const lookForUpdate = (tab: Page): Promise<boolean> =>
  tab.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return registration.update().then(
      () => true,
      () => false,
    );
  });

async function stopShell(context: BrowserContext, tab: Page): Promise<void> {
  const session: CDPSession = await context.newCDPSession(tab);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.detach();
}

/** What was loaded once must not come out of the browser's own cache. */
async function clearHttpCache(context: BrowserContext, tab: Page): Promise<void> {
  const session = await context.newCDPSession(tab);
  await session.send('Network.clearBrowserCache');
  await session.detach();
}

const statusesOf = (tab: Page, addresses: string[]): Promise<number[]> =>
  tab.evaluate(
    (all) => Promise.all(all.map(async (address) => (await fetch(address)).status)),
    addresses,
  );

async function openEveryPage(tab: Page): Promise<void> {
  for (const page of PAGES) {
    await tab.evaluate((to) => (location.hash = `#/${to}`), page);
    await expect(tab).toHaveTitle(`${TITLES[page]} · Flotilla`);
    await expect(tab.locator('h1').first()).toBeAttached();
    await expect(tab.getByText(/^The page .* could not be loaded/)).toHaveCount(0);
  }
  await tab.keyboard.press('Control+k');
  await expect(tab.getByRole('dialog')).toBeVisible();
  await tab.keyboard.press('Escape');
}

test('three tabs go from one version to the next: no import fails and no draft is lost', async ({
  context,
}) => {
  const drafts = ['draft of the first tab', 'draft of the second tab', 'draft of the third tab'];
  const [first, second, third] = [
    await openTab(context, drafts[0] ?? ''),
    await openTab(context, drafts[1] ?? ''),
    await openTab(context, drafts[2] ?? ''),
  ];
  const problems = [first, second, third].map((tab) => watch(tab, new URL(site.url).origin));
  const [oldEntry] = [await entryOf(first)];

  await site.deploy(next);
  expect(await lookForUpdate(first)).toBe(true);
  for (const tab of [first, second, third])
    await expect(messages(tab)).toContainText(NEW, { timeout: 120_000 });

  // The person agrees in one tab; only that one reloads.
  await messages(first).getByRole('button', { name: 'Reload' }).click();
  // The browser waits until the old shell has finished what it was asked.
  await expect(messages(second)).toContainText(ELSEWHERE, { timeout: 120_000 });
  await expect(messages(third)).toContainText(ELSEWHERE);
  await expect.poll(() => entryOf(first)).not.toBe(oldEntry);
  await expect(first.getByLabel(REQUEST)).toHaveValue(drafts[0] ?? '');
  expect(await entryOf(second)).toBe(oldEntry);

  // The old tab finds everything of its build, and works, though the server knows nothing of it any more.
  await clearHttpCache(context, second);
  const old = shellAssets(DIST);
  const gone = await second.request.get(new URL(old[0] ?? '', site.url).href);
  expect(gone.status()).toBe(404);
  expect(await statusesOf(second, old)).toEqual(old.map(() => 200));
  await stopShell(context, second);
  await openEveryPage(second);
  const redacted = await second.evaluate(() =>
    window.flotilla.run({ text: 'Write to jo@example.org', task: 'redact' }),
  );
  expect(redacted.output).not.toBeNull();
  await second.evaluate(() => (location.hash = '#/desk'));
  await expect(second.getByLabel(REQUEST)).toHaveValue(drafts[1] ?? '');

  // Two versions work beside each other, and each tab changes when it is asked to.
  await openEveryPage(first);
  await messages(third).getByRole('button', { name: 'Reload' }).last().click();
  await expect.poll(() => entryOf(third)).not.toBe(oldEntry);
  await expect(third.getByLabel(REQUEST)).toHaveValue(drafts[2] ?? '');
  await second.reload();
  await expect(second.getByLabel(REQUEST)).toHaveValue(drafts[1] ?? '');
  expect(problems.flat().filter((problem) => !SHELL_STOPPED.test(problem))).toEqual([]);

  // No page of the old build is left: its files go.
  const oldKept = (): Promise<number> =>
    third.evaluate(async (all) => {
      const found = await Promise.all(all.map((address) => caches.match(address)));
      return found.filter((one) => one !== undefined).length;
    }, old);
  await third.reload();
  await expect.poll(oldKept).toBe(0);
  expect(await statusesOf(third, shellAssets(next))).toEqual(shellAssets(next).map(() => 200));
});

test('a reload for a new version does not wait for the fleet that is still being fetched', async ({
  context,
}) => {
  const fetching = site.hold('/fleet/ocr/');
  const tab = await openTab(context, 'typed meanwhile');
  const oldEntry = await entryOf(tab);
  await fetching;
  await site.deploy(next);
  expect(await lookForUpdate(tab)).toBe(true);
  await expect(messages(tab)).toContainText(NEW, { timeout: 120_000 });
  await messages(tab).getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => entryOf(tab)).not.toBe(oldEntry);
  await expect(tab.getByLabel(REQUEST)).toHaveValue('typed meanwhile');
});

test('offline in the middle of an update, the old version goes on and the update comes later', async ({
  context,
}) => {
  const tab = await openTab(context, 'typed before the network went away');
  const oldEntry = await entryOf(tab);
  await site.deploy(next);
  site.answerOnly(12);
  await lookForUpdate(tab);
  const settled = (): Promise<boolean> =>
    tab.evaluate(async () => {
      const { installing, waiting } = await navigator.serviceWorker.ready;
      return installing === null && waiting === null;
    });
  await expect.poll(settled, { timeout: 60_000 }).toBe(true);
  await stopShell(context, tab);
  await tab.reload();
  expect(await entryOf(tab)).toBe(oldEntry);
  await expect(tab.getByLabel(REQUEST)).toHaveValue('typed before the network went away');
  await clearHttpCache(context, tab);
  await openEveryPage(tab);

  site.answerOnly(Infinity);
  expect(await lookForUpdate(tab)).toBe(true);
  await expect(messages(tab)).toContainText(NEW, { timeout: 120_000 });
  await messages(tab).getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => entryOf(tab)).not.toBe(oldEntry);
});

test('a tab that crashes comes back with its draft', async ({ context }) => {
  const tab = await openTab(context, 'typed before the crash');
  const session = await context.newCDPSession(tab);
  const crashed = tab.waitForEvent('crash');
  void session.send('Page.crash').catch(() => undefined); // it never answers
  await crashed;
  const again = await context.newPage();
  await again.goto(site.url);
  await expect(again.getByLabel(REQUEST)).toHaveValue('typed before the crash');
});
