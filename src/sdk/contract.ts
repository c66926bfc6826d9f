/** What a host page gets: the options of `connect` and the object that it resolves to. Types only. */
import type { Answer } from '../core/answer.ts';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequest,
} from '../core/chat-api.ts';
import type { EmbedRules } from '../core/embed.ts';
import type { WidgetLook } from '../core/embed-protocol.ts';
import type { RunRequest } from '../core/request.ts';
import type { FleetCard, SpecialistCard } from '../core/specialist.ts';
import type {
  AuditRow,
  AuditVerdict,
  Capabilities,
  OnEvent,
  Report,
  TrainRow,
  TrainSpec,
} from '../core/threads.ts';
import type { Decisions, WorkflowRecord } from '../core/workflow.ts';
import type { HostPolicy } from './host-policy.ts';
import type { Workflow } from './workflow.ts';

/** Where the widget is, how it looks, and what this page adds to the policy. Everything may be left out. */
export interface ConnectOptions extends WidgetLook {
  /** Address of widget.html, as for any frame of this page. Left out: the one beside sdk.js. */
  src?: string;
  /** Element that gets the frame. Left out: a hidden frame, for calls only. */
  container?: Element;
  /** Tightens the policy of Flotilla for this page; what would loosen it has no effect. */
  policy?: HostPolicy;
  /**
   * Access tokens by server id of the policy. They stay in memory and go to that server only. Not for a sandboxed
   * frame without an origin: who is in it cannot be checked.
   */
  accessTokens?: Record<string, string>;
  /** How long the frame may take to answer, ms. Default 20,000. */
  timeoutMs?: number;
  /** Gives up connecting. Later on, use `close`. */
  signal?: AbortSignal;
  /** The frame's `sandbox` attribute; `allow-scripts` must be in it. */
  sandbox?: string;
  /** Accessible name of the frame. Default `Flotilla`. */
  title?: string;
  /** The frame is as high as its content. Default true; false: the page sets the height. */
  autoHeight?: boolean;
  /** A person got an answer in the widget's form. */
  onAnswered?: (answer: Answer) => void;
  /** A person corrected an answer there; `label` where a label was replaced by another one. */
  onCorrected?: (answer: Answer, label: string | null) => void;
}

/** Options of every call. */
export interface CallOptions {
  /** Stops the work. An answer that was under way comes back as `cancelled`. */
  signal?: AbortSignal;
  /** Hears what happens on the way, in order. */
  onEvent?: OnEvent;
  /** Rejects with `timed_out` after this time, ms; of a stream, after waiting so long for the next item. No limit if left out. */
  timeoutMs?: number;
}

export interface WorkflowCallOptions extends CallOptions {
  /** A run that waited for a person, and goes on. */
  before?: WorkflowRecord;
  /** By step: the output that a person took as right, or wrote. */
  decisions?: Decisions;
}

/**
 * Flotilla in its frame. Calls reject with `FlotillaError { code, message, hint }`; a doubtful answer is no error.
 * The connection outlives reloads of the frame: calls that it had not accepted are sent again, others reject with `frame_gone`.
 */
export interface FlotillaConnection {
  /** The frame, e.g. to give it a class. */
  readonly frame: HTMLIFrameElement;
  /** What this page may do, as Flotilla's policy says. */
  readonly rules: EmbedRules;
  /** Version of Flotilla in the frame. */
  readonly build: string;
  /** Messages from the frame that were of no known shape, and not acted upon. */
  readonly ignoredMessages: number;

  capabilities(options?: CallOptions): Promise<Capabilities>;
  specialists(options?: CallOptions): Promise<FleetCard[]>;
  /** One request, one answer. */
  run(request: RunRequest, options?: CallOptions): Promise<Answer>;
  /**
   * Answers in input order. Requests are taken from the iterable as they are needed, and nothing is computed far ahead of
   * the reader. Leaving the loop cancels the rest. What the iterable throws is thrown after the answers before it.
   */
  runBatch(
    requests: Iterable<RunRequest> | AsyncIterable<RunRequest>,
    options?: CallOptions,
  ): AsyncIterable<Answer>;
  /** Trains a specialist on this device, from rows or from a CSV, TSV or JSONL file. */
  train(spec: TrainSpec, options?: CallOptions): Promise<SpecialistCard>;
  evaluate(specialistId: string, rows: TrainRow[], options?: CallOptions): Promise<Report>;
  workflows(options?: CallOptions): Promise<Workflow[]>;
  /** Runs a workflow; `step` events tell how far it is. */
  runWorkflow(
    id: string,
    request: RunRequest,
    options?: WorkflowCallOptions,
  ): Promise<WorkflowRecord>;
  /** OpenAI's shapes over the fleet. */
  readonly chat: {
    readonly completions: {
      create(
        request: ChatCompletionRequest & { stream: true },
        options?: CallOptions,
      ): AsyncIterable<ChatCompletionChunk>;
      create(
        request: ChatCompletionRequest & { stream?: false },
        options?: CallOptions,
      ): Promise<ChatCompletion>;
    };
  };
  /** The record of what was decided and what left; it holds no content. */
  readonly audit: {
    export(options?: CallOptions): Promise<AuditRow[]>;
    verify(options?: CallOptions): Promise<AuditVerdict>;
  };
  /** The file of a specialist that was trained or brought in here. */
  exportSpecialist(id: string, options?: CallOptions): Promise<Blob>;
  importSpecialist(blob: Blob, options?: CallOptions): Promise<SpecialistCard>;

  /** Changes how the widget looks or what its form is for; what is not named stays. */
  setLook(look: WidgetLook): void;
  /** Replaces access tokens, e.g. when they expire. */
  giveAccessTokens(accessTokens: Record<string, string>): void;
  /** Moves the focus into the widget. Escape in there brings it back. */
  focus(): void;
  /** Removes the frame; calls that are under way reject with `cancelled`. */
  close(): void;
}
