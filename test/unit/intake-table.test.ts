/** Tables from files: what is found, what is refused and why, and that pieces of any size give the same rows. */
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { Table, type OpenOptions } from '../../workers/intake/table.ts';

const file = (content: BlobPart, name = 'rows.csv'): File => new File([content], name);
const openFile = (source: File, options: Partial<OpenOptions> = {}) =>
  Table.open(source, { id: 't', ...options });

async function table(
  content: BlobPart,
  name?: string,
  options?: Partial<OpenOptions>,
): Promise<Table> {
  const opened = await openFile(file(content, name), options);
  if (!opened.ok) throw new Error(`${opened.failure.code}: ${opened.failure.message}`);
  return opened.value;
}

async function failure(content: BlobPart, name?: string, options?: Partial<OpenOptions>) {
  const opened = await openFile(file(content, name), options);
  if (opened.ok) throw new Error('the file was read');
  return opened.failure;
}

async function rows(
  content: BlobPart,
  name?: string,
  options?: Partial<OpenOptions>,
): Promise<string[][]> {
  const opened = await table(content, name, options);
  const read = await opened.read(0, opened.summary.rows + 10);
  if (!read.ok) throw new Error(read.failure.message);
  return read.value;
}

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values);
const utf16 = (text: string): Uint8Array<ArrayBuffer> => {
  const marked = `\uFEFF${text}`;
  const units = Uint16Array.from({ length: marked.length }, (_, i) => marked.charCodeAt(i));
  return new Uint8Array(units.buffer);
};

