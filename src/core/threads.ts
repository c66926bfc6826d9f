/** The doors between threads and the ports of the router: types only. */
import type { Answer } from './answer.ts';
import type { AskToolCall, ChatApi } from './chat-api.ts';
import type { SessionLimits } from './door.ts';
import type { Failure, Result } from './failure.ts';
import type { DocumentReader } from './document.ts';
import type { KnowledgeDoor } from './knowledge.ts';
import type { NamedBlob } from './intake.ts';
import type { ModelsApp } from './models-app.ts';
import type { Mode, RunRequest, TaskId } from './request.ts';
import type { Evaluation, FleetCard, SpecialistCard } from './specialist.ts';
import type { StorageKind } from './storage-kind.ts';
import type { Decisions, StepRecord, Workflow, WorkflowRecord } from './workflow.ts';

/** Progress of one request, in the order in which it happens. */
export type FlotillaEvent =
  | { type: 'routed'; classifications: { label: string; score: number }[] }
  | { type: 'loading'; specialist: string; loaded_bytes: number; total_bytes: number }
  | { type: 'draft'; delta: string }
  | {
      type: 'attempt';
      tier: string;
      specialist: string;
      outcome: string;
      ms: number;
      confidence: number | null;
    }
  | { type: 'escalated'; because: string; to: string }
  | { type: 'step'; steps: readonly StepRecord[] }
  | { type: 'egress_preview'; masked: string }
  | { type: 'progress'; done: number; total: number; stage?: string; rowsPerSecond?: number };

export type OnEvent = (event: FlotillaEvent) => void;

export interface RunOptions {
  signal?: AbortSignal;
  onEvent?: OnEvent;
}

export interface WorkflowOptions extends RunOptions {
  before?: WorkflowRecord;
  /** By step: the output that a person took as right, or wrote. */
  decisions?: Decisions;
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
  /** The browser has WebGPU and an adapter answers, in hardware or software. */
  webgpu: boolean;
  crossOriginIsolated: boolean;
  threads: number;
  /** Bytes; null where the browser does not tell. `memory`: nothing is kept after closing, and nothing may leave. */
  storage: {
    kind: StorageKind;
    usedBytes: number | null;
    quotaBytes: number | null;
    persistent: boolean;
  };
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
  /** Rows, or a CSV, TSV or JSONL file with the columns `text` and `label`. */
  rows: TrainRow[] | NamedBlob;
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
  kind:
    'answered' | 'leaving' | 'settled' | 'denied' | 'corrected' | 'accepted' | 'trained' | 'policy';
  /** No content: ids, digests, codes and figures. */
  data: Record<string, string | number | boolean | null>;
  /** sha-256 of the previous row's hash and this row, lower-case hex. */
  previousHash: string;
  hash: string;
}

export type AuditVerdict =
  { intact: true; rows: number } | { intact: false; rows: number; brokenAt: number; why: string };

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
  /** How often the body was sent (1, more after a retry, 0 when the call was given up before it began). */
  attempts: number;
  /** `leaving` that stays: the tab was closed while the server worked. */
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

/** One request on its way up. The port masks `text`; the caller hands it over as it is. */
/** What every question to a server has. */
export interface ServerQuestion {
  requestId: string;
  task: TaskId;
  text: string;
  /** `id@version`, for the audit row. */
  specialist: string;
  /** Of the request or the host; it may only tighten the policy. */
  mode?: Mode | undefined;
  /** Milliseconds since the epoch. The time a person takes to answer the consent question does not count. */
  deadlineAt: number;
  signal?: AbortSignal | undefined;
  /** Hears what would leave, before it leaves and before consent is asked. */
  onPreview?: ((masked: string) => void) | undefined;
}

export interface ServerCall extends ServerQuestion {
  /** The only labels that the answer may name. */
  labels: string[];
}

/** A few fields of a few lines: `text` is the excerpt, not the document. */
export interface FieldsCall extends ServerQuestion {
  fields: string[];
}

/** Who answered a question, how long it took and what it cost. */
export interface ServerFacts {
  /** The server of policy.json that answered. */
  server: string;
  tookMs: number;
  usage: { prompt_tokens?: number; completion_tokens?: number; cost: number; currency: string };
}

export interface FieldsAnswer extends ServerFacts {
  /** As the server read them, identifiers restored; null where it found none. */
  values: Record<string, string | null>;
}

export interface ServerAnswer extends ServerFacts {
  /** One of the labels of the call; null when the server says that none fits. */
  label: string | null;
  /** Words of the text that the server named as its reason, identifiers restored; null unless they are in the text. */
  evidence: string | null;
  /** A server's own probability is not calibrated, so it is never a confidence. */
  confidence: null;
}

