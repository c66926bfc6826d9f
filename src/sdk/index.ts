/** The SDK of host pages: `/sdk.js`, one module without dependencies, and its types `/sdk.d.ts`. */
export { connect } from './connect.ts';
export { FlotillaError } from './errors.ts';
export type {
  CallOptions,
  ConnectOptions,
  FlotillaConnection,
  WorkflowCallOptions,
} from './contract.ts';
export type { HostPolicy, HostTaskRules } from './host-policy.ts';
export type { Workflow, WorkflowCondition, WorkflowStep } from './workflow.ts';
export type {
  Answer,
  AnswerStatus,
  Certificate,
  ClassifyOutput,
  Decision,
  ReasonCode,
  Tier,
} from '../core/answer.ts';
export type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequest,
  ChatMessage,
  ToolCall,
  ToolDefinition,
} from '../core/chat-api.ts';
export type { EmbedRules, Layout } from '../core/embed.ts';
export type { WidgetLook, WidgetTheme } from '../core/embed-protocol.ts';
export type { FailureCode } from '../core/failure.ts';
export type { Mode, RunRequest, TaskId } from '../core/request.ts';
export type { FleetCard, SpecialistCard, WorkCard, WriterCard } from '../core/specialist.ts';
export type {
  AuditRow,
  AuditVerdict,
  Capabilities,
  FlotillaEvent,
  Report,
  TrainRow,
  TrainSpec,
} from '../core/threads.ts';
export type { Decisions, StepRecord, WorkflowRecord } from '../core/workflow.ts';
