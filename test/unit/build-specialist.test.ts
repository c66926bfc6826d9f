/** A whole specialist from embedded rows: repeatable to the byte, learned, calibrated, and true to its promise. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  buildSpecialist,
  type BuildInput,
  type BuiltSpecialist,
} from '../../src/core/build-specialist.ts';
import { headsFromBytes, type Heads } from '../../src/core/head-file.ts';
import { DEFAULTS } from '../../src/core/train-head.ts';
import { DIMS, finish, LABELS, world } from './doubles/clusters.ts';

const { inScope, outOfScope } = world(5, { static: 0.35, encoder: 0.27 });
const input = (over: Partial<BuildInput> = {}): BuildInput => ({
  labels: LABELS,
  dims: DIMS,
  train: inScope(400, 1),
  heldOut: inScope(1200, 2),
  outOfScope: outOfScope(700, 3),
  background: outOfScope(300, 4),
  facets: [],
  promise: { maxErrors: [0.05], confidence: 0.95, outOfScopeShare: 0.1 },
  seed: 9,
  ...over,
});
/** Fewer passes than the product makes: the clusters are easy and the machine is shared. */
const OPTIONS = { ...DEFAULTS, epochs: 12 };
const build = (over: Partial<BuildInput> = {}): BuiltSpecialist =>
  finish(buildSpecialist(input(over), OPTIONS));

function headsOf(built: BuiltSpecialist): Heads {
  const heads = headsFromBytes(built.head);
  if (!heads.ok) throw new Error(heads.failure.message);
  return heads.value;
}

describe('buildSpecialist', () => {
  let built: BuiltSpecialist;
  beforeAll(() => {
    built = build();
  });

  it('gives the same bytes and figures for the same rows and seed, others for another seed', () => {
    const again = build();
    expect(again.head).toEqual(built.head);
    expect(again).toEqual(built);
    expect(build({ seed: 10 }).head).not.toEqual(built.head);
  });

  it('learns: the figures of its held-out rows are those of a good classifier', () => {
    const { evaluation } = built;
    expect(evaluation.accuracy).toBeGreaterThan(0.85);
    expect(evaluation.ci95[0]).toBeLessThan(evaluation.accuracy);
    expect(evaluation.ci95[1]).toBeGreaterThan(evaluation.accuracy);
    expect(evaluation.ece).toBeLessThan(0.06);
    expect(evaluation.aurc).toBeLessThan(0.15);
    expect(evaluation.perLabel.map((row) => row.label)).toEqual([...LABELS].sort());
    expect(evaluation.perLabel.reduce((sum, row) => sum + row.n, 0)).toBe(evaluation.n);
  });

  it('measures on the rows that did not calibrate', () => {
    expect(built.evaluation.n).toBe(720);
    expect(built.promises.encoder.certificates[0]).toMatchObject({
      maxError: 0.05,
      n: 720,
      outOfScopeN: 420,
      outOfScopeShare: 0.1,
    });
  });

  it('stores one head per tier and question', () => {
    const train = inScope(400, 1);
    const facet = {
      name: 'department',
      labels: ['cards', 'money'],
      train: train.labels.map((y) => y % 2),
    };
    const withFacet = headsOf(build({ facets: [facet] }));
    expect(Object.keys(withFacet).sort()).toEqual([
      'encoder.department',
      'encoder.label',
      'static.department',
      'static.label',
    ]);
    expect(withFacet['static.department']).toMatchObject({ classes: 2, dims: DIMS.static });
    expect(withFacet['encoder.label']).toMatchObject({
      classes: LABELS.length,
      dims: DIMS.encoder,
    });
  });

  it('tells its progress from 0 to 1, never backwards', () => {
    const shares = [...buildSpecialist(input(), OPTIONS)];
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBeLessThan(0.2);
    expect(shares.at(-1)).toBeGreaterThan(0.9);
  });

  it('without out-of-scope rows the promise is for a mix without them', () => {
    const alone = build({ outOfScope: outOfScope(0, 1) });
    expect(alone.promises.encoder.certificates[0]).toMatchObject({
      outOfScopeN: 0,
      outOfScopeShare: 0,
    });
  });

  it('with few held-out rows there is no certificate, and the reason says how many it takes', () => {
    const few = build({ heldOut: inScope(60, 2) });
    expect(few.promises.encoder.certificates).toEqual([]);
    expect(few.promises.encoder.noCertificateReason).toMatch(
      /at least \d+ held-out rows and has 36/,
    );
    expect(few.promises.static.certificates).toEqual([]);
    expect(few.promises.static.noCertificateReason).not.toBeNull();
  });
});
