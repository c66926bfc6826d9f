/** Downloads of language models from a server that breaks, lies and goes away: real Chromium, real Cache Storage. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import {
  expect,
  expectRightBytes,
  openShelf,
  startBrowser,
  test,
} from '../browser/models/fixture.ts';
import type { ShelfHarness } from '../browser/models/shelf-page.ts';
import * as server from '../browser/models/site.ts';

declare const harness: ShelfHarness;
const { MODEL_ID: ID, SHARDS } = server;
const shardPath = (index: number): string => `/models/${ID}/${SHARDS[index] ?? ''}`;

const download = (page: Page) => page.evaluate((id) => harness.download(id), ID);
const card = (page: Page) => page.evaluate((id) => harness.card(id), ID);
const stored = (page: Page) => page.evaluate((id) => harness.shelf.stored(id), ID);
const manifest = (page: Page) => page.evaluate((id) => harness.shelf.manifestOf(id), ID);
const shardRequests = (models: server.ModelSite) =>
  SHARDS.map((_, index) => models.count(shardPath(index)));

test('a model arrives whole, file by file, and stays without a network', async ({
  open,
  models,
  made,
}) => {
  models.faults.set(shardPath(1), server.slowly(30));
  const page = await open();
  expect(await card(page)).toMatchObject({ phase: 'absent', storedBytes: 0 });
  expect(await download(page)).toEqual({ ok: true, value: null });
  expect(await expectRightBytes(page, made)).toBe(made.model.files.length);
  expect(shardRequests(models)).toEqual([1, 1, 1, 1]);
  expect(await card(page)).toMatchObject({
    phase: 'stored',
    version: '1.0.0',
    storedBytes: 4 * server.SHARD_BYTES + made.files['config.json']!.length,
  });
  const told = await page.evaluate((id) => {
    const cards = harness.told.map((list) => list.find((one) => one.id === id));
    return cards.map((one) => [one?.phase, one?.loadedBytes ?? 0, one?.bytesPerSecond] as const);
  }, ID);
  const loaded = told.map(([, bytes]) => bytes);
  expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
  expect(told.some(([phase, , rate]) => phase === 'downloading' && (rate ?? 0) > 0)).toBe(true);
  expect(told.length).toBeLessThan(30);

  models.files.clear();
  await page.reload();
  await page.evaluate(() => harness.open([], []));
  expect(await card(page)).toMatchObject({ phase: 'stored', title: 'Test model' });
  expect(await manifest(page)).toEqual({ ok: true, value: made.model });
  expect(await page.evaluate((id) => harness.shelf.remove(id), ID)).toMatchObject({ ok: true });
  expect(await stored(page)).toEqual([]);
  expect(await manifest(page)).toMatchObject({ failure: { code: 'model_not_stored' } });
});

const FAULTS: [
  name: string,
  fault: server.Behaviour,
  code: string,
  words: RegExp,
  tries: number,
][] = [
  ['a flipped bit', server.flipped, 'hash_mismatch', /has the hash/, 1],
  ['404', server.status(404), 'file_missing', /answered 404/, 1],
  ['206 nonsense', server.partial, 'file_corrupt', /a part of it \(206\)/, 1],
  ['a redirect to a page', server.redirectTo('/shelf.html'), 'file_corrupt', /elsewhere/, 1],
  ['a page instead', server.page, 'file_corrupt', /a page instead/, 1],
  ['a longer body', server.longer, 'file_corrupt', /longer than its 400000/, 1],
  ['a body cut short', server.cutShort, 'file_corrupt', /200000 of 400000/, 5],
  ['a connection that always breaks', server.brokenOff, 'file_corrupt', /broke off after/, 5],
  ['a server that is down', server.status(503), 'file_missing', /answered 503/, 5],
];

for (const [name, fault, code, words, tries] of FAULTS) {
  test(`${name}: refused in words, the rest is kept, and it goes on when the server is well`, async ({
    open,
    models,
    made,
  }) => {
    models.faults.set(shardPath(2), fault);
    const page = await open();
    const result = await download(page);
    expect(result).toMatchObject({ ok: false, failure: { code } });
    expect(!result.ok && result.failure.message).toMatch(words);
    expect(await card(page)).toMatchObject({ phase: 'failed', failure: { code } });
    expect(await expectRightBytes(page, made)).toBe(3);
    expect(await manifest(page)).toMatchObject({ failure: { code: 'model_not_stored' } });
    expect(shardRequests(models)).toEqual([1, 1, tries, 0]);

    models.faults.clear();
    expect(await download(page)).toEqual({ ok: true, value: null });
    expect(await expectRightBytes(page, made)).toBe(made.model.files.length);
    expect(shardRequests(models)).toEqual([1, 1, tries + 1, 1]);
  });
}

test('a connection that breaks once and a server that is busy once cost only time', async ({
  open,
  models,
}) => {
  const once =
    (fault: server.Behaviour): server.Behaviour =>
    (response, bytes, count, request) =>
      count === 1 ? fault(response, bytes, count, request) : server.whole(response, bytes);
  models.faults.set(shardPath(0), once(server.brokenOff));
  models.faults.set(shardPath(3), once(server.status(503)));
  const page = await open();
  expect(await download(page)).toEqual({ ok: true, value: null });
  expect(shardRequests(models)).toEqual([2, 1, 1, 2]);
  const waits = await page.evaluate(
    (id) => harness.told.map((list) => list.find((one) => one.id === id)?.failure?.message),
    ID,
  );
  expect(waits.filter(Boolean).join()).toMatch(/broke off/);
});

test('a server that says nothing is left after ten seconds, not waited for', async ({
  open,
  models,
}) => {
  models.faults.set(shardPath(0), (_response, _bytes, count) => count > 0);
  const page = await open();
  void download(page);
  await expect
    .poll(async () => (await card(page))?.failure?.message, { timeout: 15_000 })
    .toMatch(/does not answer/);
  await page.evaluate((id) => harness.shelf.pause(id), ID);
  expect(await card(page)).toMatchObject({ phase: 'paused', failure: null });
});

test('pause keeps whole shards; resume fetches the others', async ({ open, models, made }) => {
  models.faults.set(shardPath(2), server.slowly(100));
  const page = await open();
  const running = download(page);
  await expect.poll(() => models.count(shardPath(2))).toBe(1);
  await page.evaluate((id) => harness.shelf.pause(id), ID);
  expect(await running).toMatchObject({ failure: { code: 'cancelled' } });
  expect(await card(page)).toMatchObject({ phase: 'paused', failure: null });
  expect(await expectRightBytes(page, made)).toBe(3);
  // A reload does not go on with what a person paused.
  await page.reload();
  await page.evaluate(() => harness.open([], []));
  await page.evaluate(() => harness.shelf.resumeInterrupted());
  expect(await card(page)).toMatchObject({ phase: 'paused' });
  models.faults.clear();
  expect(await download(page)).toEqual({ ok: true, value: null });
  expect(shardRequests(models)).toEqual([1, 1, 2, 1]);
});

test('a closed tab loses at most the shard in flight, and the next one goes on by itself', async ({
  open,
  models,
}) => {
  models.faults.set(shardPath(2), server.slowly(100));
  const first = await open();
  void download(first).catch(() => undefined);
  await expect.poll(() => models.count(shardPath(2))).toBe(1);
  await first.close();
  models.faults.clear();
  const second = await open();
  expect(await card(second)).toMatchObject({ phase: 'paused' });
  await second.evaluate(() => harness.shelf.resumeInterrupted());
  await expect.poll(async () => (await card(second))?.phase).toBe('stored');
  expect(shardRequests(models)).toEqual([1, 1, 2, 1]);
});

test('a killed browser loses at most the shard in flight', async ({ models, made }) => {
  const profile = await mkdtemp(join(tmpdir(), 'flotilla-profile-'));
  models.faults.set(shardPath(2), server.slowly(500));
  const first = await startBrowser(profile);
  const page = await openShelf(first.context, models);
  void download(page).catch(() => undefined);
  await expect.poll(() => models.count(shardPath(2))).toBe(1);
  await first.kill();
  models.faults.clear();

  const second = await startBrowser(profile);
  const again = await openShelf(second.context, models);
  expect(await card(again)).toMatchObject({ phase: 'paused' });
  await again.evaluate(() => harness.shelf.resumeInterrupted());
  await expect.poll(async () => (await card(again))?.phase).toBe('stored');
  expect(await expectRightBytes(again, made)).toBe(5);
  expect(shardRequests(models)).toEqual([1, 1, 2, 1]);
  await second.kill();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
});

test('offline in the middle: it says so, waits, and goes on by itself', async ({
  open,
  models,
  context,
}) => {
  models.faults.set(shardPath(1), server.slowly(60));
  const page = await open();
  const running = download(page);
  await expect.poll(() => models.count(shardPath(1))).toBe(1);
  await context.setOffline(true);
  models.faults.set(shardPath(1), (response) => response.destroy());
  await expect
    .poll(async () => (await card(page))?.failure?.message, { timeout: 15_000 })
    .toMatch(/no connection|could not be fetched/);
  expect(await card(page)).toMatchObject({ phase: 'downloading', bytesPerSecond: null });
  models.faults.clear();
  await context.setOffline(false);
  expect(await running).toEqual({ ok: true, value: null });
  expect(models.count(shardPath(0))).toBe(1);
});

test('two tabs: one fetches, the other waits and sees its result; either may pause it', async ({
  open,
  models,
}) => {
  models.faults.set(shardPath(1), server.slowly(30));
  const [first, second] = [await open(), await open()];
  const running = download(first);
  await expect.poll(() => models.count(shardPath(1))).toBe(1);
  await expect.poll(async () => (await card(second))?.phase).toBe('downloading');
  const waiting = download(second);
  expect(await Promise.all([running, waiting])).toEqual([
    { ok: true, value: null },
    { ok: true, value: null },
  ]);
  expect(shardRequests(models)).toEqual([1, 1, 1, 1]);
  expect(await manifest(second)).toMatchObject({ ok: true });

  await second.evaluate((id) => harness.shelf.remove(id), ID);
  await expect.poll(async () => (await card(first))?.phase).toBe('absent');
  const again = download(first);
  await expect.poll(() => models.count(shardPath(1))).toBe(2);
  await second.evaluate((id) => harness.shelf.pause(id), ID);
  expect(await again).toMatchObject({ failure: { code: 'cancelled' } });
});

test.describe('storage', () => {
  const quota = async (page: Page, origin: string, quotaSize?: number): Promise<void> => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Storage.overrideQuotaForOrigin', {
      origin,
      ...(quotaSize === undefined ? {} : { quotaSize }),
    });
  };

  test('full from the start: refused in words; it comes when there is room', async ({
    open,
    models,
  }) => {
    const page = await open();
    await quota(page, models.url, 300_000);
    const result = await download(page);
    expect(result).toMatchObject({ failure: { code: 'storage_full' } });
    expect(!result.ok && result.failure.message).toMatch(/^Test model needs 1\.6 MB more in/);
    expect(shardRequests(models).slice(1)).toEqual([0, 0, 0]);
    expect(await card(page)).toMatchObject({ phase: 'failed', failure: { code: 'storage_full' } });
    await quota(page, models.url);
    expect(await download(page)).toEqual({ ok: true, value: null });
  });

  test('used up in the middle: whole shards stay, and it goes on when there is room', async ({
    open,
    models,
    made,
  }) => {
    models.faults.set(shardPath(2), server.slowly(30));
    const page = await open();
    const running = download(page);
    await expect.poll(() => models.count(shardPath(2))).toBe(1);
    await quota(page, models.url, 500_000);
    expect(await running).toMatchObject({ failure: { code: 'storage_full' } });
    const kept = await expectRightBytes(page, made);
    expect(kept).toBeGreaterThanOrEqual(2);
    await quota(page, models.url);
    expect(await download(page)).toEqual({ ok: true, value: null });
    expect(models.count(shardPath(0))).toBe(1);
  });
});
