/** Intake of documents in its real thread: what is read, where it stands, what is refused, and that cancelling works. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { ReadDocument } from '../../src/core/document.ts';
import { DATA_DIR } from '../../models/heads/corpora.ts';
import { expect, test as base } from './fixture.ts';
import type { Documents, Given } from './documents/documents.ts';
import { bombPdf, docxOf, INVOICE_XML, lockedPdf, pdfOf, write } from './documents/files.ts';
import type { Paper } from './documents/paint.ts';
import { buildDocuments, serveDocumentsPage } from './documents/site.ts';
import type { Site } from './runtimes/site.ts';

declare const documents: Documents;

const test = base.extend<object, { bench: Site; desk: Page }>({
  bench: [
    async ({ browserName: _ }, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'flotilla-documents-'));
      await buildDocuments(folder);
      const site = await serveDocumentsPage(folder);
      await use(site);
      await site.close();
      await rm(folder, { recursive: true });
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  /** One page for all tests: the networks of the OCR are loaded once. */
  desk: [
    async ({ browser, bench }, use) => {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(bench.url) && !/^(data|blob):/.test(request.url()))
          problems.push(request.url());
      });
      page.on('console', (message) => {
        if (/Content[- ]Security[- ]Policy/i.test(message.text())) problems.push(message.text());
      });
      await page.goto(`${bench.url}/documents.html`);
      await page.waitForFunction(() => 'documents' in globalThis);
      await use(page);
      expect(problems, 'requests elsewhere and violations of the policy').toEqual([]);
      await page.close();
    },
    { scope: 'worker' },
  ],
});

test.describe.configure({ timeout: 300_000 });

const given = (name: string, content: Buffer | string): Given => ({
  name,
  base64: Buffer.from(content).toString('base64'),
});

const read = (page: Page, file: Given, cancelAfterMs?: number) =>
  page.evaluate(([file, ms]) => documents.read(file, ms), [file, cancelAfterMs] as const);

