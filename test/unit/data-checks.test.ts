/** What is wrong with labelled rows, and which of them training uses. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRows, normalise, splitByLabel, usableRows } from '../../src/core/data-checks.ts';
import { seeded } from '../../src/core/random.ts';
import type { TrainRow } from '../../src/core/threads.ts';

const row = (text: string, label: string): TrainRow => ({ text, label });
const filler = (label: string, n = 8) =>
  Array.from({ length: n }, (_, i) => row(`${label} ${i}`, label));
const problem = (rows: TrainRow[], kind: string) =>
  checkRows(rows).find((one) => one.kind === kind);

describe('checkRows', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(checkRows([...filler('a'), ...filler('b')])).toEqual([]);
    expect(checkRows([])).toEqual([]);
  });

  it('same text, same label: a duplicate, whatever its case and spaces', () => {
    const rows = [...filler('a'), row('Lost  my CARD', 'a'), row('lost my card ', 'a')];
    expect(problem(rows, 'duplicate')?.rows).toEqual([8, 9]);
    expect(problem(rows, 'conflict')).toBeUndefined();
  });

  it('same text, other label: a conflict, and not a duplicate too', () => {
    const rows = [
      ...filler('a'),
      ...filler('b'),
      row('lost', 'a'),
      row('LOST', 'b'),
      row('lost', 'a'),
    ];
    expect(problem(rows, 'conflict')?.rows).toEqual([16, 17, 18]);
    expect(problem(rows, 'duplicate')).toBeUndefined();
  });

  it('rows without text or label', () => {
    const rows = [...filler('a'), row('  ', 'a'), row('text', ' ')];
    expect(problem(rows, 'empty_text')).toMatchObject({ rows: [8, 9] });
    expect(problem(rows, 'empty_text')?.message).toContain('2 rows');
  });

  it('a rare label is named, with its count', () => {
    const rows = [...filler('a'), ...filler('seldom', 3)];
    expect(problem(rows, 'rare_label')?.rows).toEqual([8, 9, 10]);
    expect(problem(rows, 'rare_label')?.message).toMatch(/Only 3 .*“seldom”/);
    expect(problem(filler('a', 8), 'rare_label')).toBeUndefined();
  });

  it('long texts', () => {
    expect(problem([...filler('a'), row('x'.repeat(5000), 'a')], 'too_long')?.rows).toEqual([8]);
  });

  it('labels such as __proto__ are labels', () => {
    const rows = [...filler('__proto__'), ...filler('constructor', 2)];
    expect(problem(rows, 'rare_label')?.message).toContain('constructor');
  });

  it('100,000 rows of two labels take no quadratic time', () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => row(`text ${i}`, i % 2 ? 'a' : 'b'));
    const from = performance.now();
    expect(checkRows(rows)).toEqual([]);
    splitByLabel(rows, 0.25, seeded(1));
    // Linear work takes well under a second; copying the growing groups took half a minute.
    expect(performance.now() - from).toBeLessThan(8000);
  });
});

const anyRows = fc.array(
  fc.record({
    text: fc.constantFrom('one', 'ONE', 'two', ' two', 'three', '', ' ', 'four four'),
    label: fc.constantFrom('a', 'b', 'c', ''),
  }),
  { maxLength: 40 },
);

describe('usableRows', () => {
  it('has each text once, none empty, none contradicted', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const used = usableRows(rows);
        const keys = used.map((one) => normalise(one.text));
        expect(new Set(keys).size).toBe(keys.length);
        for (const one of used) {
          expect(rows).toContain(one);
          expect(one.label).not.toBe('');
          const same = rows.filter(
            (r) => normalise(r.text) === normalise(one.text) && r.label !== '',
          );
          expect(new Set(same.map((r) => r.label)).size).toBe(1);
        }
      }),
    );
  });

  it('keeps the first of several', () => {
    const rows = [row('b', 'x'), row('a', 'x'), row('B', 'x')];
    expect(usableRows(rows)).toEqual([rows[0], rows[1]]);
  });
});

describe('splitByLabel', () => {
  const rows = [...filler('a', 40), ...filler('b', 12), ...filler('c', 2), ...filler('alone', 1)];

  it('keeps every row once and each label its share', () => {
    const { train, heldOut } = splitByLabel(rows, 0.25, seeded(3));
    expect(new Set([...train, ...heldOut])).toEqual(new Set(rows));
    expect(train.length + heldOut.length).toBe(rows.length);
    const held = (label: string) => heldOut.filter((one) => one.label === label).length;
    expect([held('a'), held('b'), held('c'), held('alone')]).toEqual([10, 3, 1, 0]);
  });

  it('is the same for the same seed, and another for another', () => {
    expect(splitByLabel(rows, 0.25, seeded(3))).toEqual(splitByLabel(rows, 0.25, seeded(3)));
    expect(splitByLabel(rows, 0.25, seeded(4))).not.toEqual(splitByLabel(rows, 0.25, seeded(3)));
  });
});
