/**
 * What crosses between a host page (the SDK) and the widget: types only. The two are of one build or of two.
 *
 *   widget → parent   ready      to anyone, without content: "I listen, this is my challenge"
 *   host   → widget   connect    to the exact origin, with a MessagePort, the challenge and a nonce of its own
 *   widget → host     connected | refused, over the port. Everything after that goes over the port.
 *
 * A call is answered by `accepted` (before any work begins) and then by `result` or `failed`. A call that was accepted
 * is never sent twice; one that was not may be sent again after a reload of the frame.
 */
import type { Answer } from './answer.ts';
import type { ChatCompletionRequest } from './chat-api.ts';
import type { EmbedRules, Layout } from './embed.ts';
import type { FailureCode } from './failure.ts';
import type { HostRules } from './policy-schema.ts';
import type { RunRequest, TaskId } from './request.ts';
import type { FlotillaEvent, TrainRow, TrainSpec, WorkflowOptions } from './threads.ts';

/** Rises when a message changes its meaning. Guest and host must agree. */
export const PROTOCOL = 1;

/** A failure as it crosses: data, so that code and hint survive. */
export interface WireFailure {
  code: FailureCode;
  message: string;
  hint: string;
}

/** Looks that a host page may choose. A colour that could not be read on its background is not taken. */
export interface WidgetTheme {
  scheme?: 'light' | 'dark' | 'auto';
  /** CSS colours. */
  accent?: string;
  background?: string;
  text?: string;
  /** Corner radius, px, 0..24. */
  radius?: number;
  /** Name of an installed font, or a list of names; nothing is downloaded. */
  font?: string;
}

/** How the widget looks and what its form is for. All of it may change later. */
export interface WidgetLook {
  layout?: Layout;
  theme?: WidgetTheme;
  /** BCP 47, e.g. `de` or `en-GB`; the host page's language if left out. */
  language?: string;
  /** What the form does; left out: the router decides. */
  task?: TaskId;
  specialist?: string;
  /** Text in the form, e.g. the ticket that is open in the host page. */
  text?: string;
}

/** What a host hands over with `connect`. */
export interface GuestOptions extends WidgetLook {
  /** A frame without a form, for calls only. */
  hidden: boolean;
  /** Tightens the policy; what would loosen it has no effect. */
  policy?: HostRules;
  /** Access tokens by server id of the policy. Kept in memory only, sent to that server only. */
  accessTokens?: Record<string, string>;
}

/** window.postMessage of the guest to its parent. No content. */
export interface ReadyMessage {
  flotilla: 'ready';
  protocol: number;
  /** Fresh for each load of the frame. */
  challenge: string;
}

/** window.postMessage of the host to the frame, with one MessagePort. */
export interface ConnectMessage {
  flotilla: 'connect';
  protocol: number;
  /** The guest's. */
  challenge: string;
  /** Never used before. */
  nonce: string;
  /** Version of the SDK, for the words of an error. */
  sdk: string;
  options: GuestOptions;
}

/** Calls with one result. */
export const CALLS = [
  'capabilities',
  'specialists',
  'run',
  'train',
  'evaluate',
  'exportSpecialist',
  'importSpecialist',
  'workflows',
  'runWorkflow',
  'chat',
  'auditExport',
  'auditVerify',
] as const;
/** Calls whose results come one after another. */
export const STREAMS = ['runBatch', 'chatStream'] as const;
export type CallName = (typeof CALLS)[number] | (typeof STREAMS)[number];

/** What `args` of a call holds: the arguments of the method of that name, without signal, callback and time limit. */
export interface CallArguments {
  capabilities: [];
  specialists: [];
  run: [request: RunRequest];
  train: [spec: TrainSpec];
  evaluate: [specialist: string, rows: TrainRow[]];
  exportSpecialist: [id: string];
  importSpecialist: [blob: Blob];
  workflows: [];
  runWorkflow: [
    id: string,
    request: RunRequest,
    resume: Pick<WorkflowOptions, 'before' | 'decisions'>,
  ];
  chat: [request: ChatCompletionRequest];
  chatStream: [request: ChatCompletionRequest];
  auditExport: [];
  auditVerify: [];
  /** Its requests come by `push`. */
  runBatch: [];
}

/**
 * Host → guest, over the port. `id` is chosen by the host: whole numbers that rise from call to call. Events come for every
 * call.
 */
export type ToGuest =
  | { kind: 'call'; id: number; call: CallName; args: unknown[] }
  | { kind: 'cancel'; id: number }
  /** Requests of a `runBatch`, at most as many as the guest asked for by `want`. */
  | { kind: 'push'; id: number; requests: RunRequest[] }
  /** No further requests; with a message if the host's iterable threw. */
  | { kind: 'end'; id: number }
  /** The reader took so many items of a stream. */
  | { kind: 'took'; id: number; n: number }
  | { kind: 'look'; look: WidgetLook }
  | { kind: 'tokens'; accessTokens: Record<string, string> }
  | { kind: 'focus' }
  | { kind: 'goodbye' };

/** Guest → host, over the port. */
export type ToHost =
  | { kind: 'connected'; nonce: string; protocol: number; build: string; rules: EmbedRules }
  | { kind: 'refused'; nonce: string; failure: WireFailure }
  | { kind: 'accepted'; id: number }
  | { kind: 'event'; id: number; event: FlotillaEvent }
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'failed'; id: number; failure: WireFailure }
  /** Room for so many further requests of a `runBatch`. */
  | { kind: 'want'; id: number; n: number }
  /** Items of a stream, in order. `result` ends the stream. */
  | { kind: 'items'; id: number; items: unknown[] }
  /** Height of the content, CSS px. */
  | { kind: 'height'; px: number }
  /** Escape in the widget: the focus goes back to where it was in the host page. */
  | { kind: 'leave' }
  /** The person used the widget's form: its answer, and the answer after a correction. */
  | { kind: 'answered'; answer: Answer }
  | { kind: 'corrected'; answer: Answer; label: string | null };

/** Items of a stream that are under way before the guest waits for `took`. */
export const STREAM_WINDOW = 256;
/** Requests of a batch that the guest asks for at a time. */
export const BATCH_WINDOW = 128;
