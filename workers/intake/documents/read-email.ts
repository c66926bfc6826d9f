/** Reads an e-mail (EML): the header that people see, the text, its parts, and what is attached. */
import PostalMime, { type Address, type Email } from 'postal-mime';
import type { NamedBlob } from '../../../src/core/intake.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { htmlToText } from './html-text.ts';
import { mailParts } from './mail-parts.ts';
import { parsedText, type Parsed } from './parsed.ts';

const MOST_NESTING = 50;
const MOST_HEADER_BYTES = 1_048_576;
const MOST_PARTS = 500;

async function parse(file: Blob): Promise<Result<Email>> {
  try {
    const email = await PostalMime.parse(await file.arrayBuffer(), {
      maxNestingDepth: MOST_NESTING,
      maxHeadersSize: MOST_HEADER_BYTES,
      attachmentEncoding: 'arraybuffer',
    });
    return email.attachments.length > MOST_PARTS
      ? fail(
          'file_broken',
          `The e-mail has ${email.attachments.length} attachments; at most ${MOST_PARTS} are read.`,
        )
      : ok(email);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail('file_broken', `The e-mail could not be read: ${why}.`);
  }
}

function shown(address: Address | undefined): string {
  if (address === undefined) return '';
  if (address.group !== undefined) return address.group.map(shown).join(', ');
  if (!address.address) return address.name;
  return address.name ? `${address.name} <${address.address}>` : address.address;
}

/** ISO 8601, or empty where the date cannot be read. */
function isoDate(date: string | undefined): string {
  const time = date === undefined ? NaN : Date.parse(date);
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function contentOf(email: Email): { text: string; notices: string[] } {
  const plain = email.text?.replace(/\r\n?/g, '\n').trimEnd() ?? '';
  if (plain.trim() !== '') return { text: plain, notices: [] };
  if (email.html) return { text: htmlToText(email.html, true), notices: [] };
  return { text: '', notices: ['The e-mail has no text of its own.'] };
}

/** The header lines that people see stand before the text. */
export async function readEmail(file: Blob): Promise<Result<Parsed>> {
  const parsed = await parse(file);
  if (!parsed.ok) return parsed;
  const email = parsed.value;
  const from = oneLine(shown(email.from));
  const to = oneLine((email.to ?? []).map(shown).join(', '));
  const subject = oneLine(email.subject ?? '');
  const date = isoDate(email.date);
  const header = [
    ['From', from],
    ['To', to],
    ['Date', date],
    ['Subject', subject],
  ].flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
  const beginning = header.length > 0 ? `${header.join('\n')}\n\n` : '';
  const { text: content, notices } = contentOf(email);
  const text = beginning + content;
  const attachments = email.attachments.map((attachment, index) => ({
    name: attachment.filename ?? `attachment ${index + 1}`,
    type: attachment.mimeType,
    bytes: lengthOf(attachment.content),
  }));
  const mail = { from, to, subject, date, attachments, ...mailParts(text, beginning.length) };
  return ok(parsedText('email', text, notices, { email: mail }));
}

const lengthOf = (content: ArrayBuffer | Uint8Array | string): number =>
  typeof content === 'string' ? new TextEncoder().encode(content).length : content.byteLength;

/** An attachment by its position in `email.attachments`. */
export async function readAttachment(file: Blob, index: number): Promise<Result<NamedBlob>> {
  const parsed = await parse(file);
  if (!parsed.ok) return parsed;
  const attachment = parsed.value.attachments[index];
  if (attachment === undefined)
    return fail('bad_request', `The e-mail has no attachment number ${index + 1}.`);
  const name = attachment.filename ?? `attachment ${index + 1}`;
  return ok(new File([attachment.content as BlobPart], name, { type: attachment.mimeType }));
}
