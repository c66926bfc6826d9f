/** Reads a PDF: its text layer with positions, the e-invoice that it carries, and OCR for pages that are pictures. */
import { MAX_PAGES } from '../../../../src/core/document.ts';
import { fail, ok, type Result } from '../../../../src/core/failure.ts';
import { composePages, type PageText } from '../compose.ts';
import { byLikelihood, decodeXml, isInvoiceXml } from '../invoice-xml.ts';
import { openNets } from '../ocr/nets.ts';
import { readPicture } from '../ocr/read-picture.ts';
import { scaled } from '../pieces.ts';
import { cancelled, parsedPages, type Parsed, type Reading } from '../parsed.ts';
import { readingOrder } from '../reading-order.ts';
import { BUDGET, withPdf, type Within } from './budget.ts';
import { isBlank, pictureOfPage } from './draw-page.ts';
import type { PDFDocumentProxy, PDFPageProxy } from './library.ts';
import { piecesOf, turnOfText, type TextItem } from './text-items.ts';

/** Fewer letters than this are no text layer: page numbers that a scanner put on. */
const LEAST_LETTERS = 10;
const MAX_XML_BYTES = 20 * 1_048_576;

interface Notices {
  unread: number;
  unreadable: number[];
  ocrPages: number;
}

export function readPdf(file: Blob, reading: Reading): Promise<Result<Parsed>> {
  return withPdf(file, reading.signal, async (document, within) => {
    const pages = document.numPages;
    if (pages > MAX_PAGES)
      return fail(
        'input_too_long',
        `The PDF has ${pages.toLocaleString('en')} pages; at most ${MAX_PAGES} are read.`,
      );
    const invoiceXml = await embeddedInvoice(document, within);
    const read: PageText[] = [];
    const notices: Notices = { unread: 0, unreadable: [], ocrPages: 0 };
    for (let number = 1; number <= pages; number++) {
      reading.onProgress(`Reading page ${number} of ${pages}`, number - 1, pages);
      const page = await readPage(document, number, within, reading, notices);
      if (!page.ok) return page;
      read.push(page.value);
    }
    const composed = composePages(read);
    return ok(parsedPages('pdf', composed, wordsOf(notices, composed.text), invoiceXml));
  });
}

/** The content of the first attachment that is an e-invoice. */
async function embeddedInvoice(document: PDFDocumentProxy, within: Within): Promise<string | null> {
  const attachments = (await within(BUDGET.page, document.getAttachments())) as unknown as Map<
    string,
    { filename: string }
  > | null;
  if (attachments === null) return null;
  const ids = new Map([...attachments].map(([id, { filename }]) => [filename, id]));
  for (const name of byLikelihood([...ids.keys()])) {
    const asked = document as unknown as { getAttachmentContent(id: string): Promise<unknown> };
    const bytes = await within(BUDGET.page, asked.getAttachmentContent(ids.get(name) ?? name));
    if (!(bytes instanceof Uint8Array) || bytes.length > MAX_XML_BYTES) continue;
    const xml = decodeXml(bytes);
    if (isInvoiceXml(xml)) return xml;
  }
  return null;
}

async function readPage(
  document: PDFDocumentProxy,
  number: number,
  within: Within,
  reading: Reading,
  notices: Notices,
): Promise<Result<PageText>> {
  const page = await within(BUDGET.page, document.getPage(number));
  try {
    const content = await within(BUDGET.page, page.getTextContent());
    const items = content.items.filter((item): item is typeof item & TextItem => 'str' in item);
    const letters = items.reduce((sum, item) => sum + item.str.trim().length, 0);
    return letters >= LEAST_LETTERS
      ? ok(pageOfText(page, items))
      : await pageOfPicture(page, number, items, within, reading, notices);
  } finally {
    page.cleanup();
  }
}

function pageOfText(page: PDFPageProxy, items: readonly TextItem[]): PageText {
  const turn = turnOfText(items, page.getViewport({ scale: 1 }).transform);
  const view = page.getViewport({ scale: 1, rotation: (page.rotate + turn) % 360 });
  const { upright, slanted } = piecesOf(items, view.transform);
  const rows = [...readingOrder(upright), ...slanted.map((piece) => [piece])];
  const source = rows.length > 0 ? 'text_layer' : 'empty';
  return { page: { width: view.width, height: view.height, turned: turn, source }, rows };
}

/** A page without a text layer: drawn, and read by OCR unless it is blank. */
async function pageOfPicture(
  page: PDFPageProxy,
  number: number,
  items: readonly TextItem[],
  within: Within,
  reading: Reading,
  notices: Notices,
): Promise<Result<PageText>> {
  const drawn = await pictureOfPage(page, within);
  if (isBlank(drawn.picture)) return ok(pageOfText(page, items));
  const nets = await openNets(reading.signal, (loaded, total) =>
    reading.onProgress('Loading the OCR networks', loaded, total),
  );
  if (!nets.ok) return nets;
  const text = await readPicture(drawn.picture, nets.value, {
    isStopped: () => reading.signal.aborted,
  });
  if (text === null) return cancelled();
  if (text.rows.length === 0 && text.unread > 0) notices.unreadable.push(number);
  notices.unread += text.unread;
  notices.ocrPages += 1;
  const view = page.getViewport({ scale: 1, rotation: (page.rotate + text.turn) % 360 });
  const rows = text.rows.map((row) => row.map((piece) => scaled(piece, 1 / drawn.scale)));
  const size = { width: view.width, height: view.height, turned: text.turn };
  if (rows.length === 0) return ok({ page: { ...size, source: 'empty' }, rows: [] });
  return ok({ page: { ...size, source: 'ocr' }, rows });
}

function wordsOf({ unread, unreadable, ocrPages }: Notices, text: string): string[] {
  const notices: string[] = [];
  if (ocrPages > 0)
    notices.push(
      `${ocrPages} ${ocrPages === 1 ? 'page is a picture' : 'pages are pictures'}, read by OCR: check figures against the page.`,
    );
  if (unread > 0)
    notices.push(
      `${unread} ${unread === 1 ? 'place looks' : 'places look'} like text but could not be read.`,
    );
  if (unreadable.length > 0)
    notices.push(`Nothing could be read on page ${unreadable.join(', ')}.`);
  if (text.trim() === '') notices.push('No text was found in the document.');
  return notices;
}
