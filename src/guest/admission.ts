/** May this page embed the widget, and for what? Reads the policy and what the page handed over; starts nothing. */
import * as v from 'valibot';
import type { SessionLimits } from '../core/door.ts';
import { embedRulesFor, type EmbedRules } from '../core/embed.ts';
import { PROTOCOL, type WidgetLook } from '../core/embed-protocol.ts';
import { fail, ok, type Result } from '../core/failure.ts';
import { mayLeave, type MayLeave } from '../core/may-leave.ts';
import { tightenPolicy } from '../core/policy.ts';
import { parseHostRules, policyInForce } from '../core/policy-file.ts';
import type { HostRules, Policy } from '../core/policy-schema.ts';
import type { TaskId } from '../core/request.ts';
import { allowedLook, lookEntries, readLook } from './look.ts';
import type { Greeting } from './handshake.ts';
import { CALL_BUDGET, weigh } from './object-budget.ts';

/** Longest policy file that is read, in UTF-16 units; as on the router thread. */
const MAX_POLICY_UNITS = 262_144;
const MOST_TOKENS = 32;

/** Visible characters only: it becomes a header. */
const AccessTokens = v.pipe(
  v.record(
    v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be the id of a server')),
    v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,8192}$/, 'must be visible ASCII characters')),
  ),
  v.check((tokens) => Object.keys(tokens).length <= MOST_TOKENS, 'too many tokens'),
);

const Options = v.object({
  ...lookEntries,
  hidden: v.boolean(),
  policy: v.exactOptional(v.unknown()),
  accessTokens: v.exactOptional(AccessTokens),
});

/** What a host page was admitted with. */
export interface Admission {
  rules: EmbedRules;
  hidden: boolean;
  look: WidgetLook;
  limits: SessionLimits;
  accessTokens: Record<string, string>;
  /** See WidgetHost. */
  mayLeave(task: TaskId | null): readonly MayLeave[];
  /** Null: it is none, and is to be dropped. */
  readLook(data: unknown): WidgetLook | null;
  readTokens(data: unknown): Record<string, string> | null;
}

/** Fails with version_mismatch, embedding_denied, policy_denied, policy_invalid and bad_request. */
export async function admit(
  { origin, protocol, sdk, options }: Greeting,
  site: { origin: string; policyUrl: string },
): Promise<Result<Admission>> {
  const policy = await loadPolicy(site.policyUrl);
  const rules = embedRulesFor(policy, origin, site.origin);
  // A page without an origin could be anyone's.
  if (!rules || origin === 'null')
    return fail('embedding_denied', `The policy of ${site.origin} does not name ${origin}.`);
  if (protocol !== PROTOCOL) {
    return fail(
      'version_mismatch',
      `The host page speaks version ${protocol} (SDK ${sdk}), this widget version ${PROTOCOL}.`,
    );
  }
  // Without it there are no hashes, and what cannot be checked is not loaded.
  if (!globalThis.isSecureContext) return fail('embedding_denied', NOT_SECURE);
  return admissionOf(options, rules, policy);
}

const NOT_SECURE =
  'This page, or one around it, is not secure: it must be served over https, or from this machine.';

function admissionOf(options: unknown, rules: EmbedRules, inForce: Policy): Result<Admission> {
  const weighed = weigh(options, CALL_BUDGET);
  if (!weighed.ok) return weighed;
  const parsed = v.safeParse(Options, options);
  if (!parsed.success) return fail('bad_request', optionSentence(parsed.issues));
  const { hidden, policy, accessTokens = {}, ...look } = parsed.output;
  const tightened: Result<HostRules | null> =
    policy === undefined ? ok(null) : parseHostRules(policy);
  if (!tightened.ok) return tightened;
  if (!hidden && rules.layouts.length === 0)
    return fail('policy_denied', 'The policy allows this page a hidden widget only.');
  const own = tightened.value ? tightenPolicy(inForce, tightened.value) : inForce;
  return ok({
    rules,
    hidden,
    look: allowedLook(look, rules),
    limits: { tasks: rules.tasks, ...(tightened.value && { policy: tightened.value }) },
    accessTokens,
    mayLeave: (task) =>
      mayLeave(own, task === null ? rules.tasks : rules.tasks.filter((one) => one === task)),
    readLook: (data) => readLook(data, rules),
    readTokens: (data) => {
      const tokens = v.safeParse(AccessTokens, data);
      return tokens.success ? tokens.output : null;
    },
  });
}

/** Whatever goes wrong, the result is a policy: the default, under which only our own pages may embed. */
async function loadPolicy(url: string): Promise<Policy> {
  try {
    const response = await fetch(url, { cache: 'no-cache', credentials: 'same-origin' });
    const text = response.ok ? await response.text() : null;
    return policyInForce(text !== null && text.length <= MAX_POLICY_UNITS ? text : null).policy;
  } catch {
    return policyInForce(null).policy;
  }
}

/** Names the option, never its value: it may be a token. */
function optionSentence(issues: readonly v.BaseIssue<unknown>[]): string {
  const names = issues.slice(0, 3).map((issue) => v.getDotPath(issue) ?? 'the whole object');
  return `The options of connect are not valid: ${names.join(', ')}.`;
}