async function readOrThrow(page: Page, file: Given): Promise<ReadDocument> {
  const { result } = await read(page, file);
  if (!result.ok)
    throw new Error(`${file.name}: ${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

async function failureOf(page: Page, file: Given): Promise<string> {
  const { result } = await read(page, file);
  return result.ok ? `read: ${result.value.text.slice(0, 80)}` : result.failure.code;
}

/** Every line and word stands in the text where it says, and on its page. */
function expectPlaces({ text, lines, pages }: ReadDocument): void {
  const wrong = lines.filter(({ start, end, page, box, words }) => {
    const { width, height } = pages[page - 1]!;
    const isOff = ([x0, y0, x1, y1]: readonly number[]) =>
      !(x0! >= -1 && y0! >= -1 && x1! <= width + 1 && y1! <= height + 1 && x0! < x1! && y0! < y1!);
    const line = text.slice(start, end);
    const joined = words.map((word) => text.slice(word.start, word.end)).join(' ');
    return (
      line.trim() === '' || joined !== line || isOff(box!) || words.some((word) => isOff(word.box))
    );
  });
  expect(lines.length).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
}

test('plain text loads neither PDF nor OCR', async ({ desk, bench }) => {
  bench.requests.length = 0;
  const document = await readOrThrow(
    desk,
    given('note.txt', 'Guten Tag, wo bleibt meine Bestellung?'),
  );
  expect(document).toMatchObject({ kind: 'text', language: { code: 'de' }, pages: [] });
  expect(bench.requests.filter((path) => /pdf|ort-|ocr|saxes|postal/.test(path))).toEqual([]);
});

test('text layer of a PDF: tables by rows, columns one after the other, turned pages, places', async ({
  desk,
}) => {
  const column = (name: string, x: number) =>
    Array.from({ length: 7 }, (_, n): [string, number, number] => [
      `${name} column, line ${'abcdefg'[n]}, with some words`,
      x,
      100 + n * 14,
    ]);
  const file = pdfOf({
    pages: [
      {
        content: write([
          ['Pos', 50, 50],
          ['Description', 100, 50],
          ['Amount', 450, 50],
          ['1', 50, 70],
          ['Tea (green)', 100, 70],
          ['1.234,56', 450, 70],
        ]),
      },
      { content: write([...column('Right', 330), ...column('Left', 50)]) },
      { rotate: 90, content: write([['A page that is turned by its own entry', 50, 50]]) },
      { content: 'BT /F1 11 Tf 0 1 -1 0 300 100 Tm (A page whose text runs upwards) Tj ET' },
    ],
  });
  const document = await readOrThrow(desk, given('order.txt', file));
  expect(document.kind).toBe('pdf');
  expectPlaces(document);
  const pages = document.text.split('\n\n');
  expect(pages[0]).toBe('Pos\tDescription\tAmount\n1\tTea (green)\t1.234,56');
  expect(pages[1]?.split('\n').map((line) => line.slice(0, 4))).toEqual([
    ...Array<string>(7).fill('Left'),
    ...Array<string>(7).fill('Righ'),
  ]);
  expect(document.pages.map(({ width, turned }) => [width, turned])).toEqual([
    [595, 0],
    [595, 0],
    // Its entry turns its text onto the side; reading turns it back.
    [595, 270],
    [842, 90],
  ]);
  expect(document.pages.every(({ source }) => source === 'text_layer')).toBe(true);
  const image = await desk.evaluate(
    (file) => documents.pageImage(file, 4, 842),
    given('order.pdf', file),
  );
  expect(image).toMatchObject({ ok: true, value: { type: 'image/png', width: 842, height: 595 } });
  expect(image.ok && image.value.dark).toBeGreaterThan(0.0005);
});

test('the invoice inside a PDF; the second read is instant and loads nothing', async ({
  desk,
  bench,
}) => {
  const file = given(
    'bill.pdf',
    pdfOf({
      pages: [{ content: write([['Invoice RE-2026-0815', 50, 50]]) }],
      attachment: { name: 'factur-x.xml', text: INVOICE_XML },
    }),
  );
  expect(await readOrThrow(desk, file)).toMatchObject({
    invoiceXml: INVOICE_XML,
    text: 'Invoice RE-2026-0815',
  });
  bench.requests.length = 0;
  expect(await readOrThrow(desk, { ...file, name: 'again.pdf' })).toMatchObject({
    name: 'again.pdf',
    invoiceXml: INVOICE_XML,
  });
  expect(bench.requests).toEqual([]);
});

test('all official sample invoices: text and XML', async ({ desk }) => {
  const folder = join(DATA_DIR, 'zugferd');
  test.skip(!existsSync(folder), 'FLOTILLA_DATA is not set');
  const names = readdirSync(folder).filter((name) => name.endsWith('.pdf'));
  expect(names).toHaveLength(15);
  for (const name of names) {
    const document = await readOrThrow(desk, given(name, readFileSync(join(folder, name))));
    const number = /<ram:ID>([^<]+)<\/ram:ID>/.exec(document.invoiceXml ?? '')?.[1];
    expect(document.invoiceXml, name).toContain('CrossIndustryInvoice');
    expect(document.text.length, name).toBeGreaterThan(500);
    expect(number, name).toBeTruthy();
    expect(document.language?.code, name).toBe('de');
    expectPlaces(document);
  }
});

/** A small till receipt as a phone sees it. */
const RECEIPT: Paper = {
  width: 420,
  height: 300,
  scale: 2,
  font: 'Liberation Sans, Arial, sans-serif',
  slant: 0,
  noise: 6,
  blur: 0.4,
  paper: 245,
  ink: 30,
  seed: 1,
  type: 'image/jpeg',
  texts: [
    { text: 'Café Grün, Königsplatz 3', box: [60, 20, 330, 42] },
    { text: 'Date: 03.05.2026', box: [40, 70, 200, 90] },
    { text: '2 x Cappuccino', box: [40, 110, 190, 130] },
    { text: '7,80', box: [330, 110, 372, 130] },
    { text: '1 x Apple cake', box: [40, 140, 190, 160] },
    { text: '4,20', box: [330, 140, 372, 160] },
    { text: 'TOTAL EUR', box: [40, 190, 160, 212] },
    { text: '12,00', box: [318, 190, 372, 212] },
  ],
};
const paint = (page: Page, change: Partial<Paper> = {}) =>
  page.evaluate((paper) => documents.paint(paper), { ...RECEIPT, ...change });

test('OCR: a phone picture, slanted, on its head, on its side; boxes on the upright page', async ({
  desk,
}) => {
  for (const change of [{ slant: 3 }, { turn: 180 }, { turn: 270, type: 'image/png' as const }]) {
    const { base64 } = await paint(desk, change);
    const document = await readOrThrow(desk, { name: 'photo.jpg', base64 });
    const label = JSON.stringify(change);
    expect(document.kind).toBe('image');
    expectPlaces(document);
    for (const words of ['Café Grün', '03.05.2026', 'Cappuccino', '7,80', '12,00'])
      expect(document.text, label).toContain(words);
    expect(document.text.split('\n').at(-1), label).toMatch(/TOTAL EUR\t12,00/);
    expect(document.pages[0], label).toMatchObject({
      source: 'ocr',
      turned: (360 - (change.turn ?? 0)) % 360,
      width: 840,
      height: 600,
    });
    for (const { readingConfidence } of document.lines)
      expect(readingConfidence).toBeGreaterThan(0.5);
    expect(document.notices[0]).toContain('OCR');
    const total = document.lines.find(
      ({ start, end }) => document.text.slice(start, end) === '12,00',
    )!.box!;
    expect((total[0] + total[2]) / 2, label).toBeGreaterThan(600);
    expect((total[1] + total[3]) / 2, label).toBeGreaterThan(330);
  }
});

test('a scanned page between pages of text; a blank page stays empty', async ({ desk }) => {
  const { base64, width, height } = await paint(desk);
  const jpeg = { bytes: Buffer.from(base64, 'base64'), width, height };
  const file = pdfOf({
    pages: [
      { content: write([['The first page has a text layer.', 50, 50]]) },
      { width: 420, height: 300, content: '', jpeg },
      { content: '' },
    ],
  });
  const document = await readOrThrow(desk, given('scan.pdf', file));
  expect(document.pages.map(({ source }) => source)).toEqual(['text_layer', 'ocr', 'empty']);
  expect(document.text).toContain('12,00');
  expectPlaces(document);
  const total = document.lines.find(
    ({ start, end }) => document.text.slice(start, end) === '12,00',
  )!;
  expect(total.page).toBe(2);
  expect(total.box![0]).toBeGreaterThan(290);
});

test('an e-mail with a PDF: its parts, and the attachment as a document', async ({ desk }) => {
  const pdf = pdfOf({ pages: [{ content: write([['Attached invoice', 50, 50]]) }] }).toString(
    'base64',
  );
  const mail = `From: Ann <ann@example.com>\r\nTo: desk@example.com\r\nSubject: Invoice\r\nDate: Mon, 04 May 2026 10:00:00 +0200\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPlease pay.\r\n\r\nOn Mon, 3 May 2026, Ben wrote:\r\n> Where is it?\r\n--x\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${pdf}\r\n--x--\r\n`;
  const document = await readOrThrow(desk, given('mail.eml', mail));
  expect(document.text.slice(...document.email!.body)).toBe('Please pay.');
  expect(document.text.slice(...document.email!.quoted!)).toContain('> Where is it?');
  expect(document.email!.attachments).toMatchObject([{ name: 'a.pdf', type: 'application/pdf' }]);
  const attachment = await desk.evaluate(
    (file) => documents.readAttachment(file, 0),
    given('mail.eml', mail),
  );
  expect(attachment).toMatchObject({
    ok: true,
    value: { kind: 'pdf', name: 'a.pdf', text: 'Attached invoice' },
  });
});

test('Word, HTML, XML, CSV and JSON', async ({ desk }) => {
  expect(await readOrThrow(desk, given('a.pdf', docxOf(['Müller', 'second'])))).toMatchObject({
    kind: 'docx',
    text: 'Müller\nsecond',
  });
  expect(
    await readOrThrow(desk, given('a.html', '<html><p>Hello<script>x</script></p>')),
  ).toMatchObject({ kind: 'html', text: 'Hello' });
  expect(await readOrThrow(desk, given('a.xml', INVOICE_XML))).toMatchObject({
    kind: 'xml',
    invoiceXml: INVOICE_XML,
  });
  expect(await readOrThrow(desk, given('a.csv', 'a;b\n1;2'))).toMatchObject({
    kind: 'csv',
    text: 'a;b\n1;2',
  });
});

test.describe('hostile files fail, each with its own words, and the thread lives on', () => {
  const png = (width: number, height: number) => {
    const head = Buffer.from(
      '89504e470d0a1a0a0000000d49484452000000000000000008020000000000000049444154',
      'hex',
    );
    head.writeUInt32BE(width, 16);
    head.writeUInt32BE(height, 20);
    return head;
  };
  const pages = (count: number) =>
    pdfOf({ pages: Array.from({ length: count }, () => ({ content: '' })) });
  const cases: [name: string, code: string, file: () => Given][] = [
    ['nothing', 'empty_input', () => ({ name: 'a.pdf', zeros: 0 })],
    ['51 MB', 'input_too_long', () => ({ name: 'a.pdf', zeros: 51 * 1_048_576 })],
    ['201 pages', 'input_too_long', () => given('a.pdf', pages(201))],
    ['10,000 pages', 'input_too_long', () => given('a.pdf', pages(10_000))],
    ['a password', 'file_locked', () => given('a.pdf', lockedPdf())],
    ['a PDF that is none', 'file_broken', () => given('a.pdf', '%PDF-1.7\nnothing of the kind')],
    ['a PDF of 200 MB packed twice', 'file_broken', () => given('a.pdf', bombPdf())],
    ['a picture of 200 megapixels', 'input_too_long', () => given('a.png', png(20_000, 10_000))],
    ['a picture cut short', 'file_broken', () => given('a.png', png(100, 100))],
    ['binary data under another name', 'unsupported_input', () => ({ name: 'a.txt', zeros: 4096 })],
    ['an archive', 'file_broken', () => given('a.docx', Buffer.from('504b03040000', 'hex'))],
    [
      'a mail of a thousand nested parts',
      'file_broken',
      () => {
        let nested = 'Content-Type: text/plain\r\n\r\nend';
        for (let n = 0; n < 1000; n++)
          nested = `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n${nested}\r\n--b${n}--\r\n`;
        return given('a.eml', `From: a@b.c\r\nSubject: x\r\n${nested}`);
      },
    ],
  ];
  for (const [name, code, file] of cases)
    test(name, async ({ desk }) => {
      expect(await failureOf(desk, file())).toBe(code);
      expect(await readOrThrow(desk, given('after.txt', `still here after ${name}`))).toMatchObject(
        { kind: 'text' },
      );
    });

  test('deep nesting in a PDF is survived', async ({ desk }) => {
    const deep = `${'<< /A '.repeat(100_000)}1${' >>'.repeat(100_000)}`;
    const file = pdfOf({
      pages: [
        { content: `${'['.repeat(200_000)}\n${write([['Text after the nesting', 50, 50]])}` },
      ],
      extra: [deep],
      trailer: '/Info 6 0 R',
    });
    const { result, ms } = await read(desk, given('a.pdf', file));
    expect(result.ok ? 'read' : result.failure.code).toMatch(/read|file_broken/);
    expect(ms).toBeLessThan(60_000);
  });

  test('five megabytes of HTML are read', async ({ desk }) => {
    const document = await readOrThrow(desk, {
      name: 'a.html',
      text: '<p>Some words of a long page, with some more of them to fill the line of a paragraph</p>\n',
      times: 58_000,
    });
    expect(document.text.length).toBeGreaterThan(3_000_000);
  });
});

test('cancelling answers within 200 ms, in a long PDF and in the OCR, and the next read works', async ({
  desk,
}) => {
  const pages = Array.from({ length: 190 }, (_, n) => ({
    content: write(
      Array.from({ length: 60 }, (_, row): [string, number, number] => [
        `Page ${n}, row ${row}, with words enough to take a while`,
        50,
        40 + row * 13,
      ]),
    ),
  }));
  const long = await read(desk, given('long.pdf', pdfOf({ pages })), 600);
  expect(long.result).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  expect(long.ms).toBeLessThan(200);
  const { base64 } = await paint(desk, { seed: 99 });
  const picture = await read(desk, { name: 'photo.jpg', base64 }, 500);
  expect(picture.result).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  expect(picture.ms).toBeLessThan(200);
  expect(await readOrThrow(desk, given('next.txt', 'and on it goes'))).toMatchObject({
    kind: 'text',
  });
});

test('cancelling at any moment while a PDF is opened breaks nothing', async ({
  browser,
  bench,
}) => {
  const page = await browser.newPage();
  const broken: string[] = [];
  page.on('pageerror', (error) => broken.push(error.message || error.name));
  await page.goto(`${bench.url}/documents.html`);
  await page.waitForFunction(() => 'documents' in globalThis);
  for (let ms = 0; ms <= 120; ms += 4) {
    const { result } = await read(
      page,
      given(`${ms}.pdf`, pdfOf({ pages: [{ content: '' }] })),
      ms,
    );
    if (!result.ok) expect(result.failure.code).toBe('cancelled');
  }
  expect(await failureOf(page, given('a.txt', 'and on it goes'))).toBe('read: and on it goes');
  expect(broken, 'errors that nobody caught').toEqual([]);
  await page.close();
});

test('a network of the OCR that was changed on its way is not used', async ({ browser, bench }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${bench.url}/documents.html`);
  await page.waitForFunction(() => 'documents' in globalThis);
  bench.faults.set('/fleet/ocr/1.0.0/characters.json', (bytes) =>
    Buffer.from(bytes).fill(48, 10, 11),
  );
  const { base64 } = await paint(page);
  expect(await failureOf(page, { name: 'photo.jpg', base64 })).toBe('hash_mismatch');
  bench.faults.clear();
  await context.close();
});
