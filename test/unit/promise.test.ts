/** What a specialist promises, held against fresh requests that go through gate and cascade as they do in use. */
import { describe, expect, it } from 'vitest';
import { concat, type EmbeddedRows } from '../../src/core/embedded-rows.ts';
import { certificateFor, gate } from '../../src/core/gate.ts';
import { headsFromBytes, headsToBytes } from '../../src/core/head-file.ts';
import { judge, viewOf } from '../../src/core/judge.ts';
import { promise } from '../../src/core/promise.ts';
import type { LinearHead } from '../../src/core/score.ts';
import { trainHead } from '../../src/core/train-head.ts';
import { DIMS, finish, LABELS, world } from './doubles/clusters.ts';

const SHARE = 0.1;
const MAX_ERRORS = [0.03, 0.06];
const { inScope, outOfScope } = world(33, { static: 0.4, encoder: 0.3 });

function trained(): { static: LinearHead; encoder: LinearHead } {
  const rows = inScope(400, 1);
  const background = outOfScope(300, 2);
  const head = (tier: 'static' | 'encoder') => {
    const set = { x: rows[tier], y: rows.labels, dims: DIMS[tier], classes: LABELS.length };
    return finish(trainHead(set, background[tier]));
  };
  const stored = headsFromBytes(headsToBytes({ a: head('static'), b: head('encoder') }));
  if (!stored.ok || !stored.value['a'] || !stored.value['b']) throw new Error('heads were lost');
  return { static: stored.value['a'], encoder: stored.value['b'] };
}
const heads = trained();

const promised = (seed: number, inside = 1500, outside = 900) =>
  promise(
    heads,
    inScope(inside, 1000 + seed),
    outOfScope(outside, 5000 + seed),
    { maxErrors: MAX_ERRORS, confidence: 0.95, outOfScopeShare: SHARE },
    seed,
  );

/** Fresh requests in the assumed mix. */
const fresh: EmbeddedRows = concat(inScope(18_000, 77), outOfScope(2_000, 78));
const freshViews = {
  static: viewOf(heads.static, fresh.static),
  encoder: viewOf(heads.encoder, fresh.encoder),
};

/** Error and share of the accepted, request by request: static may settle it, else the encoder, else a person. */
function inUse({ promises }: ReturnType<typeof promised>, maxError: number) {
  const onStatic = judge(freshViews.static, null, fresh.labels, promises.static.calibration);
  const { calibration } = promises.encoder;
  const onEncoder = judge(freshViews.encoder, freshViews.static, fresh.labels, calibration);
  let accepted = 0;
  let wrong = 0;
  onStatic.forEach((quick, i) => {
    const slow = onEncoder[i] ?? quick;
    const settled = gate(promises.static, quick.confidence, maxError).accept
      ? quick
      : gate(promises.encoder, slow.confidence, maxError).accept
        ? slow
        : null;
    if (!settled) return;
    accepted += 1;
    wrong += settled.right ? 0 : 1;
  });
  return { error: accepted ? wrong / accepted : 0, coverage: accepted / onStatic.length };
}

describe('the promise of a specialist', () => {
  const drawn = Array.from({ length: 12 }, (_, seed) => promised(seed));

  it.each(MAX_ERRORS)(
    'at most %f is wrong among what the cascade accepts of fresh requests',
    (maxError) => {
      const held = drawn.filter((one) => certificateFor(one.promises.encoder, maxError));
      const broken = held.filter((one) => inUse(one, maxError).error > maxError);
      // Each draw breaks it with a chance of at most 5 %; three of twelve would happen once in fifty times.
      expect(broken.length).toBeLessThanOrEqual(2);
      expect(held.length).toBeGreaterThanOrEqual(9);
    },
  );

  it('accepts a useful share, more where more errors are allowed, as the certificate says', () => {
    const [strict, loose] = MAX_ERRORS.map(
      (maxError) => inUse(drawn[0] ?? promised(0), maxError).coverage,
    );
    expect(strict).toBeGreaterThan(0.3);
    expect(loose).toBeGreaterThan(strict ?? 1);
    const stated = certificateFor(drawn[0]?.promises.encoder ?? promised(0).promises.encoder, 0.06);
    // The certificate counts in-scope requests; these are nine tenths of the mix.
    expect(loose).toBeGreaterThan(0.85 * (stated?.coverage ?? 1));
    expect(loose).toBeLessThan(1.05 * (stated?.coverage ?? 0));
  });

  it('is the same for the same rows and seed', () => {
    expect(promised(3).promises).toEqual(drawn[3]?.promises);
  });

  it('lists certificates strictest first, bolder thresholds for looser promises', () => {
    for (const { promises } of drawn) {
      const { certificates } = promises.encoder;
      expect(certificates.map((c) => c.maxError)).toEqual(
        [...certificates.map((c) => c.maxError)].sort((a, b) => a - b),
      );
      const thresholds = certificates.map((c) => c.threshold);
      expect(thresholds).toEqual([...thresholds].sort((a, b) => b - a));
    }
  });

  it('certifies only with rows that did not calibrate', () => {
    const { promises, rows } = promised(1);
    expect(rows.labels.filter((y) => y >= 0)).toHaveLength(900);
    expect(rows.labels.filter((y) => y < 0)).toHaveLength(540);
    for (const c of promises.encoder.certificates)
      expect([c.n, c.outOfScopeN, c.outOfScopeShare]).toEqual([900, 540, SHARE]);
  });

  it('few rows: nothing is promised and nothing is accepted', () => {
    const few = promised(2, 60, 40);
    expect(few.promises.encoder.certificates).toEqual([]);
    expect(few.promises.encoder.noCertificateReason).toMatch(/needs at least/);
    expect(inUse(few, 0.03).coverage).toBe(0);
  });

  it('a head that cannot tell the labels apart promises nothing', () => {
    const without = (head: LinearHead): LinearHead => ({
      ...head,
      weight: new Float32Array(head.weight.length),
      centroids: new Float32Array(head.centroids.length),
      belongs: new Float32Array(head.belongs.length),
    });
    const blind = { static: without(heads.static), encoder: without(heads.encoder) };
    const { promises } = promise(
      blind,
      inScope(1500, 1),
      outOfScope(900, 2),
      { maxErrors: MAX_ERRORS, confidence: 0.95, outOfScopeShare: SHARE },
      1,
    );
    expect(promises.encoder.certificates).toEqual([]);
    expect(promises.static.certificates).toEqual([]);
    expect(promises.encoder.noCertificateReason).toMatch(/\d+ held-out rows do not show it/);
  });
});
