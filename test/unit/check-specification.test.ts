/** Task `check` on specifications: the golden cases, contradictions, rules and schemas, hostile input, size. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { documentOfText } from '../../src/core/document.ts';
import { ok } from '../../src/core/failure.ts';
import { run } from '../../workers/tasks/check/run.ts';
import { OutputSchema } from '../../workers/tasks/check/schema.ts';
import { isHeavyPattern } from '../../workers/tasks/check/specification/json-schema.ts';
import { numbersIn } from '../../workers/tasks/check/specification/numbers.ts';
import { checkManifest, checkPorts } from './doubles/check-ports.ts';

interface Golden {
  cases: {
    name: string;
    text: string;
    specification: unknown;
    verdict: string;
    expected: [id: string, verdict: string, evidence: string | null][];
  }[];
}
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../workers/tasks/check/golden.json'), 'utf8'),
) as Golden;

const ask = (input: unknown, text = '') =>
  run(
    { document: documentOfText(text), input, manifest: checkManifest('specifications') },
    checkPorts('specifications'),
  );

async function output(input: unknown, text = '') {
  const found = await ask(input, text);
  if (!found.ok || !found.value.output)
    throw new Error(found.ok ? 'no output' : found.failure.message);
  expect(v.is(OutputSchema, found.value.output)).toBe(true);
  return { ...found.value.output, doubts: found.value.doubts };
}
const verdicts = async (input: unknown, text = '') =>
  (await output(input, text)).clauses.map((clause) => clause.verdict);

describe('golden', () => {
  it.each(golden.cases)('$name', async ({ text, specification, verdict, expected }) => {
    const found = await output({ specification }, text);
    const seen = found.clauses.map(({ id, verdict: own, evidence }) => [
      id,
      own,
      evidence && text.slice(evidence.start, evidence.end),
    ]);
    expect(seen).toEqual(expected);
    expect(found.verdict).toBe(verdict);
  });
});

describe('clauses that cannot both hold', () => {
  it('are found across units, and said', async () => {
    const specification = [
      { parameter: 'x', max: 5, unit: 'mm' },
      { parameter: 'X', min: 1, unit: 'cm' },
      { parameter: 'y', min: 3, max: 1 },
    ];
    const { clauses, doubts } = await output({ specification }, 'x: 4 mm');
    expect(clauses.map((clause) => clause.verdict)).toEqual(['pass', 'fail', 'unclear']);
    expect(clauses[0]?.reason).toContain('Contradicts clause 2');
    expect(doubts.join(' ')).toContain('contradicts itself');
  });
});

describe('measurements as a table', () => {
  it('are read long, wide and with units in the header', async () => {
    const specification = [{ parameter: 'Gap', max: 20, unit: 'mm' }];
    expect(
      await verdicts({
        specification,
        measurements: 'parameter,value,unit\nGap,1.2,cm\nGap,2.1,cm',
      }),
    ).toEqual(['fail']);
    expect(
      await verdicts({ specification, measurements: [{ 'Gap [cm]': 1.9 }, { 'Gap [cm]': 2 }] }),
    ).toEqual(['pass']);
    const { clauses } = await output({ specification }, 'part;Gap\n1;19,5\n2;19,9\n');
    expect(clauses[0]).toMatchObject({
      verdict: 'pass',
      reason: expect.stringContaining('No unit is given') as string,
    });
  });
});

describe('clauses that no rule decides', () => {
  it('quote the passage that the static embedding puts nearest among those that share a word', async () => {
    const text =
      'The surface was cleaned with water.\nNo damage was seen on the surface.\nPacked in boxes.';
    const input = { specification: '1. The surface shall be free of scratches.' };
    const embed = (_: string, texts: readonly string[]) =>
      Promise.resolve(
        ok(
          texts.map((one) =>
            Float32Array.of(/damage|scratches/.test(one) ? 1 : 0, /water/.test(one) ? 1 : 0),
          ),
        ),
      );
    const work = {
      document: documentOfText(text),
      input,
      manifest: checkManifest('specifications'),
    };
    const ports = { ...checkPorts('specifications'), tiers: ['rules', 'static'] as const, embed };
    const found = await run(work, ports);
    expect(found.ok && found.value.tier).toBe('static');
    expect(found.ok && found.value.output?.clauses[0]).toMatchObject({
      verdict: 'unclear',
      found: 'No damage was seen on the surface',
    });
  });
});

describe('rules and schemas', () => {
  const rule = (own: unknown) => ({ specification: [{ id: 'r', rule: own }] });
  it('compare and reckon, and a missing value is no failure', async () => {
    const cool = { '<': [{ '-': [{ var: 'a' }, { var: 'b' }] }, 8.6] };
    expect(await verdicts({ ...rule(cool), record: { a: 308.6, b: 300 } })).toEqual(['fail']);
    expect(await verdicts({ ...rule(cool), record: { a: 308.5, b: 300 } })).toEqual(['pass']);
    expect(await verdicts({ ...rule(cool), record: { a: 308.5 } })).toEqual(['missing']);
  });

  it.each([
    [{ method: ['x', 'y'] }],
    [{ log: 'x' }],
    [{ '==': [{ var: 'a.constructor.name' }, 'Object'] }],
    [{ '==': [{ var: { cat: ['__pro', 'to__'] } }, 1] }],
    [{ map: [{ var: 'a' }, { map: [{ var: 'a' }, 1] }] }],
    [Array.from({ length: 40 }).reduce<unknown>((inner) => ({ '!': [inner] }), true)],
  ])('%j is not run', async (own) => {
    expect(await verdicts({ ...rule(own), record: { a: [1] } })).toEqual(['unclear']);
  });

  it('a schema gives a clause for each property, missing apart from wrong', async () => {
    const specification = {
      type: 'object',
      required: ['a', 'b'],
      properties: { a: { maximum: 5 }, c: { type: 'string' }, d: {} },
    };
    const { clauses, verdict } = await output({ specification, record: { a: 7, c: 'x' } });
    expect(clauses.map(({ id, verdict: own }) => [id, own])).toEqual([
      ['#/a', 'fail'],
      ['#/c', 'pass'],
      ['#/d', 'not_applicable'],
      ['#/b', 'missing'],
      ['#', 'pass'],
    ]);
    expect(verdict).toBe('fail');
  });

  it.each([[{ $ref: '#' }], [{ type: 'string', pattern: '^(a+)+$' }], [{ $ref: '#/nowhere' }]])(
    '%j is refused',
    async (specification) => {
      const found = await ask({ specification, record: 'aaaa' });
      expect(found.ok ? null : found.failure.code).toBe('schema_unsupported');
    },
  );

  it('patterns that repeat what repeats are heavy', () => {
    expect(['(a+)+', '(a|b)*', '((a)*b)*', '(?:x{1,3}y)+'].map(isHeavyPattern)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['^[a-z]+$', '(abc)+', '\\(a+\\)+', '^\\d{4}-\\d{2}$'].map(isHeavyPattern)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('wrong calls', () => {
  it.each([
    [{}],
    [{ specification: 'Hello there' }],
    [{ specification: [] }],
    [{ specification: [1] }],
    [{ specifications: 'x' }],
    [{ specification: 'a,b\n'.repeat(5_002) }],
  ])('%#', async (input) => {
    const found = await ask(input, 'x');
    expect(found.ok ? null : found.failure.code).toBe('bad_request');
  });
});

describe('numbers', () => {
  it.each([
    ['1.234,56', [['1234.56']]],
    ['1,234.56', [['1234.56']]],
    ["1'234.5", [['1234.5']]],
    ['1\u202f234,5', [['1234.5']]],
    ['-5 and −6', [['-5'], ['-6']]],
    ['10-12', [['10'], ['12']]],
    ['2026-03-04, 03/04/2026 and C45', []],
    ['1,234', [['1.234', '1234']]],
    ['1,234 and 5.6', [['1234'], ['5.6']]],
    ['0,125', [['0.125']]],
    ['1e-3', [['0.001']]],
  ])('%s', (text, expected) => {
    expect(
      numbersIn(text).map((number) => number.readings.map((reading) => reading.toFixed())),
    ).toEqual(expected);
  });
});

describe('size', () => {
  it('thousands of clauses on one parameter with thousands of values stay linear', async () => {
    const specification = Array.from({ length: 1_000 }, (_, i) => ({
      parameter: 'x',
      max: i + 1,
      unit: 'mm',
    }));
    const found = await verdicts({ specification }, 'x 1.5 mm\n'.repeat(2_000));
    expect([found[0], found[1], found.length]).toEqual(['fail', 'pass', 1_000]);
  }, 15_000);

  it('long lines of nothing cost nothing', async () => {
    const text = `station${' '.repeat(50_000)}x ${'1,'.repeat(20_000)} ${'x '.repeat(5_000)}`;
    expect(
      await verdicts({ specification: [{ parameter: 'x', max: 3, unit: 'mm' }] }, text),
    ).toEqual(['unclear']);
  }, 15_000);
});
