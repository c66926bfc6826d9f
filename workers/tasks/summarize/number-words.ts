/** English number words as figures, where only one reading is possible: `twenty seven years` → `27 years`. */

const SMALL = new Map(
  (
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
    'seventeen eighteen nineteen'
  )
    .split(' ')
    .map((word, value) => [word, value]),
);
const TENS = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'
    .split(' ')
    .map((word, i) => [word, (i + 2) * 10]),
);
const isNumberWord = (word: string): boolean =>
  SMALL.has(word) || TENS.has(word) || word === 'hundred' || word === 'thousand';
/** Beside these a run of number words is not a plain number. */
const SPOILS = new Set([
  'point',
  'o',
  'oh',
  'something',
  'odd',
  'ish',
  'million',
  'billion',
  'half',
  'third',
  'thirds',
  'quarter',
]);
const RUN =
  /(?<![\p{L}\d-])(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)(?:[ -](?:and )?(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand))*(?![\p{L}\d-])/giu;

/** `one` alone stays: it is mostly no number. So does every run with two readings (`one twenty`, `ten fifteen`). */
export function withFigures(text: string): string {
  return text.replace(RUN, (run: string, at: number) => {
    const before =
      /(\p{L}+)[ -]$/u.exec(text.slice(Math.max(0, at - 24), at))?.[1]?.toLowerCase() ?? '';
    const after =
      /^[ -](\p{L}+)/u
        .exec(text.slice(at + run.length, at + run.length + 24))?.[1]
        ?.toLowerCase() ?? '';
    if (SPOILS.has(before) || SPOILS.has(after)) return run;
    if (
      (before === 'a' || before === 'few' || before === 'several' || before === 'couple') &&
      /^(?:hundred|thousand)/iu.test(run)
    )
      return run;
    const value = valueOf(run.toLowerCase().split(/[ -]/u));
    return value === null || value < 2 ? run : String(value);
  });
}

/** Null where the words are no single number: every part must be smaller than what it follows. */
export function valueOf(words: readonly string[]): number | null {
  let total = 0;
  let part = 0;
  /** The next word has to be below this: 100 after hundred, 10 after a multiple of ten. */
  let room = Infinity;
  for (const [i, word] of words.entries()) {
    if (word === 'and') {
      if (room !== 100 && !(room === 1000 && total > 0)) return null;
      if (i === words.length - 1) return null;
    } else if (word === 'hundred') {
      if (part < 1 || part > 9 || room === 0.5) return null;
      part *= 100;
      room = 100;
    } else if (word === 'thousand') {
      if (part < 1 || total > 0) return null;
      total = part * 1000;
      part = 0;
      room = 1000;
    } else {
      const value = SMALL.get(word) ?? TENS.get(word);
      if (value === undefined || value >= room || !isNumberWord(word)) return null;
      if (value === 0 && words.length > 1) return null;
      part += value;
      room = TENS.has(word) ? 10 : 1;
    }
  }
  return total + part;
}

const SMALL_WORDS = [...SMALL.keys()];
const TENS_WORDS = ['', '', ...TENS.keys()];

/** The words for 0..9999, without hyphens and `and`; null above. */
export function spelled(value: number): string | null {
  if (!Number.isInteger(value) || value < 0 || value > 9999) return null;
  const parts: string[] = [];
  if (value >= 1000) parts.push(SMALL_WORDS[Math.floor(value / 1000)] as string, 'thousand');
  const hundreds = Math.floor((value % 1000) / 100);
  if (hundreds > 0) parts.push(SMALL_WORDS[hundreds] as string, 'hundred');
  const rest = value % 100;
  if (rest >= 20) {
    parts.push(TENS_WORDS[Math.floor(rest / 10)] as string);
    if (rest % 10 > 0) parts.push(SMALL_WORDS[rest % 10] as string);
  } else if (rest > 0 || value === 0) parts.push(SMALL_WORDS[rest] as string);
  return parts.join(' ');
}
