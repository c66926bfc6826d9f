/** `_headers` of a build: hosts join the rules that fit an address, so no address may get a second policy. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cachingOf } from '../../.ci/addresses.mjs';
import { securityHeaders } from '../../.ci/security-headers.mjs';
import { headersFile } from '../../.ci/static-host-headers.mjs';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-'));
const FILES = [
  'index.html',
  'widget.html',
  'sdk.js',
  'sdk.js.br',
  'policy.json',
  'service-worker.js',
  'assets/app-1a2b.js',
  'fleet/fleet.json',
  'fleet/encoder/1/model.onnx.gz',
  'models/index.json',
];

beforeAll(() => {
  for (const file of FILES) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What such a host sends: the values of all rules that fit, joined. */
function sent(file: string, address: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const rule of file.split(/\n(?=\/)/)) {
    const [pattern = '', ...lines] = rule.split('\n');
    const fits = pattern.endsWith('*')
      ? address.startsWith(pattern.slice(0, -1))
      : address === pattern;
    for (const line of fits ? lines.filter((one) => one !== '') : []) {
      const [, name = '', value = ''] = /^ {2}([^:]+): (.*)$/.exec(line) ?? [];
      headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
    }
  }
  return headers;
}

describe.each(['/', '/flotilla/'])('_headers below %s', (base) => {
  const policy = {
    servers: [{ base_url: 'https://models.example/v1' }],
    embeds: [{ origin: 'https://portal.example', sandboxed: true }],
  };

  it.each(['', ...FILES.filter((file) => !/\.(br|gz)$/.test(file)), 'fleet/encoder/1/x.bin'])(
    'sends what the other servers send for "%s"',
    (path) => {
      expect(sent(headersFile(policy, folder, base), base + path)).toEqual({
        ...securityHeaders(policy, `/${path}`),
        'Cache-Control': cachingOf(`/${path}`),
        'X-Frame-Options': 'DENY',
      });
    },
  );

  it('lets nobody frame an address that the build does not have', () => {
    const headers = sent(headersFile(policy, folder, base), `${base}missing`);
    expect(headers).toMatchObject({ 'X-Frame-Options': 'DENY' });
  });
});
