/** `npm run mirror` against a server that answers like the hub: what is copied is right, or nothing of it is kept. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { serve } from '../../.ci/serve.mjs';
import { parseMirrorIndex } from '../../src/core/catalogue-schema.ts';
import { readModel } from '../../workers/router/models/manifest.ts';
import { COMMIT, startHub, type Hub } from '../servers/hub.ts';
import { hashOf } from '../unit/doubles/model-files.ts';

const ID = 'qwen2.5-0.5b';
const REPOSITORY = 'mlc-ai/Qwen2.5-0.5B-Instruct-q4f16_1-MLC';
const files = new Map<string, Buffer>([
  ['params_shard_0.bin', randomBytes(200_000)],
  ['params_shard_1.bin', randomBytes(150_000)],
  ['tensor-cache.json', Buffer.from('{"records":[]}')],
  ['mlc-chat-config.json', Buffer.from('{"context_window_size":4096}')],
  ['tokenizer.json', Buffer.from('{"model":{}}')],
  ['README.md', Buffer.from('# not needed')],
  ['library.wasm', randomBytes(20_000)],
]);

let hub: Hub;
let to = '';
beforeAll(async () => (hub = await startHub(REPOSITORY, files)));
afterAll(() => hub.close());
beforeEach(async () => {
  hub.faults.clear();
  hub.sent.length = 0;
  hub.lie = null;
  to = await mkdtemp(join(tmpdir(), 'flotilla-mirror-'));
  return () => rm(to, { recursive: true });
});

const folder = () => join(to, ID);
const inFolder = (path: string) => readFile(join(folder(), path));

async function mirror(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['.ci/mirror.mjs', ...args]);
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { code, output };
}
const fromHub = () =>
  mirror(ID, '--from', hub.url, '--to', to, '--library', `${hub.filesUrl}/library.wasm`);

it('copies every file with its hash, and once only', async () => {
  const first = await fromHub();
  expect(first).toMatchObject({ code: 0 });
  const model = readModel(await inFolder('model.json'));
  if (!model.ok) throw new Error(model.failure.message);
  expect(model.value).toMatchObject({
    id: ID,
    version: COMMIT.slice(0, 12),
    format: 'mlc',
    runtimes: ['webllm'],
    passport: { source: `${REPOSITORY} at ${COMMIT}`, licence: 'apache-2.0' },
  });
  const roles = Object.fromEntries(model.value.files.map(({ path, role }) => [path, role]));
  expect(roles).toEqual({
    'params_shard_0.bin': 'weights',
    'params_shard_1.bin': 'weights',
    'tensor-cache.json': 'tensors',
    'mlc-chat-config.json': 'config',
    'tokenizer.json': 'tokenizer',
    'library.wasm': 'library',
  });
  for (const { path, sha256, bytes } of model.value.files) {
    const copied = await inFolder(path);
    expect([hashOf(copied), copied.length], path).toEqual([sha256, bytes]);
    expect(copied.equals(files.get(path)!), path).toBe(true);
  }
  expect(parseMirrorIndex(JSON.parse(await readFile(join(to, 'index.json'), 'utf8')))).toEqual({
    ok: true,
    value: [ID],
  });

  const sent = hub.sent.length;
  expect((await fromHub()).output).not.toContain('copied');
  expect(hub.sent.length).toBe(sent);
  expect((await mirror('--check', folder())).code).toBe(0);
}, 60_000);

it('goes on in the middle of a file after a break', async () => {
  let breaks = 1;
  hub.faults.set('params_shard_0.bin', (response, bytes, request) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (breaks-- <= 0) {
      response
        .writeHead(206, { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` })
        .end(bytes.subarray(from));
      return;
    }
    response.writeHead(200, { 'Content-Length': bytes.length });
    response.write(bytes.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 200));
  });
  expect((await fromHub()).code).toBe(0);
  expect(hub.sent.filter((one) => one.startsWith('params_shard_0.bin'))).toEqual([
    'params_shard_0.bin',
    'params_shard_0.bin bytes=100000-',
  ]);
  expect((await mirror('--check', folder())).code).toBe(0);
}, 60_000);

it.each([
  ['a large file', 'params_shard_1.bin', /has the sha-256/],
  ['a small file', 'mlc-chat-config.json', /has the git id/],
])(
  'keeps nothing of %s with a flipped bit',
  async (_name, path, words) => {
    hub.faults.set(path, (response, bytes) => {
      const changed = Buffer.from(bytes);
      changed[5] = (changed[5] ?? 0) ^ 1;
      response.writeHead(200).end(changed);
    });
    const { code, output } = await fromHub();
    expect(code).toBe(1);
    expect(output).toMatch(words);
    expect(await readdir(folder())).not.toContain(path);
    expect(await readdir(folder())).not.toContain('model.json');
  },
  60_000,
);

it('writes nothing outside of its folder', async () => {
  hub.lie = (entry) =>
    entry.path === 'params_shard_1.bin'
      ? { ...entry, path: 'params_shard_/../../../x.bin' }
      : entry;
  const { code, output } = await fromHub();
  expect(code).toBe(1);
  expect(output).toMatch(/outside of/);
});

it('finds what changed on the disk afterwards', async () => {
  await fromHub();
  await writeFile(join(folder(), 'tokenizer.json'), '{"model":[]}');
  const { code, output } = await mirror('--check', folder());
  expect(code).toBe(1);
  expect(output).toContain('tokenizer.json has');
}, 60_000);

it('copies from another mirror by its hashes', async () => {
  await fromHub();
  const site = await serve({ folder: to, port: 0 });
  const other = await mkdtemp(join(tmpdir(), 'flotilla-mirror-'));
  const copied = await mirror(ID, '--from', site.url, '--to', other);
  const checked = await mirror('--check', join(other, ID));
  await site.close();
  await rm(other, { recursive: true });
  expect(copied).toMatchObject({ code: 0 });
  expect(checked).toMatchObject({ code: 0 });
}, 60_000);

it('says which models there are, and that others are not there', async () => {
  expect((await mirror('--list')).output).toContain('phi4-mini');
  for (const id of ['gpt-5', 'house-slm', 'gemini-nano'])
    expect(await mirror(id, '--to', to)).toMatchObject({
      code: 1,
      output: expect.stringContaining('--list'),
    });
}, 60_000);
