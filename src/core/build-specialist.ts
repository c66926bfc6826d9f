/** From embedded rows to a specialist: heads, calibration, certificates and figures. Pure; the caller owns the thread. */
import { rowWeights } from './calibrate.ts';
import type { Dims, EmbeddedRows } from './embedded-rows.ts';
import { headsFromBytes, headsToBytes, type Heads } from './head-file.ts';
import type { Judged } from './judge.ts';
import {
  accuracyOf,
  areaUnderRiskCoverage,
  expectedCalibrationError,
  perLabel,
} from './measure.ts';
import { promise, type PromiseOptions } from './promise.ts';
import type { Evaluation, TierPromise } from './specialist.ts';
import { DEFAULTS, scaled, trainHead, type TrainOptions } from './train-head.ts';

export interface BuildInput {
  labels: string[];
  dims: Dims;
  train: EmbeddedRows;
  /** In-scope rows that no head and no encoder has seen. */
  heldOut: EmbeddedRows;
  /** Out-of-scope rows that no head has seen. */
  outOfScope: EmbeddedRows;
  /** Texts of other work, for the router's `belongs` row. */
  background: EmbeddedRows;
  /** A second question, answered for each training row by its class. */
  facets: { name: string; labels: string[]; train: Int32Array }[];
  promise: PromiseOptions;
  seed: number;
}

export interface BuiltSpecialist {
  /** The head file: what is stored is what was calibrated. */
  head: Uint8Array;
  promises: { static: TierPromise; encoder: TierPromise };
  evaluation: Omit<Evaluation, 'dataProblems' | 'trainMs'>;
}

const TIERS = ['static', 'encoder'] as const;

/** Trains the heads, stores them, then calibrates and certifies what was stored. Yields the share of work done (0..1). */
export function* buildSpecialist(
  input: BuildInput,
  options: TrainOptions = DEFAULTS,
): Generator<number, BuiltSpecialist> {
  const train = { ...options, seed: input.seed };
  const questions = [
    { name: 'label', labels: input.labels, train: input.train.labels },
    ...input.facets,
  ];
  const heads: Heads = {};
  const steps = questions.length * TIERS.length;
  for (const [q, question] of questions.entries()) {
    for (const [t, tier] of TIERS.entries()) {
      const set = {
        x: input.train[tier],
        y: question.train,
        dims: input.dims[tier],
        classes: question.labels.length,
      };
      const work = trainHead(set, input.background[tier], train);
      heads[`${tier}.${question.name}`] = yield* scaled(
        work,
        (q * 2 + t) / steps,
        (q * 2 + t + 1) / steps,
      );
    }
  }
  const head = headsToBytes(heads);
  const stored = headsFromBytes(head);
  if (!stored.ok) throw new Error(stored.failure.message);
  const { 'static.label': onStatic, 'encoder.label': onEncoder } = stored.value;
  if (!onStatic || !onEncoder) throw new Error('a stored head lacks its label tensors');
  const { promises, judged, rows } = promise(
    { static: onStatic, encoder: onEncoder },
    input.heldOut,
    input.outOfScope,
    input.promise,
    input.seed,
  );
  const share = input.outOfScope.labels.length ? input.promise.outOfScopeShare : 0;
  return { head, promises, evaluation: evaluationOf(judged, rows, input.labels, share) };
}

function evaluationOf(
  judged: Judged[],
  rows: EmbeddedRows,
  labels: string[],
  outOfScopeShare: number,
): BuiltSpecialist['evaluation'] {
  const inside = judged.filter((row) => row.inScope);
  const weights = rowWeights(judged, outOfScopeShare);
  const scored = judged.map((row, i) => ({
    score: row.confidence,
    right: row.right,
    weight: weights[i] as number,
  }));
  const truth = judged.flatMap((row, i) =>
    row.inScope ? [labels[rows.labels[i] as number] as string] : [],
  );
  return {
    n: inside.length,
    ...accuracyOf(inside),
    ece: expectedCalibrationError(scored),
    aurc: areaUnderRiskCoverage(scored),
    perLabel: perLabel(
      truth,
      inside.map((row) => labels[row.label] as string),
    ),
  };
}
