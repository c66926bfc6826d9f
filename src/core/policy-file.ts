/** Reads the policy file. What it allows is decided in policy.ts. */
import * as v from 'valibot';
import { fail, ok, type Failure, type Result } from './failure.ts';
import {
  DEFAULT_POLICY,
  DEFAULT_RULES,
  HostRules,
  PolicyFile,
  tasksInForce,
  type Policy,
} from './policy-schema.ts';

export { DEFAULT_POLICY, type Policy } from './policy-schema.ts';

/** Reads the text of policy.json. Fails with policy_invalid; the message names the key. */
export function parsePolicy(text: string): Result<Policy> {
  const data = parseJson(text);
  if (!data.ok) return data;
  const parsed = v.safeParse(PolicyFile, data.value);
  if (!parsed.success) return fail('policy_invalid', issueSentence('policy.json', parsed.issues));
  const rules = withoutSchemaKey(parsed.output);
  const { defaults, tasks } = rules;
  return ok({
    ...rules,
    defaults: { ...DEFAULT_RULES, ...defaults },
    tasks: tasksInForce(tasks, defaults.deadline_ms === undefined),
  });
}

/** `$schema` helps editors and is no part of the policy. */
const withoutSchemaKey = ({ $schema: _, ...rules }: v.InferOutput<typeof PolicyFile>) => rules;

/** Reads what a host page hands over. Fails with policy_invalid. */
export function parseHostRules(data: unknown): Result<HostRules> {
  const parsed = v.safeParse(HostRules, data);
  return parsed.success
    ? ok(parsed.output)
    : fail('policy_invalid', issueSentence('The host policy', parsed.issues));
}

/** The policy in force, where it came from and what the person must be told about it. */
export interface PolicyInForce {
  policy: Policy;
  source: 'file' | 'default';
  problem: Failure | null;
  text: string;
}

/** `text` is the content of policy.json, or null when it could not be read. A bad file is as strict as none. */
export function policyInForce(text: string | null): PolicyInForce {
  const parsed =
    text === null ? fail('policy_invalid', 'policy.json could not be read') : parsePolicy(text);
  if (parsed.ok) return { policy: parsed.value, source: 'file', problem: null, text: text ?? '' };
  return { policy: DEFAULT_POLICY, source: 'default', problem: parsed.failure, text: text ?? '' };
}

function parseJson(text: string): Result<unknown> {
  try {
    return ok(JSON.parse(text) as unknown);
  } catch (error) {
    return fail(
      'policy_invalid',
      `policy.json is not JSON: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
}

function issueSentence(source: string, issues: readonly v.BaseIssue<unknown>[]): string {
  const problems = issues.slice(0, 3).map((issue) => {
    const key = v.getDotPath(issue) ?? 'the whole file';
    if (issue.type === 'strict_object' && issue.expected === 'never') return `unknown key "${key}"`;
    return `"${key}": ${issue.message}`;
  });
  return `${source} is not valid: ${problems.join('; ')}`;
}
