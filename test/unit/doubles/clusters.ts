/** Gaussian clusters on the unit sphere as embedded rows: data whose right answers are known. Tests only. */
import type { EmbeddedRows } from '../../../src/core/embedded-rows.ts';
import { seeded } from '../../../src/core/random.ts';

export const DIMS = { static: 10, encoder: 16 };
export const LABELS = ['arrival', 'refund', 'limit', 'fees', 'other_card'];

/** Standard normal numbers (Box–Muller). */
export function normals(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function onSphere(values: number[]): number[] {
  const length = Math.hypot(...values) || 1;
  return values.map((value) => value / length);
}

/** The middles of the clusters of one world; a label is a place in both spaces. */
export function world(seed: number, noise = { static: 0.26, encoder: 0.2 }) {
  const normal = normals(seeded(seed));
  const place = (dims: number) => onSphere(Array.from({ length: dims }, normal));
  const places = LABELS.map(() => ({ static: place(DIMS.static), encoder: place(DIMS.encoder) }));

  /** `n` rows around random labels, or anywhere on the sphere (label -1). */
  const rows = (n: number, rowSeed: number, inScope: boolean): EmbeddedRows => {
    const random = seeded(rowSeed);
    const spread = normals(random);
    const out: EmbeddedRows = {
      static: new Float32Array(n * DIMS.static),
      encoder: new Float32Array(n * DIMS.encoder),
      labels: new Int32Array(n),
    };
    for (let i = 0; i < n; i++) {
      const label = inScope ? Math.floor(random() * LABELS.length) : -1;
      out.labels[i] = label;
      for (const tier of ['static', 'encoder'] as const) {
        const middle =
          places[label]?.[tier] ?? onSphere(Array.from({ length: DIMS[tier] }, spread));
        const noisy = middle.map((value) => value + noise[tier] * spread());
        out[tier].set(onSphere(noisy), i * DIMS[tier]);
      }
    }
    return out;
  };
  return {
    inScope: (n: number, rowSeed: number) => rows(n, rowSeed, true),
    outOfScope: (n: number, rowSeed: number) => rows(n, rowSeed, false),
  };
}

/** Runs a generator to its end. */
export function finish<T>(work: Generator<number, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
