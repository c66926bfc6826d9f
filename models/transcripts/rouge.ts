/** ROUGE-1, -2 and -L (Lin 2004) as F1 over lower-case words of letters and digits, without stemming. For recipes and tests only. */

export interface Rouge {
  r1: number;
  r2: number;
  rL: number;
}

export const rougeWords = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

export function rouge(candidate: string, reference: string): Rouge {
  const [a, b] = [rougeWords(candidate), rougeWords(reference)];
  return {
    r1: overlap(a, b, 1),
    r2: overlap(a, b, 2),
    rL: f1(longestCommon(a, b), a.length, b.length),
  };
}

export const f1 = (hits: number, candidate: number, reference: number): number =>
  hits === 0 ? 0 : (2 * hits) / (candidate + reference);

function overlap(a: readonly string[], b: readonly string[], n: number): number {
  const left = new Map<string, number>();
  const grams = (words: readonly string[]): string[] =>
    words
      .slice(0, Math.max(0, words.length - n + 1))
      .map((_, i) => words.slice(i, i + n).join(' '));
  const [ga, gb] = [grams(a), grams(b)];
  for (const gram of gb) left.set(gram, (left.get(gram) ?? 0) + 1);
  let hits = 0;
  for (const gram of ga) {
    const count = left.get(gram) ?? 0;
    if (count > 0) {
      hits++;
      left.set(gram, count - 1);
    }
  }
  return f1(hits, ga.length, gb.length);
}

/** Length of the longest common subsequence, two rows of the table at a time. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let above = new Uint32Array(b.length + 1);
  for (const word of a) {
    const row = new Uint32Array(b.length + 1);
    for (let j = 1; j <= b.length; j++)
      row[j] =
        word === b[j - 1]
          ? (above[j - 1] as number) + 1
          : Math.max(above[j] as number, row[j - 1] as number);
    above = row;
  }
  return above[b.length] as number;
}
