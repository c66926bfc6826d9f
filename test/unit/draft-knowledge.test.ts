/** Knowledge bases: how files are cut into passages, and how they are found again. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentOfText } from '../../src/core/document.ts';
import { fail, ok } from '../../src/core/failure.ts';
import { MAX_PASSAGE_WORDS, type KnowledgePassage } from '../../src/core/knowledge.ts';
import { chunkDocument } from '../../workers/tasks/draft/chunk.ts';
import { embedPassages, passagesOf } from '../../workers/tasks/draft/knowledge.ts';
import { KnowledgeIndex } from '../../workers/tasks/draft/search.ts';
import { sentencesOf } from '../../workers/tasks/draft/sentences.ts';
import { contentStems, stemOf, wordsOf } from '../../workers/tasks/draft/words.ts';

const chunk = (text: string, kind: 'text' | 'csv' = 'text'): KnowledgePassage[] =>
  chunkDocument({ ...documentOfText(text, 'f'), kind });
/** Of this process, so that a busy machine fails no test. */
const cpuMsSince = (before: NodeJS.CpuUsage): number => process.cpuUsage(before).user / 1000;
const shown = (text: string, kind: 'text' | 'csv' = 'text'): string[] =>
  chunk(text, kind).map((passage) => `${passage.title.join('>')}: ${passage.text}`);

describe('headings', () => {
  test.each([
    [
      'Markdown',
      '# A\n\nOne.\n\n## B\n\nTwo.\n\n# C\n\nThree.',
      ['A: One.', 'A>B: Two.', 'C: Three.'],
    ],
    ['underlined', 'Title\n=====\nOne.\n\nSub\n---\nTwo.', ['Title: One.', 'Title>Sub: Two.']],
    [
      'numbered',
      '1 Returns\n\nWe take goods back.\n\n1.2 Costs\n\nPostage is free.',
      ['1 Returns: We take goods back.', '1 Returns>1.2 Costs: Postage is free.'],
    ],
    [
      'lines that stand alone',
      'House rules\n\nOpening hours\n\nWe are open every day.\n\nParking\n\nBehind the house.',
      [
        'House rules>Opening hours: We are open every day.',
        'House rules>Parking: Behind the house.',
      ],
    ],
    [
      'questions',
      'Can I pay later?\nYes, within 14 days.\n\nDo you ship abroad?\nTo all of Europe.',
      ['Can I pay later?: Yes, within 14 days.', 'Do you ship abroad?: To all of Europe.'],
    ],
    [
      'a numbered list is none',
      'Steps:\n\n1. Open the lid\n2. Press start\n3. Wait',
      [': Steps:\n1. Open the lid\n2. Press start\n3. Wait'],
    ],
    [
      'a sentence is none',
      'We are closed on Monday.\n\nPlease call us.',
      [': We are closed on Monday.\nPlease call us.'],
    ],
    [
      'a heading without text is kept',
      'Some text here, and more of it.\n\n# Empty\n\n# Last',
      [': Some text here, and more of it.', ': Empty', ': Last'],
    ],
  ])('%s', (_, text, expected) => {
    expect(shown(text)).toEqual(expected);
  });
});

