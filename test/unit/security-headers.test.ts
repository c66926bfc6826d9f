/** The boundary of the deployment: what the page may connect to follows from the policy and from nothing else. */
import { describe, expect, it } from 'vitest';
import {
  contentSecurityPolicy,
  kindOf,
  originsOf,
  securityHeaders,
} from '../../.ci/security-headers.mjs';

const connectSrc = (policy: unknown) =>
  /connect-src ([^;]*)/.exec(contentSecurityPolicy(policy))?.[1];

const ancestors = (policy: unknown, path: string) =>
  /frame-ancestors ([^;]*)/.exec(contentSecurityPolicy(policy, 'header', path))?.[1];

/** Addresses by what they hold. */
const FILES = [
  '/assets/app-1a2b.js',
  '/fleet/fleet.json',
  '/models/index.json',
  '/policy.json',
  '/icons/flotilla.svg',
];
const SDK = ['/sdk.js', '/sdk.d.ts'];

describe('content security policy', () => {
  it('allows only the own origin without a policy', () => {
    for (const policy of [null, undefined, {}, 'x', { servers: 'x' }, { servers: [] }]) {
      expect(connectSrc(policy)).toBe("'self'");
    }
  });

  it('adds the origins of the servers named in the policy, once each, and no paths', () => {
    const policy = {
      servers: [
        { base_url: 'http://127.0.0.1:8080/v1' },
        { base_url: 'http://127.0.0.1:8080/v2' },
        { base_url: 'https://models.example/v1' },
      ],
    };
    expect(connectSrc(policy)).toBe("'self' http://127.0.0.1:8080 https://models.example");
  });

  it('adds the origins that models may come from', () => {
    const policy = {
      servers: [{ base_url: 'https://models.example/v1' }],
      model_sources: ['https://hub.example', 'https://models.example', 'http://127.0.0.1:9000'],
    };
    expect(connectSrc(policy)).toBe(
      "'self' https://models.example https://hub.example http://127.0.0.1:9000",
    );
  });

  it('leaves out whatever could widen it', () => {
    const bad = [
      '*',
      'https:',
      'https://*',
      'https://a;b',
      'https://a,b',
      'data:,x',
      'blob:https://a.example/1',
      "'unsafe-eval'",
      'file:///etc',
      null,
      7,
    ];
    const policy = {
      servers: [...bad.map((base_url) => ({ base_url })), null],
      model_sources: bad,
      frame_ancestors: bad,
      embeds: [...bad.map((origin) => ({ origin, sandboxed: true })), null, 'x'],
    };
    expect(originsOf(policy)).toEqual({ connect: [], frameAncestors: [], sandboxed: false });
    expect(connectSrc({ servers: [{ base_url: 'https://a.example/; script-src *' }] })).toBe(
      "'self' https://a.example",
    );
  });

  it('lets nobody embed a page of the app, whatever the policy says', () => {
    const policy = {
      frame_ancestors: ['https://a.example'],
      embeds: [{ origin: 'https://b.example' }],
    };
    for (const path of ['/', '/desk', '/index.html', '/Widget.html', '/a/widget.html', '/widget'])
      expect(ancestors(policy, path), path).toBe("'none'");
  });

  it('lets the widget be embedded by its own pages and by the origins of the policy', () => {
    expect(ancestors(null, '/widget.html')).toBe("'self'");
    const policy = {
      frame_ancestors: ['https://a.example', 'https://b.example'],
      embeds: [{ origin: 'https://b.example' }, { origin: 'http://127.0.0.1:5000' }],
    };
    expect(ancestors(policy, '/widget.html')).toBe(
      "'self' https://a.example https://b.example http://127.0.0.1:5000",
    );
  });

  it('leaves frame-ancestors out of a <meta> element, where browsers ignore it', () => {
    for (const path of ['/', '/widget.html'])
      expect(contentSecurityPolicy(null, 'meta', path)).not.toContain('frame-ancestors');
  });

  it('lets pages of the app show the widget, and the widget show nothing', () => {
    expect(contentSecurityPolicy(null, 'meta', '/')).toContain("frame-src 'self'");
    expect(contentSecurityPolicy(null, 'meta', '/widget.html')).not.toContain('frame-src');
  });

  it('allows no inline script, no eval and no foreign code', () => {
    const csp = contentSecurityPolicy({ servers: [{ base_url: 'https://a.example' }] });
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(csp).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/);
  });
});

describe('kinds of address', () => {
  it.each([
    ['page', ['/', '/index.html', '/desk', '/desk/x', '/offline.html', '/a.b/c']],
    ['widget', ['/widget.html']],
    ['sdk', SDK],
    ['file', [...FILES, '/service-worker.js', '/sdk.js.map', '/assets/sdk.js', '/.well-known']],
  ])('%s', (kind, paths) => {
    for (const path of paths) expect(kindOf(path), path).toBe(kind);
  });
});

describe('other headers', () => {
  it.each(['/', '/widget.html', ...SDK, ...FILES])('isolate %s', (path) => {
    expect(securityHeaders(null, path)).toMatchObject({
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
  });

  it('share the SDK with every page, and the widget with pages that isolate themselves', () => {
    for (const path of SDK)
      expect(securityHeaders(null, path)).toMatchObject({
        'Cross-Origin-Resource-Policy': 'cross-origin',
        'Access-Control-Allow-Origin': '*',
      });
    const widget = securityHeaders(null, '/widget.html');
    expect(widget['Cross-Origin-Resource-Policy']).toBe('cross-origin');
    expect(widget).not.toHaveProperty('Access-Control-Allow-Origin');
  });

  it('keep everything else to the own origin', () => {
    const policy = {
      frame_ancestors: ['https://a.example'],
      embeds: [{ origin: 'https://b.example' }],
    };
    for (const path of ['/', ...FILES]) {
      const headers = securityHeaders(policy, path);
      expect(headers['Cross-Origin-Resource-Policy'], path).toBe('same-origin');
      expect(headers, path).not.toHaveProperty('Access-Control-Allow-Origin');
    }
  });
});

describe('frames without an origin', () => {
  const policy = { embeds: [{ origin: 'https://b.example', sandboxed: true }] };

  it('may read files and start threads from an address of their own, once the policy says so', () => {
    for (const path of FILES)
      expect(securityHeaders(policy, path)['Access-Control-Allow-Origin'], path).toBe('*');
    expect(contentSecurityPolicy(policy, 'meta', '/widget.html')).toContain(
      "worker-src 'self' data:;",
    );
  });

  it('change nothing for the pages of the app', () => {
    expect(securityHeaders(policy, '/')).toEqual(securityHeaders(null, '/'));
    expect(securityHeaders(policy, '/widget.html')).not.toHaveProperty(
      'Access-Control-Allow-Origin',
    );
  });

  it('are not meant by anything but `true`', () => {
    for (const sandboxed of [false, 'true', 1, null, undefined])
      expect(originsOf({ embeds: [{ origin: 'https://b.example', sandboxed }] }).sandboxed).toBe(
        false,
      );
  });
});
