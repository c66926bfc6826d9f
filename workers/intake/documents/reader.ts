/**
 * Reads files of any kind: looks at the content, picks the reader (each with its library loaded only then), tells the
 * language, and remembers the last documents by the hash of their bytes.
 */
import {
  MAX_FILE_BYTES,
  type PageImage,
  type ReadDocument,
  type ReadingProgress,
} from '../../../src/core/document.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import type { NamedBlob } from '../../../src/core/intake.ts';
import { HEAD_BYTES, kindOf, type Kind } from './kind.ts';
import { languageOf } from './language.ts';
import { cancelled, MAX_LINES, type Parsed, type Reading } from './parsed.ts';
import { Remembered } from './remembered.ts';

/** Progress is told at most this often, in ms. */
const TELL_EVERY_MS = 60;

export interface ReadCall {
  signal: AbortSignal;
  onProgress: (progress: ReadingProgress) => void;
}

export class Reader {
  #remembered = new Remembered();

  async read(file: NamedBlob, call: ReadCall): Promise<Result<ReadDocument>> {
    const kind = await examined(file);
    if (!kind.ok) return kind;
    const key = await keyOf(file);
    const known = this.#remembered.get(key);
    if (known !== undefined) return ok(withName(known, file));
    const reading = { signal: call.signal, onProgress: seldom(call.onProgress) };
    const parsed = await parse(file, kind.value, reading);
    if (call.signal.aborted) return cancelled();
    if (!parsed.ok) return parsed;
    if (parsed.value.lines.length > MAX_LINES)
      return fail(
        'input_too_long',
        `The document has more than ${MAX_LINES.toLocaleString('en')} lines.`,
      );
    const language = await languageOf(parsed.value.text);
    const document = { ...parsed.value, language, name: '', bytes: file.size };
    this.#remembered.set(key, document);
    return ok(withName(document, file));
  }

  async pageImage(
    file: NamedBlob,
    page: number,
    maxWidth: number,
    signal: AbortSignal,
  ): Promise<Result<PageImage>> {
    const kind = await examined(file);
    if (!kind.ok) return kind;
    if (kind.value.kind !== 'pdf' && kind.value.kind !== 'image')
      return fail('bad_request', 'Only pages of PDFs and images can be drawn.');
    const width = Math.round(Math.min(4096, Math.max(16, maxWidth)));
    const known = this.#remembered.get(await keyOf(file));
    const turn = known?.pages[page - 1]?.turned ?? null;
    if (kind.value.kind === 'pdf') {
      const { pdfPageImage } = await import('./pdf/page-image.ts');
      return pdfPageImage(file, page, turn, width, signal);
    }
    if (page !== 1) return fail('bad_request', 'An image has one page.');
    const { imageOfImage } = await import('./read-image.ts');
    return imageOfImage(file, kind.value.picture, turn, width, signal);
  }

  async attachment(file: NamedBlob, index: number): Promise<Result<NamedBlob>> {
    const kind = await examined(file);
    if (!kind.ok) return kind;
    if (kind.value.kind !== 'email')
      return fail('bad_request', 'Only an e-mail has attachments that can be opened.');
    const { readAttachment } = await import('./read-email.ts');
    return readAttachment(file, index);
  }
}

/** Checks the size and finds out the kind, from the first bytes. */
async function examined(file: NamedBlob): Promise<Result<Kind>> {
  if (file.size === 0) return fail('empty_input', 'The file is empty.');
  if (file.size > MAX_FILE_BYTES)
    return fail(
      'input_too_long',
      `The file has ${Math.ceil(file.size / 1_048_576)} MB; at most ${MAX_FILE_BYTES / 1_048_576} MB are read.`,
    );
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  return kindOf(head, file.name);
}

async function parse(file: NamedBlob, kind: Kind, reading: Reading): Promise<Result<Parsed>> {
  try {
    return await parseKind(file, kind, reading);
  } catch (cause) {
    if (reading.signal.aborted) return cancelled();
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail('file_broken', `The file could not be read: ${why}`);
  }
}

async function parseKind(file: NamedBlob, kind: Kind, reading: Reading): Promise<Result<Parsed>> {
  switch (kind.kind) {
    case 'pdf':
      return (await import('./pdf/read-pdf.ts')).readPdf(file, reading);
    case 'image':
      return (await import('./read-image.ts')).readImage(file, kind.picture, reading);
    case 'email':
      return (await import('./read-email.ts')).readEmail(file);
    case 'docx':
      return (await import('./read-docx.ts')).readDocx(file);
    case 'html':
      return (await import('./read-plain.ts')).readHtml(file, reading);
    case 'xml':
      return (await import('./read-plain.ts')).readXml(file);
    case 'text':
    case 'csv':
    case 'json':
    case 'lines':
      return (await import('./read-plain.ts')).readPlain(file, kind.kind, reading);
  }
}

const withName = (document: ReadDocument, { name }: NamedBlob): ReadDocument => ({
  ...document,
  name,
});

/** The kind of plain text hangs on the name's ending, so that is part of the key. */
async function keyOf(file: NamedBlob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  const ending = /\.[a-z0-9]{1,8}$/i.exec(file.name)?.[0].toLowerCase() ?? '';
  return `${new Uint8Array(digest).join()}/${file.size}${ending}`;
}

function seldom(onProgress: ReadCall['onProgress']): Reading['onProgress'] {
  let last = -Infinity;
  return (stage, done, total) => {
    const now = performance.now();
    if (now - last < TELL_EVERY_MS) return;
    last = now;
    onProgress({ stage, done, total });
  };
}
