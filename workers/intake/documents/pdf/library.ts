/** pdf.js, started without a page: files from our own build, drawing on OffscreenCanvas, nothing from elsewhere. */
import { wholeAddress } from '../../../addresses.ts';
import { startThread } from '../../../../src/platform/start-thread.ts';
import pdfThread from './pdf.worker.ts?worker&url';
import type * as PdfJs from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

type PdfLibrary = typeof PdfJs;
export type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** Larger images inside a PDF are left out, in pixels. */
const MOST_IMAGE_PIXELS = 60_000_000;
/** Files below this are handed over whole; larger ones are read in slices, when pdf.js asks for them. */
const WHOLE_BYTES = 4 * 1_048_576;
const SLICE_BYTES = 1_048_576;

const FONTS = import.meta.glob<string>(
  '../../../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}',
  {
    query: '?url',
    import: 'default',
    eager: true,
  },
);
const CMAPS = import.meta.glob<string>('../../../../node_modules/pdfjs-dist/cmaps/*.bcmap', {
  query: '?url',
  import: 'default',
  eager: true,
});
const DECODERS = import.meta.glob<string>(
  '../../../../node_modules/pdfjs-dist/wasm/{jbig2,openjpeg}.wasm',
  {
    query: '?url',
    import: 'default',
    eager: true,
  },
);
const FOLDERS: Record<string, [string, Record<string, string>]> = {
  cMapUrl: ['cmaps', CMAPS],
  standardFontDataUrl: ['standard_fonts', FONTS],
  wasmUrl: ['wasm', DECODERS],
};

/** Hands pdf.js its fonts, character maps and image decoders out of our build. */
class BuiltFiles {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const [folder, files] = FOLDERS[kind] ?? ['', {}];
    const address = files[`../../../../node_modules/pdfjs-dist/${folder}/${filename}`];
    if (address === undefined) throw new Error(`${filename} is not part of this build`);
    const response = await fetch(wholeAddress(address));
    if (!response.ok) throw new Error(`${filename}: the server answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

interface Surface {
  canvas: OffscreenCanvas | null;
  context: OffscreenCanvasRenderingContext2D | null;
}

/** Canvases without a page. */
class OffscreenCanvases {
  create(width: number, height: number): Surface {
    const canvas = new OffscreenCanvas(Math.max(1, width), Math.max(1, height));
    return { canvas, context: canvas.getContext('2d', { willReadFrequently: true }) };
  }
  getNoAlphaContext(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D | null {
    return canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  }
  reset({ canvas }: Surface, width: number, height: number): void {
    if (canvas === null) return;
    canvas.width = Math.max(1, width);
    canvas.height = Math.max(1, height);
  }
  destroy(surface: Surface): void {
    if (surface.canvas !== null) surface.canvas.width = surface.canvas.height = 0;
    surface.canvas = surface.context = null;
  }
}

/** Filters of SVG need a page; without them a few effects are drawn plainly. */
class NoFilters {
  addFilter = (): string => 'none';
  addHCMFilter = (): string => 'none';
  addAlphaFilter = (): string => 'none';
  addLuminosityFilter = (): string => 'none';
  addKnockoutFilter = (): string => 'none';
  addHighlightHCMFilter = (): string => 'none';
  addSelectionHCMFilter = (): string => 'none';
  addSelectionFilter = (): string => 'none';
  createSelectionStyle = (): null => null;
  destroy(): void {
    // Nothing is kept.
  }
}

export interface OpenPdf {
  /** Rejects as pdf.js does: PasswordException, InvalidPDFException, … */
  document: Promise<PDFDocumentProxy>;
  /** Ends the thread, whatever it does. Every open call then never answers: race it. */
  close(): void;
}

/** Starts a thread for the file. Whoever awaits this must await `document` at once, and close in any case. */
export async function openPdf(file: Blob): Promise<OpenPdf> {
  const library = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const source =
    file.size <= WHOLE_BYTES
      ? { data: new Uint8Array(await file.arrayBuffer()) }
      : { range: slicesOf(library, file), rangeChunkSize: SLICE_BYTES };
  const thread = startThread(pdfThread, 'pdf');
  return {
    document: Promise.race([documentOn(thread, library, source), broken(thread)]),
    close: () => thread.terminate(),
  };
}

async function documentOn(
  port: Worker,
  library: PdfLibrary,
  source: Parameters<PdfLibrary['getDocument']>[0],
): Promise<PDFDocumentProxy> {
  const task = library.getDocument({
    ...source,
    worker: library.PDFWorker.create({ port, verbosity: 0 }),
    verbosity: 0,
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    disableAutoFetch: true,
    disableStream: true,
    disableWorkerRendering: true,
    enableXfa: false,
    maxImageSize: MOST_IMAGE_PIXELS,
    cMapUrl: 'cmaps/',
    cMapPacked: true,
    standardFontDataUrl: 'fonts/',
    wasmUrl: 'wasm/',
    BinaryDataFactory: BuiltFiles,
    CanvasFactory: OffscreenCanvases,
    FilterFactory: NoFilters,
  });
  return task.promise;
}

function broken(thread: Worker): Promise<never> {
  return new Promise((_, reject) =>
    thread.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new Error(event.message || 'the PDF reader could not be loaded'));
    }),
  );
}

function slicesOf(
  library: PdfLibrary,
  file: Blob,
): InstanceType<PdfLibrary['PDFDataRangeTransport']> {
  const slices = new library.PDFDataRangeTransport(file.size, null);
  slices.requestDataRange = (begin: number, end: number) => {
    void file
      .slice(begin, end)
      .arrayBuffer()
      .then((bytes) => slices.onDataRange(begin, new Uint8Array(bytes)));
  };
  return slices;
}
