/** What a file is, by its content. The name only decides between kinds that are all plain text. Pure. */
import type { DocumentKind } from '../../../src/core/document.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';

/** Bytes of the file's beginning that are looked at. */
export const HEAD_BYTES = 65_536;

const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

const starts = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, index) => bytes[index] === byte);

const REFUSED: [signature: number[], what: string][] = [
  [
    [0xd0, 0xcf, 0x11, 0xe0],
    'an old Office document, an Outlook message (MSG) or a Word file with a password',
  ],
  [[0x47, 0x49, 0x46, 0x38], 'a GIF image'],
  [[0x49, 0x49, 0x2a, 0x00], 'a TIFF image'],
  [[0x4d, 0x4d, 0x00, 0x2a], 'a TIFF image'],
  [[0x1f, 0x8b], 'a compressed archive'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'a compressed archive'],
  [[0x52, 0x61, 0x72, 0x21], 'a compressed archive'],
  [[0x7b, 0x5c, 0x72, 0x74, 0x66], 'a rich text file (RTF)'],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], 'a database'],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program'],
  [[0x4d, 0x5a, 0x90, 0x00], 'a program'],
  [[0x25, 0x21, 0x50, 0x53], 'a PostScript file'],
];

/** `picture` names the format of an image: the decoder of HEIC and AVIF depends on the browser. */
export interface Kind {
  kind: DocumentKind;
  picture: 'png' | 'jpeg' | 'webp' | 'heic' | 'avif' | null;
}

const kindOnly = (kind: DocumentKind): Result<Kind> => ok({ kind, picture: null });
const image = (picture: NonNullable<Kind['picture']>): Result<Kind> =>
  ok({ kind: 'image', picture });

/**
 * Fails with unsupported_input for what cannot be read here.
 * @param head the first HEAD_BYTES of the file
 */
export function kindOf(head: Uint8Array, name: string): Result<Kind> {
  if (starts(head, [0x89, 0x50, 0x4e, 0x47])) return image('png');
  if (starts(head, [0xff, 0xd8, 0xff])) return image('jpeg');
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return image('webp');
  if (ascii(head, 4, 8) === 'ftyp') return isoImage(ascii(head, 8, 12));
  // Readers of PDF look for its mark anywhere in the first kilobyte.
  if (ascii(head, 0, 1024).includes('%PDF-')) return kindOnly('pdf');
  if (starts(head, [0x50, 0x4b, 0x03, 0x04])) return kindOnly('docx');
  if (isLockedOffice(head))
    return fail('file_locked', `${nameOf(name)} is an Office document with a password.`);
  const refused = REFUSED.find(([signature]) => starts(head, signature));
  if (refused) return fail('unsupported_input', `${nameOf(name)} is ${refused[1]}.`);
  return kindOnly(textKind(head, name));
}

/** Office files with a password are an old container whose directory names an encrypted package, in UTF-16. */
function isLockedOffice(head: Uint8Array): boolean {
  if (!starts(head, [0xd0, 0xcf, 0x11, 0xe0])) return false;
  return new TextDecoder('utf-16le').decode(head).includes('EncryptedPackage');
}

function isoImage(brand: string): Result<Kind> {
  if (/^(heic|heix|hevc|heim|heis|mif1|msf1)$/.test(brand)) return image('heic');
  if (brand === 'avif' || brand === 'avis') return image('avif');
  return fail('unsupported_input', 'The file is a film or a sound, not a document.');
}

const nameOf = (name: string): string => (name === '' ? 'The file' : `“${name.slice(0, 120)}”`);

/** The names of header lines that an e-mail begins with. */
const MAIL_HEADER =
  /^(received|return-path|delivered-to|from|to|cc|subject|date|message-id|mime-version|x-[\w-]{1,60}|dkim-signature|arc-[\w-]{1,40}|reply-to|sender|content-type)[ \t]*:/i;

/** Does a text begin with the header of an e-mail: several known lines and no other before them? */
export function looksLikeMail(head: string): boolean {
  const lines = head.replace(/^From [^\n]{0,500}\n/, '').split(/\r?\n/);
  let known = 0;
  for (const line of lines.slice(0, 60)) {
    if (line === '') break;
    if (/^[ \t]/.test(line)) continue;
    if (MAIL_HEADER.test(line)) known += 1;
    else if (!/^[!-9;-~]{1,80}[ \t]*:/.test(line)) return false;
  }
  return known >= 3;
}

function textKind(head: Uint8Array, name: string): DocumentKind {
  const text = decodedHead(head);
  const ending = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  if (looksLikeMail(text)) return 'email';
  const begin = text.slice(0, 4096).trimStart();
  if (/^<!doctype html|^<html[\s>]/i.test(begin)) return 'html';
  if (begin.startsWith('<?xml') || /^<[a-z_][\w.-]{0,80}(:[\w.-]{1,80})?[\s>/]/i.test(begin))
    return /<html[\s>]/i.test(begin) || (ending.startsWith('htm') && !begin.startsWith('<?xml'))
      ? 'html'
      : 'xml';
  if (ending === 'htm' || ending === 'html') return 'html';
  if (ending === 'csv' || ending === 'tsv') return 'csv';
  if (ending === 'json' || (ending === '' && /^[{[]\s*["{[\]}]/.test(begin))) return 'json';
  if (ending === 'jsonl' || ending === 'ndjson') return 'lines';
  return 'text';
}

function decodedHead(head: Uint8Array): string {
  const mark = (head[0] ?? 0) * 256 + (head[1] ?? 0);
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(head);
}
