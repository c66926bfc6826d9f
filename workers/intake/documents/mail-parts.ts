/** What of a mail's text its sender wrote, what is quoted from earlier mails, and what is a signature. Pure. */

export type Span = [start: number, end: number];

export interface MailParts {
  body: Span;
  quoted: Span | null;
  signature: Span | null;
}

/** Lines that mail programs put before the mail they answer. Each takes time linear in the line. */
const QUOTE_HEADS: RegExp[] = [
  /^-{2,}\s?(original message|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht|wiadomość oryginalna|forwarded message|weitergeleitete nachricht|mensagem original)\s?-{2,}/i,
  /^_{20,}$/,
  /^(begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié)\s?:/i,
];
const WROTE =
  /(wrote|schrieb|a écrit|escribió|ha scritto|schreef|napisał|napisała|escreveu|skrev)\b[^:]{0,120}:\s*$/i;
const WROTE_START =
  /^(on|am|le|el|il|op|w dniu|dnia|em|den|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})\b/i;
/** The block that Outlook writes: a sender line followed by a date line. */
const OUTLOOK_FROM = /^\*?(from|von|de|da|van|od)\s?:\*?\s.{0,300}/i;
const OUTLOOK_SENT =
  /^\*?(sent|gesendet|date|datum|envoyé|enviado|inviato|verzonden|data|fecha)\s?:/i;

const CLOSINGS =
  /^(best( regards| wishes)?|(kind|warm|many|with kind|with best)? ?regards|(yours )?(sincerely|faithfully|truly)|cheers|thanks( and regards)?|thank you|(mit )?(freundlichen|besten|vielen|herzlichen|lieben|schönen|freundliche|beste|viele|liebe|herzliche) (grüßen|grüße|gruss|grüssen|grüsse|gruß|dank)( .{0,40})?|mfg|lg|vg|(bien )?cordialement|bien à vous|sincères salutations|meilleures salutations|(un )?(cordial )?saludos?( cordiales)?|atentamente|cordiali saluti|distinti saluti|met vriendelijke groet(en)?|z poważaniem|pozdrawiam|atenciosamente|com os melhores cumprimentos|med vänlig hälsning)[ ,.!]*$/i;
const SENT_FROM =
  /^(sent from my |von meinem .{1,40} gesendet|gesendet von |envoyé de mon |enviado desde mi |inviato da |get outlook for )/i;
const MOST_SIGNATURE_LINES = 12;

interface Line {
  text: string;
  start: number;
  end: number;
}

function linesIn(text: string, from: number): Line[] {
  const lines: Line[] = [];
  let start = from;
  for (const line of text.slice(from).split('\n')) {
    lines.push({ text: line.trim(), start, end: start + line.length });
    start += line.length + 1;
  }
  return lines;
}

/** How many lines the head of a quote takes at this place; 0 where there is none. */
function quoteHead(lines: readonly Line[], at: number): number {
  const text = lines[at]?.text ?? '';
  if (text.length > 1000) return 0;
  if (QUOTE_HEADS.some((head) => head.test(text))) return 1;
  if (WROTE_START.test(text)) {
    // Mail programs break this line at 80 characters.
    if (WROTE.test(text)) return 1;
    const next = lines[at + 1]?.text ?? '';
    if (next.length < 200 && WROTE.test(`${text} ${next}`)) return 2;
  }
  const after = lines.slice(at + 1, at + 4);
  return OUTLOOK_FROM.test(text) && after.some((line) => OUTLOOK_SENT.test(line.text)) ? 1 : 0;
}

/** @param from where the text of the mail begins, after its header */
export function mailParts(text: string, from: number): MailParts {
  const lines = linesIn(text, from);
  const { own, quoted } = partQuote(lines);
  const cut = signatureAt(own);
  const written = own.slice(0, cut);
  const signature = spanOf(own.slice(cut));
  return { body: spanOf(written) ?? [from, from], quoted: spanOf(quoted), signature };
}

function spanOf(lines: readonly Line[]): Span | null {
  const filled = lines.filter((line) => line.text !== '');
  const first = filled[0];
  const last = filled.at(-1);
  return first && last ? [first.start, last.end] : null;
}

/** The sender's lines and the quoted ones. Answers between quoted lines leave everything to the body. */
function partQuote(lines: readonly Line[]): { own: Line[]; quoted: Line[] } {
  let at = 0;
  let head = 0;
  const isQuote = (line: Line | undefined) => line?.text.startsWith('>') ?? false;
  while (at < lines.length && !isQuote(lines[at]) && (head = quoteHead(lines, at)) === 0) at += 1;
  if (at >= lines.length) return { own: [...lines], quoted: [] };
  const before = lines.slice(0, at);
  const rest = lines.slice(at);
  const first = rest.slice(head).find((line) => line.text !== '');
  if (!isQuote(first)) return { own: before, quoted: rest };
  let end = rest.findLastIndex(isQuote) + 1;
  if (end === 0) end = rest.length;
  const inside = rest.slice(head, end).some((line) => line.text !== '' && !isQuote(line));
  const after = rest.slice(end);
  const wroteBefore = before.some((line) => line.text !== '');
  const wroteAfter = after.some((line) => line.text !== '');
  if (!wroteBefore && wroteAfter && !inside) return { own: after, quoted: rest.slice(0, end) };
  if (inside) return { own: [...lines], quoted: [] };
  return { own: before, quoted: wroteAfter ? rest.slice(0, end) : rest };
}

/** Index of the first line of the signature; the number of lines where there is none. */
function signatureAt(lines: readonly Line[]): number {
  const marked = lines.findLastIndex((line) => line.text === '--');
  if (marked > 0) return marked;
  const filled = lines.flatMap((line, index) => (line.text === '' ? [] : [index]));
  const near = filled.slice(-MOST_SIGNATURE_LINES);
  const closing = near.find(
    (index) =>
      index > (filled[0] ?? 0) &&
      (CLOSINGS.test(lines[index]?.text ?? '') || SENT_FROM.test(lines[index]?.text ?? '')),
  );
  return closing ?? lines.length;
}
