/** The shape of the policy file and what holds where it says nothing. Unknown keys are errors. */
import * as v from 'valibot';
import { TIERS } from './answer.ts';
import { LAYOUTS, type Layout } from './embed.ts';
import { MODES, TASKS, type TaskId } from './request.ts';
import { addressProblem } from './server-address.ts';

/** RISKS rise; the other lists go from strict to loose. policy.ts relies on the order. */
export const RISKS = ['low', 'medium', 'high'] as const;
export const EGRESS = ['never', 'masked', 'full'] as const;
export const CONSENT = ['never', 'ask', 'auto'] as const;
export const REVIEWS = ['always', 'below_threshold'] as const;

const Milliseconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(600_000));
const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const Name = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be a short lower-case name'),
);

const ruleEntries = {
  risk: v.picklist(RISKS),
  /** Highest share of wrong answers among the accepted ones. */
  max_error: Share,
  tiers: v.array(v.picklist(TIERS)),
  egress: v.picklist(EGRESS),
  consent: v.picklist(CONSENT),
  review: v.picklist(REVIEWS),
  deadline_ms: Milliseconds,
};
/** All rules of one task. */
export type Rules = { [Key in keyof typeof ruleEntries]: v.InferOutput<(typeof ruleEntries)[Key]> };
const SomeRules = v.strictObject({
  risk: v.exactOptional(ruleEntries.risk),
  max_error: v.exactOptional(ruleEntries.max_error),
  tiers: v.exactOptional(ruleEntries.tiers),
  egress: v.exactOptional(ruleEntries.egress),
  consent: v.exactOptional(ruleEntries.consent),
  review: v.exactOptional(ruleEntries.review),
  deadline_ms: v.exactOptional(ruleEntries.deadline_ms),
});
export type SomeRules = v.InferOutput<typeof SomeRules>;

const Price = v.strictObject({
  input_per_mtok: v.pipe(v.number(), v.minValue(0)),
  output_per_mtok: v.pipe(v.number(), v.minValue(0)),
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'must be a currency code such as EUR')),
});

const Server = v.strictObject({
  id: Name,
  base_url: v.pipe(
    v.string(),
    v.rawCheck(({ dataset, addIssue }) => {
      const problem = dataset.typed ? addressProblem(dataset.value) : null;
      if (problem !== null) addIssue({ message: problem });
    }),
  ),
  model: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  /** A server without a region is never called. */
  region: v.optional(Name),
  price: v.optional(Price, { input_per_mtok: 0, output_per_mtok: 0, currency: 'EUR' }),
  timeout_ms: v.optional(Milliseconds, 20_000),
  /** Failed calls in a row before the server is left alone for cooldown_ms. */
  allowed_fails: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 3),
  cooldown_ms: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(86_400_000)),
    30_000,
  ),
  /** Requests per UTC day and browser, retries included. */
  max_requests_per_day: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 500),
});
export type PolicyServer = v.InferOutput<typeof Server>;

/** An address as a server's, without a path: `https://hub.example`. */
const ModelOrigin = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    if (!/^https?:\/\/[a-z0-9.-]+(:\d+)?$/.test(dataset.value))
      addIssue({ message: 'must be an origin such as https://hub.example' });
    else if (addressProblem(dataset.value) !== null)
      addIssue({ message: 'must use https, or be this machine' });
  }),
);

const Origin = v.pipe(
  v.string(),
  v.regex(/^https?:\/\/[a-z0-9.[\]:-]+$/i, 'must be an origin such as https://intranet.example'),
  v.toLowerCase(),
);

/** What a page of this origin may do with the widget; an origin listed here may embed it. */
const Embed = v.strictObject({
  origin: Origin,
  tasks: v.optional(v.array(v.picklist(TASKS)), [...TASKS]),
  layouts: v.optional(v.array(v.picklist(LAYOUTS)), [...LAYOUTS]),
  /** Training, import, export and the audit log, besides answers. */
  manage: v.optional(v.boolean(), true),
  /** The frame may be sandboxed without `allow-same-origin`: it then asks for files without an origin. */
  sandboxed: v.optional(v.boolean(), false),
});

const TaskRules = v.strictObject(
  Object.fromEntries(TASKS.map((task) => [task, v.exactOptional(SomeRules)])) as Record<
    TaskId,
    v.ExactOptionalSchema<typeof SomeRules, undefined>
  >,
);

