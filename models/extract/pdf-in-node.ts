/** The text of a PDF with positions in Node: pdf.js's Node build, then the same steps as the app's reader. */
import { readFileSync } from 'node:fs';
import type { ReadDocument } from '../../src/core/document.ts';
import { composePages, type PageText } from '../../workers/intake/documents/compose.ts';
import {
  piecesOf,
  turnOfText,
  type TextItem,
} from '../../workers/intake/documents/pdf/text-items.ts';
import { readingOrder } from '../../workers/intake/documents/reading-order.ts';

/** Node 20 has no Promise.withResolvers, which pdf.js needs. */
function addWithResolvers(): void {
  const promise = Promise as unknown as { withResolvers?: () => unknown };
  promise.withResolvers ??= () => {
    let [resolve, reject] = [(_: unknown): void => undefined, (_: unknown): void => undefined];
    const made = new Promise((yes, no) => ([resolve, reject] = [yes, no]));
    return { promise: made, resolve, reject };
  };
}

export async function documentOfPdf(path: string, language: string): Promise<ReadDocument> {
  addWithResolvers();
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const bytes = new Uint8Array(readFileSync(path));
  const loading = getDocument({ data: bytes, verbosity: 0 });
  const pdf = await loading.promise;
  const pages: PageText[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const content = await page.getTextContent();
    const items = content.items.filter((item) => 'str' in item) as unknown as TextItem[];
    const turn = turnOfText(items, page.getViewport({ scale: 1 }).transform);
    const view = page.getViewport({ scale: 1, rotation: (page.rotate + turn) % 360 });
    const { upright, slanted } = piecesOf(items, view.transform);
    const rows = [...readingOrder(upright), ...slanted.map((piece) => [piece])];
    const size = { width: view.width, height: view.height, turned: turn };
    pages.push({ page: { ...size, source: 'text_layer' }, rows });
  }
  await loading.destroy();
  const none = { email: null, notices: [], invoiceXml: null };
  const name = path.split('/').at(-1) ?? '';
  return {
    kind: 'pdf',
    name,
    bytes: bytes.length,
    ...composePages(pages),
    language: { code: language, score: 1 },
    ...none,
  };
}
