/** Which candidates the reference has: taken one by one while ROUGE-1 rises (Nallapati et al. 2017). */
import { f1, rougeWords } from './rouge.ts';

/** 1 for the candidates to learn from. `may` leaves candidates out. */
export function oracleLabels(
  texts: readonly string[],
  reference: string,
  may: (i: number) => boolean,
): number[] {
  const wanted = rougeWords(reference);
  const left = new Map<string, number>();
  for (const word of wanted) left.set(word, (left.get(word) ?? 0) + 1);
  const words = texts.map(rougeWords);
  const labels = texts.map(() => 0);
  let [hits, length, best] = [0, 0, 0];
  for (;;) {
    let pick = -1;
    let pickHits = 0;
    words.forEach((own, i) => {
      if (labels[i] === 1 || !may(i)) return;
      const more = hitsIn(own, left);
      const score = f1(hits + more, length + own.length, wanted.length);
      if (score <= best + 1e-9) return;
      [pick, pickHits, best] = [i, more, score];
    });
    if (pick === -1) return labels;
    const own = words[pick] as string[];
    labels[pick] = 1;
    hits += pickHits;
    length += own.length;
    for (const word of own) left.set(word, Math.max(0, (left.get(word) ?? 0) - 1));
  }
}

function hitsIn(words: readonly string[], left: ReadonlyMap<string, number>): number {
  const used = new Map<string, number>();
  let hits = 0;
  for (const word of words) {
    const count = used.get(word) ?? 0;
    if (count >= (left.get(word) ?? 0)) continue;
    hits++;
    used.set(word, count + 1);
  }
  return hits;
}
