/** What it takes to make a specialist, beyond what a page asks for. Recipes use the same job as the train page. */
import type { DataProblem, Passport, SpecialistManifest } from './specialist.ts';
import type { BuiltSpecialist } from './build-specialist.ts';
import type { TrainRow, TrainSpec } from './threads.ts';

export interface TrainJob extends Omit<TrainSpec, 'rows'> {
  rows: TrainRow[];
  /** Rows that neither this head nor the encoder has seen; omitted: a part of `rows` is held out. */
  heldOut?: TrainRow[];
  /** Share of out-of-scope requests that the promise assumes. */
  outOfScopeShare?: number;
  /** Texts of other work; omitted: the fleet's background texts. */
  background?: string[];
  facets?: { name: string; train: string[] }[];
  version?: string;
  description?: string;
  passport?: Passport;
  examples?: string[];
}

/** Every certificate that is tried, besides the one asked for. */
export const PROMISED_ERRORS = [0.01, 0.02, 0.03, 0.05, 0.1];
export const DEFAULT_PROMISE = { maxError: 0.02, confidence: 0.95, outOfScopeShare: 0.1 };
/** Share of the rows held out when the job names none. */
export const HELD_OUT_SHARE = 0.25;

const LOCAL_PASSPORT: Passport = {
  source: 'Trained in this browser',
  licence: 'Yours',
  attribution: '',
  trainingData: 'Rows of this browser; nothing was uploaded',
  recipe: 'Softmax regression on the shared encoder and the static table',
};

/** Puts a built specialist together with what describes it. */
export function manifestOf(
  job: TrainJob,
  labels: string[],
  built: BuiltSpecialist,
  facts: {
    sha256: string;
    models: SpecialistManifest['models'];
    dataProblems: DataProblem[];
    trainMs: number;
    facetLabels: string[][];
  },
): SpecialistManifest {
  return {
    schema: 1,
    id: job.id,
    version: job.version ?? '1.0.0',
    title: job.title,
    description: job.description ?? `${labels.length} labels, trained in this browser.`,
    task: 'classify',
    labels,
    facets: (job.facets ?? []).map((facet, i) => ({
      name: facet.name,
      labels: facts.facetLabels[i] ?? [],
    })),
    models: facts.models,
    files: [{ path: 'head.safetensors', bytes: built.head.length, sha256: facts.sha256 }],
    promises: built.promises,
    evaluation: { ...built.evaluation, dataProblems: facts.dataProblems, trainMs: facts.trainMs },
    passport: job.passport ?? LOCAL_PASSPORT,
    examples: job.examples ?? job.rows.slice(0, 3).map((row) => row.text.slice(0, 300)),
  };
}
