/** Where models may come from: own mirror, hub, chosen files; and what is refused before a byte of it is stored. */
import { randomBytes } from 'node:crypto';
import type { BrowserContext, Page } from '@playwright/test';
import type { CatalogueEntry } from '../../src/core/generation-model.ts';
import { expect, expectRightBytes, openShelf, test } from '../browser/models/fixture.ts';
import type { ShelfHarness } from '../browser/models/shelf-page.ts';
import * as server from '../browser/models/site.ts';
import { COMMIT, startHub, type Hub } from '../servers/hub.ts';
import { hashOf } from '../unit/doubles/model-files.ts';

declare const harness: ShelfHarness;
const ID = server.MODEL_ID;

const base64 = (files: Record<string, Buffer>, prefix = '') =>
  Object.fromEntries(
    Object.entries(files).map(([path, bytes]) => [prefix + path, bytes.toString('base64')]),
  );
const choose = (page: Page, files: Record<string, string>, id = ID) =>
  page.evaluate(([id, files]) => harness.files(id, files), [id, files] as const);

test.describe('files that a person chose', () => {
  const folderOf = ({ model, files }: ReturnType<typeof server.makeModel>) => ({
    ...files,
    'model.json': Buffer.from(JSON.stringify(model)),
  });

  test('a folder with model.json is taken, also one that no list names', async ({ open }) => {
    const page = await open();
    const stick = server.makeModel('from-a-stick');
    const chosen = base64(folderOf(stick), 'stick/models/');
    expect(await choose(page, chosen, 'from-a-stick')).toEqual({ ok: true, value: null });
    expect(await expectRightBytes(page, stick)).toBe(5);
    await page.reload();
    await page.evaluate(() => harness.open([], []));
    const card = await page.evaluate(() => harness.card('from-a-stick'));
    expect(card).toMatchObject({ phase: 'stored', title: 'Test model' });
  });

  test('wrong, missing and foreign files are refused in words', async ({ open, made }) => {
    const page = await open();
    const right = folderOf(made);
    const other = base64({ ...right, 'weights.1': randomBytes(server.SHARD_BYTES) });
    expect(await choose(page, other)).toMatchObject({
      failure: { code: 'hash_mismatch', message: expect.stringContaining('weights.1') },
    });
    const short = base64({ ...right, 'weights.2': Buffer.alloc(3) });
    expect(await choose(page, short)).toMatchObject({
      failure: { code: 'file_corrupt', message: 'weights.2 has 3 bytes, not 400000.' },
    });
    const without = base64(right);
    delete without['weights.3'];
    expect(await choose(page, without)).toMatchObject({
      failure: { code: 'file_missing', message: 'weights.3 is not among the chosen files.' },
    });
    expect(await choose(page, base64(made.files))).toMatchObject({
      failure: { code: 'file_missing', message: expect.stringContaining('no model.json') },
    });
    const foreign = base64(folderOf(server.makeModel('another')));
    expect(await choose(page, foreign)).toMatchObject({
      failure: { code: 'bad_request', message: expect.stringContaining('“another”') },
    });
    expect(await choose(page, base64(right))).toEqual({ ok: true, value: null });
  });
});

test('a shipped model is the one that the build names: another model.json is refused', async ({
  context,
  models,
  made,
}) => {
  const text = Buffer.from(JSON.stringify(made.model));
  models.files.set('/fleet/house/1.0.0/model.json', text);
  for (const [name, bytes] of Object.entries(made.files))
    models.files.set(`/fleet/house/1.0.0/${name}`, bytes);
  const shipped = {
    id: ID,
    version: '1.0.0',
    manifest: { path: 'house/1.0.0/model.json', bytes: text.length, sha256: hashOf(text) },
  };
  const page = await openShelf(context, models);
  await page.evaluate((one) => harness.open([one], []), shipped);
  const changed = Buffer.from(JSON.stringify({ ...made.model, contextTokens: 64 }));
  models.files.set('/fleet/house/1.0.0/model.json', changed);
  expect(await page.evaluate((id) => harness.download(id), ID)).toMatchObject({
    failure: { code: 'hash_mismatch' },
  });
  models.files.set('/fleet/house/1.0.0/model.json', text);
  expect(await page.evaluate((id) => harness.download(id), ID)).toMatchObject({ ok: true });
  expect(await page.evaluate(() => harness.shelf.list())).toMatchObject([
    { id: ID, shipped: true, phase: 'stored', version: '1.0.0' },
  ]);

  // The next build ships another version: the stored one is not taken for it.
  models.files.set('/fleet/house/1.0.0/model.json', changed);
  const next = { ...shipped, manifest: { ...shipped.manifest, sha256: hashOf(changed) } };
  await page.reload();
  await page.evaluate((one) => harness.open([one], []), next);
  expect(await page.evaluate((id) => harness.card(id), ID)).toMatchObject({ phase: 'absent' });
  expect(await page.evaluate((id) => harness.shelf.manifestOf(id), ID)).toMatchObject({
    failure: { code: 'model_not_stored' },
  });
  models.requests.length = 0;
  expect(await page.evaluate((id) => harness.download(id), ID)).toMatchObject({ ok: true });
  // Files that are the same are not fetched again.
  expect(models.requests).toEqual(['/fleet/house/1.0.0/model.json']);
});