describe('passages', () => {
  test('wrapped lines are joined, items of a list stay apart', () => {
    expect(chunk('Send it\nback with:\n- the label\n- the receipt')[0]?.text).toBe(
      'Send it back with:\n- the label\n- the receipt',
    );
  });

  test('long paragraphs are cut after sentences', () => {
    const sentence = `Word ${'word '.repeat(48)}end.`;
    const passages = chunk(Array.from({ length: 5 }, () => sentence).join(' '));
    expect(passages.map(({ text }) => wordsOf(text).length)).toEqual([100, 100, 50]);
    expect(passages.every(({ text }) => text.endsWith('end.'))).toBe(true);
  });

  test('a sentence without end is cut after words', () => {
    const passages = chunk('word '.repeat(500));
    expect(passages.map(({ text }) => wordsOf(text).length)).toEqual([120, 120, 120, 120, 20]);
  });

  test('tables: a row each, the first cell its title', () => {
    expect(
      shown('Question,Answer\nOpen on Sunday?,"No, closed."\n,\nParking?,Yes\n', 'csv'),
    ).toEqual(['Open on Sunday?: No, closed.', 'Parking?: Yes']);
    expect(shown('a,b,c\n1,2,3\n', 'csv')).toEqual(['1: b: 2\nc: 3']);
  });

  test('nothing of the text is lost, nothing doubled, offsets fit, no passage is too long', () => {
    const line = fc.oneof(
      fc.constantFrom('', '# Head', 'Title', '===', '- item one', '1. step', '1.2 Part', 'Why?'),
      fc.lorem({ maxCount: 3, mode: 'sentences' }),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const text = lines.join('\n');
        const passages = chunk(text);
        for (const { start, end, text: told } of passages) {
          expect(told.split(/\s+/u).length).toBeLessThanOrEqual(MAX_PASSAGE_WORDS);
          expect(start).toBeLessThan(end);
          expect(end).toBeLessThanOrEqual(text.length);
        }
        const kept = new Set(
          passages.flatMap(({ title, text: told }) => wordsOf([...title, told].join(' '))),
        );
        expect(wordsOf(text).filter((word) => !kept.has(word))).toEqual([]);
        const ordered = passages.every(
          (one, i) => i === 0 || one.start >= (passages[i - 1]?.end ?? 0),
        );
        expect(ordered).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('a base that is too large is refused', () => {
    const many = Array.from({ length: 5001 }, (_, i) => `# H${i}\n\nText.\n`).join('\n');
    const result = passagesOf([documentOfText(many, 'big.md')]);
    expect(result.ok ? null : result.failure.code).toBe('input_too_long');
  });

  test.each([
    ['a million letters', 'a'.repeat(1_000_000)],
    ['a million spaces', ' '.repeat(1_000_000)],
    ['many empty lines', '\n'.repeat(100_000)],
    ['many headings', '# a\n'.repeat(50_000)],
    ['many short lines', 'Ab\n\n'.repeat(50_000)],
    ['one long line', 'It is. '.repeat(20_000)],
    ['dots', '.'.repeat(500_000)],
  ])('%s: cut in seconds', (_, text) => {
    const before = process.cpuUsage();
    chunk(text);
    expect(cpuMsSince(before)).toBeLessThan(2000);
  });
});

test('sentences: abbreviations do not end them, lines do', () => {
  const text = 'Call Mr. Berg, e.g. today. It costs approx. 5 EUR.\n- one\n- two';
  expect(sentencesOf(text).map(({ text: one }) => one)).toEqual([
    'Call Mr. Berg, e.g. today.',
    'It costs approx. 5 EUR.',
    '- one',
    '- two',
  ]);
  for (const { text: one, start, end } of sentencesOf(text))
    expect(text.slice(start, end)).toBe(one);
});

test('words: stems, no empty words', () => {
  expect(stemOf('returning')).toBe(stemOf('returns'));
  expect(stemOf('bestellungen')).toBe(stemOf('bestellung'));
  expect(contentStems('How do I get my money back?')).toEqual(['monei', 'back']);
  expect(contentStems('x'.repeat(1000))).toEqual([]);
});

describe('search', () => {
  const passages = chunk(
    '# Returns\n\nGoods can be returned within a month.\n\n# Warranty\n\nLamps have two years.\n\n# Hours\n\nOpen from nine to five.',
  );
  const vectors = {
    tier: 'encoder' as const,
    dims: 2,
    values: Float32Array.from([1, 0, 0, 1, 0.6, 0.8]),
  };
  const ids = (index: KnowledgeIndex, text: string, vector: Float32Array | null): string[] =>
    index.search({ text, vector, isEnglish: true }, 3).map(({ passage }) => passage.title[0] ?? '');

  test('by words alone', () => {
    const index = new KnowledgeIndex(passages, null);
    expect(ids(index, 'how do I return something', null)).toEqual(['Returns']);
    expect(ids(index, 'waranty of the lamp', null)[0]).toBe('Warranty');
    expect(ids(index, 'xyzzy', null)).toEqual([]);
    expect(ids(index, '', null)).toEqual([]);
  });

  test('vectors find what words do not, and lead', () => {
    const index = new KnowledgeIndex(passages, vectors);
    expect(ids(index, 'xyzzy', Float32Array.of(0, 1))).toEqual(['Warranty', 'Hours', 'Returns']);
    const [first] = index.search(
      { text: 'warranty', vector: Float32Array.of(0, 1), isEnglish: true },
      1,
    );
    expect(first).toMatchObject({ score: 1, cosine: 1 });
  });

  test('a vector of another width is left aside', () => {
    const index = new KnowledgeIndex(passages, vectors);
    expect(ids(index, 'returns', Float32Array.of(1, 0, 0))).toEqual(['Returns']);
  });

  test('5,000 passages are searched fast', () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({
      ...(passages[i % 3] as KnowledgePassage),
      text: `passage ${i} of returned goods ${i * 7}`,
    }));
    const index = new KnowledgeIndex(many, {
      tier: 'encoder',
      dims: 384,
      values: new Float32Array(5000 * 384),
    });
    const before = process.cpuUsage();
    index.search({ text: 'passage 77', vector: new Float32Array(384), isEnglish: true }, 3);
    expect(cpuMsSince(before)).toBeLessThan(1000);
  });
});

describe('vectors of passages', () => {
  const passages = chunk('# A\n\nOne.\n\n# B\n\nTwo.');

  test('the first tier that works is taken', async () => {
    const seen: string[] = [];
    const result = await embedPassages(
      passages,
      (tier, texts) => {
        seen.push(...texts);
        return Promise.resolve(
          tier === 'encoder'
            ? fail('out_of_memory', '')
            : ok(texts.map(() => Float32Array.of(1, 2))),
        );
      },
      { tiers: ['encoder', 'static'] },
    );
    expect(result).toEqual(ok({ tier: 'static', dims: 2, values: Float32Array.of(1, 2, 1, 2) }));
    expect(seen).toContain('A. One.');
  });

  test('cancelled stays cancelled; no tier gives none', async () => {
    const cancelled = () => Promise.resolve(fail('cancelled', ''));
    expect(
      await embedPassages(passages, cancelled, { tiers: ['encoder', 'static'] }),
    ).toMatchObject({ ok: false });
    expect(await embedPassages(passages, cancelled, { tiers: [] })).toEqual(ok(null));
  });
});
