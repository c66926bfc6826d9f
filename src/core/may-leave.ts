/** What may leave the device at most, in the terms in which the widget says so. Decided from the policy alone. */
import { egressAllowed } from './policy.ts';
import type { Policy } from './policy-schema.ts';
import type { TaskId } from './request.ts';

/** One server that content may go to. */
export interface MayLeave {
  /** Id in the policy. */
  server: string;
  region: string;
  masking: 'masked' | 'full';
  consent: 'ask' | 'auto';
}

/** Kinds of work that can ask a server; every other one stays on the device whatever the policy allows. */
export const ASKS_SERVERS: readonly TaskId[] = ['classify', 'extract'];

/**
 * Servers that content of these tasks may go to, each once with the loosest of its rules. `policy` is the one in force:
 * tightened by the host, if it has rules of its own.
 */
export function mayLeave(policy: Policy, tasks: readonly TaskId[]): MayLeave[] {
  return policy.servers.flatMap((server) => {
    const verdicts = tasks
      .filter((task) => ASKS_SERVERS.includes(task))
      .map((task) => egressAllowed(policy, task, server.id))
      .filter((verdict) => verdict.allowed);
    if (verdicts.length === 0) return [];
    const masking = verdicts.some((one) => one.masking === 'full') ? 'full' : 'masked';
    const consent = verdicts.some((one) => one.consent === 'auto') ? 'auto' : 'ask';
    return [{ server: server.id, region: server.region ?? '', masking, consent } as const];
  });
}
