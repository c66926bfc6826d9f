/** Makes the files of the tests of intake: small PDFs of every kind, hostile ones included, and Word documents. */
import { strToU8, zipSync } from 'fflate';
import { deflateSync } from 'node:zlib';

export interface PdfPage {
  /** Points; A4 if left out. */
  width?: number;
  height?: number;
  /** `/Rotate` of the page. */
  rotate?: number;
  /** Operators of the content stream, or the stream as it lies in the file. */
  content: string | { bytes: Buffer; filter: string };
  /** A JPEG drawn over the whole page. */
  jpeg?: { bytes: Buffer; width: number; height: number };
}

export interface PdfParts {
  pages: PdfPage[];
  attachment?: { name: string; text: string };
  /** Operators of the trailer, e.g. a reference to an encryption dictionary. */
  trailer?: string;
  extra?: string[];
}

/** Escaped for a string of a PDF, in WinAnsi. */
const literal = (text: string): string => text.replace(/[\\()]/g, '\\$&');

/** Operators that write lines at places; y from the top of a page 842 points high. */
export const write = (
  lines: [text: string, x: number, y: number, size?: number][],
  height = 842,
): string =>
  lines
    .map(
      ([text, x, y, size = 11]) =>
        `BT /F1 ${size} Tf 1 0 0 1 ${x} ${height - y} Tm (${literal(text)}) Tj ET`,
    )
    .join('\n');

const stream = (dictionary: string, bytes: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`<< ${dictionary} /Length ${bytes.length} >>\nstream\n`),
    bytes,
    Buffer.from('\nendstream'),
  ]);

/** A PDF with a correct table of its objects. */
export function pdfOf({ pages, attachment, trailer = '', extra = [] }: PdfParts): Buffer {
  const objects: (string | Buffer)[] = [
    '',
    '',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  const add = (object: string | Buffer): number => objects.push(object);
  const kids = pages.map(({ width = 595, height = 842, rotate = 0, content, jpeg }) => {
    const drawn = jpeg ? `q ${width} 0 0 ${height} 0 0 cm /I1 Do Q` : '';
    const body =
      typeof content === 'string'
        ? stream('', Buffer.from(`${drawn}\n${content}`, 'latin1'))
        : stream(`/Filter ${content.filter}`, content.bytes);
    const image = jpeg
      ? add(
          stream(
            `/Type /XObject /Subtype /Image /Width ${jpeg.width} /Height ${jpeg.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode`,
            jpeg.bytes,
          ),
        )
      : 0;
    const resources = `<< /Font << /F1 3 0 R >> ${image ? `/XObject << /I1 ${image} 0 R >>` : ''} >>`;
    return add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Rotate ${rotate} /Resources ${resources} /Contents ${add(body)} 0 R >>`,
    );
  });
  let names = '';
  if (attachment) {
    const file = add(stream('/Type /EmbeddedFile', Buffer.from(attachment.text)));
    const spec = add(
      `<< /Type /Filespec /F (${attachment.name}) /UF (${attachment.name}) /EF << /F ${file} 0 R >> >>`,
    );
    names = `/Names << /EmbeddedFiles << /Names [(${attachment.name}) ${spec} 0 R] >> >>`;
  }
  objects[0] = `<< /Type /Catalog /Pages 2 0 R ${names} >>`;
  objects[1] = `<< /Type /Pages /Count ${kids.length} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>`;
  for (const object of extra) add(object);
  return assemble(objects, trailer);
}

function assemble(objects: readonly (string | Buffer)[], trailer: string): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let at = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    const body = typeof object === 'string' ? Buffer.from(object, 'latin1') : object;
    const whole = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      body,
      Buffer.from('\nendobj\n'),
    ]);
    offsets.push(at);
    parts.push(whole);
    at += whole.length;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

/** Pages that nobody can open without a password: the key in the file fits no empty one. */
export function lockedPdf(): Buffer {
  const key = 'AB'.repeat(32);
  return pdfOf({
    pages: [{ content: write([['secret', 50, 50]]) }],
    trailer: `/ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <${key}> /U <${key}> /P -44 >>`,
  });
}

/** A content stream that unpacks to hundreds of megabytes, packed twice. */
export function bombPdf(): Buffer {
  const zeros = deflateSync(Buffer.alloc(200 * 1_048_576, 32), { level: 1 });
  return pdfOf({
    pages: [{ content: { bytes: deflateSync(zeros), filter: '[/FlateDecode /FlateDecode]' } }],
  });
}

export function docxOf(paragraphs: readonly string[]): Buffer {
  const body = paragraphs.map((text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`).join('');
  const xml = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`;
  return Buffer.from(zipSync({ 'word/document.xml': strToU8(xml) }));
}

/** An invoice of one line as CII, as small as the reader of intake needs it. */
export const INVOICE_XML = `<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"><rsm:ExchangedDocument><ram:ID>RE-2026-0815</ram:ID></rsm:ExchangedDocument></rsm:CrossIndustryInvoice>`;
