/** What a message may carry: nothing cyclic, deep, huge or strange gets past, and ordinary calls do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALL_BUDGET, weigh, type Budget } from '../../src/guest/object-budget.ts';

const SMALL: Budget = { depth: 4, values: 100, units: 50 };
const codeOf = (data: unknown, budget = SMALL) => {
  const weighed = weigh(data, budget);
  return weighed.ok ? weighed.value.units : weighed.failure.code;
};

describe('weigh', () => {
  it('counts strings and keys, and lets blobs pass', () => {
    expect(codeOf('four')).toBe(4);
    expect(codeOf({ text: 'four', file: new Blob(['0123456789']) })).toBe(12);
    expect(codeOf([null, undefined, true, 1.5, [], {}])).toBe(0);
  });

  it('refuses what contains itself, and what is nested too deep', () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const ring: Record<string, unknown> = {};
    ring.a = { b: { c: ring } };
    expect(codeOf(cyclic)).toBe('bad_request');
    expect(codeOf(ring)).toBe('bad_request');
    expect(codeOf([[[[]]]])).toBe(0);
    expect(codeOf([[[[[]]]]])).toBe('bad_request');
  });

  it('refuses a cycle that branches before it can grow', () => {
    const branching: unknown[] = [];
    for (let i = 0; i < 1000; i++) branching.push(branching);
    const before = performance.now();
    expect(codeOf(branching, CALL_BUDGET)).toMatch(/bad_request|input_too_long/);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('refuses one text that is named a billion times', () => {
    let lol: unknown = 'lol';
    for (let i = 0; i < 30; i++) lol = [lol, lol];
    expect(codeOf(lol, CALL_BUDGET)).toBe('input_too_long');
  });

  it('refuses a length that no memory holds, and too much text', () => {
    const sparse: unknown[] = [];
    sparse.length = 4_294_967_295;
    expect(codeOf(sparse, CALL_BUDGET)).toBe('input_too_long');
    expect(codeOf('x'.repeat(51))).toBe('input_too_long');
    expect(codeOf(Object.fromEntries([['k'.repeat(51), 1]]))).toBe('input_too_long');
  });

  it.each([
    new Map(),
    new Set(),
    new Date(0),
    /x/,
    new ArrayBuffer(8),
    new Uint8Array(8),
    10n,
    new Error('x'),
    JSON.parse('{"__proto__":{"polluted":true}}'),
    Object.create(null),
  ])('refuses %s', (value) => {
    expect(codeOf({ inside: [value] })).toBe('bad_request');
  });

  it('lets every small piece of JSON pass that the structured clone lets pass', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__'));
        expect(weigh(structuredClone(value), CALL_BUDGET).ok).toBe(true);
      }),
    );
  });

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything({ withMap: true, withDate: true, withTypedArray: true }), (value) => {
        expect(typeof weigh(value, SMALL).ok).toBe('boolean');
      }),
    );
  });
});
