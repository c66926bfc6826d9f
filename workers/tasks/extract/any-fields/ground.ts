/** Is a value that a model wrote in the text? Only what is found there after normalisation is kept. */

export interface Place {
  start: number;
  end: number;
}

/** Longest value that is looked for. */
const MOST = 300;

/** Characters that count, with the offset of each: letters and digits in lower case, without accents. */
function plain(text: string): { letters: string; at: number[] } {
  let letters = '';
  const at: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const folded = (text[i] as string)
      .toLowerCase()
      .normalize('NFD')
      .replace(/[^\p{L}\p{N}]/gu, '');
    for (const letter of folded) {
      letters += letter;
      at.push(i);
    }
  }
  return { letters, at };
}

/** The first place where the text says the same, apart from case, accents, blanks and marks; whole words only. */
export function placeOf(text: string, value: string): Place | null {
  const wanted = plain(value.slice(0, MOST)).letters;
  if (wanted.length === 0 || value.length > MOST) return null;
  const { letters, at } = plain(text);
  for (let from = letters.indexOf(wanted); from >= 0; from = letters.indexOf(wanted, from + 1)) {
    const start = at[from] as number;
    const end = (at[from + wanted.length - 1] as number) + 1;
    const inWord = /[\p{L}\p{N}]/u;
    if (!inWord.test(text[start - 1] ?? '') && !inWord.test(text[end] ?? '')) return { start, end };
  }
  return null;
}
