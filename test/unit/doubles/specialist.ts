/** Two small specialists and a router over three numbers: which one a text is for can be read off its vector. Tests only. */
import type { Certificate } from '../../../src/core/answer.ts';
import type { LinearHead } from '../../../src/core/score.ts';
import type { LoadedSpecialist, RouterHead, TierPromise } from '../../../src/core/specialist.ts';

export const TEXT_DIMS = 3;
/** Vectors and what the router makes of them. */
export const VECTORS = {
  tickets: [1, 0, 0],
  commands: [0, 1, 0],
  /** Tickets by a small lead: enough to be claimed, not enough to be sure. */
  ticketsPerhaps: [0.6, 0.3, 0],
  strange: [0, 0, 0],
  openEnded: [0, 0, 1],
};

const certificate = (maxError: number, threshold: number): Certificate => ({
  maxError,
  confidence: 0.95,
  threshold,
  coverage: 0.8,
  n: 900,
  outOfScopeN: 400,
  outOfScopeShare: 0.1,
});

export const promiseOf = (certificates: Certificate[]): TierPromise => ({
  calibration: {
    temperature: 1,
    staticShare: 0,
    weights: [1, 0, 0, 0, 0],
    bias: 0,
    outOfScopeBelow: 0.2,
    belongsFrom: 1,
  },
  certificates,
  noCertificateReason: certificates.length ? null : 'There were too few rows.',
});

const headThat = (belongs: number[], classes: number): LinearHead => ({
  dims: TEXT_DIMS,
  classes,
  weight: new Float32Array(classes * TEXT_DIMS),
  bias: new Float32Array(classes),
  centroids: new Float32Array(classes * TEXT_DIMS),
  belongs: Float32Array.from(belongs),
});

function specialist(id: string, labels: string[], belongs: number[]): LoadedSpecialist {
  const head = headThat(belongs, labels.length);
  return {
    manifest: {
      schema: 1,
      id,
      version: '1.0.0',
      title: `The ${id}`,
      description: 'For tests.',
      task: 'classify',
      labels,
      facets: [],
      models: { static: 'table@1.0.0', encoder: 'encoder@1.0.0' },
      files: [{ path: 'head.safetensors', bytes: 1000, sha256: 'ab'.repeat(32) }],
      promises: {
        static: promiseOf([certificate(0.05, 0.95)]),
        encoder: promiseOf([certificate(0.02, 0.9), certificate(0.05, 0.8)]),
      },
      evaluation: {
        n: 900,
        accuracy: 0.93,
        ci95: [0.91, 0.95],
        ece: 0.01,
        aurc: 0.02,
        perLabel: [],
        dataProblems: [],
        trainMs: 1000,
      },
      passport: { source: 's', licence: 'mit', attribution: 'a', trainingData: 't', recipe: 'r' },
      examples: [],
    },
    heads: { static: head, encoder: head },
    facetHeads: [],
    origin: 'shipped',
    sizeBytes: 1000,
  };
}

export const TICKETS = specialist('tickets', ['card', 'refund', 'limit'], [6, -6, 0, 0]);
export const COMMANDS = specialist('commands', ['lights', 'music'], [-6, 6, 0, 0]);

export const ROUTER: RouterHead = {
  openEnded: {
    static: Float32Array.from([0, 0, 8, -4]),
    encoder: Float32Array.from([0, 0, 8, -4]),
  },
  sureLead: { static: 4, encoder: 2 },
};
