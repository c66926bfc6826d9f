/** Kinds of files in words. */
import type { DocumentKind, ReadDocument } from '../../core/document.ts';
import type { NamedBlob } from '../../core/intake.ts';

const KIND_WORDS: Record<DocumentKind, string> = {
  text: 'Text',
  pdf: 'PDF',
  image: 'Image',
  email: 'E-mail',
  docx: 'Word file',
  html: 'Web page',
  csv: 'Table',
  json: 'JSON',
  xml: 'XML',
  lines: 'Lines',
};

/** What was read, else what the name says: "PDF", "PNG". */
export function kindWords(file: NamedBlob, read: ReadDocument | null): string {
  if (read) return KIND_WORDS[read.kind];
  const ending = /\.([a-z0-9]{1,5})$/i.exec(file.name)?.[1];
  return ending ? ending.toUpperCase() : 'File';
}
