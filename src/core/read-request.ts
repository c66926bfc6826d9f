/** Turns a request into text, or says in words what is wrong with it. */
import { fail, ok, type Result } from './failure.ts';
import { MAX_TEXT_UNITS, MODES, TASKS, type RunRequest, type TaskId } from './request.ts';
import type { ModelName, SlmPort } from './ports.ts';
import type { LoadedSpecialist } from './specialist.ts';

export interface ReadRequest {
  text: string;
  task: TaskId;
  /** Null: the router decides. */
  specialist: LoadedSpecialist | null;
  /** The language model that is to write; null for every other task. */
  model: ModelName | null;
}

/** Half of a character, as broken input may contain it. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Something that a reader could see: not white space, not a control or format character. */
const VISIBLE = /[^\s\p{Cc}\p{Cf}]/u;

/** The language model that a build ships. */
export const HOUSE_MODEL = 'house-slm';

/** The tasks that this build has code for. */
const OFFERED: readonly TaskId[] = ['classify', 'chat'];

/** Checks a request and finds the specialist that it names. The text of a file was read before. */
export function readRequest(
  request: RunRequest,
  text: string,
  specialists: readonly LoadedSpecialist[],
  models: Pick<SlmPort, 'modelFor'>,
): Result<ReadRequest> {
  const { task, mode } = request;
  if (task !== undefined && !TASKS.includes(task))
    return fail('unknown_task', `There is no task “${task}”.`);
  if (task !== undefined && !OFFERED.includes(task))
    return fail('unknown_task', `No specialist of this fleet does “${task}” yet.`);
  if (mode !== undefined && !MODES.includes(mode))
    return fail('bad_request', `There is no mode “${mode}”.`);
  if (typeof text !== 'string')
    return fail('bad_request', 'The text of a request must be a string.');
  if (!VISIBLE.test(text)) return fail('empty_input', 'There is no text to work on.');
  if (text.length > MAX_TEXT_UNITS) {
    return fail(
      'input_too_long',
      `The text has ${text.length} characters; at most ${MAX_TEXT_UNITS} are read.`,
    );
  }
  if (request.specialist !== undefined && typeof request.specialist !== 'string')
    return fail('bad_request', 'The specialist of a request must be named by a string.');
  const kept = text.replace(LONE_SURROGATE, '\ufffd');
  const named =
    request.specialist === undefined ? null : findSpecialist(request.specialist, specialists);
  const model = named ? null : modelOf(request, models);
  if (model) return ok({ text: kept, task: 'chat', specialist: null, model });
  if (request.specialist !== undefined && !named) {
    return fail(
      'unknown_specialist',
      `There is no specialist “${request.specialist}” in this fleet.`,
    );
  }
  if (task === 'chat') return fail('bad_request', noWriter(named));
  return ok({ text: kept, task: task ?? 'classify', specialist: named, model: null });
}

const noWriter = (named: LoadedSpecialist | null): string =>
  named
    ? `“${named.manifest.id}” sorts texts and cannot chat.`
    : 'This build ships no language model, and none is stored on this device.';

/** The language model of a request: the one that it names, or the preferred one for task chat. */
function modelOf(
  { task, specialist }: RunRequest,
  models: Pick<SlmPort, 'modelFor'>,
): ModelName | null {
  if (task !== undefined && task !== 'chat') return null;
  if (specialist !== undefined) {
    const [id = '', version] = specialist.split('@');
    const model = models.modelFor(id);
    const fits = version === undefined || version === 'champion' || version === model?.version;
    return fits ? model : null;
  }
  return task === 'chat' ? (models.modelFor(null) ?? models.modelFor(HOUSE_MODEL)) : null;
}

/** Finds `id`, `id@version` or `id@champion`. */
export function findSpecialist(
  name: string,
  specialists: readonly LoadedSpecialist[],
): LoadedSpecialist | null {
  const [id, version, ...rest] = name.split('@');
  const matches = specialists.filter(
    (s) =>
      s.manifest.id === id &&
      (version === undefined || version === 'champion' || s.manifest.version === version),
  );
  return rest.length === 0 ? (matches[0] ?? null) : null;
}
