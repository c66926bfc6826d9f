/** What crosses between the page and the router thread: only data, callbacks as proxies, failures as values. */
import type { Answer } from './answer.ts';
import type { ChatCompletion } from './chat-api.ts';
import type { PageImage, ReadDocument, ReadingProgress } from './document.ts';
import type { Failure, Result } from './failure.ts';
import type { NamedBlob } from './intake.ts';
import type { GenerationInfo } from './generation.ts';
import type { BackendChoice, DeviceProbe, ModelCard, ModelSource } from './generation-model.ts';
import type { KnowledgeDoor } from './knowledge.ts';
import type { PromptPort } from './prompt-port.ts';
import type { HostRules } from './policy-schema.ts';
import type { RunRequest, TaskId } from './request.ts';
import type { FleetCard, SpecialistCard } from './specialist.ts';
import type {
  AskConsent,
  AuditRow,
  AuditVerdict,
  Capabilities,
  FlotillaEvent,
  Receipt,
  Report,
  RuntimeState,
  TrainRow,
  Verdict,
} from './threads.ts';
import type { TrainJob } from './train-job.ts';
import type { Decisions, Workflow, WorkflowRecord } from './workflow.ts';

/** A call's name, chosen by the page, by which it can be cancelled. */
export type CallId = string;
export type EventSink = ((event: FlotillaEvent) => void) | null;

/** What one connection may do, beside the policy. It only narrows: a page that embeds the widget is never trusted more. */
export interface SessionLimits {
  /** Tightens the policy. */
  policy?: HostRules;
  /** Everything else is refused with policy_denied. */
  tasks?: readonly TaskId[];
}

export interface PolicyReport {
  source: 'file' | 'default';
  problem: Failure | null;
  text: string;
  egressAllowed: boolean;
}

/** A person's verdict on an answer, kept as a label. */
export interface Correction {
  text: string;
  label: string;
  specialist: string;
  time: string;
  /** The output as it should be, for tasks that give more than a label. */
  output?: unknown;
}

/** The language models of this device, across the threads. */
export interface ModelsDoor {
  modelCards(): Promise<Result<ModelCard[]>>;
  onModels(listener: (cards: ModelCard[]) => void): void;
  modelProbe(): Promise<Result<DeviceProbe>>;
  downloadModel(id: string, source: ModelSource | null): Promise<Result<null>>;
  pauseModel(id: string): Promise<Result<null>>;
  removeModel(id: string): Promise<Result<null>>;
  loadModel(id: string): Promise<Result<GenerationInfo>>;
  unloadModel(id: string): Promise<Result<null>>;
  backend(): Promise<Result<BackendChoice>>;
  chooseBackend(choice: BackendChoice): Promise<Result<null>>;
  /** The browser's own model, which only the page can reach. */
  offerPrompt(prompt: PromptPort): void;
}

/** Files read on a thread that the router starts. */
export interface DocumentsDoor {
  readDocument(
    file: NamedBlob,
    call: CallId,
    onProgress: ((progress: ReadingProgress) => void) | null,
  ): Promise<Result<ReadDocument>>;
  pageImage(file: NamedBlob, page: number, maxWidth: number): Promise<Result<PageImage>>;
  attachment(file: NamedBlob, index: number): Promise<Result<NamedBlob>>;
}

export interface WorkflowsDoor {
  workflows(): Promise<Result<Workflow[]>>;
  runWorkflow(
    id: string,
    request: RunRequest,
    resume: { before: WorkflowRecord | null; decisions: Decisions },
    call: CallId,
    onEvent: EventSink,
  ): Promise<Result<WorkflowRecord>>;
}

export interface RouterDoor extends ModelsDoor, DocumentsDoor, KnowledgeDoor, WorkflowsDoor {
  warmUp(onState: (runtimes: Record<string, RuntimeState>) => void): Promise<Result<null>>;
  capabilities(): Promise<Result<Capabilities>>;
  specialists(): Promise<Result<FleetCard[]>>;
  leftOut(): Promise<Result<Failure[]>>;
  run(
    request: RunRequest,
    call: CallId,
    onEvent: EventSink,
    byHand: boolean,
  ): Promise<Result<Answer>>;
  /** `request` is checked on the other side. `draft` events carry the text as it grows. */
  chat(request: unknown, call: CallId, onEvent: EventSink): Promise<Result<ChatCompletion>>;
  /** One answer per request, in order; a bad request becomes a refused answer. One audit row for the chunk. */
  runChunk(requests: RunRequest[], call: CallId): Promise<Result<Answer[]>>;
  cancel(call: CallId): void;
  train(job: TrainJob, call: CallId, onEvent: EventSink): Promise<Result<SpecialistCard>>;
  evaluate(
    specialist: string,
    rows: TrainRow[],
    call: CallId,
    onEvent: EventSink,
  ): Promise<Result<Report>>;
  embed(tier: 'static' | 'encoder', texts: string[]): Promise<Result<Float32Array>>;
  recordVerdict(answer: Answer, text: string, verdict: Verdict): Promise<Result<null>>;
  corrections(): Promise<Result<Correction[]>>;
  receipts(): Promise<Result<Receipt[]>>;
  policy(): Promise<Result<PolicyReport>>;
  onConsent(ask: AskConsent): void;
  /** Narrows this connection, at once and for good. Fails with policy_invalid, and then nothing has changed. */
  limit(limits: SessionLimits): Promise<Result<null>>;
  /** By server id of the policy, in place of those given before. Fails with bad_request. */
  giveAccessTokens(tokens: Record<string, string>): Promise<Result<null>>;
  /** The call that follows was asked at an engine that is gone: what that one recorded of it is not recorded again. */
  askedBefore(call: CallId): void;
  /** Hears which call may send something; until it has returned nothing of that call leaves. */
  onLeaving(listener: (call: CallId) => void): void;
  removeSpecialist(id: string): Promise<Result<null>>;
  exportSpecialist(id: string): Promise<Result<Blob>>;
  importSpecialist(blob: Blob): Promise<Result<SpecialistCard>>;
  exportAudit(): Promise<Result<AuditRow[]>>;
  verifyAudit(): Promise<Result<AuditVerdict>>;
}
