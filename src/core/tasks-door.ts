/** What crosses between the router thread and the tasks thread: data, and callbacks as proxies. */
import type { Tier } from './answer.ts';
import type { Result } from './failure.ts';
import type { Generated, GenerateRequest } from './generation.ts';
import type { ModelName } from './ports.ts';
import type { LocalTier } from './route.ts';
import type { Finding, TokenVectors, Work } from './work.ts';

/** The router's side: what a task may call, see WorkPorts. */
export interface WorkCallbacks {
  embed(tier: LocalTier, texts: readonly string[]): Promise<Result<Float32Array[]>>;
  tokens(texts: readonly string[]): Promise<Result<TokenVectors[]>>;
  modelFor(wanted: string | null): Promise<ModelName | null>;
  generate(model: string, request: GenerateRequest, deadlineAt: number): Promise<Result<Generated>>;
  onProgress(progress: { stage: string; done: number; total: number }): void;
}

export interface WorkCall {
  id: string;
  work: Work;
  /** Absolute address of the manifest: the files of the specialist lie beside it. */
  manifestUrl: string;
  deadlineAt: number;
  tiers: readonly Tier[];
}

/** The tasks thread's side. */
export interface TasksDoor {
  run(call: WorkCall, callbacks: WorkCallbacks): Promise<Result<Finding<unknown>>>;
  cancel(id: string): void;
}
