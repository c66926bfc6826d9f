/** What one connection to the engine may do: limits narrow, one after another, and never widen. */
import * as v from 'valibot';
import type { SessionLimits } from './door.ts';
import { fail, ok, type Result } from './failure.ts';
import { parseHostRules } from './policy-file.ts';
import { tightenPolicy } from './policy.ts';
import type { HostRules, Policy, SomeRules } from './policy-schema.ts';
import { TASKS, type TaskId } from './request.ts';

/** All limits of a connection together. */
export interface Limits {
  /** Each tightens the policy further. */
  rules: readonly HostRules[];
  tasks: readonly TaskId[];
}

export const NO_LIMITS: Limits = { rules: [], tasks: TASKS };

const Tasks = v.optional(v.array(v.picklist(TASKS)));

/** `more` comes from another thread. Fails with policy_invalid, and then nothing has changed. */
export function narrowed(limits: Limits, more: SessionLimits): Result<Limits> {
  const tasks = v.safeParse(Tasks, more.tasks);
  if (!tasks.success) return fail('policy_invalid', 'The host names a task that does not exist.');
  const rules = more.policy === undefined ? ok(null) : parseHostRules(more.policy);
  if (!rules.ok) return rules;
  const { output } = tasks;
  return ok({
    rules: rules.value ? [...limits.rules, rules.value] : limits.rules,
    tasks: output ? limits.tasks.filter((task) => output.includes(task)) : limits.tasks,
  });
}

/**
 * The policy of the connection. A task that is not allowed may still be recognised, which takes the small models; nothing
 * is written for it and nothing of it leaves.
 */
export function limitedPolicy(policy: Policy, { rules, tasks }: Limits): Policy {
  if (rules.length === 0 && tasks.length === TASKS.length) return policy;
  const closed: SomeRules = { egress: 'never', tiers: ['rules', 'static', 'encoder', 'person'] };
  const others = TASKS.filter((task) => !tasks.includes(task));
  const closing: HostRules = {
    defaults: {},
    tasks: Object.fromEntries(others.map((task) => [task, closed])),
  };
  return [...rules, closing].reduce(tightenPolicy, policy);
}

/** Null where the connection may do the task, and for what is no task at all, which the request's reader refuses. */
export function taskDenial({ tasks }: Limits, task: TaskId): Result<never> | null {
  if (tasks.includes(task) || !TASKS.includes(task)) return null;
  const allowed = tasks.length === 0 ? 'nothing' : tasks.map((one) => `“${one}”`).join(', ');
  return fail('policy_denied', `This page may use ${allowed} here, not “${task}”.`);
}
