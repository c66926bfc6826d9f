/** What handle-request needs from the outside: each port is one effect, so that the life of a request stays readable. */
import type { ClassifyOutput } from './answer.ts';
import type { Result } from './failure.ts';
import type { Generated, GenerateRequest } from './generation.ts';
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

/** A language model by name. */
export interface ModelName {
  id: string;
  version: string;
  title: string;
  /** Are all its files on this disk? */
  stored: boolean;
}

/** The language models of this device, as the life of a request sees them. */
export interface SlmPort {
  /**
   * The model that would answer. `wanted` names one, stored or not; null takes the preferred one of those whose files
   * are on this disk, so that no request starts a download that nobody asked for.
   */
  modelFor(wanted: string | null): ModelName | null;
  /**
   * Loads the model if it must and runs it. At the deadline (ms since the epoch) and on the signal the text so far comes
   * back with `finish: 'interrupted'`. Fails as GenerationRuntime does, and with model_not_stored and file_missing.
   */
  generate(
    model: string,
    request: GenerateRequest,
    options: GenerateOptions,
  ): Promise<Result<Generated>>;
}

export interface GenerateOptions {
  deadlineAt: number;
  signal?: AbortSignal | undefined;
  onEvent?: OnEvent | undefined;
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
  slm: SlmPort;
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
