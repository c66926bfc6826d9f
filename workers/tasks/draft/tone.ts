/** The house's manner, read from its own replies: greeting, sign-off, form of address, voice and length. */
import { isFarewell } from './message.ts';
import type { Language, Wording } from './schema.ts';
import { sentencesOf } from './sentences.ts';
import { wordsOf } from './words.ts';

export interface Tone {
  /** With `{name}` where the house names its writer; null: as the wording has it. */
  greeting: string | null;
  namePart: 'none' | 'first' | 'full';
  /** Lines; null: as the wording has it. */
  signOff: string[] | null;
  isInformal: boolean;
  voice: 'we' | 'i';
  isShort: boolean;
  /** Words of passages that a reply takes over at most. */
  answerWords: number;
}

const PLAIN: Tone = {
  greeting: null,
  namePart: 'full',
  signOff: null,
  isInformal: false,
  voice: 'we',
  isShort: false,
  answerWords: 90,
};

const HELLO =
  /^(hi|hello|hey|dear|good (?:morning|afternoon|day)|hallo|guten (?:tag|morgen)|moin|servus|liebe[rs]?|sehr geehrte[rs]?)(?: (\p{Lu}[\p{L}'’. -]{0,60}))?([,!.:]?)$/iu;
const TITLE = /^(?:mr|ms|mrs|dr|prof|frau|herr|damen)\b/iu;
/** Mean words of a sentence below which a house writes short. */
const SHORT_SENTENCE = 11;
const MAX_SIGN_OFF_LINES = 5;

/** One manner from 1 to 5 replies; what they do not agree on is as the wording has it. */
export function readTone(replies: readonly string[], language: Language): Tone {
  const read = replies.map((reply) => reply.split('\n').map((line) => line.trim())).map(parted);
  if (read.length === 0) return PLAIN;
  const bodies = read.map(({ body }) => body);
  const words = bodies.map((body) => wordsOf(body).length).sort((a, b) => a - b);
  const sentences = bodies.flatMap((body) => sentencesOf(body));
  const median = words[words.length >> 1] ?? 0;
  const all = ` ${wordsOf(replies.join('\n')).join(' ')} `;
  const count = (...one: string[]): number =>
    one.reduce((sum, word) => sum + (all.split(` ${word} `).length - 1), 0);
  const mean = words.reduce((sum, n) => sum + n, 0) / Math.max(1, sentences.length);
  return {
    ...greetingOf(read.map(({ hello }) => hello)),
    signOff: signOffOf(read.map(({ farewell }) => farewell)),
    isInformal:
      language === 'de' && count('du', 'dir', 'dich', 'dein', 'deine', 'deinen', 'deiner') > 0,
    voice: count('i', 'ich', 'me', 'mir') > count('we', 'wir', 'us', 'uns') ? 'i' : 'we',
    isShort: mean < SHORT_SENTENCE,
    answerWords: Math.min(150, Math.max(35, median)),
  };
}

interface Parts {
  hello: string | null;
  body: string;
  farewell: string[];
}

function parted(lines: readonly string[]): Parts {
  const said = lines.filter((line) => line !== '');
  const [first = ''] = said;
  const hello = HELLO.test(first) ? first : null;
  const end = said.findLastIndex((line) => isFarewell(line));
  const farewell = end > 0 ? said.slice(end, end + MAX_SIGN_OFF_LINES) : [];
  const body = said.slice(hello === null ? 0 : 1, end > 0 ? end : undefined).join('\n');
  return { hello, body, farewell };
}

/** The most frequent form; a title before the name is left out, because a message does not tell it. */
function greetingOf(hellos: readonly (string | null)[]): Pick<Tone, 'greeting' | 'namePart'> {
  const forms = hellos.flatMap((hello) => {
    const found = hello === null ? null : HELLO.exec(hello);
    if (!found) return [];
    const [, word = '', name = '', sign = ','] = found;
    const neutral = /^(?:sehr geehrte|liebe)/iu.test(word) ? 'Guten Tag' : word;
    const isNamed = name !== '' && !/^(?:there|all|team|damen)\b/iu.test(name);
    const isFirst = isNamed && !TITLE.test(name) && !name.trim().includes(' ');
    const namePart: Tone['namePart'] = isNamed ? (isFirst ? 'first' : 'full') : 'none';
    return [{ greeting: isNamed ? `${neutral} {name}${sign}` : `${neutral}${sign}`, namePart }];
  });
  const best = mostFrequent(forms.map((form) => JSON.stringify(form)));
  return best === null
    ? { greeting: null, namePart: 'full' }
    : (JSON.parse(best) as Pick<Tone, 'greeting' | 'namePart'>);
}

/** Lines that all replies end with; the name of the writer, where it differs, is left to the person. */
function signOffOf(farewells: readonly string[][]): string[] | null {
  const ends = farewells.filter((lines) => lines.length > 0);
  const [first] = ends;
  if (!first) return null;
  const opening = mostFrequent(ends.map(([line = '']) => line)) ?? '';
  const others = first.slice(1);
  const shared = others.filter((line) => ends.every((lines) => lines.includes(line)));
  const differs = ends.some((lines) => lines.slice(1).some((line) => !shared.includes(line)));
  return [opening, ...(differs ? ['{writer}'] : []), ...shared];
}

function mostFrequent(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** The wording in the house's form of address. */
export function mannerOf(wording: Wording, tone: Tone): Wording {
  const { informal } = wording;
  if (!tone.isInformal || !informal) return wording;
  const { you, ...manner } = informal;
  const turned = (text: string): string =>
    you.reduce((all, [formal, other]) => all.replace(formal, other), text);
  return {
    ...wording,
    ...manner,
    needs: wording.needs.map((need) => ({ ...need, told: turned(need.told) })),
    states: wording.states.map((state) => ({ ...state, thing: turned(state.thing) })),
  };
}
