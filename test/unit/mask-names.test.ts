/** Masking with names that a tagger found, and with identifiers that a word explains: nothing remains, all comes back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifiersIn, mask, unmask, type ExtraSpan } from '../../src/core/mask.ts';

describe('labelled identifiers', () => {
  it.each([
    ['my passport no. is X1234567.', 'my passport no. is [PASSPORT_1].'],
    ['SSN 536-90-4399', 'SSN [NATIONAL_ID_1]'],
    ['USt-IdNr. DE136695976', 'USt-IdNr. [TAX_ID_1]'],
    ['born on 12.03.1980 in Bonn', 'born on [DATE_OF_BIRTH_1] in Bonn'],
    ['password: hunter2!', 'password: [SECRET_1]'],
    ['Kontonummer 12345678', 'Kontonummer [BANK_ACCOUNT_1]'],
    ['key sk-abcdefghijklmnop1234', 'key [SECRET_1]'],
    ['ＤＥ８９ ３７０４ ００４４ ０５３２ ０１３０ ００', '[IBAN_1]'],
  ])('%s', (text, masked) => {
    expect(mask(text).masked).toBe(masked);
  });
});

describe('extra spans', () => {
  const of = (text: string, value: string, type: ExtraSpan['type']): ExtraSpan => {
    const start = text.indexOf(value);
    return { type, start, end: start + value.length };
  };

  it('are masked as well, and identifiers in them by themselves', () => {
    const text = 'Anna Meier, Ring 4\n10115 Berlin, a@b.io';
    const spans = [
      of(text, 'Ring 4\n10115 Berlin', 'ADDRESS'),
      of(text, 'Anna Meier', 'PERSON'),
      of(text, 'Berlin, a@b.io', 'ORGANIZATION'),
    ];
    const { masked, restore } = mask(text, spans);
    expect(masked).toBe('[PERSON_1], [ADDRESS_1]\n[ADDRESS_2], [EMAIL_1]');
    expect(unmask(masked, restore)).toBe(text);
  });
});

const pieces = fc.oneof(
  fc.constantFrom(
    'Anna ',
    'passport ',
    'password: ',
    'user=',
    'id ',
    'SSN ',
    'born ',
    '536-90-4399',
    'X1234567',
    'hunter2',
    '12.03.1980',
    '[SECRET_1]',
    '[PASSPORT_1]',
    '[NATIONAL_ID_1]',
    ': ',
    '"',
    '\\',
    '\n',
    ']',
    '[',
    '\u200b',
    '１２３',
    'sk-abcdefghijklmnop',
    '\ud800',
    '-----BEGIN PRIVATE KEY-----',
  ),
  fc.string({ maxLength: 8, unit: 'binary' }),
);

it('for any text and any spans nothing that is found remains, and the text comes back', () => {
  const span = fc.record({
    type: fc.constantFrom<ExtraSpan['type']>('PERSON', 'ADDRESS'),
    start: fc.nat(60),
    end: fc.nat(60),
  });
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 16 }),
      fc.array(span, { maxLength: 4 }),
      (parts, extra) => {
        const text = parts.join('');
        const { masked, restore, complete } = mask(text, extra);
        expect(complete).toBe(true);
        expect(identifiersIn(masked, restore)).toEqual([]);
        expect(unmask(masked, restore)).toBe(text);
        expect(JSON.parse(unmask(JSON.stringify(masked), restore))).toBe(text);
      },
    ),
    { numRuns: 1500 },
  );
});
