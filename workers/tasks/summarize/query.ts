/** How well each candidate fits a question: shared rare words and vectors, alone and with its surroundings. */
import type { Candidate } from './candidates.ts';
import { bagOf, dot, rarity } from './features.ts';
import { contentWords, wordsOf } from './words.ts';

/** Sentences on each side of a near and a wide look. */
const LOOKS = [2, 8, 25] as const;

export const QUERY_FEATURES = [
  'words',
  'words±2',
  'words±8',
  'words±25',
  'words±8/most',
  'words±25/most',
  'vector',
  'vector±2',
  'vector±8',
  'vector±25',
  'vector±8/most',
  'vector±25/most',
  'speaker',
  'speaker×words±8',
  'logWords',
  'logContent',
  'stopShare',
  'scored',
] as const;

/** `scored`: log-odds of the head for the whole text. `vector`: of the query; null where there are none. */
export function queryFeatures(
  query: string,
  candidates: readonly Candidate[],
  scored: readonly number[],
  vector: Float32Array | null,
  vectors: readonly Float32Array[],
): Float32Array[] {
  const words = sharedWords(query, candidates);
  const cosines = candidates.map((_, i) => (vector && vectors[i] ? dot(vector, vectors[i]) : 0));
  const looks = [words, cosines].flatMap((values) => {
    const [near, wide, widest] = LOOKS.map((look) => around(values, look)) as [
      number[],
      number[],
      number[],
    ];
    return [values, near, wide, widest, toMost(wide), toMost(widest)];
  });
  const asked = query.toLowerCase();
  return candidates.map((c, i) => {
    const named = c.speaker !== null && asked.includes(c.speaker.toLowerCase()) ? 1 : 0;
    const stops = c.words.length - c.content.length;
    return Float32Array.from([
      ...looks.map((values) => values[i] as number),
      named,
      named * ((looks[2] as number[])[i] as number),
      Math.log1p(c.words.length),
      Math.log1p(c.content.length),
      stops / Math.max(c.words.length, 1),
      scored[i] as number,
    ]);
  });
}

/** Share of the query's words that a candidate has, the rare ones counting more. */
function sharedWords(query: string, candidates: readonly Candidate[]): number[] {
  const bag = bagOf(candidates);
  const asked = new Set(contentWords(wordsOf(query)));
  const total = [...asked].reduce((sum, word) => sum + rarity(bag, word), 0) || 1;
  return candidates.map(({ content }) => {
    let sum = 0;
    for (const word of new Set(content)) if (asked.has(word)) sum += rarity(bag, word);
    return sum / total;
  });
}

/** Of a short text, where a look around reaches everything: shared words and vectors of the sentence itself decide. */
export function shortTextScores(
  query: string,
  candidates: readonly Candidate[],
  vector: Float32Array | null,
  vectors: readonly Float32Array[],
): number[] {
  const bag = bagOf(candidates);
  const asked = contentWords(wordsOf(query)).filter((word) => bag.documentFrequency.has(word));
  return candidates.map(({ content }, i) => {
    const shared =
      asked.filter((word) => content.includes(word)).length / Math.max(1, asked.length);
    return 6 * shared + 2 * (vector && vectors[i] ? dot(vector, vectors[i]) : 0);
  });
}

function around(values: readonly number[], look: number): number[] {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, i) => (sums[i + 1] = (sums[i] as number) + value));
  return values.map((_, i) => {
    const [from, to] = [Math.max(0, i - look), Math.min(values.length, i + look + 1)];
    return ((sums[to] as number) - (sums[from] as number)) / (to - from);
  });
}

function toMost(values: readonly number[]): number[] {
  const most = values.reduce((a, b) => Math.max(a, b), 0) || 1;
  return values.map((value) => value / most);
}
