/** Speech as it is shown: marks, fillers and repeated words go, spaces before punctuation close. Nothing is added. */

const MARKS =
  /\{[^{}\n]{0,40}\}|<\/?[a-z][^<>\n]{0,40}>|\[(?:inaudible|laugh(?:s|ter)?|music|applause|pause|noise|crosstalk|cough(?:s|ing)?|silence|unverständlich|lachen|rires|inaudible)[^[\]\n]{0,20}\]|\((?:inaudible|laugh(?:s|ter|ing)?|music|applause|pause|noise|crosstalk|cough(?:s|ing)?|sighs?|lacht|rires)\)/giu;
/** Said while thinking; they mean nothing in any place. */
const FILLER = /^(?:u+[hm]+|e+rm+|err+|h+m+|m+h*m+|uh-huh|mm-hmm|äh+m?|öh+m?|ähm|euh+|hein)$/u;
/** German "um" is a word: um 12 Uhr, um die Leitung zu prüfen. */
const GERMAN_AFTER_UM =
  /^(?:\d|(?:halb|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|d(?:er|ie|as|en|em|es)|eine?[nmrs]?|mein|dein|sein|ihr|unser|euer|mich|dich|sich|uns|euch|ihn|zu|was|wie|alle)\p{L}{0,2}$)/iu;
/** Cut-off beginnings of words: `h-`, `f-`. */
const CUT_OFF = /^\p{L}{1,3}-$/u;
/** Twice in a row these may mean something: numbers, emphasis of a "no". */
const KEEPS_REPEATS =
  /\d|^(?:no|nein|non|not|very|had|that|so|sehr|très|is|point|zero|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|million|thousand|double|oh)$/u;
/** Phrases at the beginning of a sentence that carry nothing. */
const OPENING =
  /^(?:(?:okay|ok|alright|all right|so|anyway|you know|i mean|oh|ah|na ja|naja|tja|eh bien|voilà|(?:well|yeah so|and so|like|also|alors|bon|ben)(?=\s*,|\s+(?:i|we|you|the|it|so|that|my|he|she|ich|wir|je|on)\b))(?:\s*[,.]\s*|\s+))+(?=\S)/iu;
const MIDDLE = /\s*,\s+(?:you know|i mean|sort of|kind of like)\s*,/giu;

export function tidy(written: string): string {
  const marked =
    written.includes('{') || /[[(<]/u.test(written) ? written.replace(MARKS, ' ') : written;
  const words = marked.split(/\s+/u).filter(Boolean);
  const kept: string[] = [];
  for (const [i, word] of words.entries()) {
    const bare = word.toLowerCase().replace(/[.,;…-]+$/u, '');
    if (word.toLowerCase() === 'um' && GERMAN_AFTER_UM.test(words[i + 1] ?? '')) {
      kept.push(word);
      continue;
    }
    if (FILLER.test(bare) || CUT_OFF.test(word)) continue;
    if (isPunctuation(word)) {
      join(kept, word);
      continue;
    }
    if (repeats(kept.at(-1), bare)) kept.pop();
    kept.push(word);
  }
  return polish(kept.join(' '));
}

const isPunctuation = (word: string): boolean => /^[.,;:!?…]+$/u.test(word);

/** Puts a mark of punctuation to the word before it; only the strongest of several stays. */
function join(kept: string[], mark: string): void {
  const last = kept.pop();
  if (last === undefined) return;
  const bare = last.replace(/[,;]+$/u, '');
  kept.push(/[.!?…:]$/u.test(last) ? last : bare + mark);
}

function repeats(last: string | undefined, bare: string): boolean {
  if (last === undefined || bare === '' || KEEPS_REPEATS.test(bare)) return false;
  return last.toLowerCase().replace(/[,;…-]+$/u, '') === bare;
}

function polish(text: string): string {
  return text
    .replace(/ (n['’]t|['’](?:s|re|ve|ll|d|m))(?![\p{L}\d])/giu, '$1')
    .replace(/\bgon na\b/giu, 'gonna')
    .replace(/\bwan na\b/giu, 'wanna')
    .replace(/(\p{L}) - (?=\p{L})/gu, '$1-')
    .replace(/(\p{L})_(?=\p{Lu}?_|\p{Lu}\b)/gu, '$1')
    .replace(MIDDLE, ',')
    .replace(OPENING, '')
    .replace(/^[\s,.;:…–-]+/u, '')
    .replace(/\s{2,}/gu, ' ')
    .trim();
}

/** The words as they stand, without `{disfmarker}` and the like. */
export const withoutMarks = (written: string): string =>
  written.replace(MARKS, ' ').replace(/\s+/gu, ' ').trim();

/** A sentence begins with a capital and ends with a stop. */
export function asSentence(text: string): string {
  if (text === '') return '';
  const capital = text.replace(
    /^(["'“„«(]?)(\p{Ll})/u,
    (_, quote: string, letter: string) => quote + letter.toUpperCase(),
  );
  return /[.!?…:]["'”’»)]?$/u.test(capital) ? capital : `${capital.replace(/[,;–-]+$/u, '')}.`;
}
