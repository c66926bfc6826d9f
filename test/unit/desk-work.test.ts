/** Pure parts of the desk's answers: pieces of a marked text, boxes, corrections, tables, inputs, filters. */
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/core/answer.ts';
import {
  changedFields,
  linesOf,
  redacted,
  withCodes,
  withField,
  withMembers,
} from '../../src/core/corrected.ts';
import { boxesOf } from '../../src/core/document-boxes.ts';
import { csvOf, valuesOf } from '../../src/core/extract-table.ts';
import type {
  CheckOutput,
  CodeOutput,
  ExtractOutput,
  RedactOutput,
} from '../../src/core/outputs.ts';
import { blocksOf, piecesOf, sortedMarks } from '../../src/core/text-pieces.ts';
import { inputFrom, needsOf, valuesFrom, withFile } from '../../src/core/work-input.ts';
import { marksOf, Marks } from '../../src/state/desk-marks.svelte.ts';
import { chosenCodes } from '../../src/ui/answers/chosen-codes.ts';
import { countsOf, firstFilter, shownClauses } from '../../src/ui/answers/clauses.ts';
import { shownAgain, typesOf, withShown } from '../../src/ui/answers/entities.ts';
import { textOfValue, valueOfText } from '../../src/ui/answers/field-values.ts';
import { placeholdersIn } from '../../src/ui/answers/placeholders.ts';
import { pointsText, sectionsOf } from '../../src/ui/answers/sections.ts';
import { surenessOf } from '../../src/ui/answers/sure.ts';
import { acceptanceOf, acceptWords } from '../../src/ui/desk/verdicts.ts';
import { pageMarks } from '../../src/ui/document/page-marks.ts';
import { headlineOf, whoLine } from '../../src/ui/words.ts';
import { entryOf } from '../../src/state/history-entry.ts';
import {
  CALL,
  INVOICE,
  invoiceDocument,
  NOTE,
  SAMPLES,
  spanOf,
  workAnswer,
} from './doubles/work.ts';

const entry = (answer: Answer, text = '') => entryOf({ text, file: null }, answer);

