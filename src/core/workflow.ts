/** A workflow is a file of steps: each step is a request to the fleet, made from what came in and what earlier steps found. */
import * as v from 'valibot';
import type { Answer, Tier } from './answer.ts';
import { fail, ok, type Result } from './failure.ts';
import { TASKS, type TaskId } from './request.ts';

const Id = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]{0,39}$/u, 'must be a short lower-case name'),
);
const Words = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

/**
 * `$document.text`, `$email.body`, `$input.order`, `$fields.output.fields.total_gross.value`: a value of the document, of
 * the e-mail, of what the person gave besides, or of an earlier step's answer.
 */
const Reference = v.pipe(
  v.string(),
  v.regex(/^\$[a-z][a-z0-9-]*(\.[A-Za-z0-9_]+)*$/u, 'must be a reference such as $step.output.x'),
  v.maxLength(200),
);

/** Is there such a value, and is it one of these? */
const When = v.strictObject({
  value: Reference,
  in: v.exactOptional(v.array(v.union([v.string(), v.number(), v.boolean(), v.null()]))),
  not: v.exactOptional(v.boolean()),
});

const Step = v.strictObject({
  id: Id,
  title: Words,
  task: v.picklist(TASKS),
  specialist: v.exactOptional(v.string()),
  /** What the step works on: the document as it came (default), the first attachment of this kind, or a text. */
  on: v.exactOptional(
    v.union([
      v.literal('document'),
      v.strictObject({ attachment: v.array(v.picklist(['pdf', 'xml', 'image'])) }),
      v.strictObject({ text: Reference }),
    ]),
  ),
  /** Task-specific extras; a string that begins with `$` is a reference, also inside lists and objects. */
  input: v.exactOptional(v.record(v.string(), v.unknown())),
  when: v.exactOptional(When),
  /** Left out, with the reason, where it cannot work on what it got (no XML in the PDF, nothing to check against). */
  optional: v.exactOptional(v.boolean()),
  /** `person`: where the answer is not accepted, a person decides before the next step. Else the next step goes on. */
  doubt: v.exactOptional(v.picklist(['person', 'go_on'])),
});
export type WorkflowStep = v.InferOutput<typeof Step>;

/** Something that the person gives beside the document, e.g. the order. */
const Extra = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]{0,39}$/u)),
  title: Words,
  kind: v.picklist(['text', 'table', 'knowledge']),
  required: v.boolean(),
  example: v.exactOptional(v.pipe(v.string(), v.maxLength(8000))),
});

const Workflow_ = v.strictObject({
  $schema: v.exactOptional(v.string()),
  schema: v.literal(1),
  id: Id,
  version: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+$/u)),
  title: Words,
  description: Words,
  takes: Words,
  extras: v.array(Extra),
  steps: v.pipe(v.array(Step), v.minLength(1), v.maxLength(20)),
  /** Named values of the record, for tables and host pages. */
  result: v.record(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]{0,39}$/u)), Reference),
  example: v.strictObject({ text: v.pipe(v.string(), v.minLength(1), v.maxLength(20_000)) }),
});
export type Workflow = v.InferOutput<typeof Workflow_>;

/** Names that references may begin with besides the steps'. */
const SOURCES = ['document', 'email', 'input'];

/** Reads a workflow file. Fails with file_corrupt: shape, doubled ids, references to what comes later or does not exist. */
export function parseWorkflow(value: unknown, name: string): Result<Workflow> {
  const parsed = v.safeParse(Workflow_, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const where = v.getDotPath(issue) ?? 'top';
    return fail('file_corrupt', `${name} is not valid at “${where}”: ${issue.message}.`);
  }
  const problem = referenceProblem(parsed.output);
  return problem === null ? ok(parsed.output) : fail('file_corrupt', `${name}: ${problem}`);
}

function referenceProblem({ steps, result }: Workflow): string | null {
  const known = new Set(SOURCES);
  for (const step of steps) {
    if (known.has(step.id)) return `the name “${step.id}” is taken.`;
    for (const reference of referencesIn([step.on, step.input, step.when])) {
      const source = sourceOf(reference);
      if (!known.has(source))
        return `“${step.id}” refers to “${source}”, which is no earlier step.`;
    }
    known.add(step.id);
  }
  const lost = Object.values(result).find((reference) => !known.has(sourceOf(reference)));
  return lost === undefined ? null : `its result refers to “${lost}”, which is no step.`;
}

const sourceOf = (reference: string): string => reference.slice(1).split('.')[0] ?? '';

export const isReference = (value: unknown): value is string =>
  typeof value === 'string' && v.is(Reference, value);

/** All references in a value, however deep. */
export function referencesIn(value: unknown): string[] {
  if (isReference(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

export type StepState = 'done' | 'waiting' | 'skipped' | 'failed';

export interface StepRecord {
  id: string;
  title: string;
  task: TaskId;
  state: StepState;
  /** Why it was skipped or failed, or what a person must decide. */
  why: string;
  answer: Answer | null;
  /** True where a person decided: the output is theirs. */
  decided: boolean;
}

/** The one record of a run: what was done, by whom, how long it took and what it cost. */
export interface WorkflowRecord {
  id: string;
  workflow: string;
  version: string;
  /** ISO 8601, UTC. */
  time: string;
  state: 'done' | 'waiting' | 'failed' | 'cancelled';
  steps: StepRecord[];
  result: Record<string, unknown>;
  totals: {
    ms: number;
    cost: number;
    currency: string;
    /** Content bytes that left the device. */
    egressBytes: number;
    tiers: Partial<Record<Tier, number>>;
    accepted: number;
    reviewed: number;
  };
}

/** What a person decided for a step that waited: its output, right as it is or as they wrote it. */
export type Decisions = Record<string, unknown>;
