/** The production server: nothing outside its folder, every answer with the boundary, caching by address. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../../.ci/serve.mjs';

const root = mkdtempSync(join(tmpdir(), 'flotilla-'));
const folder = join(root, 'dist');
let site: { url: string; close: () => Promise<void> };

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  mkdirSync(join(folder, 'fleet/encoder/1'), { recursive: true });
  const meta = '<meta http-equiv="Content-Security-Policy" content="default-src *">';
  writeFileSync(join(root, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'index.html'), `<head>${meta}</head>page`);
  writeFileSync(join(folder, 'assets/app-1a2b.js'), 'export {}');
  writeFileSync(join(folder, 'assets/app-1a2b.js.br'), 'brotli');
  writeFileSync(join(folder, 'fleet/fleet.json'), '{}');
  writeFileSync(join(folder, 'fleet/encoder/1/model.onnx.gz'), 'stored compressed');
  writeFileSync(join(folder, 'widget.html'), `<head>${meta}</head>widget`);
  writeFileSync(join(folder, 'sdk.js'), 'export {}');
  writeFileSync(join(folder, 'fleet/encoder/1/weights.bin'), '0123456789');
  writeFileSync(join(folder, 'fleet/encoder/1/weights.bin.br'), 'brotli');
  const servers = [{ base_url: 'http://127.0.0.1:8080/v1' }];
  const embeds = [{ origin: 'https://portal.example' }];
  writeFileSync(join(folder, 'policy.json'), JSON.stringify({ servers, embeds }));
  site = await serve({ folder, port: 0 });
});

afterAll(async () => {
  await site.close();
  rmSync(root, { recursive: true });
});

/** A raw request: `fetch` would tidy the path up before sending it. */
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET', url = site.url) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const { hostname, port } = new URL(url);
      const sent = request({ hostname, port, path, headers, method }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      sent.on('error', reject);
      sent.end();
    },
  );

describe('static server', () => {
  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5c..%5csecret.txt',
    '/%00secret.txt',
    '/%zz.txt',
  ])('serves nothing outside its folder: %s', async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('secret');
  });

  it.each(['/', '/desk', '/assets/app-1a2b.js', '/missing.js', '/policy.json'])(
    'sends the boundary of the policy with %s',
    async (path) => {
      const csp = (await ask(path)).headers['content-security-policy'];
      expect(csp).toContain("connect-src 'self' http://127.0.0.1:8080;");
    },
  );

  it('puts the policy in force into the page', async () => {
    const { body } = await ask('/desk');
    expect(body).toContain("connect-src 'self' http://127.0.0.1:8080;");
    expect(body).not.toContain('default-src *');
  });

  it('keeps versioned addresses for ever and asks again for everything else', async () => {
    const caching = async (path: string) => (await ask(path)).headers['cache-control'];
    expect(await caching('/assets/app-1a2b.js')).toContain('immutable');
    expect(await caching('/fleet/encoder/1/model.onnx.gz')).toContain('immutable');
    for (const path of ['/', '/fleet/fleet.json', '/policy.json']) {
      expect(await caching(path)).toBe('no-cache');
    }
  });

  it('sends a compressed copy where there is one, and stored archives as they are', async () => {
    const accept = { 'accept-encoding': 'gzip, br' };
    const script = await ask('/assets/app-1a2b.js', accept);
    expect(script.headers).toMatchObject({ 'content-encoding': 'br', vary: 'Accept-Encoding' });
    expect(script.headers['content-type']).toContain('text/javascript');
    const model = await ask('/fleet/encoder/1/model.onnx.gz', accept);
    expect(model.headers['content-encoding']).toBeUndefined();
  });

  it('answers 304 to a known tag and 405 to a change', async () => {
    const { headers } = await ask('/fleet/fleet.json');
    expect((await ask('/fleet/fleet.json', { 'if-none-match': String(headers.etag) })).status).toBe(
      304,
    );
    expect((await ask('/', {}, 'POST')).status).toBe(405);
  });

  it('lets the hosts of the policy frame the widget and nothing else', async () => {
    const framing = async (path: string) =>
      /frame-ancestors ([^;]*)/.exec(
        String((await ask(path)).headers['content-security-policy']),
      )?.[1];
    expect(await framing('/widget.html')).toBe("'self' https://portal.example");
    // What stands before a path is tidied away before it is looked at.
    expect(await framing('/x/../widget.html')).toBe("'self' https://portal.example");
    for (const path of ['/', '/desk', '/widget', '/widget.html/', '/sdk.js', '/policy.json'])
      expect(await framing(path), path).toBe("'none'");
    expect((await ask('/widget.html')).body).toContain('widget');
    expect((await ask('/widget.html')).body).not.toContain('frame-src');
  });

  it('lets every page load the SDK', async () => {
    const { headers } = await ask('/sdk.js');
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'max-age=0, stale-while-revalidate=604800',
    });
  });
});

