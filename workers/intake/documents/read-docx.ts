/** Reads a Word document (DOCX): paragraphs and tables as lines, deleted text and field codes left out. */
import { unzipSync, type UnzipFileInfo } from 'fflate';
import { SaxesParser } from 'saxes';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { parsedText, type Parsed } from './parsed.ts';

const DOCUMENT = 'word/document.xml';
const FOOTNOTES = 'word/footnotes.xml';
/** Most unpacked bytes of one part; Word's own documents of 200 pages have about 5 million. */
const MOST_PART_BYTES = 64 * 1_048_576;
const MOST_ENTRIES = 20_000;
/** Elements inside which nothing is text of the document: formats, what was deleted, field codes, the copy for old programs. */
const SKIPPED = new Set([
  'pPr',
  'rPr',
  'sectPr',
  'tblPr',
  'del',
  'moveFrom',
  'instrText',
  'Fallback',
  'delText',
  'pPrChange',
  'rPrChange',
]);

interface Contents {
  names: string[];
  parts: Map<string, Uint8Array>;
  tooLarge: string | null;
}

/** Unpacks the parts that hold text; the others are only named. */
async function unpack(file: Blob): Promise<Contents> {
  const names: string[] = [];
  let tooLarge: string | null = null;
  const wants = ({ name, originalSize }: UnzipFileInfo): boolean => {
    if (names.length < MOST_ENTRIES) names.push(name);
    if (name !== DOCUMENT && name !== FOOTNOTES) return false;
    if (originalSize > MOST_PART_BYTES) tooLarge = name;
    return originalSize <= MOST_PART_BYTES;
  };
  const bytes = new Uint8Array(await file.arrayBuffer());
  // The asynchronous way would start threads from code in a string, which our policy forbids.
  const unpacked = unzipSync(bytes, { filter: wants });
  return { names, parts: new Map(Object.entries(unpacked)), tooLarge };
}

export async function readDocx(file: Blob): Promise<Result<Parsed>> {
  let contents: Contents;
  try {
    contents = await unpack(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail('file_broken', `The file begins like a Word document but is damaged (${why}).`);
  }
  const { names, parts, tooLarge } = contents;
  if (tooLarge !== null)
    return fail(
      'input_too_long',
      `The text of the document unpacks to more than ${MOST_PART_BYTES / 1_048_576} MB.`,
    );
  const document = parts.get(DOCUMENT);
  if (document === undefined) return fail('unsupported_input', otherArchive(names));
  const notices: string[] = [];
  try {
    const lines = wordLines(new TextDecoder().decode(document));
    const footnotes = parts.get(FOOTNOTES);
    if (footnotes !== undefined) lines.push(...wordLines(new TextDecoder().decode(footnotes)));
    const text = lines.join('\n').trim();
    if (text === '') notices.push('No text was found in the document.');
    return ok(parsedText('docx', text, notices));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail('file_broken', `The Word document is damaged: ${why}`);
  }
}

function otherArchive(names: readonly string[]): string {
  if (names.some((name) => name.startsWith('xl/')))
    return 'The file is an Excel workbook. Save the sheet as CSV.';
  if (names.some((name) => name.startsWith('ppt/')))
    return 'The file is a PowerPoint presentation. Save it as PDF.';
  if (names.includes('content.xml'))
    return 'The file is an OpenDocument file. Save it as DOCX or PDF.';
  return 'The file is a ZIP archive without a Word document in it. Unpack it first.';
}

/** Paragraphs as lines; the cells of a table's row in one line, parted by tabs. Throws where the XML is broken. */
export function wordLines(xml: string): string[] {
  const lines: string[] = [];
  let text: string[] = [];
  /** Text of the open cells, the innermost last. */
  const cells: string[][] = [];
  const rows: string[][] = [];
  let skipped = 0;
  let inText = false;
  const endParagraph = () => {
    const line = text.join('').trimEnd();
    text = [];
    const cell = cells.at(-1);
    if (cell === undefined) lines.push(line);
    else if (line !== '') cell.push(line);
  };
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (cause) => {
    throw cause;
  });
  parser.on('opentag', ({ local }) => {
    if (skipped > 0 || SKIPPED.has(local)) skipped += 1;
    else if (local === 't') inText = true;
    else if (local === 'tab') text.push('\t');
    else if (local === 'br' || local === 'cr') text.push('\n');
    else if (local === 'noBreakHyphen') text.push('-');
    else if (local === 'tr') rows.push([]);
    else if (local === 'tc') cells.push([]);
  });
  parser.on('closetag', ({ local }) => {
    if (skipped > 0) skipped -= 1;
    else if (local === 't') inText = false;
    else if (local === 'p') endParagraph();
    else if (local === 'tc') rows.at(-1)?.push((cells.pop() ?? []).join(' '));
    else if (local === 'tr') {
      const row = (rows.pop() ?? []).join('\t');
      const outer = cells.at(-1);
      if (outer === undefined) lines.push(row);
      else outer.push(row);
    }
  });
  parser.on('text', (piece) => {
    if (inText && skipped === 0) text.push(piece);
  });
  parser.write(xml).close();
  return lines.flatMap((line) => line.split('\n'));
}
