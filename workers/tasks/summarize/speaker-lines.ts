/** Who speaks on a line: the usual forms of transcripts, one line at a time. Patterns look at the line's beginning only. */

/** No label of a speaker stands further in than this. */
const MOST_LABEL_UNITS = 110;
const MOST_NAME_WORDS = 5;

const DATE = String.raw`(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s{1,3})?`;
const TIME = String.raw`[\[(<]?${DATE}\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?[\])>]?`;
const NAME = String.raw`\p{L}[\p{L}\p{M}\d .'’_&/()#-]{0,48}`;

/** `[00:01:12] Anna: …`, `Anna (00:01:12): …`, `A: …`. */
const LABEL = new RegExp(
  String.raw`^\s{0,8}(?:${TIME}\s{0,3}[-–|]?\s{0,3})?(${NAME}?)\s{0,2}(?:${TIME}\s{0,2})?:(?!//|\d\d)\s{0,4}`,
  'u',
);
/** `[doctor] …`. */
const BRACKETED = new RegExp(
  String.raw`^\s{0,8}(?:${TIME}\s{0,3})?\[(${NAME}?)\]\s{0,2}:?\s{0,4}`,
  'u',
);
/** WebVTT: `<v Anna>…`. */
const VOICE = /^\s{0,8}(?:[-–]\s?)?<v(?:\.[\w.-]{1,30})?\s{1,3}([^>]{1,60})>\s{0,4}/u;
/** `Anna   00:01:12` on a line of its own, the words below it. */
const HEADING = new RegExp(String.raw`^\s{0,8}(${NAME}?)[\s,|-]{1,6}${TIME}\s{0,4}$`, 'u');
/** A time and nothing else before the words. */
const TIMED = new RegExp(String.raw`^\s{0,8}${TIME}\s{0,3}[-–|]?\s{0,3}`, 'u');

/** Lines of caption files that nobody says. */
const CUE_TIMING = /^\s{0,8}(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s{0,3}-->\s{0,3}[\d:.,]{4,16}/u;
const CUE_NUMBER = /^\s{0,4}\d{1,7}\s{0,4}$/u;
const CAPTION_HEADER = /^\uFEFF?(?:WEBVTT|NOTE|STYLE|REGION)(?:\s|$)/u;

/** Words before a colon that name a part of a letter or a form, not a person. */
const NO_SPEAKER = new Set(
  (
    'from to cc bcc subject date sent re fw fwd note notes ps p.s summary agenda attendees participants present ' +
    'location time phone tel fax e-mail email mail web address total subtotal price order reference ref important ' +
    'warning example step http https ftp von an betreff gesendet datum anlage hinweis ort zeit telefon anschrift ' +
    'betrag summe bestellung wichtig beispiel de à objet envoyé copie heure lieu adresse montant remarque exemple ' +
    'question questions answer answers topic topics decision decisions action actions conclusion introduction title'
  ).split(' '),
);

export interface SpeakerLine {
  /** As it is written; null where the line names nobody. */
  name: string | null;
  /** Where the words begin, from the line's start. */
  from: number;
  /** The words stand on the lines below. */
  heading: boolean;
}

export const isCaptionTiming = (line: string): boolean => CUE_TIMING.test(line.slice(0, 80));
export const isCaptionNumber = (line: string): boolean => line.length < 16 && CUE_NUMBER.test(line);
export const isCaptionHeader = (line: string): boolean => CAPTION_HEADER.test(line.slice(0, 12));

export function readSpeakerLine(line: string): SpeakerLine {
  const head = line.slice(0, MOST_LABEL_UNITS);
  for (const pattern of [VOICE, BRACKETED, LABEL]) {
    const match = pattern.exec(head);
    const name = match?.[1]?.trim();
    if (match && name && isName(name)) return { name, from: match[0].length, heading: false };
  }
  const above = line.length <= MOST_LABEL_UNITS ? HEADING.exec(line)?.[1]?.trim() : undefined;
  if (above && isName(above)) return { name: above, from: line.length, heading: true };
  return { name: null, from: TIMED.exec(head)?.[0].length ?? 0, heading: false };
}

function isName(name: string): boolean {
  return name.split(/\s+/u).length <= MOST_NAME_WORDS && !NO_SPEAKER.has(name.toLowerCase());
}

/** The same speaker, however the label is written. */
export const speakerKey = (name: string): string => name.toLowerCase().replace(/\s+/gu, ' ').trim();
