/** What intake reads out of a file: one text, and where each line of it stands on its page. */
import type { Result } from './failure.ts';
import type { NamedBlob } from './intake.ts';

/** Left, top, right, bottom in the units of the page, from its top left corner. */
export type Box = [x0: number, y0: number, x1: number, y1: number];

export type DocumentKind =
  'text' | 'pdf' | 'image' | 'email' | 'docx' | 'html' | 'csv' | 'json' | 'xml' | 'lines';

/** A run of the text that stands in one place. Offsets are UTF-16 code units into `ReadDocument.text`, end exclusive. */
export interface DocumentWord {
  start: number;
  end: number;
  box: Box;
}

/**
 * A piece of the text. Where the source has a layout it is what stands together in one place: the cells of a table's row
 * are lines of their own, parted by a tab in the text; rows are parted by a line end, pages by an empty line.
 */
export interface DocumentLine {
  start: number;
  end: number;
  /** 1 for the first page. */
  page: number;
  /** Null where the source has no layout. */
  box: Box | null;
  /** Left to right as they stand; empty where only the line's box is known. */
  words: DocumentWord[];
  /** How sure the OCR is of its reading, 0..1; null for text that was there. */
  readingConfidence: number | null;
}

export interface DocumentPage {
  /** Units of the boxes on this page: points of a PDF, pixels of an image. */
  width: number;
  height: number;
  /** Degrees by which the page was turned upright before it was read, clockwise. */
  turned: 0 | 90 | 180 | 270;
  source: 'text_layer' | 'ocr' | 'empty';
}

export interface EmailParts {
  from: string;
  to: string;
  subject: string;
  /** ISO 8601, or empty where the message names none that can be read. */
  date: string;
  /** Spans of the text: what the sender wrote, without quotes and signature. */
  body: [start: number, end: number];
  quoted: [start: number, end: number] | null;
  signature: [start: number, end: number] | null;
  attachments: { name: string; type: string; bytes: number }[];
}

/** A file as text with positions. The same bytes give the same document. */
export interface ReadDocument {
  kind: DocumentKind;
  /** Empty for text that was typed. */
  name: string;
  bytes: number;
  text: string;
  lines: DocumentLine[];
  pages: DocumentPage[];
  /** ISO 639-1 code of the text's language; null where the text is too short to tell. */
  language: { code: string; score: number } | null;
  /** The XML of an e-invoice: the file itself, or what a PDF carries (Factur-X, ZUGFeRD). */
  invoiceXml: string | null;
  email: EmailParts | null;
  /** What the person should know before relying on the text: guessed encoding, unreadable pages, cut text. */
  notices: string[];
}

export interface ReadingProgress {
  /** What is done now, for people: "Reading page 3 of 12". */
  stage: string;
  done: number;
  total: number;
}

export interface ReadOptions {
  signal?: AbortSignal;
  onProgress?: (progress: ReadingProgress) => void;
}

/** A page drawn for looking at, as PNG. */
export interface PageImage {
  image: Blob;
  /** Pixels. */
  width: number;
  height: number;
}

/** Most bytes and pages of one file; a larger one is refused, not cut. */
export const MAX_FILE_BYTES = 50 * 1_048_576;
export const MAX_PAGES = 200;

/**
 * Reads files. Fails with empty_input, input_too_long (bytes, pages, pixels), unsupported_input (kind), file_locked
 * (password), file_broken, cancelled.
 */
export interface DocumentReader {
  read(file: NamedBlob, options?: ReadOptions): Promise<Result<ReadDocument>>;
  /** Draws one page (1 is the first) at most `maxWidth` pixels wide. */
  pageImage(file: NamedBlob, page: number, maxWidth: number): Promise<Result<PageImage>>;
  /** An attachment of an e-mail, by its position in `email.attachments`. */
  attachment(file: NamedBlob, index: number): Promise<Result<NamedBlob>>;
}

/** A document of text alone: typed, pasted, or a row of a table. */
export function documentOfText(text: string, name = ''): ReadDocument {
  const lines: DocumentLine[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    lines.push({ start, end, page: 1, box: null, words: [], readingConfidence: null });
    start = end + 1;
  }
  const bytes = new TextEncoder().encode(text).length;
  const none = { language: null, invoiceXml: null, email: null, notices: [] };
  return { kind: 'text', name, bytes, text, lines, pages: [], ...none };
}
