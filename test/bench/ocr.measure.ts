/**
 * OCR on pages of known text, in the real documents thread: character and word errors, seconds for each page. Beside it
 * tesseract.js on the same pictures, where FLOTILLA_TESSERACT names a folder whose node_modules hold it with its English
 * and German data. BENCH_PAGES: how many pages of each kind (20); invoices of zugferd come besides.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadDocument } from '../../src/core/document.ts';
import { DATA_DIR } from '../../models/heads/corpora.ts';
import type { Documents } from '../browser/documents/documents.ts';
import { buildDocuments, serveDocumentsPage } from '../browser/documents/site.ts';
import { expect, test } from '../browser/fixture.ts';
import { hasReceipts, invoices, receipts, type KnownPage } from './ocr-pages.ts';
import { score, type Errors, type ReadWord } from './ocr-score.ts';

declare const documents: Documents;

const PAGES = Number(process.env['BENCH_PAGES'] ?? 20);
const ZUGFERD = join(DATA_DIR, 'zugferd');
const TESSERACT = process.env['FLOTILLA_TESSERACT'];

interface Sum extends Errors {
  pages: number;
  seconds: number;
}

type Recognise = (picture: Buffer, name: string) => Promise<ReadWord[]>;

/** tesseract.js in Node: the same WebAssembly as in a browser. */
async function openTesseract(
  folder: string,
): Promise<{ recognise: Recognise; close(): Promise<void> }> {
  interface Block {
    paragraphs: {
      lines: { words: { text: string; bbox: Record<'x0' | 'y0' | 'x1' | 'y1', number> }[] }[];
    }[];
  }
  const { createWorker } = createRequire(join(folder, 'x.js'))('tesseract.js') as {
    createWorker: (
      languages: string[],
      mode: number,
      options: object,
    ) => Promise<{
      recognize(
        file: string,
        options: object,
        output: object,
      ): Promise<{ data: { blocks: Block[] } }>;
      terminate(): Promise<void>;
    }>;
  };
  const scratch = mkdtempSync(join(tmpdir(), 'tesseract-'));
  for (const language of ['eng', 'deu']) {
    const data = join(
      folder,
      `node_modules/@tesseract.js-data/${language}/4.0.0_best_int/${language}.traineddata.gz`,
    );
    writeFileSync(join(scratch, `${language}.traineddata.gz`), readFileSync(data));
  }
  const worker = await createWorker(['eng', 'deu'], 1, {
    langPath: scratch,
    cachePath: scratch,
    gzip: true,
  });
  return {
    recognise: async (picture, name) => {
      const file = join(scratch, name);
      writeFileSync(file, picture);
      const { data } = await worker.recognize(file, { rotateAuto: true }, { blocks: true });
      return data.blocks
        .flatMap(({ paragraphs }) => paragraphs)
        .flatMap(({ lines }) => lines)
        .flatMap(({ words }) => words)
        .map(({ text, bbox: { x0, y0, x1, y1 } }) => ({ text, box: [x0, y0, x1, y1] }));
    },
    close: async () => {
      await worker.terminate();
      await rm(scratch, { recursive: true });
    },
  };
}

const wordsOf = ({ text, lines }: ReadDocument): ReadWord[] =>
  lines.flatMap(({ words }) =>
    words.map(({ start, end, box }) => ({ text: text.slice(start, end), box })),
  );

function add(table: Map<string, Sum>, row: string, errors: Errors, ms: number): void {
  const sum = table.get(row) ?? {
    pages: 0,
    seconds: 0,
    characters: 0,
    characterErrors: 0,
    words: 0,
    wordErrors: 0,
  };
  sum.pages += 1;
  sum.seconds += ms / 1000;
  for (const key of ['characters', 'characterErrors', 'words', 'wordErrors'] as const)
    sum[key] += errors[key];
  table.set(row, sum);
}

function print(table: ReadonlyMap<string, Sum>): void {
  for (const [row, sum] of [...table].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;
    console.log(
      `${row}: ${sum.pages} pages, ${sum.characters} characters; CER ${percent(sum.characterErrors, sum.characters)}, WER ${percent(sum.wordErrors, sum.words)}, ${(sum.seconds / sum.pages).toFixed(2)} s a page`,
    );
  }
}

/** Pages in turn, so that a run that is broken off has seen every kind. */
function knownPages(): KnownPage[] {
  const kinds = [hasReceipts() ? receipts(PAGES) : [], invoices(PAGES)];
  return Array.from({ length: PAGES }, (_, index) =>
    kinds.flatMap((kind) => kind[index] ?? []),
  ).flat();
}

test('OCR: errors and seconds', async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-ocr-'));
  await buildDocuments(folder);
  const site = await serveDocumentsPage(folder);
  const page = await browser.newPage();
  await page.goto(`${site.url}/documents.html`);
  await page.waitForFunction(() => 'documents' in globalThis);
  const tesseract = TESSERACT ? await openTesseract(TESSERACT) : null;
  if (!tesseract) console.log('skipped: tesseract.js (FLOTILLA_TESSERACT is not set)');
  const table = new Map<string, Sum>();
  const measure = async (
    kind: string,
    { paper, name }: KnownPage,
    base64: string,
    type: string,
  ) => {
    const { result, ms } = await page.evaluate((given) => documents.read(given), {
      name: 'page',
      base64,
    });
    if (!result.ok) throw new Error(result.failure.message);
    // The first page also loads the networks and warms the WebAssembly up.
    add(table, `${kind}, PP-OCRv6 small`, score(paper, wordsOf(result.value)), ms);
    if (!tesseract) return;
    const started = performance.now();
    const words = await tesseract.recognise(
      Buffer.from(base64, 'base64'),
      `${name.replace(/\W/g, '')}.${type}`,
    );
    add(table, `${kind}, tesseract.js eng+deu`, score(paper, words), performance.now() - started);
  };
  for (const known of knownPages()) {
    const painted = await page.evaluate((paper) => documents.paint(paper), known.paper);
    await measure(known.name.split(' ')[0] ?? '', known, painted.base64, known.paper.type.slice(6));
    print(table);
  }
  for (const known of await zugferdPages(async (name, base64) =>
    page.evaluate((given) => documents.drawn(given), { name, base64 }),
  ))
    await measure('zugferd', known, known.base64, 'png');
  print(table);
  expect(table.size).toBeGreaterThan(0);
  await tesseract?.close();
  await site.close();
  await rm(folder, { recursive: true });
});

/** The first pages of the invoices, drawn at 150 for each inch; their own text layer is the truth. */
async function zugferdPages(
  draw: (name: string, base64: string) => ReturnType<Documents['drawn']>,
): Promise<(KnownPage & { base64: string })[]> {
  if (!existsSync(ZUGFERD)) {
    console.log('skipped: zugferd (FLOTILLA_DATA is not set)');
    return [];
  }
  const pages: (KnownPage & { base64: string })[] = [];
  for (const name of readdirSync(ZUGFERD).filter((file) => file.endsWith('.pdf'))) {
    const pdf = readFileSync(join(ZUGFERD, name)).toString('base64');
    const { base64, width, height, scale, texts } = await draw(name, pdf);
    const look = {
      font: '',
      noise: 0,
      blur: 0,
      paper: 255,
      ink: 0,
      seed: 0,
      slant: 0,
      type: 'image/png' as const,
    };
    pages.push({
      name,
      base64,
      paper: { ...look, width: width / scale, height: height / scale, scale, texts },
    });
  }
  return pages;
}
