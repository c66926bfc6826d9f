/** What a message says about its writer and asks for: language, requests, name, numbers. Rules, nothing is guessed. */
import type { ReadDocument } from '../../../src/core/document.ts';
import type { Language } from './schema.ts';
import { sentencesOf } from './sentences.ts';
import { contentStems, wordsOf } from './words.ts';

export interface Message {
  /** What the writer wrote, without quotes and signature. */
  body: string;
  language: Language;
  /** Another language than the replies know; null where it is one of them. */
  foreign: string | null;
  /** At most three, in order. */
  asks: Ask[];
  /** Of the writer: as the e-mail's header shows it, and as the text says it; null where it does not. */
  sender: string | null;
  signed: string | null;
}

export interface Ask {
  /** The sentence as written. */
  sentence: string;
  /** What is searched for: the sentence, with the one before it where it says too little. */
  query: string;
}

/** Longer messages are searched by their first part. */
const MAX_BODY_UNITS = 8000;
const MAX_ASKS = 3;
/** A sentence with fewer stems leans on what was told before it. */
const ENOUGH_STEMS = 4;

const GERMAN = new Set(
  'ich sie und der die das nicht ist mein meine meinen bitte möchte habe eine einen wie kann zu mit für wann wo'.split(
    ' ',
  ),
);
const ENGLISH = new Set(
  'i you and the is not my please want have a an how can to with for when where do it of in'.split(
    ' ',
  ),
);

export function readMessage(document: ReadDocument): Message {
  const { email, text } = document;
  const whole = email ? text.slice(...email.body) : text;
  const body = whole.slice(0, MAX_BODY_UNITS).trim();
  const subject = email?.subject.trim() ?? '';
  const { language, foreign } = languageOf(document, body);
  const signature = email?.signature ? text.slice(...email.signature) : '';
  return {
    body,
    language,
    foreign,
    asks: asksOf(body, subject),
    sender: nameFrom(email?.from ?? ''),
    signed: nameInText(`${body}\n${signature}`),
  };
}

/** By frequent words: which of the two languages of the replies, and how many of the words said so. */
export function languageOfText(text: string): { language: Language; share: number } {
  const words = wordsOf(text.slice(0, 4000));
  const count = (set: ReadonlySet<string>): number => words.filter((word) => set.has(word)).length;
  const [german, english] = [count(GERMAN), count(ENGLISH)];
  const share = Math.max(german, english) / Math.max(1, words.length);
  return { language: german > english ? 'de' : 'en', share };
}

function languageOf(document: ReadDocument, body: string): Pick<Message, 'language' | 'foreign'> {
  const { language, share } = languageOfText(body);
  const found = document.language?.code;
  const isForeign = found !== undefined && found !== 'en' && found !== 'de';
  const isSure = isForeign && (document.language?.score ?? 0) >= 0.5;
  return { language, foreign: isSure && share < 1 / 6 ? found : null };
}

/** A question or a wish; where the message has none, its first sentence. */
const WISH =
  /\b(?:i|we) (?:would|want|need|wish|have to|am trying|'d)|\bi'd\b|\bplease\b|\b(?:can|could|would|will) (?:you|i|we)\b|\b(?:how|where|when|why|what|which)\b.{0,60}\b(?:do|does|can|is|are|to)\b|\bbitte\b|\b(?:ich|wir) (?:möchte|will|würde|brauche|hätte|benötige|wollen|möchten)|\b(?:können|könnten|kann|könnt) (?:sie|ich|wir|ihr|man)\b/iu;
const COURTESY =
  /^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|thanks?|thank you|kind regards|best|regards|hallo|guten (?:tag|morgen|abend)|liebe|sehr geehrte|vielen dank|danke|mit freundlichen|viele grüße|lg|mfg)\b/iu;

function asksOf(body: string, subject: string): Ask[] {
  const sentences = sentencesOf(joinedLines(body)).map(({ text }) => text);
  const said = sentences.filter((text) => !isCourtesy(text));
  const asking = said.flatMap((text, i) => (isAsking(text) ? [i] : []));
  const chosen = asking.length > 0 ? asking : said.length > 0 ? [0] : [];
  const asks = chosen.map((i): Ask => {
    const sentence = said[i] ?? '';
    const isThin = new Set(contentStems(sentence)).size < ENOUGH_STEMS;
    const before = said.slice(Math.max(0, i - 2), i).filter((text) => isThin && !isAsking(text));
    const query = [...(isThin ? [subject] : []), ...before, sentence].filter(Boolean).join(' ');
    return {
      sentence,
      query: asking.length > 0 ? query : `${subject} ${body.slice(0, 1000)}`.trim(),
    };
  });
  const telling = asks.filter(({ query }) => contentStems(query).length > 0);
  return distinct(telling).slice(0, MAX_ASKS);
}

const isAsking = (text: string): boolean => text.endsWith('?') || WISH.test(text.slice(0, 1000));
const isCourtesy = (text: string): boolean =>
  COURTESY.test(text) && !text.endsWith('?') && contentStems(text).length <= 3;

/** Lines that were wrapped belong together; empty lines part. */
const joinedLines = (text: string): string =>
  text.replace(/\r/gu, '').replace(/([^\n.!?:,;])\n(?=[\p{Ll}\d])/gu, '$1 ');

function distinct(asks: readonly Ask[]): Ask[] {
  const seen = new Set<string>();
  return asks.filter(({ sentence }) => {
    const key = contentStems(sentence).sort().join(' ');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const NAME = /^\p{Lu}[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’.-]{0,30}){0,2}$/u;

/** `Anna Berg <a@b>` names the sender, `a@b` does not. */
function nameFrom(from: string): string | null {
  const shown = from
    .replace(/<[^<>]{0,300}>/u, '')
    .replace(/["“”]/gu, '')
    .trim();
  return NAME.test(shown) ? shown : null;
}

/** After a farewell, or after “my name is”. */
function nameInText(text: string): string | null {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const farewell = lines.findLastIndex((line) => isFarewell(line));
  const last = farewell >= 0 ? (lines[farewell + 1] ?? '').replace(/[.,!]$/u, '') : '';
  if (NAME.test(last)) return last;
  const told =
    /\b(?:[Mm]y name is|[Mm]ein Name ist|[Ii]ch heiße) (\p{Lu}[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’-]{1,30})?)/u.exec(
      text,
    );
  return told?.[1] ?? null;
}

const FAREWELL =
  /^(?:(?:kind|best|warm|many)? ?regards|best(?: wishes)?|yours(?: sincerely| faithfully)?|sincerely|cheers|thanks|thank you|many thanks|mit freundlichen grüßen|viele grüße|liebe grüße|beste grüße|freundliche grüße|grüße|gruß|lg|mfg|vg|danke|vielen dank)[,!.]?$/iu;
export const isFarewell = (line: string): boolean => FAREWELL.test(line.trim());
