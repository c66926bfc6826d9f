/** Word documents, XML, plain text and the reader that picks among them, with broken and hostile files. */
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { isInvoiceXml } from '../../workers/intake/documents/invoice-xml.ts';
import { byLikelihood, decodeXml } from '../../workers/intake/documents/invoice-xml.ts';
import { readDocx, wordLines } from '../../workers/intake/documents/read-docx.ts';
import { Reader } from '../../workers/intake/documents/reader.ts';
import { renderXml } from '../../workers/intake/documents/render-xml.ts';
import { Remembered } from '../../workers/intake/documents/remembered.ts';

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const word = (body: string) => `<w:document ${W}><w:body>${body}</w:body></w:document>`;
const p = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
const docx = (xml: string) => new Blob([zipSync({ 'word/document.xml': strToU8(xml) })]);

/** Writes another unpacked size into an archive of one file. */
function claimSize(zip: Uint8Array<ArrayBuffer>, size: number): void {
  const view = new DataView(zip.buffer);
  for (let at = 0; at + 30 < zip.length; at++) {
    const signature = view.getUint32(at, true);
    if (signature === 0x04034b50) view.setUint32(at + 22, size, true);
    if (signature === 0x02014b50) view.setUint32(at + 24, size, true);
  }
}

describe('DOCX', () => {
  test('paragraphs and rows of tables are lines', async () => {
    const table = `<w:tbl><w:tr><w:tc>${p('Item')}</w:tc><w:tc>${p('Price')}</w:tc></w:tr><w:tr><w:tc>${p('Tea')}${p('green')}</w:tc><w:tc>${p('3,50')}</w:tc></w:tr></w:tbl>`;
    const xml = word(
      `<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>Müller</w:t></w:r><w:r><w:tab/><w:t>x</w:t></w:r></w:p>${table}${p('a &amp; b')}`,
    );
    expect(await readDocx(docx(xml))).toMatchObject({
      ok: true,
      value: { kind: 'docx', text: 'Müller\tx\nItem\tPrice\nTea green\t3,50\na & b' },
    });
  });

  test('what was deleted and field codes are not text', () => {
    const xml = word(
      `<w:p><w:r><w:t>now</w:t></w:r><w:del><w:r><w:delText>then</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>`,
    );
    expect(wordLines(xml)).toEqual(['now']);
  });

  test('bombs, broken archives and other archives fail each with their own words', async () => {
    const bomb = new Uint8Array(await docx(word(p('x'.repeat(1000)))).arrayBuffer());
    claimSize(bomb, 70 * 1_048_576);
    expect(await readDocx(new Blob([bomb]))).toMatchObject({ failure: { code: 'input_too_long' } });
    const whole = new Uint8Array(await docx(word(p('x'.repeat(5000)))).arrayBuffer());
    expect(await readDocx(new Blob([whole.slice(0, whole.length / 2)]))).toMatchObject({
      failure: { code: 'file_broken' },
    });
    expect(await readDocx(docx('<w:document><w:p>'))).toMatchObject({
      failure: { code: 'file_broken' },
    });
    const sheet = new Blob([zipSync({ 'xl/workbook.xml': strToU8('<x/>') })]);
    expect(await readDocx(sheet)).toMatchObject({
      failure: { code: 'unsupported_input', message: expect.stringContaining('Excel') },
    });
  });

  test('an archive that lies about its size does not fill the memory', async () => {
    const honest = new Uint8Array(await docx(word(p('x'.repeat(3_000_000)))).arrayBuffer());
    claimSize(honest, 1000);
    expect(await readDocx(new Blob([honest]))).toMatchObject({ failure: { code: 'file_broken' } });
  });
});

const CII = `<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment --><rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="r"><ram:ID schemeID="x">RE-1</ram:ID><ram:Sum><ram:Net>10.00</ram:Net></ram:Sum></rsm:CrossIndustryInvoice>`;

