/** With a server that records every connection: where the policy or the person says no, not one byte arrives. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, policyInForce, type Policy } from '../../src/core/policy-file.ts';
import type { AskConsent, AuditLog, ServerCall } from '../../src/core/threads.ts';
import { createServerTier } from '../../workers/router/egress.ts';
import { createServerClient } from '../../workers/router/server-client.ts';
import { sleep } from '../../workers/router/thread-clock.ts';
import { completion, json, startHostile, type HostileServer } from '../servers/hostile.ts';
import { callFor, policyFor, trustFor } from '../servers/trust-for-tests.ts';

const TEXT = 'My card was stolen, write to anna@mail.example.';
let server: HostileServer;
beforeAll(async () => {
  server = await startHostile();
  server.behave(json(completion({ label: 'card_arrival', evidence: '' })));
});
afterAll(() => server.stop());

const all = ['rules', 'static', 'encoder', 'slm', 'server', 'person'];
const rules = (change: object) => ({
  defaults: { tiers: all, egress: 'masked', consent: 'auto', ...change },
});
const asking = rules({ consent: 'ask' });
type Case = [string, () => Policy, string, AskConsent | null, Partial<ServerCall>];

const cases: Case[] = [
  ['no policy file', () => policyInForce(null).policy, 'policy_denied', null, {}],
  [
    'an invalid policy file',
    () => policyInForce('{"version":1,"servers":7}').policy,
    'policy_denied',
    null,
    {},
  ],
  [
    'a default policy that names a server',
    () => ({ ...DEFAULT_POLICY, servers: policyFor(server.baseUrl).servers }),
    'policy_denied',
    null,
    {},
  ],
  [
    'egress never',
    () => policyFor(server.baseUrl, rules({ egress: 'never' })),
    'policy_denied',
    null,
    {},
  ],
  [
    'egress never for the task',
    () => policyFor(server.baseUrl, { tasks: { classify: { egress: 'never' } } }),
    'policy_denied',
    null,
    {},
  ],
  [
    'consent never',
    () => policyFor(server.baseUrl, rules({ consent: 'never' })),
    'policy_denied',
    () => Promise.resolve(true),
    {},
  ],
  [
    'no server among the tiers',
    () => policyFor(server.baseUrl, rules({ tiers: ['encoder'] })),
    'policy_denied',
    null,
    {},
  ],
  [
    'a region that is not allowed',
    () => policyFor(server.baseUrl, {}, { region: 'us' }),
    'policy_denied',
    null,
    {},
  ],
  ['an unknown region', () => withoutRegion(policyFor(server.baseUrl)), 'policy_denied', null, {}],
  [
    'mode only_on_device of the policy',
    () => policyFor(server.baseUrl, { mode: 'only_on_device' }),
    'policy_denied',
    null,
    { mode: 'only_in_cloud' },
  ],
  [
    'mode only_on_device of the request',
    () => policyFor(server.baseUrl),
    'policy_denied',
    null,
    { mode: 'only_on_device' },
  ],
  [
    'consent refused',
    () => policyFor(server.baseUrl, asking),
    'consent_denied',
    () => Promise.resolve(false),
    {},
  ],
  ['nobody there to ask', () => policyFor(server.baseUrl, asking), 'consent_denied', null, {}],
  [
    'a page that breaks while it is asked',
    () => policyFor(server.baseUrl, asking),
    'consent_denied',
    () => Promise.reject(new Error('gone')),
    {},
  ],
  [
    'a cancel while it is asked',
    () => policyFor(server.baseUrl, asking),
    'cancelled',
    () => new Promise(() => undefined),
    { signal: AbortSignal.timeout(50) },
  ],
  [
    'a cancel before',
    () => policyFor(server.baseUrl),
    'cancelled',
    null,
    { signal: AbortSignal.abort() },
  ],
  ['a deadline that is over', () => policyFor(server.baseUrl), 'deadline', null, { deadlineAt: 0 }],
  [
    'a spent quota',
    () => policyFor(server.baseUrl, {}, { max_requests_per_day: 0 }),
    'quota_spent',
    null,
    {},
  ],
];

function withoutRegion(policy: Policy): Policy {
  const servers = policy.servers.map(({ region: _, ...rest }) => rest);
  return { ...policy, servers };
}

describe('nothing leaves', () => {
  it.each(cases)('with %s', async (_, policy, code, consent, change) => {
    const trust = trustFor(policy(), consent);
    const outcome = await trust.server.classify(callFor(TEXT, change));
    expect(outcome).toMatchObject({
      result: { ok: false, failure: { code } },
      receipt: null,
      bytes: 0,
    });
    expect(server.connections()).toBe(0);
    expect((await trust.rows()).map((row) => row.kind)).toEqual(['denied']);
    expect(await trust.receiptList()).toEqual([]);
  });

  it('when the policy changes between the decision and the socket', async () => {
    const client = clientWith(() => policyInForce(null).policy);
    const { result, attempts } = await client.send({
      serverId: 'onprem',
      task: 'classify',
      body: new TextEncoder().encode(TEXT),
      deadlineAt: Date.now() + 1000,
      mayTryAgain: () => Promise.resolve({ ok: true, value: null }),
      read: (reply) => ({ ok: true, value: reply }),
    });
    expect(result).toMatchObject({ failure: { code: 'policy_denied' } });
    expect([attempts, server.connections()]).toEqual([0, 0]);
  });

  it.each(['digest', 'leaving', 'receipt'] as const)(
    'when the %s cannot be stored',
    async (what) => {
      const trust = trustFor(policyFor(server.baseUrl));
      const full = { ok: false, failure: { code: 'storage_full', message: 'full' } } as const;
      const audit: AuditLog = {
        ...trust.audit,
        digest: (text) => (what === 'digest' ? Promise.resolve(full) : trust.audit.digest(text)),
        append: (kind, data) =>
          what === kind ? Promise.resolve(full) : trust.audit.append(kind, data),
      };
      const receipts = {
        ...trust.receipts,
        put: () =>
          what === 'receipt'
            ? Promise.resolve(full)
            : Promise.resolve({ ok: true, value: null } as const),
      };
      const policy = () => policyFor(server.baseUrl);
      const tier = createServerTier({
        policy,
        audit,
        receipts,
        storageKind: () => Promise.resolve('lasting'),
        client: clientWith(policy),
        askConsent: () => null,
        beforeLeaving: () => Promise.resolve(),
        now: () => Date.now(),
        quota: { spend: () => Promise.resolve({ ok: true, value: null }) },
        namesIn: () => Promise.resolve({ ok: true, value: [] }),
        newId: () => 'id',
        sha256Hex: () => Promise.resolve('0'),
      });
      expect(await tier.classify(callFor(TEXT))).toMatchObject({
        result: { failure: { code: 'audit_failed' } },
        receipt: null,
        bytes: 0,
      });
      expect(server.connections()).toBe(0);
      const rows = await trust.rows();
      expect(rows.map((row) => row.data['outcome'] ?? row.kind)).toEqual(
        what === 'receipt' ? ['leaving', 'not_sent'] : [],
      );
    },
  );

  it('when the browser keeps nothing for the page, and nobody is asked', async () => {
    let asked = 0;
    const agree = () => {
      asked += 1;
      return Promise.resolve(true);
    };
    const trust = trustFor(policyFor(server.baseUrl, asking), agree, {
      storageKind: () => Promise.resolve('memory'),
    });
    expect(await trust.server.classify(callFor(TEXT))).toMatchObject({
      result: { ok: false, failure: { code: 'audit_failed' } },
      receipt: null,
      bytes: 0,
    });
    expect([asked, server.connections()]).toEqual([0, 0]);
    expect((await trust.rows()).map(({ kind, data }) => [kind, data['reason']])).toEqual([
      ['denied', 'audit_failed'],
    ]);
  });

  it('but the same call with consent does arrive, masked, so that the test above means something', async () => {
    const asked: string[] = [];
    const trust = trustFor(policyFor(server.baseUrl, asking), (question) => {
      asked.push(question.masked);
      return Promise.resolve(true);
    });
    const outcome = await trust.server.classify(callFor(TEXT));
    expect(outcome.result.ok).toBe(true);
    expect(server.connections()).toBe(1);
    expect(asked).toEqual(['My card was stolen, write to [EMAIL_1].']);
    expect(server.bodies[0]).toBe(outcome.receipt?.body);
  });
});

function clientWith(policy: () => Policy) {
  return createServerClient({
    policy,
    accessToken: () => null,
    breakers: new Map(),
    fetch: globalThis.fetch,
    now: () => Date.now(),
    random: () => 0.5,
    sleep,
  });
}
