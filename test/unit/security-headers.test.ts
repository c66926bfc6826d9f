/** The boundary of the deployment: what the page may connect to follows from the policy and from nothing else. */
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, originsOf, securityHeaders } from '../../.ci/security-headers.mjs';

const connectSrc = (policy: unknown) =>
  /connect-src ([^;]*)/.exec(contentSecurityPolicy(policy))?.[1];

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
    };
    expect(originsOf(policy)).toEqual({ connect: [], frameAncestors: [] });
    expect(connectSrc({ servers: [{ base_url: 'https://a.example/; script-src *' }] })).toBe(
      "'self' https://a.example",
    );
  });

  it('lets nobody embed the page unless the policy names them', () => {
    expect(contentSecurityPolicy(null)).toContain("frame-ancestors 'none'");
    const policy = { frame_ancestors: ['https://intranet.example'] };
    expect(contentSecurityPolicy(policy)).toContain('frame-ancestors https://intranet.example');
    expect(contentSecurityPolicy(policy, 'meta')).not.toContain('frame-ancestors');
  });

  it('allows no inline script, no eval and no foreign code', () => {
    const csp = contentSecurityPolicy({ servers: [{ base_url: 'https://a.example' }] });
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(csp).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/);
  });
});

describe('other headers', () => {
  it('isolates the page', () => {
    expect(securityHeaders(null)).toMatchObject({
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
  });
});
