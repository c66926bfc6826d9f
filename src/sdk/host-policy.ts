/** What a host page may add to the policy, as it writes it. The frame reads it with `HostRules` of src/core/policy-schema.ts. */
import type { Tier } from '../core/answer.ts';
import type { Mode, TaskId } from '../core/request.ts';

/** Rules of a task. Each only tightens: the stricter of this and the policy holds. */
export interface HostTaskRules {
  risk?: 'low' | 'medium' | 'high';
  /** Highest share of wrong answers among the accepted ones, 0..1. */
  max_error?: number;
  /** Who may answer. */
  tiers?: Tier[];
  /** May content leave the device, and how? */
  egress?: 'never' | 'masked' | 'full';
  /** Is a person asked before content leaves? */
  consent?: 'never' | 'ask' | 'auto';
  /** Which answers does a person look at? */
  review?: 'always' | 'below_threshold';
  deadline_ms?: number;
}

/** Tightens the policy of Flotilla for this page. */
export interface HostPolicy {
  mode?: Mode | undefined;
  /** For every task. */
  defaults?: HostTaskRules | undefined;
  tasks?: Partial<Record<TaskId, HostTaskRules>> | undefined;
  /** Regions that content may go to. */
  regions?: string[] | undefined;
  /** Ids of the servers that may be used; the others may not. */
  servers?: string[] | undefined;
}