describe('XML', () => {
  test('e-invoices are known by root and namespace', () => {
    expect(isInvoiceXml(CII)).toBe(true);
    expect(
      isInvoiceXml('<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'),
    ).toBe(true);
    expect(isInvoiceXml('<Invoice xmlns="urn:mine"/>')).toBe(false);
    expect(isInvoiceXml(`<a>${CII.slice(38)}</a>`)).toBe(false);
    expect(isInvoiceXml('no xml <<<')).toBe(false);
    expect(byLikelihood(['zz.xml', 'Factur-X.xml', 'logo.png'])).toEqual([
      'Factur-X.xml',
      'zz.xml',
    ]);
  });

  test('the text is a rendering; entities of a DTD are not expanded', () => {
    expect(renderXml(CII)).toEqual({
      ok: true,
      value: 'CrossIndustryInvoice\n  ID (schemeID x): RE-1\n  Sum\n    Net: 10.00',
    });
    const laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>';
    expect(renderXml(laughs)).toMatchObject({ ok: false });
    expect(renderXml('<a>'.repeat(5000))).toMatchObject({ ok: false });
  });

  test('its declaration names the encoding', () => {
    const latin = Uint8Array.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>', (c) =>
      c.charCodeAt(0),
    );
    expect(decodeXml(latin)).toContain('<a>ü</a>');
    expect(decodeXml(Uint8Array.of(0xff, 0xfe, 0x3c, 0, 0x61, 0))).toBe('<a');
    expect(decodeXml(new TextEncoder().encode('<?xml encoding="no-such"?><a>ü</a>'))).toContain(
      'ü',
    );
  });
});

const call = { signal: new AbortController().signal, onProgress: () => undefined };
const read = (content: BlobPart, name: string) =>
  new Reader().read(new File([content], name), call);

describe('the reader', () => {
  test('text, CSV and JSON keep their text; lines stand where they say', async () => {
    const result = await read('Guten Tag,\nwo bleibt meine Bestellung?\n', 'note.md');
    if (!result.ok) throw new Error(result.failure.message);
    const { text, lines, language, bytes, name, kind } = result.value;
    expect({ bytes, name, kind, language: language?.code }).toEqual({
      bytes: 39,
      name: 'note.md',
      kind: 'text',
      language: 'de',
    });
    expect(lines.map(({ start, end }) => text.slice(start, end))).toEqual([
      'Guten Tag,',
      'wo bleibt meine Bestellung?',
      '',
    ]);
    expect(await read('a;b\n1;2', 'x.csv')).toMatchObject({
      value: { kind: 'csv', text: 'a;b\n1;2', language: null },
    });
    expect(await read('{"a":1}', 'x.json')).toMatchObject({ value: { kind: 'json' } });
  });

  test('an e-invoice keeps its XML; XML that is broken is text with a notice', async () => {
    expect(await read(CII, 'a.txt')).toMatchObject({
      value: {
        kind: 'xml',
        invoiceXml: CII,
        text: expect.stringContaining('ID (schemeID x): RE-1'),
      },
    });
    expect(await read('<?xml version="1.0"?><a><b></a>', 'a.xml')).toMatchObject({
      value: { invoiceXml: null, notices: [expect.stringContaining('not well-formed')] },
    });
  });

  test('invalid UTF-8 is read as Windows-1252, and says so', async () => {
    const result = await read(Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65), 'a.txt');
    expect(result).toMatchObject({
      value: { text: 'Grüße', notices: [expect.stringContaining('Windows-1252')] },
    });
  });

  test('nothing, too much and binary data fail each with their own code', async () => {
    expect(await read('', 'a.pdf')).toMatchObject({ failure: { code: 'empty_input' } });
    const huge = { size: 51 * 1_048_576, name: 'x.pdf' } as File;
    expect(await new Reader().read(huge, call)).toMatchObject({
      failure: { code: 'input_too_long', message: expect.stringContaining('51 MB') },
    });
    expect(await read(new Uint8Array(5000), 'a.txt')).toMatchObject({
      failure: { code: 'unsupported_input' },
    });
    expect(await read('a\n'.repeat(400_000), 'a.txt')).toMatchObject({
      failure: { code: 'input_too_long' },
    });
  });

  test('a second read is the remembered one, under its new name', async () => {
    const reader = new Reader();
    const first = await reader.read(new File(['same text'], 'a.txt'), call);
    const second = await reader.read(new File(['same text'], 'b.txt'), call);
    if (!first.ok || !second.ok) throw new Error('a read failed');
    expect(second.value.name).toBe('b.txt');
    expect(second.value.lines).toBe(first.value.lines);
  });

  test('cancelled in the middle', async () => {
    const stop = new AbortController();
    const reading = new Reader().read(new File(['a '.repeat(2_000_000)], 'a.txt'), {
      ...call,
      signal: stop.signal,
    });
    stop.abort();
    expect(await reading).toMatchObject({ failure: { code: 'cancelled' } });
  });
});

test('only the last few documents are remembered', () => {
  const remembered = new Remembered();
  const document = (text: string) => ({ text }) as never;
  for (let n = 0; n < 9; n++) remembered.set(String(n), document('x'));
  expect(remembered.get('0')).toBeUndefined();
  expect(remembered.get('1')).toBeDefined();
  remembered.set('big', document('x'.repeat(19_999_999)));
  expect(remembered.get('big')).toBeDefined();
  expect(remembered.get('5')).toBeUndefined();
});
