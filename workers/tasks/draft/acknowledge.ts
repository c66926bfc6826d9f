/** Says back what was asked, in the second person where that is safe, else as a quotation. */
import type { Language, Wording } from './schema.ts';

export interface Acknowledgement {
  kind: keyof Wording['asked'];
  what: string;
}

const MAX_WORDS = 22;
const MAX_QUOTE_UNITS = 180;

const GREETING =
  /^(?:hi|hello|hey|dear \w{1,20}|good \w{1,10}|hallo|guten \w{1,10})(?: there| all| team)?[ ,!.-]+/iu;

const ENGLISH: [RegExp, Acknowledgement['kind']][] = [
  [/^(?:i|we) ?(?:'d|’d| would) (?:like|love) to know (.+)$/iu, 'know'],
  [/^(?:i|we)(?:'d|’d| would)? ?(?:also )?(?:like|love|want|need|wish) to (.+)$/iu, 'wish'],
  [
    /^(?:please )?(?:can|could|would|will) you (?:please )?tell me ((?:how|where|when|why|what|which|if|whether) .+)$/iu,
    'know',
  ],
  [/^(?:please )?(?:can|could|would|will) you (?:please )?help me (?:to )?(\w.+)$/iu, 'help'],
  [/^(?:please )?(?:can|could|would|will) you (?:please )?(\w.+)$/iu, 'request'],
  [/^how (?:do|can|could|should|would) (?:i|we) (.+)$/iu, 'how'],
  [/^please (\w.+)$/iu, 'request'],
];
const GERMAN: [RegExp, Acknowledgement['kind']][] = [
  [/^ich (?:möchte|will)(?: gerne| bitte)? (.+)$/iu, 'wish'],
];

const TURNED: Record<Language, Record<string, string>> = {
  en: {
    i: 'you',
    me: 'you',
    my: 'your',
    mine: 'yours',
    myself: 'yourself',
    we: 'you',
    us: 'you',
    our: 'your',
    ours: 'yours',
    am: 'are',
    "i'm": 'you are',
    'i’m': 'you are',
    "i've": 'you have',
    'i’ve': 'you have',
    "i'd": 'you would',
    'i’d': 'you would',
    "i'll": 'you will',
    'i’ll': 'you will',
  },
  de: {
    mein: 'Ihr',
    meine: 'Ihre',
    meinen: 'Ihren',
    meinem: 'Ihrem',
    meiner: 'Ihrer',
    meines: 'Ihres',
    mir: 'Ihnen',
    mich: 'sich',
  },
};
const TURNED_INFORMAL: Record<string, string> = {
  mein: 'dein',
  meine: 'deine',
  meinen: 'deinen',
  meinem: 'deinem',
  meiner: 'deiner',
  meines: 'deines',
  mir: 'dir',
  mich: 'dich',
};
/** Words after which turning the persons round could say something else. */
const UNSAFE: Record<Language, RegExp> = {
  en: /\b(?:you|your|yours|was|were|wasn|myself|do i|can i|should i|am i|have i|did i|why|guys)\b/iu,
  de: /\b(?:ich|sie|ihr|ihre|ihnen|ihren|ihrem|wir|uns|unser|unsere|du|dein|deine|euch|euer|eure)\b/iu,
};

export function acknowledge(
  sentence: string,
  language: Language,
  isInformal: boolean,
): Acknowledgement {
  const said = sentence.replace(/\s+/gu, ' ').trim();
  const clause = said
    .replace(GREETING, '')
    .replace(/[?.!\s]+$/u, '')
    .replace(/,? (?:please|thanks|thank you|bitte|danke)$/iu, '');
  for (const [pattern, kind] of language === 'de' ? GERMAN : ENGLISH) {
    const what = pattern.exec(clause)?.[1];
    if (what === undefined) continue;
    const isPlain = !UNSAFE[language].test(what) && !/[.!?:;“”"]/u.test(what);
    if (isPlain && what.split(' ').length <= MAX_WORDS)
      return {
        kind,
        what: turned(what, language === 'de' && isInformal ? TURNED_INFORMAL : TURNED[language]),
      };
    break;
  }
  return { kind: 'quote', what: quoted(said) };
}

const turned = (what: string, words: Record<string, string>): string =>
  what.replace(/[\p{L}'’]+/gu, (word) => {
    const key = word.toLowerCase();
    return Object.hasOwn(words, key) ? (words[key] ?? word) : word;
  });

/** Cut at a word, with the quotation marks of the template taken out of the text. */
function quoted(said: string): string {
  const bare = said.replace(/[“”„"]/gu, '');
  if (bare.length <= MAX_QUOTE_UNITS) return bare;
  return `${bare.slice(0, MAX_QUOTE_UNITS).replace(/\s\S*$/u, '')} …`;
}
