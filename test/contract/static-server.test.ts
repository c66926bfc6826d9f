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
  const servers = [{ base_url: 'http://127.0.0.1:8080/v1' }];
  writeFileSync(join(folder, 'policy.json'), JSON.stringify({ servers }));
  site = await serve({ folder, port: 0 });
});

afterAll(async () => {
  await site.close();
  rmSync(root, { recursive: true });
});

/** A raw request: `fetch` would tidy the path up before sending it. */
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const { hostname, port } = new URL(site.url);
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
});
