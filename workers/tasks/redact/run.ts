/** Task `redact`: personal data out of a text, placeholders in; the values stay with the one who has the text. */
import * as v from 'valibot';
import { fail, ok, type Failure, type Result } from '../../../src/core/failure.ts';
import type { RedactOutput } from '../../../src/core/outputs.ts';
import { MAX_TEXT_UNITS } from '../../../src/core/request.ts';
import type { Finding, Work, WorkPorts } from '../../../src/core/work.ts';
import { findEntities, type Found } from './find.ts';
import { redactText } from './placeholders.ts';
import { InputSchema, type RedactInput } from './schema.ts';
import { sureness } from './sureness.ts';
import { openTagger, type Tagger } from './tagger.ts';

/** Languages whose names the tagger has practised; in others rules still find what has a form. */
const PRACTISED = new Set(
  'en de fr es it nl pt pl cs sk sl hr sv da no nb fi hu ro tr id vi et lt lv ru uk bg el'.split(
    ' ',
  ),
);
/** Practised on a handful of patterns only. */
const HARDLY_PRACTISED = new Set('ja zh ar fa he hi ko th'.split(' '));
class Stopped extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

let opened: { key: string; tagger: Tagger } | null = null;

async function taggerOf(work: Work, ports: WorkPorts): Promise<Result<Tagger>> {
  const key = work.manifest.files.map((file) => file.sha256).join();
  if (opened?.key === key) return ok(opened.tagger);
  const [json, weights, words] = await Promise.all([
    ports.file('tagger.json'),
    ports.file('weights.bin'),
    ports.file('words.bin'),
  ]);
  if (!json.ok) return json;
  if (!weights.ok) return weights;
  if (!words.ok) return words;
  const tagger = openTagger(json.value, weights.value, words.value);
  if (tagger.ok) opened = { key, tagger: tagger.value };
  return tagger;
}

/** Fails with bad_request, empty_input, input_too_long, deadline, cancelled and what `file` fails with. */
export async function run(work: Work, ports: WorkPorts): Promise<Result<Finding<RedactOutput>>> {
  const startedAt = ports.now();
  const input = v.safeParse(InputSchema, work.input);
  if (!input.success)
    return fail('bad_request', `The input of “redact”: ${v.summarize(input.issues)}`);
  const { text } = work.document;
  if (text.trim() === '') return fail('empty_input', 'There is no text to redact.');
  if (text.length > MAX_TEXT_UNITS)
    return fail(
      'input_too_long',
      `The text has ${text.length} characters; the limit is ${MAX_TEXT_UNITS}.`,
    );
  const tagger = await taggerOf(work, ports);
  if (!tagger.ok) return tagger;
  const found = find(text, tagger.value, ports);
  if (!found.ok) return found;
  const entities = wanted(text, found.value, input.output);
  const output = redactText(
    text,
    entities.map(({ type, start, end, confidence }) => ({
      type,
      start,
      end,
      confidence: rounded(confidence),
    })),
  );
  const confidence = rounded(sureness(found.value, text.length, tagger.value.header));
  const tier = 'rules' as const;
  const attempt = {
    tier,
    specialist: `${work.manifest.id}@${work.manifest.version}`,
    ms: ports.now() - startedAt,
    outcome: `${entities.length} found`,
    confidence,
  };
  return ok({
    output,
    basis: 'measured',
    confidence,
    tier,
    attempts: [attempt],
    doubts: doubtsOf(work),
  });
}

function find(text: string, tagger: Tagger, ports: WorkPorts): Result<Found> {
  try {
    return ok(
      findEntities(text, tagger, (done, total) => {
        if (ports.signal?.aborted === true)
          throw new Stopped({ code: 'cancelled', message: 'The request was cancelled.' });
        if (ports.now() > ports.deadlineAt)
          throw new Stopped({
            code: 'deadline',
            message: `Time was up after ${done} of ${total} pieces.`,
          });
        if (done % 64 === 0) ports.onProgress({ stage: 'reading', done, total });
      }),
    );
  } catch (cause) {
    if (cause instanceof Stopped) return { ok: false, failure: cause.failure };
    throw cause;
  }
}

const rounded = (value: number): number => Number(value.toFixed(3));

function wanted(text: string, { entities }: Found, input: RedactInput): Found['entities'] {
  const types = input?.types && new Set(input.types);
  const keep = new Set(input?.keep?.map((value) => value.trim().toLowerCase()));
  return entities.filter(
    ({ type, start, end }) =>
      (types === undefined || types.has(type)) &&
      !keep.has(text.slice(start, end).trim().toLowerCase()),
  );
}

/** Over-careful finds are no doubt; what may have been missed is. */
function doubtsOf({ document }: Work): string[] {
  const doubts = [...document.notices];
  const code = document.language?.code;
  if (code !== undefined && HARDLY_PRACTISED.has(code))
    doubts.push(
      `Names in this language (${code}) are found only in part; numbers and addresses of the net are found.`,
    );
  else if (code !== undefined && !PRACTISED.has(code))
    doubts.push(
      `Names in this language (${code}) were not practised; only what has a form of its own is found surely.`,
    );
  return doubts;
}
