/** From the recogniser's table of probabilities to text: connectionist temporal classification, best path. Pure. */

export interface Letter {
  text: string;
  /** Centre along the line, 0..1. */
  at: number;
}

export interface Spelled {
  text: string;
  letters: Letter[];
  /** Mean probability of the letters, 0..1. */
  confidence: number;
}

/**
 * @param table [steps × classes] probabilities; class 0 is the blank
 * @param filled share of the steps that lie on the picture; the rest is padding
 */
export function spell(
  table: Float32Array,
  steps: number,
  classes: readonly string[],
  filled = 1,
): Spelled {
  const letters: Letter[] = [];
  let sum = 0;
  let last = 0;
  for (let step = 0; step < steps; step++) {
    const from = step * classes.length;
    let best = 0;
    for (let index = 1; index < classes.length; index++)
      if ((table[from + index] as number) > (table[from + best] as number)) best = index;
    if (best !== 0 && best !== last) {
      letters.push({
        text: classes[best] as string,
        at: Math.min(1, (step + 0.5) / (steps * filled)),
      });
      sum += table[from + best] as number;
    }
    last = best;
  }
  return {
    text: letters.map((letter) => letter.text).join(''),
    letters,
    confidence: letters.length === 0 ? 0 : sum / letters.length,
  };
}

export interface SpelledWord {
  text: string;
  /** Left and right along the line, 0..1. */
  from: number;
  to: number;
}

/** The words of a line with their places: a word reaches half a letter beyond the centres of its ends. */
export function wordsOf({ letters }: Spelled): SpelledWord[] {
  const words: SpelledWord[] = [];
  let word: Letter[] = [];
  const close = () => {
    const first = word[0];
    const last = word.at(-1);
    if (first === undefined || last === undefined) return;
    const half = word.length > 1 ? (last.at - first.at) / (word.length - 1) / 2 : 0.01;
    words.push({
      text: word.map((letter) => letter.text).join(''),
      from: Math.max(0, first.at - half),
      to: Math.min(1, last.at + half),
    });
    word = [];
  };
  for (const letter of letters) {
    if (letter.text.trim() === '') close();
    else word.push(letter);
  }
  close();
  return words;
}