describe('parts of a file', () => {
  const file = '/fleet/encoder/1/weights.bin';
  const part = (range: string, more: Record<string, string> = {}) => ask(file, { range, ...more });

  it.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('%s', async (range, body, contentRange) => {
    const answer = await part(range, { 'accept-encoding': 'br' });
    expect(answer).toMatchObject({ status: 206, body });
    expect(answer.headers).toMatchObject({
      'content-range': contentRange,
      'content-length': String(body.length),
    });
    expect(answer.headers['content-encoding']).toBeUndefined();
  });

  it.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('cannot give %s', async (range) => {
    const answer = await part(range);
    expect(answer).toMatchObject({ status: 416, body: '' });
    expect(answer.headers['content-range']).toBe('bytes */10');
  });

  it.each(['bytes=0-1,4-5', 'bytes=4-2', 'bytes=-', 'lines=1-2', 'bytes=a-b'])(
    'gives the whole file for %s',
    async (range) => {
      expect(await part(range)).toMatchObject({ status: 200, body: '0123456789' });
    },
  );

  it('gives a part only of the file that the reader began with', async () => {
    const { headers } = await ask(file);
    expect(headers['accept-ranges']).toBe('bytes');
    expect((await part('bytes=2-4', { 'if-range': String(headers.etag) })).status).toBe(206);
    for (const tag of ['"other"', `W/${String(headers.etag)}`, 'Sun, 06 Nov 1994 08:49:37 GMT'])
      expect(await part('bytes=2-4', { 'if-range': tag })).toMatchObject({ status: 200 });
  });

  it('are not for HEAD', async () => {
    expect((await ask(file, { range: 'bytes=2-4' }, 'HEAD')).status).toBe(200);
  });
});

describe('below a path', () => {
  let below: typeof site;
  beforeAll(async () => {
    below = await serve({ folder, port: 0, base: '/apps/flotilla/' });
  });
  afterAll(() => below.close());
  const at = (path: string) => ask(path, {}, 'GET', below.url);

  it('serves the build there and nothing beside it', async () => {
    expect(new URL(below.url).pathname).toBe('/apps/flotilla/');
    expect((await at('/apps/flotilla/')).body).toContain('page');
    expect((await at('/apps/flotilla/sdk.js')).body).toBe('export {}');
    for (const path of [
      '/',
      '/sdk.js',
      '/apps/',
      '/apps/flotilla2/sdk.js',
      '/apps/flotilla/../../sdk.js',
    ])
      expect((await at(path)).status, path).toBe(404);
  });

  it('leads to the slash at the end', async () => {
    const answer = await at('/apps/flotilla');
    expect(answer.status).toBe(308);
    expect(answer.headers['location']).toBe('/apps/flotilla/');
  });

  it('sends the headers of the path below', async () => {
    const csp = (await at('/apps/flotilla/widget.html')).headers['content-security-policy'];
    expect(csp).toContain("frame-ancestors 'self' https://portal.example");
    const caching = (await at('/apps/flotilla/assets/app-1a2b.js')).headers['cache-control'];
    expect(caching).toContain('immutable');
  });

  it.each(['a b', '/../', '/x?y/', '/%2e/', '/a/../b/'])('takes no base path %s', async (base) => {
    await expect(serve({ folder, port: 0, base })).rejects.toThrow('base path');
  });
});