/** What holds where a policy file says nothing: nothing leaves. */
export const DEFAULT_RULES: Rules = {
  risk: 'medium',
  max_error: 0.05,
  tiers: ['rules', 'static', 'encoder', 'slm', 'person'],
  egress: 'never',
  consent: 'ask',
  review: 'below_threshold',
  deadline_ms: 20_000,
};

/** Writing and reading long documents take longer than sorting. Held where the policy names no deadline. */
const LONG_MS = 120_000;
const TASK_DEADLINES: Partial<Record<TaskId, number>> = {
  chat: LONG_MS,
  extract: LONG_MS,
  summarize: LONG_MS,
  draft: LONG_MS,
  check: 60_000,
  redact: 60_000,
};

/** Held where a policy file does not say otherwise for the task: codes of a clinical note are a person's decision. */
const TASK_RULES: Partial<Record<TaskId, SomeRules>> = {
  code: { risk: 'high', max_error: 0.02, egress: 'never', review: 'always' },
};

const DEFAULT_LICENCES = [
  'apache-2.0',
  'mit',
  'cc-by-4.0',
  'cc-by-3.0',
  'cdla-permissive-1.0',
  'cc0-1.0',
  'public-domain',
];

export const PolicyFile = v.strictObject({
  $schema: v.optional(v.string()),
  version: v.literal(1),
  mode: v.optional(v.picklist(MODES), 'prefer_on_device'),
  defaults: v.optional(SomeRules, {}),
  tasks: v.optional(TaskRules, {}),
  servers: v.optional(
    v.pipe(
      v.array(Server),
      v.check(
        (all) => new Set(all.map((one) => one.id)).size === all.length,
        'two servers have the same id',
      ),
    ),
    [],
  ),
  /** Regions that content may go to. A server elsewhere, or of unknown region, is denied. */
  regions: v.optional(v.array(Name), []),
  /** Licences of specialists that may run. */
  licences: v.optional(v.array(Name), DEFAULT_LICENCES),
  /** Origins that model files may be fetched from, never asked with content; the first one is the hub. */
  model_sources: v.optional(v.array(ModelOrigin), []),
  /** Origins that may embed the widget, for everything that the policy allows. */
  frame_ancestors: v.optional(v.array(Origin), []),
  /** Origins that may embed the widget, each for what its entry says. */
  embeds: v.optional(v.array(Embed), []),
});

/** A policy with every default filled in. */
export interface Policy {
  version: 1;
  mode: (typeof MODES)[number];
  defaults: Rules;
  tasks: Partial<Record<TaskId, SomeRules>>;
  servers: PolicyServer[];
  regions: string[];
  licences: string[];
  model_sources: string[];
  frame_ancestors: string[];
  embeds: {
    origin: string;
    tasks: TaskId[];
    layouts: Layout[];
    manage: boolean;
    sandboxed: boolean;
  }[];
}

/** The rules of the tasks, with what holds where the file says nothing. */
export function tasksInForce(tasks: Policy['tasks'], withDeadlines: boolean): Policy['tasks'] {
  const inForce: Policy['tasks'] = { ...tasks };
  for (const task of TASKS) {
    const deadline = withDeadlines ? TASK_DEADLINES[task] : undefined;
    const rules = {
      ...(deadline && { deadline_ms: deadline }),
      ...TASK_RULES[task],
      ...tasks[task],
    };
    if (Object.keys(rules).length > 0) inForce[task] = rules;
  }
  return inForce;
}

export const DEFAULT_POLICY: Policy = {
  version: 1,
  mode: 'only_on_device',
  defaults: DEFAULT_RULES,
  tasks: tasksInForce({}, true),
  servers: [],
  regions: [],
  licences: DEFAULT_LICENCES,
  model_sources: [],
  frame_ancestors: [],
  embeds: [],
};

/** Parts of a policy that a host page may hand over in order to tighten it. */
export const HostRules = v.strictObject({
  mode: v.optional(v.picklist(MODES)),
  defaults: v.optional(SomeRules, {}),
  tasks: v.optional(TaskRules, {}),
  regions: v.optional(v.array(Name)),
  /** Ids of the servers that may be used; others are dropped. */
  servers: v.optional(v.array(Name)),
});
export type HostRules = v.InferOutput<typeof HostRules>;
