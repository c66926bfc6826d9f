/** Our WordPiece gives the ids of Hugging Face's `tokenizers`, and survives whatever a text may hold. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createWordPiece, type WordPiece } from '../../src/core/wordpiece.ts';
import { FLEET } from './fleet-folder.ts';

const MAX_TOKENS = 64;
const unpack = (path: string): string => gunzipSync(readFileSync(path)).toString('utf8');
const vocabulary = unpack(join(FLEET, 'encoder/1.0.0/vocab.txt.gzip'));
let wordPiece: WordPiece;

beforeAll(() => {
  const created = createWordPiece(vocabulary);
  if (!created.ok) throw new Error(created.failure.message);
  wordPiece = created.value;
});

describe('identity with tokenizers', () => {
  const lines = unpack(join(import.meta.dirname, 'fixtures/wordpiece.jsonl.gzip'))
    .trim()
    .split('\n');
  const rows = lines.map((line) => JSON.parse(line) as [text: string, ids: number[], cut: boolean]);

  test('same ids and the same cut for every text of the fixture', () => {
    expect(rows.length).toBeGreaterThan(2500);
    const different = rows.filter(([text, ids, cut]) => {
      const mine = wordPiece.encode(text, MAX_TOKENS);
      return mine.cut !== cut || mine.ids.slice(1, -1).join() !== ids.join();
    });
    expect(different.map(([text]) => text)).toEqual([]);
  });
});

describe('hostile input', () => {
  const big: [string, string][] = [
    ['1 MB of words', 'hello world '.repeat(87_000)],
    ['1 MB of unknown words', `${'ʬ'.repeat(99)} `.repeat(10_000)],
    ['100,000 characters without a space', 'a'.repeat(100_000)],
    ['1 MB of spaces', ' '.repeat(1_000_000)],
    ['1 MB of accents', '\u0301'.repeat(1_000_000)],
    ['1 MB of NUL', '\0'.repeat(1_000_000)],
    ['1 MB of lone surrogates', '\ud800'.repeat(1_000_000)],
    ['1 MB of brackets', '['.repeat(1_000_000)],
    [
      'all code points',
      Array.from({ length: 0x110000 / 16 }, (_, i) => String.fromCodePoint(i * 16)).join(''),
    ],
  ];
  test.each(big)('%s takes well under a second', (_, text) => {
    const started = performance.now();
    const { ids } = wordPiece.encode(text, 256);
    expect(ids.length).toBeLessThanOrEqual(256);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('lone surrogates count as nothing', () => {
    expect(wordPiece.encode('ca\ud800rd \udfff', 16)).toEqual(wordPiece.encode('card', 16));
  });

  test('any string gives [CLS] … [SEP] with known ids, never more than asked for', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 2, max: 40 }),
        (text, most) => {
          const { ids } = wordPiece.encode(text, most);
          expect(ids.length).toBeLessThanOrEqual(most);
          expect([ids[0], ids.at(-1)]).toEqual([101, 102]);
          expect(ids.every((id) => id >= 0 && id < wordPiece.vocabularySize)).toBe(true);
        },
      ),
    );
  });
});

test('a vocabulary that is none is refused', () => {
  expect(createWordPiece('hello\nworld\n')).toMatchObject({
    ok: false,
    failure: { code: 'file_corrupt' },
  });
  expect(createWordPiece(`${vocabulary}hello\n`)).toMatchObject({
    ok: false,
    failure: { code: 'file_corrupt' },
  });
});
