/** Placeholders of `redact`: the same for the same person, never one that the text holds, and the text comes back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENTITY_TYPES } from '../../src/core/outputs.ts';
import {
  fillIn,
  redactText,
  restoreText,
  valuesOf,
  type Entity,
} from '../../workers/tasks/redact/placeholders.ts';

const person = (text: string, value: string, from = 0): Entity => {
  const start = text.indexOf(value, from);
  return { type: 'person', start, end: start + value.length, confidence: 1 };
};

describe('one person', () => {
  const text = 'Dr. Anna Meier called. Meier was late; ANNA MEIER knows. Ask Tom Brown.';
  const entities = [
    person(text, 'Anna Meier'),
    person(text, 'Meier', 20),
    person(text, 'ANNA MEIER'),
    person(text, 'Tom Brown'),
  ];

  it('has one placeholder, also by surname alone and in capitals', () => {
    const output = redactText(text, entities);
    expect(output.text).toBe(
      'Dr. [PERSON_1] called. [PERSON_1] was late; [PERSON_1] knows. Ask [PERSON_2].',
    );
    expect(restoreText(output, text)).toBe(text);
    expect(fillIn('Dear [PERSON_1], [PERSON_9]', valuesOf(output, text))).toBe(
      'Dear Anna Meier, [PERSON_9]',
    );
  });

  it('is not guessed where two share the surname', () => {
    const two = 'Anna Meier and Max Meier: Meier won.';
    const output = redactText(two, [
      person(two, 'Anna Meier'),
      person(two, 'Max Meier'),
      person(two, 'Meier', 25),
    ]);
    expect(output.text).toBe('[PERSON_1] and [PERSON_2]: [PERSON_3] won.');
  });
});

it('placeholders of the text itself are not given out', () => {
  const text = '[PERSON_1] met Ann';
  expect(redactText(text, [person(text, 'Ann')]).text).toBe('[PERSON_1] met [PERSON_2]');
});

it('any text with any entities comes back', () => {
  const cuts = fc.uniqueArray(fc.nat({ max: 80 }), { maxLength: 12 });
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 80 }),
      cuts,
      fc.constantFrom(...ENTITY_TYPES),
      (text, at, type) => {
        const places = at.filter((one) => one <= text.length).sort((a, b) => a - b);
        const entities: Entity[] = [];
        for (let i = 0; i + 1 < places.length; i += 2)
          entities.push({
            type,
            start: places[i] as number,
            end: places[i + 1] as number,
            confidence: 1,
          });
        const output = redactText(text, entities);
        expect(restoreText(output, text)).toBe(text);
        expect(output.entities.map(({ start, end }) => [start, end])).toEqual(
          entities.map(({ start, end }) => [start, end]),
        );
      },
    ),
  );
});