describe('a text in blocks and pieces', () => {
  it('cuts at line ends, never inside a pair of surrogates, and loses nothing', () => {
    const text = `${'a line\n'.repeat(30)}${'😀'.repeat(50)}${'x'.repeat(90)}`;
    const blocks = blocksOf(text, 40);
    expect(blocks.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
    expect(blocks.every(({ start, end }) => end - start <= 41)).toBe(true);
    for (const { end } of blocks) expect(text.slice(0, end)).not.toMatch(/[\uD800-\uDBFF]$/);
    expect(text.slice(blocks[0]!.start, blocks[0]!.end).endsWith('\n')).toBe(true);
    expect(blocksOf('')).toEqual([]);
  });

  it('covers every unit once, with the shortest mark first where marks overlap', () => {
    const marks = sortedMarks([
      { group: 'inner', start: 4, end: 6 },
      { group: 'outer', start: 2, end: 9 },
      { group: 'empty', start: 3, end: 3 },
      { group: 'before', start: 0, end: 3 },
    ]);
    const pieces = piecesOf({ start: 1, end: 12 }, marks);
    expect(
      pieces.map(({ start, end, marks: m }) => [start, end, m.map((one) => one.group)]),
    ).toEqual([
      [1, 2, ['before']],
      [2, 3, ['before', 'outer']],
      [3, 4, ['outer']],
      [4, 6, ['inner', 'outer']],
      [6, 9, ['outer']],
      [9, 12, []],
    ]);
  });

  it('a megabyte without a line end and 5,000 marks is cut quickly', () => {
    const text = 'word '.repeat(200_000);
    const marks = sortedMarks(
      Array.from({ length: 5000 }, (_, i) => ({ group: `${i}`, start: i * 200, end: i * 200 + 5 })),
    );
    const from = performance.now();
    const pieces = blocksOf(text)
      .slice(0, 10)
      .flatMap((block) => piecesOf(block, marks));
    expect(pieces.length).toBeGreaterThan(300);
    expect(performance.now() - from).toBeLessThan(250);
  });
});

describe('places on pages', () => {
  it('gives one box for each line that a span covers, of its words where they are known', () => {
    const document = invoiceDocument();
    expect(boxesOf(document, ...spanOf(INVOICE, 'HT-2041'))).toEqual([
      { page: 1, box: [30, 100, 250, 120] },
    ]);
    expect(boxesOf(document, 0, INVOICE.indexOf('Invoice'))).toHaveLength(2);
    const words = [
      { start: 0, end: 7, box: [30, 40, 90, 60] as [number, number, number, number] },
      { start: 8, end: 13, box: [95, 38, 140, 62] as [number, number, number, number] },
    ];
    const [first, ...others] = document.lines;
    const worded = { ...document, lines: [{ ...first!, words }, ...others] };
    expect(boxesOf(worded, 3, 10)).toEqual([{ page: 1, box: [30, 38, 140, 62] }]);
    expect(boxesOf(worded, 14, 18)).toEqual([]);
  });

  it('takes the box of the answer where the span is in no line', () => {
    const placed = { page: 2, box: [1, 2, 3, 4] as [number, number, number, number] };
    const pages = pageMarks(invoiceDocument(), [
      { group: 'a', label: 'a', start: 0, end: 0, placed },
      { group: 'b', label: 'b', start: 0, end: 7 },
    ]);
    expect(pages.get(2)?.[0]?.box).toEqual([1, 2, 3, 4]);
    expect(pages.get(1)?.[0]?.mark.group).toBe('b');
  });
});

describe('marks of answers', () => {
  it('every task names its places in the order of the text', () => {
    for (const task of ['extract', 'code', 'check', 'summarize', 'redact'] as const) {
      const marks = marksOf(workAnswer(task));
      expect(marks.length, task).toBeGreaterThan(1);
      const starts = marks.map(({ start }) => start);
      expect(starts, task).toEqual(starts.toSorted((a, b) => a - b));
    }
    expect(marksOf(workAnswer('draft'))).toEqual([]);
    expect(marksOf(workAnswer('extract', { output: null }))).toEqual([]);
  });

  it('steps through the marks around the end and forgets them with the answer', () => {
    const marks = new Marks();
    marks.take(workAnswer('code'));
    expect(marks.neighbour(1)?.group).toBe('code-0');
    marks.look('code-1');
    expect(marks.neighbour(1)?.group).toBe('code-0');
    marks.lookAway('code-0');
    expect(marks.active).toBe('code-1');
    marks.goTo('code-0');
    expect(marks.wanted).toBe('code-0');
    marks.take(null);
    expect([marks.list, marks.active, marks.wanted]).toEqual([[], null, null]);
  });
});

describe('corrections', () => {
  const output = SAMPLES.extract.output as ExtractOutput;

  it('a field that a person wrote is right, and the first output stays as it was', () => {
    const next = withField(output, 'total_tax', '5.00');
    expect(next.fields.total_tax).toMatchObject({ value: '5.00', valid: true, problems: [] });
    expect(output.fields.total_tax?.value).toBe('5.10');
    expect(changedFields(output, next)).toEqual(['total_tax']);
    expect(changedFields(output, withField(next, 'total_tax', '5.10'))).toEqual([]);
    expect(withField(output, 'no_such_field', 'x')).toBe(output);
  });

  it('a field called like a part of every object is a field like any other', () => {
    const odd = JSON.parse(
      '{"fields":{"__proto__":{"value":"a","confidence":1,"span":null,"valid":true,"problems":[]}}}',
    ) as ExtractOutput;
    const next = withField(odd, '__proto__', 'b');
    expect(Object.getPrototypeOf(next.fields)).toBe(Object.prototype);
    expect(Object.entries(next.fields)[0]?.[1].value).toBe('b');
    expect(Object.keys(withField(output, 'toString', 'x').fields)).not.toContain('toString');
  });

  it('values go to text and back to the kind that they were', () => {
    expect([null, 'a', 2, ['x'], true].map(textOfValue)).toEqual(['', 'a', '2', '["x"]', 'true']);
    expect(valueOfText('3', 2)).toBe(3);
    expect(valueOfText('three', 2)).toBe('three');
    expect(valueOfText('3', '2')).toBe('3');
    expect(valueOfText('  ', 'x')).toBe(null);
    expect(valueOfText('["a","b"]', ['x'])).toEqual(['a', 'b']);
  });

  it('redacting with some details shown again keeps the others hidden', () => {
    const { text, entities } = SAMPLES.redact.output as RedactOutput;
    expect(redacted(NOTE, entities, new Set()).text).toBe(text);
    const some = redacted(NOTE, entities, withMembers(new Set(), [0, 4], true));
    expect(some.text).toContain('Dear Ms Okafor');
    expect(some.text).toContain('+44 117 496 0000');
    expect(some.text).toContain('[CREDIT_CARD_1]');
    expect(some.entities).toHaveLength(3);
    const given = { ...entry(workAnswer('redact'), NOTE), edited: some };
    expect([...shownAgain(given)]).toEqual([0, 4]);
    expect(withShown(given, new Set([0, 4]))).toEqual(some);
    expect(typesOf(entities)[0]).toEqual({ type: 'person', indexes: [0, 3] });
  });

  it('fields become JSON and CSV with a line for each line item, and no cell is a formula', () => {
    expect(JSON.parse(valuesOf(output))).toMatchObject({
      invoice_number: 'HT-2041',
      due_date: null,
    });
    const csv = csvOf(withField(output, 'seller_name', '=cmd()')).split('\r\n');
    expect(csv).toHaveLength(3);
    expect(csv[0]).toContain('line_name');
    expect(csv[1]).toContain(`'=cmd()`);
    expect(csv[1]).toContain('"12 Quay Street, Bristol"');
    expect(csvOf({ fields: {} })).toBe('\r\n');
    expect(linesOf([])).toBe(null);
    expect(linesOf([['a']])).toBe(null);
  });
});

describe('what accepting means', () => {
  it('codes need a tick, and only the ticked ones are kept', () => {
    const answer = workAnswer('code');
    const open = entry(answer);
    expect(acceptanceOf(open)).toHaveProperty('why');
    const edited = withCodes(answer.output as CodeOutput, new Set([1]));
    const ticked = { ...open, edited };
    expect([...chosenCodes(ticked)]).toEqual([1]);
    expect(acceptWords(ticked)).toBe('Confirm 1 code');
    expect(acceptanceOf(ticked)).toMatchObject({ verdict: { correctedOutput: edited } });
  });

  it('a changed output is kept as a correction, an unchanged one as right, none as nothing', () => {
    const open = entry(workAnswer('extract'));
    expect(acceptanceOf(open)).toMatchObject({ verdict: 'accepted' });
    expect(acceptanceOf({ ...open, edited: { fields: {} } })).toMatchObject({
      verdict: { correctedOutput: { fields: {} } },
    });
    expect(acceptanceOf(entry(workAnswer('extract', { output: null })))).toHaveProperty('why');
  });
});

describe('lists and words', () => {
  it('clauses: what needs a look comes first, and a filter can be changed', () => {
    const { clauses } = SAMPLES.check.output as CheckOutput;
    expect(countsOf(clauses)).toMatchObject({ pass: 1, fail: 1, missing: 1, unclear: 1 });
    expect(firstFilter(clauses)).toBe('open');
    expect(shownClauses(clauses, 'open')).toEqual([1, 2, 3]);
    expect(shownClauses(clauses, 'pass')).toEqual([0]);
    expect(firstFilter(clauses.slice(0, 1))).toBe('all');
  });

  it('placeholders are found by their names, links and long brackets are none', () => {
    const text = 'Your [order number] and [Date], see [terms](https://example.org) [1].';
    expect(placeholdersIn(text, ['order number', 'date']).map(({ name }) => name)).toEqual([
      'order number',
      'Date',
    ]);
    expect(placeholdersIn(text, []).map(({ name }) => name)).toEqual(['order number', 'Date', '1']);
    expect(placeholdersIn('['.repeat(100_000), [])).toEqual([]);
  });

  it('points stand under their sections', () => {
    const { output } = workAnswer('summarize') as { output: Parameters<typeof pointsText>[0] };
    expect(sectionsOf(output.points).map(({ name }) => name)).toEqual([
      'issue',
      'resolution',
      'actions',
    ]);
    expect(pointsText(output)).toContain('actions:\n- The caller calls on Thursday');
    expect(pointsText({ summary: 'Short.', points: [] })).toBe('Short.');
    expect(CALL).toContain('Thursday');
  });

  it('headlines say what came out, and rules claim no probability', () => {
    const words = (task: keyof typeof SAMPLES): string => headlineOf(workAnswer(task));
    expect(words('extract')).toBe('9 fields found, 1 to look at');
    expect(words('code')).toBe('3 codes to choose from');
    expect(words('check')).toBe('Fails 1 of 4 clauses');
    expect(words('summarize')).toBe('A summary in 3 points');
    expect(words('redact')).toBe('5 details redacted');
    expect(words('generate')).toBe('Filled in, 1 slot missing');
    expect(whoLine(workAnswer('check', { confidence: 1 }))).toContain('decided by rules');
    expect(whoLine(workAnswer('check', { confidence: 0.4 }))).toContain('40');
    expect(whoLine(workAnswer('generate'))).toContain('worked out by rules');
    expect(whoLine(workAnswer('extract'))).toMatch(/required fields .* sure/);
    expect(whoLine(workAnswer('draft'))).toContain('certainty not measured');
    expect([0, 0.3, 0.6, 0.9, 0.99].map(surenessOf)).toEqual([
      'unmeasured',
      'guess',
      'doubtful',
      'likely',
      'sure',
    ]);
  });
});

describe('what goes with a request', () => {
  it('texts become the input that the task reads, and an input becomes texts again', () => {
    expect(inputFrom('extract', { fields: 'po number: of the order\ntotal\n' })).toEqual({
      fields: [{ name: 'po number', description: 'of the order' }, { name: 'total' }],
    });
    expect(inputFrom('check', { specification: 'a,b\n1,2' })).toEqual({
      specification: 'a,b\n1,2',
    });
    expect(inputFrom('check', { specification: '{"a": 1}' })).toEqual({ specification: { a: 1 } });
    expect(inputFrom('check', { specification: '{not json' })).toEqual({
      specification: '{not json',
    });
    expect(inputFrom('redact', { types: 'person\niban' })).toEqual({ types: ['person', 'iban'] });
    expect(inputFrom('draft', { taxonomy: 'Lamp\n' })).toEqual({
      taxonomy: { products: ['Lamp'] },
    });
    expect(inputFrom('summarize', { kind: '  ' })).toBe(undefined);
    expect(inputFrom('classify', {})).toBe(undefined);
  });

  it('any input survives the way through the panel', () => {
    const inputs: [string, unknown][] = [
      ['generate', { locale: 'de-DE', record: { name: 'A', lines: [{ n: 1 }] } }],
      ['draft', { knowledge: [{ name: 'a.md', text: '# A\n\ntext' }], tone: ['Hi\n\nA', 'Hello'] }],
      ['extract', { schema: { type: 'object' } }],
      ['redact', { types: ['person'], keep: ['Haldern Tools'] }],
      ['draft', { taxonomy: { products: ['Lamp'] } }],
    ];
    for (const [task, input] of inputs)
      expect(inputFrom(task, valuesFrom(task, input)), task).toEqual(input);
    expect(valuesFrom('extract', null)).toEqual({});
    expect(withFile('', 'a.txt', 'A')).toBe('=== a.txt\nA\n');
    expect(needsOf('toString')).toEqual([]);
  });
});
