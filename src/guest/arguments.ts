/** Arguments of the calls, as a host page may hand them over: unknown data in, checked arguments or a sentence out. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../core/failure.ts';
import type { NamedBlob } from '../core/intake.ts';
import { MAX_TEXT_UNITS, MODES, TASKS, type RunRequest } from '../core/request.ts';
import type { TrainRow, TrainSpec, WorkflowOptions } from '../core/threads.ts';

const Name = v.pipe(v.string(), v.maxLength(200));
/** How long a text and how large a file may be is told by those who read them: as an answer, where it is one of a batch. */
const Text = v.string();
const File = v.blob();
const Row = v.object({
  text: v.pipe(v.string(), v.maxLength(MAX_TEXT_UNITS)),
  label: v.pipe(v.string(), v.maxLength(1000)),
});
const Rows = v.array(Row);
const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const Line = v.object({
  text: Text,
  box: v.tuple([v.number(), v.number(), v.number(), v.number()]),
  page: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

const Request = v.object({
  text: v.exactOptional(Text),
  file: v.exactOptional(File),
  lines: v.exactOptional(v.array(Line)),
  task: v.exactOptional(v.picklist(TASKS)),
  specialist: v.exactOptional(Name),
  mode: v.exactOptional(v.picklist(MODES)),
  // Extras of the task, which checks them by its own schema.
  input: v.exactOptional(v.unknown()),
});

const isNamed = (blob: Blob): blob is NamedBlob => 'name' in blob && typeof blob.name === 'string';

const NamedFile = v.pipe(File, v.guard(isNamed));

const Spec = v.object({
  id: Name,
  title: Name,
  task: v.literal('classify'),
  rows: v.lazy((rows) => (Array.isArray(rows) ? Rows : NamedFile)),
  outOfScope: v.exactOptional(v.array(Text)),
  maxError: v.exactOptional(Share),
  confidence: v.exactOptional(Share),
  seed: v.exactOptional(v.pipe(v.number(), v.safeInteger())),
});

/** The records come from this widget and go back to it; the engine checks them against the workflow. */
const Resume = v.object({
  before: v.exactOptional(v.record(v.string(), v.unknown())),
  decisions: v.exactOptional(v.record(v.string(), v.unknown())),
});

export const readRequest = (data: unknown): Result<RunRequest> =>
  read(Request, data, 'The request');

export const readSpec = (data: unknown): Result<TrainSpec> => read(Spec, data, 'What to train');

export const readRows = (data: unknown): Result<TrainRow[]> => read(Rows, data, 'The rows');

export const readName = (data: unknown): Result<string> => read(Name, data, 'The id');

export const readBlob = (data: unknown): Result<Blob> => read(File, data, 'The file');

export const readResume = (data: unknown): Result<Pick<WorkflowOptions, 'before' | 'decisions'>> =>
  read(Resume, data ?? {}, 'The options') as Result<Pick<WorkflowOptions, 'before' | 'decisions'>>;

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  data: unknown,
  what: string,
): Result<v.InferOutput<Schema>> {
  const parsed = v.safeParse(schema, withoutUndefined(data));
  return parsed.success ? ok(parsed.output) : refusal(what, parsed.issues[0]);
}

/** A key that holds undefined is a key that was left out. */
function withoutUndefined(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data) || data instanceof Blob)
    return data;
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

/** Says where and what, in the words of the limit; never the value itself. */
function refusal(what: string, issue: v.BaseIssue<unknown>) {
  const where = v.getDotPath(issue);
  const place = where === null ? what : `${what}: “${where}”`;
  if (issue.type === 'max_length')
    return fail(
      'input_too_long',
      `${place} has more than ${String(issue.requirement)} characters.`,
    );
  if (issue.type === 'picklist' && where === 'task')
    return fail('unknown_task', `${place} is not a task of this fleet.`);
  return fail('bad_request', `${place} is not ${issue.expected ?? 'valid'}.`);
}
