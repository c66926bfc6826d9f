/** Bytes of a file to text: the encoding is established for the whole file before the first row is shown. */
import type { Encoding } from '../../src/core/intake.ts';
import { fail, ok, type Result } from '../../src/core/failure.ts';

/** Bytes read at a time. */
export const CHUNK_BYTES = 1 << 20;

const SIGNATURES: { bytes: number[]; what: string }[] = [
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    what: 'an Excel workbook or a ZIP archive. Save the sheet as CSV',
  },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old Excel or Word document. Save the sheet as CSV' },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: 'a PDF document' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: 'an image' },
  { bytes: [0xff, 0xd8, 0xff], what: 'an image' },
  { bytes: [0x47, 0x49, 0x46, 0x38], what: 'an image' },
  { bytes: [0x1f, 0x8b], what: 'a compressed archive' },
  { bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], what: 'a database' },
];

const startsWith = (bytes: Uint8Array, start: number[]): boolean =>
  start.every((byte, i) => bytes[i] === byte);

/** More than one control character in a hundred bytes is no text. Tab, line ends and form feed are text. */
function looksBinary(head: Uint8Array): boolean {
  let controls = 0;
  for (const byte of head)
    if (byte < 9 || byte === 11 || (byte > 13 && byte < 32 && byte !== 27)) controls += 1;
  return controls > head.length / 100;
}

/** Pieces of the file, read when they are asked for. */
async function* chunksOf(file: Blob, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < file.size; start += chunkBytes) {
    yield new Uint8Array(await file.slice(start, start + chunkBytes).arrayBuffer());
  }
}

async function isValid(file: Blob, encoding: Encoding, chunkBytes: number): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of chunksOf(file, chunkBytes)) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/**
 * UTF-16 by its byte order mark, else UTF-8 if every byte of the file is valid UTF-8, else windows-1252 (in which every
 * byte is valid, so that the caller must tell the person that it was a fall-back).
 */
export async function detectEncoding(
  file: Blob,
  chunkBytes = CHUNK_BYTES,
): Promise<Result<Encoding>> {
  const head = new Uint8Array(await file.slice(0, 65_536).arrayBuffer());
  const signature = SIGNATURES.find(({ bytes }) => startsWith(head, bytes));
  if (signature) return fail('unsupported_input', `The file is ${signature.what}.`);
  const marked: Encoding | null = startsWith(head, [0xff, 0xfe])
    ? 'utf-16le'
    : startsWith(head, [0xfe, 0xff])
      ? 'utf-16be'
      : null;
  if (marked !== null) {
    if (await isValid(file, marked, chunkBytes)) return ok(marked);
    return fail(
      'unsupported_input',
      'The file is marked as UTF-16 but holds bytes that are not UTF-16.',
    );
  }
  if (looksBinary(head)) return fail('unsupported_input', 'The file holds binary data, not text.');
  return ok((await isValid(file, 'utf-8', chunkBytes)) ? 'utf-8' : 'windows-1252');
}

/** The text of a file in pieces, pulled by the reader. Line ends become \n; a byte order mark is dropped. */
export async function* decodedText(
  file: Blob,
  encoding: Encoding,
  onBytes: (bytes: number) => void = () => undefined,
  chunkBytes = CHUNK_BYTES,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  let carry = '';
  let bytes = 0;
  for await (const chunk of chunksOf(file, chunkBytes)) {
    const text = carry + decoder.decode(chunk, { stream: true });
    carry = text.endsWith('\r') ? '\r' : '';
    bytes += chunk.byteLength;
    onBytes(bytes);
    yield (carry === '' ? text : text.slice(0, -1)).replace(/\r\n?/g, '\n');
  }
  yield (carry + decoder.decode()).replace(/\r\n?/g, '\n');
}
