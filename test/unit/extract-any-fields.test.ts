/** Fields that a person names or a schema asks for: found in the text with their place, or null; strange schemas are refused. */
import { describe, expect, it } from 'vitest';
import { documentOfText } from '../../src/core/document.ts';
import type { Work, WorkPorts } from '../../src/core/work.ts';
import { groundedIn } from '../../workers/tasks/extract/any-fields/ask-model.ts';
import { placeOf } from '../../workers/tasks/extract/any-fields/ground.ts';
import { runAnyFields } from '../../workers/tasks/extract/any-fields/run-any-fields.ts';
import {
  fieldsOfNames,
  fieldsOfSchema,
} from '../../workers/tasks/extract/any-fields/schema-fields.ts';
import manifest from '../../public/fleet/any-fields/1.0.0/manifest.json' with { type: 'json' };

const TEXT = `Event: Supplier day 2026
Contact person: Mara Velkor
E-mail: mara.velkor@example.com
Arrival date: 12 May 2026
Number of guests: 34
Catering: yes
Budget: EUR 4,250.00
Special diets: vegetarian, gluten-free`;

const ports = {
  now: () => 0,
  deadlineAt: 1,
  signal: undefined,
  tiers: ['rules'],
} as unknown as WorkPorts;
const ask = (input: unknown, text = TEXT) =>
  runAnyFields(
    { document: documentOfText(text), input, manifest: manifest as unknown as Work['manifest'] },
    ports,
  );
const values = async (input: unknown, text = TEXT): Promise<Record<string, unknown>> => {
  const result = await ask(input, text);
  if (!result.ok) throw new Error(result.failure.message);
  for (const { value, span } of Object.values(result.value.output?.fields ?? {}))
    if (value !== null) expect(span).not.toBeNull();
  return Object.fromEntries(
    Object.entries(result.value.output?.fields ?? {}).map(([name, field]) => [name, field.value]),
  );
};

describe('named fields', () => {
  it('come from the lines that name them', async () =>
    expect(
      await values({
        fields: [
          { name: 'contact person' },
          { name: 'email' },
          { name: 'arrival date' },
          { name: 'number of guests', examples: ['12'] },
          { name: 'licence plate' },
        ],
      }),
    ).toEqual({
      'contact person': 'Mara Velkor',
      email: 'mara.velkor@example.com',
      'arrival date': '2026-05-12',
      'number of guests': '34',
      'licence plate': null,
    }));

  it('span says where the value stands', async () => {
    const result = await ask({ fields: [{ name: 'contact person' }] });
    const span = result.ok ? result.value.output?.fields['contact person']?.span : null;
    expect(TEXT.slice(...(span ?? [0, 0]))).toBe('Mara Velkor');
  });
});

describe('a JSON schema', () => {
  const schema = {
    type: 'object',
    required: ['event'],
    properties: {
      event: { type: 'string' },
      arrival_date: { type: 'string', format: 'date' },
      number_of_guests: { type: 'integer' },
      catering: { type: 'boolean' },
      budget: { type: 'number' },
      special_diets: { type: 'array', items: { type: 'string' } },
    },
  };

  it('gets values of its types', async () =>
    expect(await values({ schema })).toEqual({
      event: 'Supplier day 2026',
      arrival_date: '2026-05-12',
      number_of_guests: 34,
      catering: true,
      budget: 4250,
      special_diets: ['vegetarian', 'gluten-free'],
    }));

  it('leaves a required field that is missing to a person', async () => {
    const result = await ask({ schema }, 'Hello there');
    expect(result.ok && result.value.doubts.join()).toMatch(/“event” is required/);
  });

  it('with recursion or unknown keywords is refused in words', () => {
    const itself: Record<string, unknown> = { type: 'object' };
    itself['properties'] = { again: itself };
    for (const [strange, words] of [
      [{ type: 'object', properties: { a: { $ref: '#' } } }, /references and recursion/],
      [itself, /refers to itself/],
      [{ type: 'object', properties: { a: { oneOf: [] } } }, /“oneOf” at a/],
      [
        { type: 'object', properties: { a: { type: 'string', pattern: '(a+)+$' } } },
        /“pattern” at a/,
      ],
      [{ type: 'array' }, /root/],
      [
        { type: 'object', properties: JSON.parse('{"__proto__": {"type": "string"}}') as object },
        /cannot be the name/,
      ],
      [
        {
          type: 'object',
          properties: Object.fromEntries(
            Array.from({ length: 61 }, (_, i) => [`f${i}`, { type: 'string' }]),
          ),
        },
        /61 fields/,
      ],
    ] as const) {
      const read = fieldsOfSchema(strange);
      expect(read.ok ? 'taken' : read.failure.message).toMatch(words);
    }
  });

  it.each([
    undefined,
    {},
    { fields: [] },
    { fields: [{ name: '' }] },
    { schema: 'x' },
    { fields: [{ name: 'a' }, { name: 'a' }] },
  ])('input %j is a bad request', async (input) => {
    const result = await ask(input);
    expect(result.ok ? 'ok' : result.failure.code).toBe('bad_request');
  });
});

describe('what a model writes', () => {
  it('is kept only where the text holds it', () => {
    const asked = fieldsOfNames([{ name: 'host' }, { name: 'room' }, { name: 'street' }]);
    const found = groundedIn(
      'Host is MARA Vélkor in Halle B.',
      '{"host": "Mara Velkor", "room": "Halle C", "street": null}',
      asked,
    );
    expect([...found].map(([name, { value }]) => [name, value])).toEqual([['host', 'MARA Vélkor']]);
    expect(groundedIn('x', 'no JSON', asked).size).toBe(0);
  });

  it('is found as whole words only', () => {
    expect(placeOf('The art of starting', 'art')).toEqual({ start: 4, end: 7 });
    expect(placeOf('starting', 'art')).toBeNull();
  });
});