export interface ServerOutcome<Given = ServerAnswer> {
  /** Fails with policy_denied, consent_denied, quota_spent, circuit_open, audit_failed, server_*, deadline, cancelled. */
  result: Result<Given>;
  /** Proof of what left, also when the call failed; null when not one byte left. */
  receipt: Receipt | null;
  /** Content bytes that left: bytes of the body times the number of attempts. */
  bytes: number;
}

/** The server rung of the ladder. The one way in which content leaves the device. */
export interface ServerTier {
  classify(call: ServerCall): Promise<ServerOutcome>;
  fields(call: FieldsCall): Promise<ServerOutcome<FieldsAnswer>>;
}

/** The hash-chained record. Rows carry ids, digests, codes and figures, never content. */
export interface AuditLog {
  /** Appends in one order across tabs. Fails with storage_full or storage_failed, and then nothing was written. */
  append(kind: AuditRow['kind'], data: AuditRow['data']): Promise<Result<AuditRow>>;
  export(): Promise<Result<AuditRow[]>>;
  verify(): Promise<Result<AuditVerdict>>;
  /** Salted sha-256 of a text, lower-case hex. The same text gives the same digest in this browser only. */
  digest(text: string): Promise<Result<string>>;
}

export interface ReceiptBook {
  put(receipt: Receipt): Promise<Result<null>>;
  /** Newest first. */
  list(): Promise<Result<Receipt[]>>;
}

/** `window.flotilla`, and what `connect` of the SDK returns. */
export interface Flotilla {
  capabilities(): Promise<Capabilities>;
  specialists(): Promise<FleetCard[]>;
  run(request: RunRequest, options?: RunOptions): Promise<Answer>;
  /** Answers in input order; at most one chunk is computed ahead of the reader. */
  runBatch(
    requests: Iterable<RunRequest> | AsyncIterable<RunRequest>,
    options?: RunOptions,
  ): AsyncIterable<Answer>;
  train(spec: TrainSpec, options?: RunOptions): Promise<SpecialistCard>;
  evaluate(specialistId: string, rows: TrainRow[], options?: RunOptions): Promise<Report>;
  workflows(): Promise<Workflow[]>;
  /** Runs a workflow; `step` events tell how far it is. With `before` and `decisions` a run that waited goes on. */
  runWorkflow(id: string, request: RunRequest, options?: WorkflowOptions): Promise<WorkflowRecord>;
  /** OpenAI's shapes over the fleet. */
  chat: ChatApi;
  audit: {
    export(): Promise<AuditRow[]>;
    verify(): Promise<AuditVerdict>;
  };
  /** The owner's file of a specialist that was trained or brought in here. */
  exportSpecialist(id: string): Promise<Blob>;
  importSpecialist(blob: Blob): Promise<SpecialistCard>;
}

/** What a person says of an answer: right, another label, or the output as it should be. */
export type Verdict = 'accepted' | { correctedTo: string } | { correctedOutput: unknown };

/** What only the app's own pages use, besides the public contract. */
export interface FlotillaApp extends Flotilla {
  /** Reads dropped files into text with positions, on a thread of its own. */
  documents: DocumentReader;
  /** The knowledge bases of this browser, for drafts. */
  knowledge: KnowledgeDoor;
  models: ModelsApp;
  /** Starts loading the runtimes; safe to call again. */
  warmUp(onState: (runtimes: Record<string, RuntimeState>) => void): Promise<void>;
  /** Send an answer that needs review up by hand; consent is asked as the policy says. */
  escalate(request: RunRequest, options?: RunOptions): Promise<Answer>;
  /** A person's verdict, kept as a label (the text stays in this browser). */
  recordVerdict(answer: Answer, text: string, verdict: Verdict): Promise<Result<null>>;
  corrections(): Promise<{ text: string; label: string; specialist: string; time: string }[]>;
  receipts(): Promise<Receipt[]>;
  /** Specialists that could not be used, each with the reason; the others work. */
  leftOut(): Promise<Failure[]>;
  policy(): Promise<{
    source: 'file' | 'default';
    problem: Failure | null;
    text: string;
    egressAllowed: boolean;
  }>;
  onConsent(ask: AskConsent): void;
  /** Narrows what this connection may do; a later call can only narrow it further. Fails with policy_invalid. */
  limit(limits: SessionLimits): Promise<Result<null>>;
  /**
   * Access tokens by server id of the policy, in place of those given before. Kept in memory, sent to that server only.
   * Fails with bad_request.
   */
  giveAccessTokens(tokens: Record<string, string>): Promise<Result<null>>;
  /** Every call of a tool is shown to the person before the host page hears of it. */
  onToolCall(ask: AskToolCall): void;
  /** Embeddings as the runtimes give them, [texts.length × dims]; for recipes and measurements. */
  embed(tier: 'static' | 'encoder', texts: string[]): Promise<Float32Array>;
  removeSpecialist(id: string): Promise<Result<null>>;
}

export type { Answer, RunRequest, SpecialistCard, TaskId };
