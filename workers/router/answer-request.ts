/** One request on the router thread: reads what it brings, finds out what is to be done, hands it to the task. */
import type { Answer } from '../../src/core/answer.ts';
import { textToSort } from '../../src/core/document-parts.ts';
import type { ReadDocument } from '../../src/core/document.ts';
import { withEmailFacets } from '../../src/core/email-facets.ts';
import { ok, type Result } from '../../src/core/failure.ts';
import { handleRequest } from '../../src/core/handle-request.ts';
import { handleWork } from '../../src/core/handle-work.ts';
import type { HandleOptions, Ports } from '../../src/core/ports.ts';
import { findSpecialist, readRequest } from '../../src/core/read-request.ts';
import { record } from '../../src/core/record.ts';
import type { RunRequest, TaskId } from '../../src/core/request.ts';
import {
  asksForKind,
  KINDS_OF_DOCUMENTS,
  routeOf,
  specialistOfKind,
  type FileRoute,
} from '../../src/core/route-file.ts';
import type { WorkManifest } from '../../src/core/work.ts';
import type { LanguageModels } from './generation/language-models.ts';
import type { Works } from './works/works.ts';

export interface Answerers {
  works: Works;
  models: LanguageModels;
  /** Why the connection may not do a task; null where it may. */
  denial: (task: TaskId) => Result<never> | null;
}

/** Fails for a wrong call, and where the file cannot be read. */
export async function answerRequest(
  request: RunRequest,
  { works, models, denial }: Answerers,
  ports: Ports,
  options: HandleOptions,
): Promise<Result<Answer>> {
  const refused = request.task === undefined ? null : denial(request.task);
  if (refused) return refused;
  const document = await works.read(request, options);
  if (!document.ok) return document;
  const named = await works.choose(request, document.value);
  if (!named.ok) return named;
  const worked = async (work: WorkManifest, route: FileRoute | null): Promise<Result<Answer>> => {
    const denied = denial(work.task);
    if (denied) return denied;
    // A knowledge base is named by its id, and travels as a whole.
    const input = await works.knowledge.resolve(request.input);
    if (!input.ok) return input;
    const whole = { ...request, input: input.value };
    return handleWork(
      whole,
      document.value,
      work,
      { ...ports, works: works.thread },
      options,
      route,
    );
  };
  if (named.value) return worked(named.value, null);
  if (asksForKind(request, document.value)) {
    const routed = await routeFile(request, document.value, works, ports, options);
    if (!routed.ok) return routed;
    const { work, route, answer } = routed.value;
    if (work) return worked(work, route);
    if (answer) return denial(answer.task) ?? ok(answer);
  }
  if (mayChat(request, ports)) await models.open();
  const text = textToSort(document.value);
  const read = readRequest(request, text, ports.specialists(), ports.slm);
  const denied = read.ok ? denial(read.value.task) : read;
  if (denied) return denied;
  const answer = await handleRequest(request, text, ports, options);
  if (!answer.ok || !document.value.email) return answer;
  const whole = await withEmailFacets(answer.value, document.value, ports, options);
  return ok({ ...whole, input_text: document.value.text });
}

interface Routed {
  work: WorkManifest | null;
  route: FileRoute | null;
  /** Where telling the kind of the file is all there is to do. */
  answer: Answer | null;
}

/** What to do with a file, or a text of many lines, that came without a word. All null: no specialist of this fleet can tell. */
async function routeFile(
  request: RunRequest,
  document: ReadDocument,
  works: Works,
  ports: Ports,
  options: HandleOptions,
): Promise<Result<Routed>> {
  const find = async (specialist: string): Promise<WorkManifest | null> => {
    const found = await works.choose({ ...request, specialist }, document);
    return found.ok ? found.value : null;
  };
  const invoice = document.invoiceXml === null ? null : await find('invoices');
  if (invoice) return ok({ work: invoice, route: null, answer: null });
  if (!findSpecialist(KINDS_OF_DOCUMENTS, ports.specialists()))
    return ok({ work: null, route: null, answer: null });
  const kind = await handleRequest(
    { ...request, specialist: KINDS_OF_DOCUMENTS },
    document.text,
    { ...ports, audit: null },
    options,
  );
  if (!kind.ok) return kind;
  const specialist = specialistOfKind(kind.value, document);
  const work = specialist === null ? null : await find(specialist);
  if (work) return ok({ work, route: routeOf(kind.value), answer: null });
  // A text that is no such document is a request.
  if (document.kind === 'text') return ok({ work: null, route: null, answer: null });
  await record(kind.value, document.text, ports);
  const answer = { ...kind.value, input_text: document.text };
  return ok({ work: null, route: null, answer });
}

/** Does the request name a language model, or something that no specialist is called? */
function mayChat({ task, specialist }: RunRequest, ports: Ports): boolean {
  const named = specialist !== undefined && findSpecialist(specialist, ports.specialists());
  return task === 'chat' || named === null;
}
