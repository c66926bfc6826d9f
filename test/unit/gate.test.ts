/** The gate: nothing is accepted without a certificate that is strict enough, and the boldest of those decides. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificateFor, gate } from '../../src/core/gate.ts';
import { promiseOf } from './doubles/specialist.ts';

const certificate = (maxError: number, threshold: number) => ({
  maxError,
  confidence: 0.95,
  threshold,
  coverage: 0.5,
  n: 500,
  outOfScopeN: 100,
  outOfScopeShare: 0.1,
});
const PROMISE = promiseOf([
  certificate(0.01, 0.97),
  certificate(0.02, 0.9),
  certificate(0.05, 0.7),
]);

describe('gate', () => {
  it.each([
    [0.95, 0.05, true, 'local_ok'],
    [0.7, 0.05, true, 'local_ok'],
    [0.699, 0.05, false, 'low_confidence'],
    [0.8, 0.02, false, 'low_confidence'],
    [0.9, 0.02, true, 'local_ok'],
    [0.999, 0.005, false, 'no_certificate'],
    [0.1, 0.05, false, 'out_of_scope'],
    [0.1, 0.005, false, 'out_of_scope'],
  ] as const)('%f at an allowed error of %f: %s, %s', (confidence, maxError, accept, reason) => {
    expect(gate(PROMISE, confidence, maxError)).toMatchObject({ accept, reason });
  });

  it('takes the boldest certificate that still keeps the promise', () => {
    expect(certificateFor(PROMISE, 0.03)?.maxError).toBe(0.02);
    expect(certificateFor(PROMISE, 0.5)?.maxError).toBe(0.05);
    expect(certificateFor(PROMISE, 0.009)).toBeNull();
    // 0.1 + 0.2 is not 0.3: an error asked for as a sum still finds its certificate.
    expect(certificateFor(promiseOf([certificate(0.3, 0.5)]), 0.1 + 0.2 - 1e-17)?.maxError).toBe(
      0.3,
    );
  });

  it('never accepts what it cannot promise', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(share, share)), share, share, (pairs, confidence, maxError) => {
        const verdict = gate(
          promiseOf(pairs.map(([e, t]) => certificate(e, t))),
          confidence,
          maxError,
        );
        if (!verdict.accept) return;
        expect(verdict.certificate?.maxError).toBeLessThanOrEqual(maxError + 1e-9);
        expect(confidence).toBeGreaterThanOrEqual(verdict.certificate?.threshold ?? 2);
      }),
    );
  });

  it('a confidence that is not a number is not accepted', () => {
    expect(gate(PROMISE, NaN, 0.05).accept).toBe(false);
  });
});
