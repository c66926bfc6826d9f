/** Limits of a connection narrow and never widen, whatever a host page hands over. */
import { describe, expect, it } from 'vitest';
import type { SessionLimits } from '../../src/core/door.ts';
import { DEFAULT_POLICY, parsePolicy } from '../../src/core/policy-file.ts';
import { allowedTiers, egressAllowed, modeInForce, rulesFor } from '../../src/core/policy.ts';
import { TASKS } from '../../src/core/request.ts';
import {
  limitedPolicy,
  narrowed,
  NO_LIMITS,
  taskDenial,
  type Limits,
} from '../../src/core/session-limits.ts';
import { policyFor } from '../servers/trust-for-tests.ts';

const POLICY = policyFor('http://127.0.0.1:9/v1');

function limits(...all: SessionLimits[]): Limits {
  return all.reduce((so, more) => {
    const next = narrowed(so, more);
    if (!next.ok) throw new Error(next.failure.message);
    return next.value;
  }, NO_LIMITS);
}

const hostile = (value: unknown): SessionLimits => value as SessionLimits;

describe('limits of a connection', () => {
  it('without any the policy stays as it is', () => {
    expect(limitedPolicy(POLICY, limits({}))).toBe(POLICY);
    expect(TASKS.map((task) => taskDenial(limits({}), task))).toEqual(TASKS.map(() => null));
  });

  it('tighten the policy', () => {
    const tight = limitedPolicy(POLICY, limits(hostile({ policy: { mode: 'only_on_device' } })));
    expect(modeInForce(tight)).toBe('only_on_device');
    expect(egressAllowed(tight, 'classify', 'onprem').allowed).toBe(false);
  });

  it('never loosen it', () => {
    const wish = { mode: 'prefer_in_cloud', defaults: { egress: 'full', consent: 'auto' } };
    const wished = limitedPolicy(DEFAULT_POLICY, limits(hostile({ policy: wish })));
    for (const task of TASKS) {
      expect(rulesFor(wished, task).egress).toBe('never');
      expect(allowedTiers(wished, task)).not.toContain('server');
    }
  });

  it('are only ever narrowed by a later call', () => {
    const first = limits({ tasks: ['classify'] }, { tasks: ['classify', 'extract', 'chat'] });
    expect(first.tasks).toEqual(['classify']);
    const strict = hostile({ policy: { defaults: { egress: 'never' } } });
    const loose = hostile({ policy: { defaults: { egress: 'full' } } });
    const policy = limitedPolicy(POLICY, limits(strict, loose));
    expect(rulesFor(policy, 'classify').egress).toBe('never');
    expect(limits({ tasks: ['classify'] }, { tasks: ['extract'] }).tasks).toEqual([]);
  });

  it('refuse other tasks by name, and leave what is no task to the reader of requests', () => {
    const only = limits({ tasks: ['classify'] });
    expect(taskDenial(only, 'classify')).toBeNull();
    expect(taskDenial(only, 'extract')).toMatchObject({ failure: { code: 'policy_denied' } });
    expect(taskDenial(only, 'nonsense' as 'chat')).toBeNull();
  });

  it('let nothing be written or leave for a task that is not allowed', () => {
    const policy = limitedPolicy(POLICY, limits({ tasks: ['classify'] }));
    expect(allowedTiers(policy, 'chat')).toEqual(['rules', 'static', 'encoder', 'person']);
    expect(egressAllowed(policy, 'extract', 'onprem').allowed).toBe(false);
    expect(egressAllowed(policy, 'classify', 'onprem').allowed).toBe(true);
  });

  it.each([
    ['an unknown task', { tasks: ['classify', 'everything'] }],
    ['tasks that are no list', { tasks: 'classify' }],
    ['an unknown key', { policy: { modus: 'only_on_device' } }],
    ['a policy that is no object', { policy: 'strict' }],
    ['null', { policy: null }],
  ])('%s is refused and changes nothing', (_, given) => {
    expect(narrowed(NO_LIMITS, hostile(given))).toMatchObject({
      failure: { code: 'policy_invalid' },
    });
  });

  it('keep the sharper deadlines and reviews of the file', () => {
    const parsed = parsePolicy('{"version":1,"tasks":{"code":{"review":"always"}}}');
    if (!parsed.ok) throw new Error(parsed.failure.message);
    const policy = limitedPolicy(
      parsed.value,
      limits(hostile({ policy: { tasks: { code: { review: 'below_threshold' } } } })),
    );
    expect(rulesFor(policy, 'code').review).toBe('always');
  });
});