test.describe('other origins', () => {
  test.use({ allowedProblems: /request to another origin|Content Security Policy|Failed to load/ });

  test('a mirror elsewhere needs the policy: without it, no request is made', async ({
    context,
    models,
  }) => {
    const elsewhere = await server.startModelSite(null);
    const made = server.makeModel('elsewhere');
    server.serveModel(elsewhere, made);
    const url = `${elsewhere.url}/models/elsewhere/model.json`;
    const mirror = (page: Page) =>
      page.evaluate(([url]) => harness.mirror('elsewhere', url), [url] as const);
    const page = await openShelf(context, models);
    expect(await mirror(page)).toMatchObject({ failure: { code: 'policy_denied' } });
    expect(elsewhere.requests).toEqual([]);

    models.modelSources = [elsewhere.url];
    const allowed = await openShelf(context, models);
    expect(await mirror(allowed)).toEqual({ ok: true, value: null });
    expect(await expectRightBytes(allowed, made)).toBe(5);
    await elsewhere.close();
  });

  const REPOSITORY = 'somebody/small-onnx';
  const ENTRY: CatalogueEntry = {
    id: 'small-onnx',
    family: 'Small',
    title: 'Small ONNX',
    licence: 'apache-2.0',
    openLicence: true,
    parameters: 1000,
    downloadBytes: null,
    downloadBytesAbout: 400_000,
    memoryBytes: 1000,
    contextTokens: 128,
    runtime: 'transformers-llm',
    fallback: null,
    needs: { shaderF16: false, maxBufferBytes: 0 },
    hub: { repository: REPOSITORY, revision: 'main', weights: 'onnx/model_q4.onnx', library: null },
    goodFor: 'tests',
  };
  const files = new Map<string, Buffer>([
    ['config.json', Buffer.from('{"model_type":"llama"}')],
    ['tokenizer.json', randomBytes(30_000)],
    ['onnx/model_q4.onnx', randomBytes(200_000)],
    ['onnx/model_q4.onnx_data', randomBytes(100_000)],
    ['onnx/model_q4f16.onnx', randomBytes(90_000)],
    ['README.md', Buffer.from('# not needed')],
  ]);

  const withHub = async (
    context: BrowserContext,
    models: server.ModelSite,
    entry: CatalogueEntry,
    sources: (hub: Hub) => string[],
    use: (page: Page, hub: Hub) => Promise<void>,
  ): Promise<void> => {
    const hub = await startHub(REPOSITORY, files);
    const catalogue = JSON.stringify({ schema: 1, models: [entry] });
    models.files.set('/fleet/catalogue.json', Buffer.from(catalogue));
    models.modelSources = sources(hub);
    await use(await openShelf(context, models), hub);
    await hub.close();
  };
  const both = (hub: Hub) => [hub.url, hub.filesUrl];
  const get = (page: Page) => page.evaluate(() => harness.download('small-onnx'));

  test('the hub: list, commit, redirect, and the hashes that it knows the files by', async ({
    context,
    models,
  }) => {
    await withHub(context, models, ENTRY, both, async (page, hub) => {
      expect(await get(page)).toEqual({ ok: true, value: null });
      const manifest = await page.evaluate(() => harness.shelf.manifestOf('small-onnx'));
      if (!manifest.ok) throw new Error(manifest.failure.message);
      expect(manifest.value).toMatchObject({ version: COMMIT.slice(0, 12), format: 'onnx' });
      const wanted = [...files.keys()].filter((path) => !/README|q4f16/.test(path));
      expect(manifest.value.files.map(({ path }) => path).sort()).toEqual(wanted.sort());
      for (const { path, sha256 } of manifest.value.files)
        expect(sha256).toBe(hashOf(files.get(path)!));
      expect(hub.sent.sort()).toEqual(wanted.sort()); // each once
      const model = manifest.value;
      expect(await expectRightBytes(page, { model, files: {} })).toBe(wanted.length);
    });
  });

  const flip = (response: { end: (bytes: Buffer) => void }, bytes: Buffer) => {
    const changed = Buffer.from(bytes);
    changed[7] = (changed[7] ?? 0) ^ 1;
    response.end(changed);
  };
  for (const path of ['config.json', 'onnx/model_q4.onnx_data'])
    test(`the hub: ${path} with a flipped bit is not stored`, async ({ context, models }) => {
      await withHub(context, models, ENTRY, both, async (page, hub) => {
        hub.faults.set(path, flip);
        expect(await get(page)).toMatchObject({
          failure: { code: 'hash_mismatch', message: expect.stringContaining(path) },
        });
        hub.faults.clear();
        expect(await get(page)).toEqual({ ok: true, value: null });
      });
    });

  test('the hub may redirect only to where the policy says', async ({ context, models }) => {
    await withHub(
      context,
      models,
      ENTRY,
      (hub) => [hub.url],
      async (page, hub) => {
        expect((await get(page)).ok).toBe(false);
        expect(hub.sent).toEqual(['config.json']); // the small one, which lies on the hub itself
      },
    );
  });

  test('without model_sources the hub is not asked, and the sentence says what to do', async ({
    context,
    models,
  }) => {
    await withHub(
      context,
      models,
      ENTRY,
      () => [],
      async (page, hub) => {
        const result = await get(page);
        expect(result).toMatchObject({ failure: { code: 'policy_denied' } });
        expect(!result.ok && result.failure.message).toContain('npm run mirror -- small-onnx');
        expect(hub.sent).toEqual([]);
      },
    );
  });

  test('a model with a library that has no published hash comes through a mirror only', async ({
    context,
    models,
  }) => {
    const hub = { ...ENTRY.hub!, weights: 'params_shard_', library: 'https://l.example/l.wasm' };
    const entry: CatalogueEntry = { ...ENTRY, runtime: 'webllm', hub };
    await withHub(context, models, entry, both, async (page, server) => {
      const result = await get(page);
      expect(result).toMatchObject({ failure: { code: 'bad_request' } });
      expect(!result.ok && result.failure.message).toContain('npm run mirror -- small-onnx');
      expect(server.sent).toEqual([]);
    });
  });
});
