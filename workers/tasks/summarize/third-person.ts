/** What a patient says, told about the patient: "I have had a headache" → "Has had a headache". Only with verbs that are known. */

const be = new Map([
  ['am', 'is'],
  ['have', 'has'],
  ['do', 'does'],
  ['go', 'goes'],
  ["haven't", 'has not'],
  ["don't", 'does not'],
  ["'m", 'is'],
  ["'ve", 'has'],
  ["'ll", 'will'],
]);
const PRESENT = new Set(
  (
    'take feel think live work drink smoke want need know get eat sleep see use like love try walk run play wake ' +
    'come look make keep find notice experience exercise suffer hope believe remember worry forget stay enjoy help seem start stop ' +
    'cough lose gain weigh wear sit stand lie cook watch monitor check still call hear bring give say tell talk mean guess prefer hate wish ' +
    'struggle vomit bleed wheeze sneeze snore sweat itch ache faint write drive travel follow avoid understand agree plan'
  ).split(' '),
);
/** The same in every person. */
const SAME = new Set(
  (
    "was wasn't had hadn't did didn't can can't cannot could couldn't will won't would wouldn't should shouldn't might may must " +
    'got went felt came took saw fell broke woke ate drank lost began became found gave kept knew left made met said slept spoke stood thought told tried ' +
    'used went wore wrote ran sat stopped started noticed had been bought brought built caught cut drove forgot grew heard held hit laid paid rode sent spent threw understood quit put hurt read'
  ).split(' '),
);
const ADVERBS = new Set(
  'just also really usually never only always probably still often sometimes actually generally mostly rarely occasionally currently recently then already definitely first finally even'.split(
    ' ',
  ),
);
/** Whose these are cannot be told. */
const UNCLEAR =
  /\b(?:you|your|yours|we|us|our|ours|we['’]re|we['’]ve|you['’]re|you['’]ve|mine|let['’]s|i['’]d)\b/iu;

/** Beside them "their" could be anybody's. */
const OTHERS =
  /\b(?:he|she|they|his|her|their|mother|mom|father|dad|brothers?|sisters?|wife|husband|sons?|daughters?|parents?|kids?|child(?:ren)?|aunt|uncle|cousins?|grand\p{L}+|friends?|boss|nurse|doctor)\b/iu;

/** Null where a verb is not known or somebody else is spoken of or to. The subject is left out where it opens the sentence. */
export function toldOfPatient(sentence: string): string | null {
  if (UNCLEAR.test(sentence) || /["“”„«]/u.test(sentence)) return null;
  const words = sentence.replace(/’/gu, "'").split(' ');
  const told: string[] = [];
  const others = OTHERS.test(sentence);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const bare = word.toLowerCase().replace(/[,;]$/u, '');
    const contracted = /^i('m|'ve|'ll)$/u.exec(bare)?.[1];
    if (contracted !== undefined) told.push(...subject(told), be.get(contracted) as string);
    else if (bare === 'i') {
      const step = verbAfter(words, i + 1);
      if (step === null) return null;
      told.push(...subject(told), ...step.words);
      i = step.last;
    } else told.push(possessive(word, told.length === 0, others));
  }
  return told.join(' ');
}

/** Named again after "and": what stands before may be of somebody else. */
const subject = (told: readonly string[]): string[] =>
  told.length === 0 ? [] : ['the', 'patient'];

/** Adverbs and the verb after `I`, in the third person. */
function verbAfter(
  words: readonly string[],
  from: number,
): { words: string[]; last: number } | null {
  const kept: string[] = [];
  for (let i = from; i < Math.min(words.length, from + 4); i++) {
    const word = words[i] as string;
    const bare = word.toLowerCase().replace(/[.,;!?]+$/u, '');
    const tail = word.slice(bare.length);
    if (ADVERBS.has(bare)) {
      kept.push(word);
      continue;
    }
    const third = thirdOf(bare);
    return third === null ? null : { words: [...kept, third + tail], last: i };
  }
  return null;
}

function thirdOf(verb: string): string | null {
  const irregular = be.get(verb);
  if (irregular !== undefined) return irregular;
  if (PRESENT.has(verb)) return thirdPerson(verb);
  return SAME.has(verb) || /[a-z]{2}ed$/u.test(verb) ? verb : null;
}

function thirdPerson(verb: string): string {
  if (/(?:s|sh|ch|x|z|o)$/u.test(verb)) return `${verb}es`;
  return /[^aeiou]y$/u.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`;
}

function possessive(word: string, first: boolean, others: boolean): string {
  const bare = word.toLowerCase();
  const tail = /[.,;!?]+$/u.exec(bare)?.[0] ?? '';
  switch (bare.slice(0, bare.length - tail.length)) {
    case 'my':
      if (first) return "The patient's";
      return others ? "the patient's" : 'their';
    case 'me':
      return `the patient${tail}`;
    case 'myself':
      return `themselves${tail}`;
    default:
      return word;
  }
}
