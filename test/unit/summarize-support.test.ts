/** The checker of `summarize`, its number words and its rewording: nothing may be said that the text does not say. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { polarityOf, statementOf } from '../../workers/tasks/summarize/answers.ts';
import { spelled, valueOf, withFigures } from '../../workers/tasks/summarize/number-words.ts';
import { supportProblems } from '../../workers/tasks/summarize/support.ts';
import { toldOfPatient } from '../../workers/tasks/summarize/third-person.ts';

const kinds = (point: string, evidence: string[], strict = true) =>
  supportProblems(point, evidence, strict).map(({ kind }) => kind);

describe('what the evidence supports', () => {
  test.each([
    ['Takes 25 mg of metoprolol.', ['I take 25 mg of metoprolol.']],
    ['Takes 25 mg of metoprolol.', ['I take twenty five milligrams of metoprolol, mg I mean.']],
    ['Has had a cough for 3 weeks.', ['I have had a cough for three weeks.']],
    ['Does not smoke.', ['Do you smoke?', 'No.']],
    ['No fever.', ['Do you have any fever?', 'No, I don’t.']],
    ['Any fever, nausea? Nope.', ['any fever , nausea ?', 'nope .']],
    ['Worries about work.', ['I worry about work.']],
    ['Blood pressure is 120/80.', ['blood pressure is 120/80']],
    ['Anna: We meet on 03/04/2026.', ['Anna:', 'we meet on 03/04/2026']],
    ["I didn't receive the parcel.", ["i did n't receive the parcel"]],
  ])('%s', (point, evidence) => {
    expect(kinds(point, evidence)).toEqual([]);
  });
});

describe('what it does not support', () => {
  test.each([
    ['number', 'Takes 50 mg.', ['I take 25 mg.']],
    ['number', 'Has had 27 visits.', ['one hundred twenty seven visits I had']],
    ['number', 'It costs 12.50 euros.', ['It costs 12 euros, 50 more than before.']],
    ['unit', 'Takes 25 mg.', ['I take 25 g, not 30 mg.']],
    ['unit', 'For 3 weeks.', ['for three days, and two weeks before']],
    ['name', 'Told Peter about it.', ['I told him about it.']],
    ['negation', 'Smokes.', ['I don’t smoke.']],
    ['negation', 'Does not smoke.', ['I smoke.']],
    ['negation', 'Is allergic to penicillin.', ['Are you allergic to penicillin?', 'No.']],
    ['negation', 'Any fever, nausea? Yes.', ['Any fever, nausea?', 'No.']],
    ['negation', 'Fever, nausea.', ['Any fever, nausea?', 'No.']],
    ['negation', 'No pain but nausea.', ['I have pain but no nausea.']],
    ['word', 'Has a severe headache.', ['I have a headache.']],
  ])('%s: %s', (kind, point, evidence) => {
    expect(kinds(point, evidence)).toContain(kind);
  });

  test.each([
    ['number', 'The patient has three children.', ['I have children.']],
    ['name', 'Metoprolol was prescribed.', ['We will prescribe something.']],
    ['name', 'The patient lives in Berlin.', ['I live in the city.']],
    ['negation', 'The patient has fever.', ['No fever.']],
  ])('free text, %s: %s', (kind, point, evidence) => {
    expect(kinds(point, evidence, false)).toContain(kind);
  });

  test('any other number is found', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9999 }), fc.integer({ min: 2, max: 9999 }), (a, b) => {
        const evidence = [`I paid ${spelled(a) ?? ''} euros`];
        expect(kinds(`Paid ${b} euros.`, evidence).includes('number')).toBe(a !== b);
      }),
    );
  });
});

describe('number words', () => {
  test.each([
    ['twenty seven years', '27 years'],
    ['one hundred and five', '105'],
    ['two thousand and four', '2004'],
    ['type two diabetes', 'type 2 diabetes'],
    ['five hundred milligrams', '500 milligrams'],
    ['forty-nine years old', '49 years old'],
    ['one of them', 'one of them'],
    ['one twenty over eighty', 'one twenty over 80'],
    ['ninety eight point six', 'ninety eight point six'],
    ['nineteen ninety two', 'nineteen ninety two'],
    ['twenty something', 'twenty something'],
    ['two and a half', '2 and a half'],
    ['a few hundred', 'a few hundred'],
    ['someone ten-year', 'someone ten-year'],
  ])('%s → %s', (text, figures) => {
    expect(withFigures(text)).toBe(figures);
  });

  test('words and figures agree', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9999 }), (value) => {
        expect(valueOf((spelled(value) ?? '').split(' '))).toBe(value);
      }),
    );
  });
});

describe('answers', () => {
  test.each([
    ['Do you have any fever?', 'no', 'No fever.'],
    ['And do you smoke or drink?', 'no', 'Does not smoke or drink.'],
    ['Are you allergic to penicillin?', 'yes', 'Is allergic to penicillin.'],
    ['Have you ever had surgery?', 'no', 'Has never had surgery.'],
    ['Okay, any chest pain?', 'no', 'No chest pain.'],
    ['Do you smoke or drink?', 'yes', null],
    ['Do you have any allergies?', 'yes', 'Has allergies.'],
    ['You don’t smoke, do you?', 'no', null],
    ['Do you know what I mean?', 'no', null],
    ['Do you smoke? Do you drink?', 'no', null],
    ['Are you not taking it?', 'no', null],
    ['How are you?', 'no', null],
  ] as const)('%s %s', (question, answer, statement) => {
    expect(statementOf(question, answer)).toBe(statement);
  });

  test.each([
    ['No.', 'no'],
    ["No, I don't.", 'no'],
    ['Mm-hmm.', 'yes'],
    ['Yes, sir, I do.', 'yes'],
    ['Not really.', null],
    ['No, but my mother did.', null],
    ['Not that I know of.', null],
    ['Yes and no.', null],
  ] as const)('%s', (answer, polarity) => {
    expect(polarityOf(answer)).toBe(polarity);
  });
});

describe('told of the patient', () => {
  test.each([
    ['I have had a headache for three days.', 'has had a headache for three days.'],
    ["I don't take my pills.", 'does not take their pills.'],
    ['My back hurts when I bend.', null],
    [
      'My mother has asthma and I have eczema.',
      "The patient's mother has asthma and the patient has eczema.",
    ],
    ['You told me so.', null],
    ['We moved last year.', null],
    ["I'd like that.", null],
    ['I frobnicate daily.', null],
  ])('%s', (sentence, told) => {
    expect(toldOfPatient(sentence)).toBe(told);
  });
});
