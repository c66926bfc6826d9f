/** From a failure of a tier to the reason code of the decision. */
import type { ReasonCode } from './answer.ts';
import type { Failure } from './failure.ts';

/** Failures that are reasons of their own; every other one is a fall-back. */
const PLAIN: readonly string[] = ['policy_denied', 'consent_denied', 'deadline', 'cancelled'];

export function reasonOf(failure: Failure): ReasonCode {
  return PLAIN.includes(failure.code) ? (failure.code as ReasonCode) : `fell_back:${failure.code}`;
}