describe('well-formed files', () => {
  it('reads quotes, line breaks in cells and blank lines', async () => {
    const content = 'text,label\r\n"He said ""no"",\r\nthen left",a\r\n\r\nplain,b\r\n';
    expect(await rows(content)).toEqual([
      ['He said "no",\nthen left', 'a'],
      ['plain', 'b'],
    ]);
  });

  it.each([
    [';', 'text;label\nfirst, with comma;a\nsecond;b'],
    ['\t', 'text\tlabel\nfirst, with; both\ta\nsecond\tb'],
    ['|', 'text|label\nfirst|a\nsecond|b'],
  ])('finds the delimiter %j', async (delimiter, content) => {
    const found = (await table(content)).summary;
    expect(found.delimiter).toBe(delimiter);
    expect(found.columns).toEqual(['text', 'label']);
    expect(found.rows).toBe(2);
  });

  it('takes one column with commas in its texts as one column', async () => {
    expect(await rows('text\nno, thanks\nyes, please, now')).toEqual([
      ['no, thanks'],
      ['yes, please, now'],
    ]);
  });

  it('drops a byte order mark and reads UTF-16', async () => {
    expect((await table('\uFEFFtext,label\nä,b')).summary.columns[0]).toBe('text');
    const found = await table(utf16('text,label\r\nGrüße 🙂,b\r\n'));
    expect(found.summary.encoding).toBe('utf-16le');
    expect(await found.read(0, 1)).toEqual({ ok: true, value: [['Grüße 🙂', 'b']] });
  });

  it('falls back to windows-1252 with a notice, never silently', async () => {
    const found = await table(
      bytes(
        ...new TextEncoder().encode('text,label\nna'),
        0xef,
        ...new TextEncoder().encode('ve,b\n'),
      ),
    );
    expect(found.summary.encoding).toBe('windows-1252');
    expect(found.summary.notices.join()).toContain('not UTF-8');
    expect(found.summary.preview[0]?.[0]).toBe('naïve');
  });

  it('sees invalid UTF-8 far behind the preview', async () => {
    const head = new TextEncoder().encode(`text\n${'plain words\n'.repeat(20_000)}`);
    const found = await openFile(new File([head, bytes(0xff, 0x0a)], 'late.csv'));
    expect(found.ok && found.value.summary.encoding).toBe('windows-1252');
  });

  it('reads JSON Lines with keys that appear late', async () => {
    const found = await table(
      '{"text":"a"}\n\n{"text":"b","n":3,"deep":{"x":null}}\n',
      'rows.jsonl',
    );
    expect(found.summary.columns).toEqual(['text', 'n', 'deep']);
    expect(await found.read(0, 9)).toEqual({
      ok: true,
      value: [
        ['a', '', ''],
        ['b', '3', '{"x":null}'],
      ],
    });
  });

  it('guesses the text and the label column', async () => {
    const lines = Array.from(
      { length: 40 },
      (_, i) => `${i},ticket number ${i} about my card,${i % 2 ? 'card' : 'loan'}`,
    );
    const { guess } = (await table(`id,body,intent\n${lines.join('\n')}`)).summary;
    expect(guess).toEqual({ text: 1, label: 2 });
  });

  it('names blank and repeated columns apart and fills up short rows with a notice', async () => {
    const found = await table('text,,text\na,b,c\nd\n');
    expect(found.summary.columns).toEqual(['text', 'column 2', 'text (2)']);
    expect(found.summary.notices.join()).toContain('1 row has fewer cells');
    expect(await found.read(1, 1)).toEqual({ ok: true, value: [['d', '', '']] });
  });

  it('keeps NUL-free oddities as text: script, right-to-left, emoji, formulas', async () => {
    const odd = [
      '<script>alert(1)</script>',
      'שלום עולם',
      '👩‍👩‍👧',
      '=HYPERLINK("http://x")',
      "'; DROP TABLE",
    ];
    expect(
      await rows(`text\n${odd.map((text) => `"${text.replaceAll('"', '""')}"`).join('\n')}`),
    ).toEqual(odd.map((text) => [text]));
  });
});

describe('files that cannot be read', () => {
  it.each([
    ['an empty file', '', 'empty_input', 'empty'],
    ['blank lines only', '\n \n\n', 'empty_input', 'blank'],
    ['a header without rows', 'text,label\n', 'empty_input', 'no rows'],
    ['a header without rows and line end', 'text,label', 'empty_input', 'no rows'],
    ['a header of blanks', ',,\na,b,c\n', 'bad_csv', 'no header'],
    ['numbers instead of a header', '1,2\n3,4\n', 'bad_csv', 'no header'],
    ['a quote that never closes', 'text,label\na,b\n"open,b\nc,d\n', 'bad_csv', 'Row 3'],
    ['text after a closing quote', 'text,label\n"a"x,b\nc,d\n', 'bad_csv', 'Row 2'],
    [
      'a delimiter without quotes',
      'text,label\na,b\nc,d\ne,f\none, two,b\n',
      'bad_csv',
      'Row 5 has 3 cells',
    ],
  ])('%s', async (_what, content, code, words) => {
    const found = await failure(content);
    expect(found.code).toBe(code);
    expect(found.message).toContain(words);
  });

  it.each([
    ['a ZIP archive', bytes(0x50, 0x4b, 3, 4, 1, 2), 'Excel'],
    ['binary data', bytes(...Array.from({ length: 400 }, (_, i) => i % 7)), 'binary'],
    ['broken UTF-16', bytes(0xff, 0xfe, 0x41, 0x00, 0x00, 0xd8, 0x41, 0x00), 'UTF-16'],
  ])('%s', async (_what, content, words) => {
    const found = await failure(content);
    expect(found.code).toBe('unsupported_input');
    expect(found.message).toContain(words);
  });

  it.each([
    ['{"text":"a"}\n{"text":\n', 'Line 2 is not valid JSON'],
    ['{"text":"a"}\n[1]\n', 'Line 2 is not a JSON object'],
    ['[{"text":"a"}]', 'one JSON list'],
  ])('JSON Lines %j', async (content, words) => {
    const found = await failure(content, 'rows.jsonl');
    expect(found.code).toBe('bad_csv');
    expect(found.message).toContain(words);
  });

  it('refuses one row more than the limit, and not the limit', async () => {
    const content = `text\n${'x\n'.repeat(500)}`;
    expect((await table(content, 'a.csv', { maxRows: 500 })).summary.rows).toBe(500);
    expect((await failure(content, 'a.csv', { maxRows: 499 })).code).toBe('too_many_rows');
  });

  it('stops when it is told to', async () => {
    const content = `text\n${'x\n'.repeat(5000)}`;
    expect((await failure(content, 'a.csv', { isStopped: () => true })).code).toBe('cancelled');
  });
});

describe('pieces', () => {
  const cell = fc.stringMatching(/^[ab",;\n 🙂é]{0,12}$/u).map((text) => text.trim());
  const grid = fc.array(fc.tuple(cell, cell, fc.constantFrom('x', 'y')), {
    minLength: 1,
    maxLength: 30,
  });

  it('gives back what was written, whatever the size of the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        grid,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\n', '\r\n'),
        async (records, chunkBytes, newline) => {
          const content = Papa.unparse([['first', 'second', 'third'], ...records], {
            newline,
            quotes: true,
          });
          expect(await rows(content, 'rows.csv', { chunkBytes })).toEqual(
            records.map((record) => record.map((text) => text.replace(/\r\n?/g, '\n'))),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never throws on arbitrary bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 64 }),
        async (content, chunkBytes) => {
          const opened = await openFile(file(new Uint8Array(content)), { chunkBytes });
          if (!opened.ok) expect(opened.failure.message).not.toBe('');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads on, back and past the end', async () => {
    const content = `text,n\n${Array.from({ length: 1000 }, (_, i) => `row ${i},${i}`).join('\n')}`;
    const opened = await table(content, 'rows.csv', { chunkBytes: 700 });
    const at = async (from: number, count: number) => {
      const read = await opened.read(from, count);
      return read.ok ? read.value.map((row) => Number(row[1])) : read.failure.code;
    };
    expect(await at(0, 3)).toEqual([0, 1, 2]);
    expect(await at(3, 2)).toEqual([3, 4]);
    expect(await at(990, 100)).toEqual([990, 991, 992, 993, 994, 995, 996, 997, 998, 999]);
    expect(await at(5, 1)).toEqual([5]);
    expect(await at(2000, 5)).toEqual([]);
  });
});
