/** All that the tagger is trained on, as words with labels; and the list of name words. */
import { LABELS } from '../../workers/tasks/redact/crf.ts';
import { knownSpans } from '../../workers/tasks/redact/known.ts';
import {
  COMPANY,
  COUNTRY,
  FIRST_NAME,
  PLACE,
  STREET,
  SURNAME,
} from '../../workers/tasks/redact/word-list.ts';
import { stretchesOf, wordsOf, type Word } from '../../workers/tasks/redact/words.ts';
import type { GoldRow } from './corpora.ts';
import { LANGUAGES } from './patterns.ts';
import { KIND_OF, Maker, withoutOverlap, type Practice, type Values } from './sentences.ts';

export interface Labelled {
  words: Word[];
  labels: Uint8Array;
}

const REFILLS: Record<GoldRow['set'], number> = {
  presidio: 9,
  pii: 1,
  btc: 0.4,
  wnut: 0.4,
  sec: 2,
};
const MADE_UP = 20_000;
const LOWER_SHARE = 0.06;
const UPPER_SHARE = 0.04;

/** Gold rows as they are, the same with other values, made-up sentences; some in capitals or without any. */
export function practiceOf(
  rows: readonly GoldRow[],
  values: Values,
  random: () => number,
): Practice[] {
  const maker = new Maker(values, random);
  const all: Practice[] = [];
  for (const row of rows) {
    all.push(asPractice(row));
    const times = REFILLS[row.set];
    const whole = Math.floor(times) + (random() < times % 1 ? 1 : 0);
    for (let round = 0; round < whole; round++) all.push(maker.refill(row));
  }
  for (let made = 0; made < MADE_UP; made++) {
    // Every second one is English; the other languages share the rest.
    const language = LANGUAGES[random() < 0.45 ? 0 : Math.floor(random() * LANGUAGES.length)];
    if (!language) continue;
    const lines = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
      maker.fill(
        language.patterns[Math.floor(random() * language.patterns.length)] as string,
        language.locales,
      ),
    );
    all.push(joined(lines, random() < 0.5 ? '\n' : ' '));
  }
  return all.map((one) => otherCase(one, random()));
}

export function asPractice(row: GoldRow): Practice {
  const spans = withoutOverlap(row.spans).flatMap(({ start, end, type }) => {
    const kind = KIND_OF[type];
    return kind === undefined ? [] : [{ start, end, kind }];
  });
  return { text: row.text, spans };
}

function joined(parts: Practice[], between: string): Practice {
  let text = '';
  const spans: Practice['spans'] = [];
  for (const part of parts) {
    for (const span of part.spans)
      spans.push({ ...span, start: span.start + text.length, end: span.end + text.length });
    text += part.text + between;
  }
  return { text, spans };
}

/** Only where the change keeps every place. */
function otherCase(one: Practice, draw: number): Practice {
  if (draw > LOWER_SHARE + UPPER_SHARE) return one;
  const text = draw < LOWER_SHARE ? one.text.toLowerCase() : one.text.toUpperCase();
  return text.length === one.text.length ? { ...one, text } : one;
}

export function labelled({ text, spans }: Practice): Labelled[] {
  const labelOf = (word: Word): number => {
    const span = spans.find((one) => one.start < word.end && word.start < one.end);
    if (!span || (word.text.startsWith('<') && word.text.length > 1)) return 0;
    const isFirst = word.start <= span.start || lastIn !== span;
    lastIn = span;
    return LABELS.indexOf(`${isFirst ? 'B' : 'I'}-${span.kind}` as (typeof LABELS)[number]);
  };
  let lastIn: Practice['spans'][number] | null = null;
  return stretchesOf(wordsOf(text, knownSpans(text))).map((words) => {
    lastIn = null;
    return { words, labels: Uint8Array.from(words, labelOf) };
  });
}

const WORD = /[\p{L}\p{M}]+/gu;
/** Words of more than one list keep all their flags; those of many streets and companies mark a street or a company. */
export function nameWords(values: Values): Map<string, number> {
  const flags = new Map<string, number>();
  const add = (text: string, flag: number): void => {
    for (const [word] of text.toLowerCase().matchAll(WORD))
      if (word.length > 1) flags.set(word, (flags.get(word) ?? 0) | flag);
  };
  values.first_names.forEach((name) => add(name, FIRST_NAME));
  values.surnames.forEach((name) => add(name, SURNAME));
  values.cities.forEach((name) => add(name, PLACE));
  values.countries.forEach((name) => add(name, COUNTRY));
  values.states.forEach(([name]) => add(name, PLACE));
  for (const locale of Object.values(values.locales)) {
    locale.first.forEach((name) => add(name, FIRST_NAME));
    locale.last.forEach((name) => add(name, SURNAME));
    locale.city.forEach((name) => add(name, PLACE));
    locale.country.forEach((name) => add(name, COUNTRY));
    common(locale.company, 3).forEach((word) => add(word, COMPANY));
    common(locale.street, 3).forEach((word) => add(word, STREET));
  }
  return flags;
}

/** Words that stand in at least `least` of the texts. */
function common(texts: readonly string[], least: number): string[] {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const word of new Set(text.toLowerCase().match(WORD)))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= least).map(([word]) => word);
}
