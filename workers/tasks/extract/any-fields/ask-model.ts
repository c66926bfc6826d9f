/** Asks a language model of this device for the fields that rules did not find; what the text does not hold is dropped. */
import type { GenerateRequest } from '../../../../src/core/generation.ts';
import type { Work, WorkPorts } from '../../../../src/core/work.ts';
import type { Attempt } from '../../../../src/core/answer.ts';
import type { FoundValue } from './find-fields.ts';
import { placeOf } from './ground.ts';
import type { AskedField } from './schema-fields.ts';

/** Characters of the text that the model reads: a small model's context holds little more. */
const MOST_TEXT = 4000;
const MOST_TOKENS = 400;

export interface ModelFound {
  values: Map<string, FoundValue>;
  attempt: Attempt | null;
  usage: { prompt_tokens: number; completion_tokens: number } | null;
}

const NOTHING: ModelFound = { values: new Map(), attempt: null, usage: null };

/** Only single strings are asked for: numbers, dates and lists are a matter of rules. */
export async function askModel(
  work: Work,
  ports: WorkPorts,
  open: readonly AskedField[],
): Promise<ModelFound> {
  const asked = open.filter(
    (field) => field.type === 'string' && !field.list && field.format === null && !field.choices,
  );
  if (asked.length === 0 || !ports.tiers.includes('slm')) return NOTHING;
  const model = await ports.slm.modelFor(null);
  if (!model?.stored) return NOTHING;
  const from = ports.now();
  const result = await ports.slm.generate(model.id, requestOf(work.document.text, asked), {
    deadlineAt: ports.deadlineAt,
  });
  const attempt = (outcome: string): Attempt => ({
    tier: 'slm',
    specialist: model.id,
    ms: ports.now() - from,
    outcome,
    confidence: null,
  });
  if (!result.ok) return { ...NOTHING, attempt: attempt(result.failure.code) };
  const values = groundedIn(work.document.text.slice(0, MOST_TEXT), result.value.text, asked);
  const usage = {
    prompt_tokens: result.value.promptTokens,
    completion_tokens: result.value.tokens.length,
  };
  return { values, attempt: attempt(values.size > 0 ? 'found' : 'nothing_grounded'), usage };
}

export function requestOf(text: string, asked: readonly AskedField[]): GenerateRequest {
  const properties = asked.map(({ name }): [string, unknown] => [
    name,
    { type: ['string', 'null'], maxLength: 120 },
  ]);
  const schema = {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: asked.map(({ name }) => name),
    additionalProperties: false,
  };
  const list = asked.map(({ name, description, examples }) => {
    const like = examples.length > 0 ? ` (for example ${examples.slice(0, 3).join(', ')})` : '';
    return `- ${name}${description ? `: ${description}` : ''}${like}`;
  });
  const content = `Text:\n${text.slice(0, MOST_TEXT)}\n\nCopy these fields out of the text, word for word. Write null where the text does not name a field.\n${list.join('\n')}\nAnswer as JSON.`;
  return {
    turns: [{ role: 'user', content }],
    maxTokens: MOST_TOKENS,
    temperature: 0,
    topP: 1,
    seed: null,
    stop: [],
    schema: JSON.stringify(schema),
  };
}

/** Values of the model's JSON that the text holds. */
export function groundedIn(
  text: string,
  written: string,
  asked: readonly AskedField[],
): Map<string, FoundValue> {
  const out = new Map<string, FoundValue>();
  let read: unknown;
  try {
    read = JSON.parse(written);
  } catch {
    return out;
  }
  if (typeof read !== 'object' || read === null) return out;
  for (const { name } of asked) {
    const value = Object.hasOwn(read, name) ? (read as Record<string, unknown>)[name] : null;
    if (typeof value !== 'string') continue;
    const place = placeOf(text, value);
    if (!place || (place.end - place.start > text.length / 2 && text.length > 80)) continue;
    out.set(name, {
      value: text.slice(place.start, place.end),
      ...place,
      cell: null,
      ground: 'model',
      problems: ['A language model chose this; look at it.'],
    });
  }
  return out;
}
