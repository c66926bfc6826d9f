/** Which sentences of which passages answer a request. Sentences are taken over word for word. */
import type { KnowledgePassage } from '../../../src/core/knowledge.ts';
import type { KnowledgeIndex } from './search.ts';
import { sentencesOf } from './sentences.ts';
import { contentStems, wordsOf } from './words.ts';

export interface Evidence {
  passage: KnowledgePassage;
  score: number;
  /** In the order of the passage. */
  sentences: string[];
}

/** Vectors at the tier of the index; null where they cannot be had. */
export type EmbedAll = (texts: readonly string[]) => Promise<Float32Array[] | null>;

export interface Searching {
  index: KnowledgeIndex;
  embed: EmbedAll;
  /** Vectors say something about relevance: the encoder's, for English. */
  trustsVectors: boolean;
  isEnglish: boolean;
  /** Words that may be taken over for this request. */
  maxWords: number;
  /** False for sentences that must not be taken over. */
  allows: (sentence: string) => boolean;
}

/** Passages looked at closely. */
const LOOKED_AT = 3;
/** A second passage is taken where it fits nearly as well as the first. */
const NEARLY = 0.9;
/**
 * Below, a passage is no answer. On 405 training rows of bitext_cs_8k against 302 requests of other fields (CLINC150):
 * with the encoder 90 % of the former pass and 10 % of the latter, by words alone 83 % and 39 %.
 */
const MIN_COSINE = 0.3;
const MIN_COVERAGE = { withVectors: 0.5, wordsAlone: 0.34 };
const WORDS_WEIGHT = 0.5;

interface Scored {
  text: string;
  score: number;
}

export async function evidenceFor(query: string, searching: Searching): Promise<Evidence[]> {
  const { index, embed, isEnglish, trustsVectors } = searching;
  const [vector = null] = (await embed([query])) ?? [];
  const hits = index.search({ text: query, vector, isEnglish }, LOOKED_AT);
  const relevant = hits.filter((hit) =>
    isRelevant(query, hit.passage, trustsVectors ? hit.cosine : null),
  );
  const looked = [];
  for (const { passage, score } of relevant) {
    const sentences = await scored(query, trustsVectors ? vector : null, passage, embed);
    const best = Math.max(0, ...sentences.map((sentence) => sentence.score));
    looked.push({ passage, score, sentences, fit: score + best });
  }
  const [first, ...others] = looked.sort((a, b) => b.fit - a.fit);
  if (!first) return [];
  const second = others.find(({ fit }) => fit >= first.fit * NEARLY);
  const taken = [first, ...(second ? [second] : [])];
  const share = Math.floor(searching.maxWords / taken.length);
  return taken.flatMap(({ passage, score, sentences }, i) => {
    const chosen = windowOf(sentences, share, i === 0 ? 0 : NEIGHBOUR).filter(searching.allows);
    return chosen.length > 0 ? [{ passage, score, sentences: chosen }] : [];
  });
}

/** By nearness; else by words: two and half of them, or (words alone) a third of them or one of the heading. */
function isRelevant(
  query: string,
  { title, text }: KnowledgePassage,
  cosine: number | null,
): boolean {
  if (cosine !== null && cosine >= MIN_COSINE) return true;
  const wanted = [...new Set(contentStems(query))];
  const heading = new Set(contentStems(title.at(-1) ?? ''));
  const there = new Set([...heading, ...contentStems(text)]);
  const shared = wanted.filter((stem) => there.has(stem)).length;
  const coverage = shared / Math.max(1, wanted.length);
  if (cosine !== null) return shared >= 2 && coverage >= MIN_COVERAGE.withVectors;
  return coverage >= MIN_COVERAGE.wordsAlone || wanted.some((stem) => heading.has(stem));
}

async function scored(
  query: string,
  vector: Float32Array | null,
  passage: KnowledgePassage,
  embed: EmbedAll,
): Promise<Scored[]> {
  const texts = sentencesOf(passage.text).map(({ text }) => text);
  const vectors = vector ? await embed(texts) : null;
  const wanted = new Set(contentStems(query));
  return texts.map((text, i) => {
    const there = new Set(contentStems(text));
    const shared = [...wanted].filter((stem) => there.has(stem)).length;
    const near = vector && vectors ? dot(vector, vectors[i]) : 0;
    return { text, score: near + (WORDS_WEIGHT * shared) / Math.max(1, wanted.size) };
  });
}

function dot(a: Float32Array, b: Float32Array | undefined): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b?.[i] ?? 0);
  return sum;
}

/** In a second passage, neighbours of the best sentence come along from this share of its score. */
const NEIGHBOUR = 0.4;

/** The best sentence, and its neighbours while there is room and they fit: first the better one. */
function windowOf(sentences: readonly Scored[], maxWords: number, neighbour: number): string[] {
  const scores = sentences.map(({ score }) => score);
  let [from, to] = [scores.indexOf(Math.max(...scores)), 0];
  to = from;
  const least = (scores[from] ?? 0) * neighbour;
  const fits = (at: number): boolean => (scores[at] ?? -1) >= least && words(at) <= room;
  const words = (at: number): number => wordsOf(sentences[at]?.text ?? '').length;
  let room = maxWords - words(from);
  for (;;) {
    const before = fits(from - 1) ? (scores[from - 1] ?? 0) : -1;
    const after = fits(to + 1) ? (scores[to + 1] ?? 0) : -1;
    if (before < 0 && after < 0) break;
    const at = before > after ? --from : ++to;
    room -= words(at);
  }
  return sentences.slice(from, to + 1).map(({ text }) => text);
}
