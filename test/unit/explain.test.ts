/** The sentence of a decision: it names the figures, and never promises more than the certificate does. */
import { describe, expect, it } from 'vitest';
import type { ReasonCode } from '../../src/core/answer.ts';
import { explain, percent, type Explained } from '../../src/core/explain.ts';

const CERTIFICATE = {
  maxError: 0.02,
  confidence: 0.95,
  threshold: 0.934,
  coverage: 0.8,
  n: 800,
  outOfScopeN: 200,
  outOfScopeShare: 0.1,
};
const BASE: Explained = {
  reason: 'low_confidence',
  tier: 'encoder',
  title: 'Banking tickets',
  confidence: 0.61,
  certificate: CERTIFICATE,
  failure: null,
  cut: false,
};
const REASONS: ReasonCode[] = [
  'local_ok',
  'server_ok',
  'low_confidence',
  'out_of_scope',
  'open_ended',
  'no_certificate',
  'policy_denied',
  'consent_denied',
  'deadline',
  'cancelled',
  'review_required',
  'sent_by_hand',
  'fell_back:server_timeout',
];

describe('percent', () => {
  it.each([
    [0, '0 %'],
    [0.61, '61 %'],
    [0.994, '99.4 %'],
    [0.99999, '>99.9 %'],
    [1, '100 %'],
  ])('%f', (share, words) => expect(percent(share)).toBe(words));
});

describe('explain', () => {
  it.each(REASONS)('%s is one plain sentence', (reason) => {
    const words = explain({ ...BASE, reason });
    expect(words).toMatch(/^[“A-Z].*\.$/u);
    expect(words).not.toMatch(/undefined|null|NaN|_/u);
  });

  it('says how sure, how sure it should be, and for which promise', () => {
    const words = explain(BASE);
    expect(words).toContain('61 %');
    expect(words).toContain('93 %');
    expect(words).toContain('at most 2 % error');
  });

  it.each([
    [0.005, '0.5 %'],
    [0.025, '2.5 %'],
    [0.002, '0.2 %'],
    [0.1, '10 %'],
  ])('a promise of %f is not rounded away', (maxError, words) => {
    const certificate = { ...CERTIFICATE, maxError };
    expect(explain({ ...BASE, certificate })).toContain(`at most ${words} error`);
  });

  it('names the specialist that does not know it', () => {
    expect(explain({ ...BASE, reason: 'out_of_scope' })).toContain('Banking tickets');
  });

  it('gives the failure in its own words', () => {
    const failure = 'The server answered 503 twice.';
    expect(explain({ ...BASE, reason: 'fell_back:server_error', failure })).toBe(failure);
  });

  it('says that only the beginning was read', () => {
    expect(explain({ ...BASE, reason: 'local_ok', cut: true })).toContain('Only the beginning');
    expect(explain({ ...BASE, reason: 'local_ok' })).not.toContain('Only the beginning');
  });
});
