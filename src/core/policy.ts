/** What the policy allows: pure decisions. Hosts and requests can tighten it, never loosen it. */
import { TIERS, type Tier } from './answer.ts';
import {
  CONSENT,
  EGRESS,
  REVIEWS,
  RISKS,
  type HostRules,
  type Policy,
  type PolicyServer,
  type Rules,
  type SomeRules,
} from './policy-schema.ts';
import { MODES, TASKS, type Mode, type TaskId } from './request.ts';

/** May content go to a server, and how? A denial has a reason for the audit row and a sentence for the person. */
export type EgressVerdict =
  | { allowed: true; masking: 'masked' | 'full'; consent: 'ask' | 'auto' }
  | { allowed: false; reason: EgressDenial; explanation: string };

export type EgressDenial =
  | 'mode_on_device'
  | 'egress_never'
  | 'consent_never'
  | 'tier_not_allowed'
  | 'no_server'
  | 'unknown_server'
  | 'region_unknown'
  | 'region_denied';

/** The rules of a task: its own, over the defaults. */
export function rulesFor(policy: Policy, task: TaskId): Rules {
  return { ...policy.defaults, ...policy.tasks[task] };
}

/** The stricter of the policy's mode and the wish of a request or host. */
export function modeInForce(policy: Policy, mode?: Mode): Mode {
  return mode === undefined ? policy.mode : stricter(MODES, policy.mode, mode);
}

/**
 * Tiers that may be tried, in the order in which to try them. `prefer_in_cloud` moves the server to the front,
 * `only_in_cloud` leaves the server and the person. The server is in the list only if content may leave.
 */
export function allowedTiers(policy: Policy, task: TaskId, mode?: Mode): Tier[] {
  const inForce = modeInForce(policy, mode);
  const { tiers } = rulesFor(policy, task);
  const mayLeave = usableServers(policy, task, mode).length > 0;
  const allowed = TIERS.filter((tier) => tiers.includes(tier) && (tier !== 'server' || mayLeave));
  if (inForce === 'only_in_cloud')
    return allowed.filter((tier) => tier === 'server' || tier === 'person');
  if (inForce !== 'prefer_in_cloud' || !allowed.includes('server')) return allowed;
  return ['server', ...allowed.filter((tier) => tier !== 'server')];
}

/** The promised error to hold answers of the task against. */
export function maxErrorFor(policy: Policy, task: TaskId): number {
  return rulesFor(policy, task).max_error;
}

export function deadlineMsFor(policy: Policy, task: TaskId): number {
  return rulesFor(policy, task).deadline_ms;
}

/** Does a person look at every answer of the task, however sure it is? */
export function alwaysReviewed(policy: Policy, task: TaskId): boolean {
  return rulesFor(policy, task).review === 'always';
}

export function licenceAllowed(policy: Policy, licence: string): boolean {
  return policy.licences.includes(licence.toLowerCase());
}

/** Servers that content of the task may go to, in the order of the file. */
export function usableServers(policy: Policy, task: TaskId, mode?: Mode): PolicyServer[] {
  return policy.servers.filter((server) => egressAllowed(policy, task, server.id, mode).allowed);
}

/** May content of the task go to this server? Everything that is not plainly allowed is denied. */
export function egressAllowed(
  policy: Policy,
  task: TaskId,
  serverId: string,
  mode?: Mode,
): EgressVerdict {
  const rules = rulesFor(policy, task);
  if (modeInForce(policy, mode) === 'only_on_device') {
    return denied('mode_on_device', 'The mode is "only on device", so nothing may leave.');
  }
  if (rules.egress === 'never')
    return denied('egress_never', `The policy keeps content of "${task}" on this device.`);
  if (rules.consent === 'never') {
    return denied(
      'consent_never',
      `The policy says that consent to send "${task}" is never given.`,
    );
  }
  if (!rules.tiers.includes('server'))
    return denied('tier_not_allowed', `The policy allows no server for "${task}".`);
  const server = policy.servers.find((one) => one.id === serverId);
  if (!server) return denied('unknown_server', `The policy names no server "${serverId}".`);
  if (server.region === undefined) {
    return denied('region_unknown', `The policy does not say in which region "${server.id}" is.`);
  }
  if (!policy.regions.includes(server.region)) {
    return denied(
      'region_denied',
      `"${server.id}" is in region "${server.region}", which the policy does not allow.`,
    );
  }
  return { allowed: true, masking: rules.egress, consent: rules.consent };
}

/** Why no server may be used for the task: the reason of the first one, or that there is none. */
export function whyNoServer(
  policy: Policy,
  task: TaskId,
  mode?: Mode,
): EgressVerdict & { allowed: false } {
  const first = egressAllowed(policy, task, policy.servers[0]?.id ?? '', mode);
  if (!first.allowed && first.reason !== 'unknown_server') return first;
  return denied('no_server', 'The policy names no server.');
}

/** The stricter of both in every respect. What a host asks for beyond the policy has no effect. */
export function tightenPolicy(base: Policy, host: HostRules): Policy {
  const tasks: Policy['tasks'] = {};
  for (const task of TASKS) {
    tasks[task] = tightenRules(
      tightenRules(rulesFor(base, task), host.defaults),
      host.tasks[task] ?? {},
    );
  }
  return {
    ...base,
    mode: modeInForce(base, host.mode),
    defaults: tightenRules(base.defaults, host.defaults),
    tasks,
    servers: base.servers.filter((server) => host.servers?.includes(server.id) ?? true),
    regions: base.regions.filter((region) => host.regions?.includes(region) ?? true),
  };
}

function tightenRules(base: Rules, by: SomeRules): Rules {
  return {
    risk: stricter([...RISKS].reverse(), base.risk, by.risk ?? base.risk),
    max_error: Math.min(base.max_error, by.max_error ?? base.max_error),
    tiers: base.tiers.filter((tier) => by.tiers?.includes(tier) ?? true),
    egress: stricter(EGRESS, base.egress, by.egress ?? base.egress),
    consent: stricter(CONSENT, base.consent, by.consent ?? base.consent),
    review: stricter(REVIEWS, base.review, by.review ?? base.review),
    deadline_ms: Math.min(base.deadline_ms, by.deadline_ms ?? base.deadline_ms),
  };
}

/** The one that comes first in an order from strict to loose. */
function stricter<T>(fromStrictToLoose: readonly T[], a: T, b: T): T {
  return fromStrictToLoose.indexOf(a) <= fromStrictToLoose.indexOf(b) ? a : b;
}

function denied(reason: EgressDenial, explanation: string): EgressVerdict & { allowed: false } {
  return { allowed: false, reason, explanation };
}
