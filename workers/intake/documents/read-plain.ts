/** Reads plain text, CSV, JSON, HTML and XML: bytes to characters, then what people would read of it. */
import type { DocumentKind } from '../../../src/core/document.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { CHUNK_BYTES, decodedText, detectEncoding } from '../encoding.ts';
import { cancelled, MAX_TEXT_UNITS, parsedText, type Parsed, type Reading } from './parsed.ts';

interface Decoded {
  text: string;
  notices: string[];
}

async function decode(file: Blob, reading: Reading): Promise<Result<Decoded>> {
  const encoding = await detectEncoding(file);
  if (!encoding.ok) return encoding;
  const parts: string[] = [];
  let units = 0;
  const onBytes = (bytes: number) =>
    reading.onProgress('Reading the text', Math.min(bytes, file.size), file.size);
  for await (const part of decodedText(file, encoding.value, onBytes, CHUNK_BYTES)) {
    if (reading.signal.aborted) return cancelled();
    units += part.length;
    if (units > MAX_TEXT_UNITS)
      return fail(
        'input_too_long',
        `The text has more than ${MAX_TEXT_UNITS / 1e6} million characters.`,
      );
    parts.push(part);
  }
  const notices =
    encoding.value === 'windows-1252'
      ? ['The text is not valid UTF-8 and was read as Windows-1252: check letters with accents.']
      : [];
  return ok({ text: parts.join(''), notices });
}

/** The text as it is. */
export async function readPlain(
  file: Blob,
  kind: DocumentKind,
  reading: Reading,
): Promise<Result<Parsed>> {
  const decoded = await decode(file, reading);
  if (!decoded.ok) return decoded;
  return ok(parsedText(kind, decoded.value.text, decoded.value.notices));
}

export async function readHtml(file: Blob, reading: Reading): Promise<Result<Parsed>> {
  const decoded = await decode(file, reading);
  if (!decoded.ok) return decoded;
  const { htmlToText, TooDeep } = await import('./html-text.ts');
  try {
    return ok(parsedText('html', htmlToText(decoded.value.text), decoded.value.notices));
  } catch (cause) {
    if (cause instanceof TooDeep)
      return fail('file_broken', `The HTML is no document: ${cause.message}.`);
    throw cause;
  }
}

/** The text is a readable rendering; an e-invoice keeps its XML besides. */
export async function readXml(file: Blob): Promise<Result<Parsed>> {
  const [{ decodeXml, isInvoiceXml }, { renderXml }] = await Promise.all([
    import('./invoice-xml.ts'),
    import('./render-xml.ts'),
  ]);
  const xml = decodeXml(new Uint8Array(await file.arrayBuffer())).replace(/\r\n?/g, '\n');
  if (xml.length > MAX_TEXT_UNITS)
    return fail(
      'input_too_long',
      `The XML has more than ${MAX_TEXT_UNITS / 1e6} million characters.`,
    );
  const rendered = renderXml(xml);
  if (!rendered.ok)
    return ok(parsedText('xml', xml, [`The XML is not well-formed: ${rendered.failure.message}`]));
  const invoiceXml = isInvoiceXml(xml) ? xml : null;
  return ok(parsedText('xml', rendered.value, [], { invoiceXml }));
}
