/** What handle-request needs from the outside: each port is one effect, so that the life of a request stays readable. */
import type { ClassifyOutput } from './answer.ts';
import type { Result } from './failure.ts';
import type { Policy } from './policy-schema.ts';
import type { LocalTier } from './route.ts';
import type { LoadedSpecialist, RouterHead } from './specialist.ts';
import type { AuditRow, OnEvent, ServerTier } from './threads.ts';

export interface Embedding {
  /** [dims], L2-normalised. */
  vector: Float32Array;
  /** True when the text was longer than the model reads. */
  cut: boolean;
}

/** The embeddings that exist so far; computed once, shared by the router and every specialist. */
export interface Embeddings {
  static: Embedding | null;
  encoder: Embedding | null;
}

/** What a specialist thinks at one tier. */
export interface Opinion {
  output: ClassifyOutput;
  /** Best label even where `output.label` is null. */
  bestLabel: string;
  /** Calibrated P(best label is right and the text is in scope). */
  confidence: number;
}

export interface Ports {
  /** Milliseconds since the epoch. */
  now(): number;
  newId(): string;
  policy: Policy;
  specialists(): LoadedSpecialist[];
  router(): RouterHead;
  /** Fails with runtime_failed, hash_mismatch, deadline, cancelled, …; the cascade then goes on with the next tier. */
  embed(
    tier: LocalTier,
    text: string,
    deadlineAt: number,
    signal: AbortSignal | undefined,
  ): Promise<Result<Embedding>>;
  /** Runs the task's code on embeddings that exist. */
  classify(tier: LocalTier, specialist: LoadedSpecialist, embeddings: Embeddings): Opinion;
  server: ServerTier;
  /** Null inside a batch, where one row stands for a whole chunk. */
  audit: ((kind: AuditRow['kind'], data: AuditRow['data']) => Promise<Result<AuditRow>>) | null;
  digest(text: string): Promise<Result<string>>;
}

export interface HandleOptions {
  signal?: AbortSignal | undefined;
  onEvent?: OnEvent | undefined;
  /** A person sends it up: local tiers only advise. */
  byHand?: boolean;
}
