/** What goes out: the answer, the decision behind it and the promise it was held against. */
import type { TaskId } from './request.ts';

/** Rungs of the ladder, cheapest first. */
export const TIERS = ['rules', 'static', 'encoder', 'slm', 'server', 'person'] as const;
export type Tier = (typeof TIERS)[number];

export type AnswerStatus = 'accepted' | 'needs_review' | 'refused' | 'cancelled';

/** Why the cascade stopped where it stopped. `fell_back:<cause>` names the failure of a later tier. */
export type ReasonCode =
  | 'local_ok'
  | 'server_ok'
  | 'low_confidence'
  | 'out_of_scope'
  | 'open_ended'
  | 'draft'
  | 'doubtful'
  | 'no_certificate'
  | 'policy_denied'
  | 'consent_denied'
  | 'schema_invalid'
  | 'validator_failed'
  | 'deadline'
  | 'cancelled'
  | 'self_test_failed'
  | 'invalid_input'
  | 'sent_by_hand'
  | 'review_required'
  | `fell_back:${string}`;

/**
 * A threshold with a promise: among the requests accepted at `threshold`, at most `maxError` are wrong, with
 * probability `confidence` over the draw of the calibration rows (Learn-then-Test, exact binomial bound).
 * It holds for the same mix of requests, of which the share `outOfScopeShare` belongs to no label.
 */
export interface Certificate {
  maxError: number;
  confidence: number;
  /** Accept when the answer's confidence is at least this. */
  threshold: number;
  /** Share of in-scope calibration rows accepted at the threshold. */
  coverage: number;
  /** In-scope rows that certified it. */
  n: number;
  /** Out-of-scope rows that certified it. */
  outOfScopeN: number;
  /** Share of out-of-scope requests that the promise assumes, 0..1. */
  outOfScopeShare: number;
}

export interface LabelScore {
  label: string;
  score: number;
}

/** One rung that was tried. `confidence` is calibrated or null. */
export interface Attempt {
  tier: Tier;
  specialist: string;
  ms: number;
  outcome: string;
  confidence: number | null;
}

export interface Decision {
  object: 'routing.decision';
  /** Who produced the output. */
  tier: Tier;
  reason: ReasonCode;
  /** One plain sentence for the person. */
  explanation: string;
  /** The router's view: specialists, best first. */
  classifications: LabelScore[];
  attempts: Attempt[];
  certificate: Certificate | null;
}

export interface Usage {
  ms: number;
  prompt_tokens?: number;
  completion_tokens?: number;
  cost: number;
  currency: string;
}

export interface Answer<Output = unknown> {
  id: string;
  task: TaskId;
  specialist: { id: string; version: string };
  /** Validates against the task's output schema whenever it is not null. */
  output: Output | null;
  /** Calibrated P(output is right), 0..1. */
  confidence: number;
  status: AnswerStatus;
  inferenceSource: 'on_device' | 'in_cloud' | null;
  decision: Decision;
  /** Content bytes that left the device, and the receipt that proves it. */
  egress: { bytes: number; receipt: string | null };
  usage: Usage;
  /** The text that was read out of a file: all offsets refer to it. Left out where the request brought the text. */
  input_text?: string;
  /** Plain sentences: why a person should look, beside the reason. */
  doubts?: string[];
}

/** Output of task `classify`. `label` is null when the request belongs to no label of the specialist. */
export interface ClassifyOutput {
  label: string | null;
  /** Probabilities over the labels, best first (at most eight). */
  scores: LabelScore[];
  /** Further labels of specialists that answer more than one question, e.g. `department`. */
  facets?: Record<string, LabelScore>;
}

/** Output of task `chat`. Generated text is a draft: no certificate covers it. */
export interface ChatOutput {
  message: { role: 'assistant'; content: string };
}
