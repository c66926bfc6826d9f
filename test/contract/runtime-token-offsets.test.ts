/** Every token knows where it stands in the text as it was given: accents, capitals, Chinese, emoji, hostile strings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { characterOf } from '../../src/core/characters.ts';
import { createWordPiece, type WordPiece } from '../../src/core/wordpiece.ts';
import { tokenVectorsOf } from '../../workers/runtimes/runtime.ts';
import { FLEET } from './fleet-folder.ts';

const SPECIALS = ['[UNK]', '[CLS]', '[SEP]', '[PAD]', '[MASK]'];
let wordPiece: WordPiece;
let lines: string[];

beforeAll(() => {
  const vocabulary = gunzipSync(readFileSync(join(FLEET, 'encoder/1.0.0/vocab.txt.gzip'))).toString(
    'utf8',
  );
  lines = vocabulary.replace(/\n$/, '').split('\n');
  const created = createWordPiece(vocabulary);
  if (!created.ok) throw new Error(created.failure.message);
  wordPiece = created.value;
});

const slices = (text: string, most = 64): [token: string, slice: string][] => {
  const { ids, offsets } = wordPiece.encodeWithOffsets(text, most);
  return ids
    .slice(1, -1)
    .map((id, index) => [
      lines[id] as string,
      text.slice(offsets[2 * index], offsets[2 * index + 1]),
    ]);
};

test.each<[string, [string, string][]]>([
  [
    'Ünal paid €5.',
    [
      ['una', 'Üna'],
      ['##l', 'l'],
      ['paid', 'paid'],
      ['€', '€'],
      ['##5', '5'],
      ['.', '.'],
    ],
  ],
  [
    'e\u0301te\u0301 IN',
    [
      ['et', 'e\u0301t'],
      ['##e', 'e'],
      ['in', 'IN'],
    ],
  ],
  [
    '\ud83d\ude00 北京',
    [
      ['[UNK]', '\ud83d\ude00'],
      ['北', '北'],
      ['京', '京'],
    ],
  ],
  [
    'a[SEP]b',
    [
      ['a', 'a'],
      ['[SEP]', '[SEP]'],
      ['b', 'b'],
    ],
  ],
  [
    '\u200bth\u200be\0 \u200b.',
    [
      ['the', 'th\u200be'],
      ['.', '.'],
    ],
  ],
])('tokens of %j', (text, expected) => {
  expect(slices(text)).toEqual(expected);
});

describe('for any text', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          'Zoë ',
          'İstanbul',
          'e\u0301',
          '北',
          'ﬁ',
          '한국',
          '[CLS]',
          '\ud800',
          'x'.repeat(60),
        ),
      )
      .map((all) => all.join('')),
  );

  test('ids are those of encode, offsets rise, and each slice reads as its token', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 48 }), (text, most) => {
        const { ids, cut, offsets } = wordPiece.encodeWithOffsets(text, most);
        expect({ ids, cut }).toEqual(wordPiece.encode(text, most));
        expect(offsets.length).toBe(2 * (ids.length - 2));
        let from = 0;
        for (const [index, id] of ids.slice(1, -1).entries()) {
          const start = offsets[2 * index] as number;
          const end = offsets[2 * index + 1] as number;
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          from = start;
          const token = lines[id] as string;
          if (SPECIALS.includes(token)) continue;
          const read = Array.from(text.slice(start, end), (character) =>
            characterOf(character.codePointAt(0) as number),
          );
          // Equal, but where one character became several units ("ﬁ" → "fi") that fell into two tokens.
          expect(read.map((one) => one.text).join('')).toContain(token.replace(/^##(?=.)/, ''));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('vectors of tokens', () => {
  const engine = {
    tokenVectors: (ids: readonly number[]) =>
      Promise.resolve(Float32Array.from(ids.flatMap((id, index) => [id, index]))),
  };

  test('leave [CLS] and [SEP] out and line up with the offsets', async () => {
    const [one] = await tokenVectorsOf(['Hello, world'], 2, 4, wordPiece, engine);
    expect(one?.cut).toBe(true);
    expect([...(one?.offsets ?? [])]).toEqual([0, 5, 5, 6]);
    expect([...(one?.vectors ?? [])]).toEqual([7592, 1, 1010, 2]);
    const [none] = await tokenVectorsOf([''], 2, 4, wordPiece, engine);
    expect([none?.vectors.length, none?.offsets.length]).toEqual([0, 0]);
  });

  test('are refused where the engine has none, or gives another number of them', async () => {
    await expect(tokenVectorsOf(['a'], 2, 8, wordPiece, {})).rejects.toThrow(
      'no vectors of tokens',
    );
    await expect(tokenVectorsOf(['a'], 3, 8, wordPiece, engine)).rejects.toThrow('3 tokens');
  });
});
