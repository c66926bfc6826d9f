/** Task `classify` against answers that another program computed, and against its own output schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { ClassifyOutput } from '../../src/core/answer.ts';
import type { Embedding } from '../../src/core/ports.ts';
import type { LocalTier } from '../../src/core/route.ts';
import type { LinearHead } from '../../src/core/score.ts';
import type { Calibration, LoadedSpecialist } from '../../src/core/specialist.ts';
import { tasks } from '../../workers/tasks/index.ts';
import { TICKETS } from '../unit/doubles/specialist.ts';

interface StoredHead {
  dims: number;
  classes: number;
  weight: number[][];
  bias: number[];
  centroids: number[][];
  belongs: number[];
}
type PerTier<T> = Record<LocalTier, T>;
interface Golden {
  labels: string[];
  facets: { name: string; labels: string[] }[];
  calibrations: PerTier<Calibration>;
  heads: PerTier<StoredHead>;
  facetHeads: PerTier<StoredHead>[];
  cases: {
    name: string;
    tier: LocalTier;
    embeddings: Partial<PerTier<number[]>>;
    expected: { bestLabel: string; confidence: number; output: ClassifyOutput };
  }[];
}

const path = join(import.meta.dirname, '../../workers/tasks/classify/golden.json');
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;
const { run, output: OutputSchema } = tasks.classify;

const headOf = (stored: StoredHead): LinearHead => ({
  dims: stored.dims,
  classes: stored.classes,
  weight: Float32Array.from(stored.weight.flat()),
  bias: Float32Array.from(stored.bias),
  centroids: Float32Array.from(stored.centroids.flat()),
  belongs: Float32Array.from(stored.belongs),
});
const bothOf = (stored: PerTier<StoredHead>) => ({
  static: headOf(stored.static),
  encoder: headOf(stored.encoder),
});
const promiseOf = (calibration: Calibration) => ({
  calibration,
  certificates: [],
  noCertificateReason: 'A specialist for tests.',
});

const SPECIALIST: LoadedSpecialist = {
  ...TICKETS,
  manifest: {
    ...TICKETS.manifest,
    labels: golden.labels,
    facets: golden.facets,
    promises: {
      static: promiseOf(golden.calibrations.static),
      encoder: promiseOf(golden.calibrations.encoder),
    },
  },
  heads: bothOf(golden.heads),
  facetHeads: golden.facetHeads.map(bothOf),
};
const embedding = (values: number[] | undefined): Embedding | null =>
  values ? { vector: Float32Array.from(values), cut: false } : null;

describe('classify', () => {
  it.each(golden.cases)('$name', ({ tier, embeddings, expected }) => {
    const opinion = run(tier, SPECIALIST, {
      static: embedding(embeddings.static),
      encoder: embedding(embeddings.encoder),
    });
    expect(opinion.bestLabel).toBe(expected.bestLabel);
    expect(opinion.confidence).toBeCloseTo(expected.confidence, 4);
    expect(opinion.output.label).toBe(expected.output.label);
    expect(opinion.output.scores.map((one) => one.label)).toEqual(
      expected.output.scores.map((one) => one.label),
    );
    opinion.output.scores.forEach((one, i) =>
      expect(one.score).toBeCloseTo(expected.output.scores[i]?.score ?? -1, 4),
    );
    const [said, wanted] = [
      opinion.output.facets?.['department'],
      expected.output.facets?.['department'],
    ];
    expect(said?.label).toBe(wanted?.label);
    expect(said?.score).toBeCloseTo(wanted?.score ?? -1, 4);
  });

  it('whatever the embedding, the output fits its schema: at most eight scores, best first', () => {
    const numbers = (n: number) =>
      fc.array(fc.float({ min: -50, max: 50, noNaN: true }), { minLength: n, maxLength: n });
    const tiers = fc.constantFrom<LocalTier>('static', 'encoder');
    fc.assert(
      fc.property(numbers(3), numbers(6), tiers, (a, b, tier) => {
        const { output, confidence } = run(tier, SPECIALIST, {
          static: embedding(a),
          encoder: embedding(b),
        });
        expect(v.safeParse(OutputSchema, output).success).toBe(true);
        expect(output.scores).toHaveLength(8);
        const scores = output.scores.map((one) => one.score);
        expect(scores).toEqual([...scores].sort((x, y) => y - x));
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(output.label === null).toBe(confidence < golden.calibrations[tier].outOfScopeBelow);
      }),
    );
  });

  it('without facets there is no such key', () => {
    const plain = { ...SPECIALIST, facetHeads: [] };
    const { output } = run('static', plain, { static: embedding([1, 0, 0]), encoder: null });
    expect('facets' in output).toBe(false);
  });

  it('a missing embedding is a bug of the caller, not an answer', () => {
    expect(() =>
      run('encoder', SPECIALIST, { static: embedding([1, 0, 0]), encoder: null }),
    ).toThrow(/without its embedding/);
  });
});

describe('the output schema', () => {
  const good: ClassifyOutput = { label: 'a', scores: [{ label: 'a', score: 1 }] };

  it('takes an answer, also one without a label', () => {
    expect(v.safeParse(OutputSchema, good).success).toBe(true);
    expect(v.safeParse(OutputSchema, { ...good, label: null }).success).toBe(true);
  });

  it.each([
    { ...good, scores: Array.from({ length: 9 }, () => ({ label: 'a', score: 0.1 })) },
    { ...good, scores: [{ label: 'a', score: 1.01 }] },
    { ...good, scores: [{ label: 'a', score: NaN }] },
    { ...good, label: 7 },
    { ...good, extra: true },
    { scores: [] },
    null,
  ])('refuses %j', (value) => expect(v.safeParse(OutputSchema, value).success).toBe(false));
});
