/** Task `generate`: golden templates, hostile templates, limits, and that nothing appears that was not given. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { documentOfText } from '../../src/core/document.ts';
import { fail, ok } from '../../src/core/failure.ts';
import type { Work, WorkManifest, WorkPorts } from '../../src/core/work.ts';
import golden from '../../workers/tasks/generate/golden.json' with { type: 'json' };
import { readDate, readDecimal } from '../../workers/tasks/generate/formats.ts';
import { run } from '../../workers/tasks/generate/run.ts';
import { OutputSchema } from '../../workers/tasks/generate/schema.ts';

const FOLDER = join(import.meta.dirname, '../../public/fleet/templates/1.0.0');
const manifest = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as WorkManifest;

const ports = {
  now: () => 0,
  deadlineAt: 1000,
  file: (name: string) =>
    Promise.resolve(
      name === 'templates.json'
        ? ok(new Uint8Array(readFileSync(join(FOLDER, name))))
        : fail('file_missing', name),
    ),
} as unknown as WorkPorts;

const generate = (text: string, input: unknown) =>
  run({ document: documentOfText(text), input, manifest } satisfies Work, ports);

async function filled(text: string, input: unknown) {
  const result = await generate(text, input);
  if (!result.ok) throw new Error(result.failure.message);
  expect(v.safeParse(OutputSchema, result.value.output).success).toBe(true);
  return result.value;
}

async function refused(text: string, input: unknown): Promise<string> {
  const result = await generate(text, input);
  if (result.ok) throw new Error(`It was filled: ${JSON.stringify(result.value.output)}`);
  return `${result.failure.code}: ${result.failure.message}`;
}

describe('golden templates', () => {
  test.each(golden.cases)('$name', async ({ text, input, expected, doubts }) => {
    const finding = await filled(text, input);
    // Intl separates by no-break spaces.
    expect(finding.output?.text.replace(/[\u00a0\u202f]/g, ' ')).toBe(expected.text);
    expect(finding.output?.missing).toEqual(expected.missing);
    expect(finding.doubts).toEqual(doubts ?? []);
    expect(finding.basis).toBe('exact');
    expect(finding.confidence).toBe(expected.missing.length === 0 ? 1 : 0);
  });
});

describe('what ships', () => {
  test.each(manifest.examples)('example: $title', async ({ text = '', input }) => {
    const { output } = await filled(text, input);
    expect(output?.text).not.toContain('{{');
  });

  test('the table with an empty amount leaves one slot open and says in which row', async () => {
    const { output, doubts } = await filled(
      manifest.examples[0]?.text ?? '',
      manifest.examples[0]?.input,
    );
    expect(output?.missing).toEqual(['amount']);
    expect(output?.text.split('\f')).toHaveLength(3);
    expect(doubts).toEqual(['Record 3: [amount] is left open: the record gives no value.']);
  });

  test.each(['payment-reminder', 'zahlungserinnerung', 'order-confirmation'])(
    'template %s is readable; without a record every slot is open',
    async (id) => {
      const { output } = await filled('', { template_id: id });
      expect(output?.missing.length).toBeGreaterThan(4);
    },
  );

  test('an unknown template names the known ones', async () => {
    expect(await refused('', { template_id: 'x' })).toMatch(/bad_request: .*payment-reminder/);
  });
});

describe('where the records come from', () => {
  test.each([
    ['CSV', 'a;b\n1;2\n3;4\n', '1-2\f3-4'],
    ['JSON list', '[{"a":1,"b":2}]', '1-2'],
    ['JSON object', '{"a":"x","b":true}', 'x-true'],
  ])('the document: %s', async (_, text, expected) => {
    const { output } = await filled(text, { template: '{{a}}-{{b}}' });
    expect(output?.text).toBe(expected);
  });

  test.each([
    ['no row', 'a,b\n', /bad_request.*at least one row/],
    ['a column twice', 'a,a\n1,2\n', /bad_request.*called “a”/],
    ['broken JSON', '{"a":', /bad_request.*no JSON/],
    ['a list of numbers', '[1,2]', /bad_request.*list of objects/],
    ['too many rows', `a\n${'1\n'.repeat(10_001)}`, /input_too_long/],
  ])('%s is refused', async (_, text, expected) => {
    expect(await refused(text, { template: '{{a}}' })).toMatch(expected);
  });

  test('a ragged row is told', async () => {
    const { doubts, output } = await filled('{{b}}', { records: 'a,b\n1\n' });
    expect(output?.text).toBe('[b]');
    expect(doubts[0]).toBe('Row 1 has 1 cells, the header has 2.');
  });

  test('a row hides a field of the same name', async () => {
    const field = { value: 'read', confidence: 1, valid: true, problems: [] };
    const { output } = await filled('{{a}} {{b}}', {
      fields: { fields: { a: field, b: field } },
      record: { a: 'typed' },
    });
    expect(output?.text).toBe('typed read');
  });
});

describe('hostile templates', () => {
  test.each([
    ['partial', 'a {{> other}}', /includes another template/],
    ['delimiters', '{{=<% %>=}} <% a %>', /changes the signs/],
    ['unclosed slot', 'line\n{{name', /line 2 .* not closed/],
    ['unclosed triple', '{{{name}}', /not closed/],
    ['unclosed section', '{{#a}}x', /cannot be read/],
    ['closing without opening', 'x{{/a}}', /cannot be read/],
    ['crossed sections', '{{#a}}{{#b}}{{/a}}{{/b}}', /cannot be read/],
    ['no name', '{{ }}', /no name/],
    ['unknown format', '{{a|shout}}', /not known/],
    ['format with a script', '{{a|date:alert(1)}}', /not known/],
    ['currency that is none', '{{a|money:eur}}', /not known/],
    ['deep sections', '{{#a}}'.repeat(12) + '{{/a}}'.repeat(12), /deeper than/],
    ['spaces without end', `{{${' '.repeat(49_000)}`, /not closed/],
    ['too long', 'x'.repeat(50_001), /input_too_long/],
    ['too many slots', '{{a}}'.repeat(2002), /more than 2000/],
  ])('%s', async (_, template, expected) => {
    const before = process.cpuUsage();
    expect(await refused(template, { record: { a: 1 } })).toMatch(expected);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
  });

  test('nested loops over long lists run out of their budget at once', async () => {
    const list = Array.from({ length: 1000 }, (_, i) => i);
    const bomb = '{{#a}}{{#b}}{{#c}}{{#d}}lol{{/d}}{{/c}}{{/b}}{{/a}}';
    const before = process.cpuUsage();
    const record = { a: list, b: list, c: list, d: list };
    expect(await refused(bomb, { record })).toMatch(/input_too_long/);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  });

  test('functions in a record are not called', async () => {
    let called = 0;
    const lambda = (): string => {
      called++;
      return 'x';
    };
    const { output } = await filled('{{#a}}y{{/a}}{{b}}', { record: { a: lambda, b: lambda } });
    expect(output).toEqual({ text: '[b]', missing: ['b'] });
    expect(called).toBe(0);
  });

  test('a locale that is none is refused', async () => {
    expect(await refused('x', { locale: '<script>' })).toMatch(/bad_request/);
    expect(await refused('{{a|number}}', { record: { a: 1 }, locale: 'en-ab-cd-ef' })).toMatch(
      /bad_request/,
    );
  });

  test('nothing at all is empty input', async () => {
    expect(await refused('  ', {})).toMatch(/empty_input/);
  });
});

describe('numbers and dates', () => {
  test.each([
    ['1234.56', '1234.56'],
    ['1.234,56', '1234.56'],
    ['1,234.56', '1234.56'],
    ['1.234.567', '1234567'],
    ['12,5', '12.5'],
    ['−3,5', '-3.5'],
    ['0.125', '0.125'],
    ['1.234', null],
    ['1,234', null],
    ['1e9', null],
    ['', null],
    ['12 €', null],
    ['0.1234567890123456789', '0.1234567890123456789'],
  ])('%s is %s', (text, expected) => {
    expect(readDecimal(text)).toBe(expected);
  });

  test.each([
    ['2026-02-28', '2026-02-28'],
    ['2026-02-30', null],
    ['2026-11-22T10:00:00Z', '2026-11-22'],
    ['1.2.2026', '2026-02-01'],
    ['31/12/2026', '2026-12-31'],
    ['12/31/2026', '2026-12-31'],
    ['03/04/2026', null],
    ['04/04/2026', '2026-04-04'],
    ['soon', null],
  ])('%s is %s', (text, expected) => {
    const ms = readDate(text);
    expect(ms === null ? null : new Date(ms).toISOString().slice(0, 10)).toBe(expected);
  });

  test('amounts of any size keep every digit', async () => {
    const { output } = await filled('{{a|money:EUR}}', {
      record: { a: '12345678901234567890.12' },
    });
    expect(output?.text).toBe('€12,345,678,901,234,567,890.12');
  });
});

test('whatever the record holds, the text is made of the template, the values and open slots', async () => {
  const cell = fc.string().filter((text) => text.trim() !== '');
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string({ minLength: 1 }), cell), async (record) => {
      const { output } = await filled('<{{a}}|{{b}}>', { record });
      const shown = (name: string): string =>
        Object.hasOwn(record, name) ? (record[name] as string) : '';
      for (const name of ['a', 'b'])
        expect(output?.missing.includes(name) || output?.text.includes(shown(name))).toBe(true);
    }),
    { numRuns: 200 },
  );
});
