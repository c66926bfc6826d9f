/** The policy: what a file may say, what it allows, and that hosts and requests can only make it stricter. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIERS } from '../../src/core/answer.ts';
import {
  DEFAULT_POLICY,
  parseHostRules,
  parsePolicy,
  policyInForce,
  type Policy,
} from '../../src/core/policy-file.ts';
import {
  allowedTiers,
  deadlineMsFor,
  egressAllowed,
  licenceAllowed,
  maxErrorFor,
  rulesFor,
  tightenPolicy,
} from '../../src/core/policy.ts';
import { CONSENT, EGRESS, REVIEWS, RISKS } from '../../src/core/policy-schema.ts';
import { MODES, TASKS } from '../../src/core/request.ts';
import { addressProblem } from '../../src/core/server-address.ts';

const FROM_THE_CONTRACT = {
  version: 1,
  mode: 'prefer_on_device',
  defaults: {
    risk: 'medium',
    max_error: 0.05,
    tiers: ['rules', 'static', 'encoder', 'slm', 'server', 'person'],
    egress: 'masked',
    consent: 'ask',
    review: 'below_threshold',
    deadline_ms: 20000,
  },
  tasks: { code: { risk: 'high', max_error: 0.02, egress: 'never', review: 'always' } },
  servers: [
    {
      id: 'onprem',
      base_url: 'http://127.0.0.1:8080/v1',
      model: 'a model',
      region: 'eu',
      price: { input_per_mtok: 0, output_per_mtok: 0, currency: 'EUR' },
      timeout_ms: 20000,
      allowed_fails: 3,
      cooldown_ms: 30000,
      max_requests_per_day: 500,
    },
  ],
  regions: ['eu'],
  licences: ['apache-2.0', 'mit', 'cc-by-4.0', 'cc-by-3.0'],
  frame_ancestors: ['https://intranet.example'],
};

function policyOf(change: object = {}): Policy {
  const parsed = parsePolicy(JSON.stringify({ ...FROM_THE_CONTRACT, ...change }));
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

describe('the file', () => {
  it('of the contract is accepted, rules of a task over the defaults', () => {
    const policy = policyOf();
    expect(rulesFor(policy, 'code')).toMatchObject({
      risk: 'high',
      egress: 'never',
      consent: 'ask',
    });
    expect(maxErrorFor(policy, 'code')).toBe(0.02);
    expect(maxErrorFor(policy, 'classify')).toBe(0.05);
    expect(deadlineMsFor(policy, 'code')).toBe(20000);
    expect(licenceAllowed(policy, 'Apache-2.0')).toBe(true);
    expect(licenceAllowed(policy, 'proprietary')).toBe(false);
    expect(policy.model_sources).toEqual([]);
    const sources = ['https://hub.example', 'http://127.0.0.1:9000'];
    expect(policyOf({ model_sources: sources }).model_sources).toEqual(sources);
  });

  it.each([
    [{ egres: 'masked' }, '"egres"'],
    [{ defaults: { max_eror: 0.1 } }, '"defaults.max_eror"'],
    [{ tasks: { clasify: {} } }, '"tasks.clasify"'],
    [{ servers: [{ ...FROM_THE_CONTRACT.servers[0], api_key: 'x' }] }, '"servers.0.api_key"'],
    [{ servers: [{ id: 'a', base_url: 'https://x.example/v1' }] }, '"servers.0.model"'],
    [{ servers: [FROM_THE_CONTRACT.servers[0], FROM_THE_CONTRACT.servers[0]] }, 'same id'],
    [{ version: 2 }, '"version"'],
    [{ defaults: { max_error: 2 } }, '"defaults.max_error"'],
    [{ frame_ancestors: ['*'] }, '"frame_ancestors.0"'],
    [{ model_sources: ['*'] }, '"model_sources.0"'],
    [{ model_sources: ['https://*.hub.example'] }, '"model_sources.0"'],
    [{ model_sources: ['https://hub.example/models'] }, '"model_sources.0"'],
    [{ model_sources: ['http://hub.example'] }, '"model_sources.0"'],
  ])('with %j is refused and the message names the place', (change, place) => {
    const parsed = parsePolicy(JSON.stringify({ ...FROM_THE_CONTRACT, ...change }));
    expect(parsed.ok).toBe(false);
    if (!parsed.ok)
      expect(parsed.failure).toMatchObject({
        code: 'policy_invalid',
        message: expect.stringContaining(place),
      });
  });

  it.each([null, '', '{', '<!doctype html>', '[]', 'null', '{"version":1,"x":1}'])(
    '%j means the default and a visible problem',
    (text) => {
      const inForce = policyInForce(text);
      expect(inForce).toMatchObject({ source: 'default', problem: { code: 'policy_invalid' } });
      expect(inForce.policy).toEqual(DEFAULT_POLICY);
      expect(allowedTiers(inForce.policy, 'classify')).not.toContain('server');
    },
  );

  it('that says nothing lets nothing out', () => {
    const parsed = parsePolicy('{"version":1}');
    expect(parsed.ok && rulesFor(parsed.value, 'classify').egress).toBe('never');
  });

  it('that is shipped states the default', () => {
    const inForce = policyInForce(readFileSync('public/policy.json', 'utf8'));
    expect(inForce).toMatchObject({ source: 'file', problem: null });
    expect(inForce.policy).toEqual(DEFAULT_POLICY);
  });

  it('has a schema that names the same keys', () => {
    const schema = JSON.parse(readFileSync('public/policy.schema.json', 'utf8')) as {
      properties: Record<string, object>;
      $defs: Record<'rules' | 'server', { properties: object }>;
    };
    const keys = (value: object) => Object.keys(value).sort();
    expect(keys(schema.properties)).toEqual(['$schema', ...keys(policyOf())].sort());
    expect(keys(schema.$defs.rules.properties)).toEqual(keys(policyOf().defaults));
    expect(keys(schema.$defs.server.properties)).toEqual(keys(policyOf().servers[0] ?? {}));
    expect(keys((schema.properties['tasks'] as { properties: object }).properties)).toEqual(
      [...TASKS].sort(),
    );
  });
});

describe('egress', () => {
  const reasonOf = (
    change: object,
    task: 'classify' | 'code' = 'classify',
    mode?: 'only_on_device',
  ) => {
    const verdict = egressAllowed(policyOf(change), task, 'onprem', mode);
    return verdict.allowed ? 'allowed' : verdict.reason;
  };
  const [server] = FROM_THE_CONTRACT.servers;
  const withoutRegion: Record<string, unknown> = { ...server };
  delete withoutRegion['region'];
  it.each([
    ['allowed', {}],
    ['mode_on_device', { mode: 'only_on_device' }],
    ['egress_never', { defaults: { ...FROM_THE_CONTRACT.defaults, egress: 'never' } }],
    ['consent_never', { defaults: { ...FROM_THE_CONTRACT.defaults, consent: 'never' } }],
    ['tier_not_allowed', { defaults: { ...FROM_THE_CONTRACT.defaults, tiers: ['encoder'] } }],
    ['unknown_server', { servers: [] }],
    ['region_unknown', { servers: [withoutRegion] }],
    ['region_denied', { regions: [] }],
    ['region_denied', { regions: ['us'] }],
  ])('%s', (reason, change) => {
    expect(reasonOf(change)).toBe(reason);
    expect(allowedTiers(policyOf(change), 'classify').includes('server')).toBe(
      reason === 'allowed',
    );
  });

  it('follows the task and the mode of the request', () => {
    expect(reasonOf({}, 'code')).toBe('egress_never');
    expect(reasonOf({}, 'classify', 'only_on_device')).toBe('mode_on_device');
  });

  it('orders the tiers by the mode; a request cannot loosen it', () => {
    expect(allowedTiers(policyOf(), 'classify', 'only_in_cloud')).toEqual([...TIERS]);
    expect(allowedTiers(policyOf({ mode: 'prefer_in_cloud' }), 'classify')[0]).toBe('server');
    expect(allowedTiers(policyOf({ mode: 'only_in_cloud' }), 'classify')).toEqual([
      'server',
      'person',
    ]);
    expect(allowedTiers(policyOf({ mode: 'only_in_cloud', regions: [] }), 'classify')).toEqual([
      'person',
    ]);
  });
});

describe('addresses', () => {
  it.each([
    'https://llm.example/v1',
    'http://127.0.0.1:8080/v1',
    'http://localhost:1234',
    'http://[::1]:80/v1/',
  ])('%s may be used', (url) => {
    expect(addressProblem(url)).toBeNull();
  });
  it.each([
    'http://llm.example/v1',
    'http://127.0.0.1.evil.example/v1',
    'http://localhost@evil.example/v1',
    'https://user:pass@llm.example/v1',
    'https://llm.example/v1?key=1',
    'https://llm.example/v1#x',
    'ftp://llm.example',
    '//llm.example',
    'https://llm.example\\@evil.example',
    'https://llm .example',
    'javascript:alert(1)',
    '',
  ])('%s may not', (url) => {
    expect(addressProblem(url)).not.toBeNull();
  });
});

describe('tightening', () => {
  const rules = fc.record(
    {
      risk: fc.constantFrom(...RISKS),
      max_error: fc.double({ min: 0, max: 1, noNaN: true }),
      tiers: fc.subarray([...TIERS]),
      egress: fc.constantFrom(...EGRESS),
      consent: fc.constantFrom(...CONSENT),
      review: fc.constantFrom(...REVIEWS),
      deadline_ms: fc.integer({ min: 1, max: 600_000 }),
    },
    { requiredKeys: [] },
  );
  const tasks = fc.dictionary(fc.constantFrom(...TASKS), rules);
  const file = fc.record(
    {
      version: fc.constant(1),
      mode: fc.constantFrom(...MODES),
      defaults: rules,
      tasks,
      servers: fc.constant(FROM_THE_CONTRACT.servers),
      regions: fc.subarray(['eu', 'us']),
    },
    { requiredKeys: ['version', 'servers'] },
  );
  const host = fc.record(
    {
      mode: fc.constantFrom(...MODES),
      defaults: rules,
      tasks,
      regions: fc.subarray(['eu', 'us', 'cn']),
      servers: fc.subarray(['onprem', 'evil']),
    },
    { requiredKeys: [] },
  );

  it('never allows what the policy denied, whatever host and request ask for', () => {
    fc.assert(
      fc.property(
        file,
        host,
        fc.constantFrom(...TASKS),
        fc.constantFrom(undefined, ...MODES),
        (text, wish, task, mode) => {
          const parsed = parsePolicy(JSON.stringify(text));
          const by = parseHostRules(wish);
          if (!parsed.ok || !by.ok) throw new Error('the generator made an invalid policy');
          const base = parsed.value;
          const after = tightenPolicy(base, by.value);
          const before = egressAllowed(base, task, 'onprem');
          const verdict = egressAllowed(after, task, 'onprem', mode);
          if (verdict.allowed) {
            expect(before.allowed).toBe(true);
            if (before.allowed && before.masking === 'masked')
              expect(verdict.masking).toBe('masked');
            if (before.allowed && before.consent === 'ask') expect(verdict.consent).toBe('ask');
          }
          expect(maxErrorFor(after, task)).toBeLessThanOrEqual(maxErrorFor(base, task));
          expect(deadlineMsFor(after, task)).toBeLessThanOrEqual(deadlineMsFor(base, task));
          for (const tier of allowedTiers(after, task, mode))
            expect(rulesFor(base, task).tiers).toContain(tier);
        },
      ),
      { numRuns: 500 },
    );
  });
});
