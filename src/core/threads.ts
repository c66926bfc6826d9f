/** The doors between threads and the ports of the router: types only. */
import type { Answer } from './answer.ts';
import type { Failure, Result } from './failure.ts';
import type { RunRequest, TaskId } from './request.ts';
import type { Evaluation, SpecialistCard } from './specialist.ts';

/** Progress of one request, in the order in which it happens. */
export type FlotillaEvent =
  | { type: 'routed'; classifications: { label: string; score: number }[] }
  | { type: 'loading'; specialist: string; loaded_bytes: number; total_bytes: number }
  | { type: 'draft'; delta: string }
  | { type: 'attempt'; tier: string; specialist: string; outcome: string; ms: number; confidence: number | null }
  | { type: 'escalated'; because: string; to: string }
  | { type: 'egress_preview'; masked: string }
  | { type: 'progress'; done: number; total: number; stage?: string; rowsPerSecond?: number };

export type OnEvent = (event: FlotillaEvent) => void;

export interface RunOptions {
  signal?: AbortSignal;
  onEvent?: OnEvent;
}

export interface RuntimeState {
  state: 'idle' | 'loading' | 'ready' | 'failed';
  loadedBytes: number;
  totalBytes: number;
  /** How it runs once ready: e.g. `wasm, 1 thread`, `webgpu`. */
  backend: string;
  /** Duration of the load, in ms, once ready. */
  loadMs: number | null;
  failure: Failure | null;
}

export interface Capabilities {
  webgpu: boolean;
  crossOriginIsolated: boolean;
  threads: number;
  /** Bytes; null where the browser does not tell. */
  storage: { usedBytes: number | null; quotaBytes: number | null; persistent: boolean };
  runtimes: Record<string, RuntimeState>;
}

export interface TrainRow {
  text: string;
  label: string;
}

export interface TrainSpec {
  id: string;
  title: string;
  task: 'classify';
  rows: TrainRow[];
  outOfScope?: string[];
  maxError?: number;
  confidence?: number;
  seed?: number;
}

export interface Report extends Evaluation {
  /** Points of the risk–coverage curve, by falling confidence. */
  riskCoverage: { coverage: number; risk: number; threshold: number }[];
  /** Reliability bins: mean confidence against observed accuracy. */
  reliability: { confidence: number; accuracy: number; n: number }[];
}

export interface AuditRow {
  /** Position in the chain, from 0. */
  seq: number;
  /** ISO 8601, UTC. */
  time: string;
  kind: 'answered' | 'leaving' | 'settled' | 'denied' | 'corrected' | 'accepted' | 'trained' | 'policy';
  /** No content: ids, digests, codes and figures. */
  data: Record<string, string | number | boolean | null>;
  /** sha-256 of the previous row's hash and this row, lower-case hex. */
  previousHash: string;
  hash: string;
}

export type AuditVerdict = { intact: true; rows: number } | { intact: false; rows: number; brokenAt: number; why: string };

/** Proof of what left the device. The masked body can be kept so that it can be read again. */
export interface Receipt {
  id: string;
  time: string;
  requestId: string;
  server: string;
  url: string;
  region: string;
  /** Exact bytes of the request body. */
  bytes: number;
  /** sha-256 of the request body. */
  sha256: string;
  /** What was sent, after masking. */
  body: string;
  /** How many identifiers of each type were masked. */
  masked: Record<string, number>;
  outcome: 'leaving' | 'answered' | 'failed';
}

/** A person's answer to the preview of what would leave. */
export interface ConsentQuestion {
  requestId: string;
  server: string;
  url: string;
  region: string;
  masked: string;
  bytes: number;
  maskedCounts: Record<string, number>;
}
export type AskConsent = (question: ConsentQuestion) => Promise<boolean>;

/** `window.flotilla`, and what `connect` of the SDK returns. */
export interface Flotilla {
  capabilities(): Promise<Capabilities>;
  specialists(): Promise<SpecialistCard[]>;
  run(request: RunRequest, options?: RunOptions): Promise<Answer>;
  /** Answers in input order; at most one chunk is computed ahead of the reader. */
  runBatch(requests: Iterable<RunRequest> | AsyncIterable<RunRequest>, options?: RunOptions): AsyncIterable<Answer>;
  train(spec: TrainSpec, options?: RunOptions): Promise<SpecialistCard>;
  evaluate(specialistId: string, rows: TrainRow[], options?: RunOptions): Promise<Report>;
  audit: {
    export(): Promise<AuditRow[]>;
    verify(): Promise<AuditVerdict>;
  };
}

/** What only the app's own pages use, besides the public contract. */
export interface FlotillaApp extends Flotilla {
  /** Starts loading the runtimes; safe to call again. */
  warmUp(onState: (runtimes: Record<string, RuntimeState>) => void): Promise<void>;
  /** Send an answer that needs review up by hand; consent is asked as the policy says. */
  escalate(request: RunRequest, options?: RunOptions): Promise<Answer>;
  /** A person's verdict, kept as a label (the text stays in this browser). */
  recordVerdict(answer: Answer, text: string, verdict: 'accepted' | { correctedTo: string }): Promise<Result<null>>;
  corrections(): Promise<{ text: string; label: string; specialist: string; time: string }[]>;
  receipts(): Promise<Receipt[]>;
  policy(): Promise<{ source: 'file' | 'default'; problem: Failure | null; text: string; egressAllowed: boolean }>;
  onConsent(ask: AskConsent): void;
  removeSpecialist(id: string): Promise<Result<null>>;
  exportSpecialist(id: string): Promise<Blob>;
  importSpecialist(blob: Blob): Promise<SpecialistCard>;
}

/** Embeds texts on another thread. Rows are L2-normalised; [texts.length × dims]. */
export interface Embedder {
  readonly dims: number;
  embed(texts: string[]): Promise<Float32Array>;
}

export type { Answer, RunRequest, SpecialistCard, TaskId };
