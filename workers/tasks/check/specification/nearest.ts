/** The passage of a document that is nearest to a clause: shared words first, then the static embedding. */
import type { WorkPorts } from '../../../../src/core/work.ts';
import { nameKey } from './clause.ts';

export interface Passage {
  text: string;
  start: number;
  end: number;
}

const MAX_PASSAGES = 4_000;
const MAX_PASSAGE = 300;
/** Passages with the most shared words that the embedding then chooses from. */
const SHORTLIST = 5;
/** Words that stand in more passages than this share tell nothing. */
const COMMON = 0.2;
const MOST_COMMON = 100;
/** Most clauses whose passages are embedded: the rest is chosen by words alone. */
const MAX_EMBEDDED = 200;

export function passagesOf(text: string): Passage[] {
  const passages: Passage[] = [];
  for (const match of text.matchAll(/[^\n.;!?]{3,}(?:[.;!?](?=\S)[^\n.;!?]*)*/g)) {
    const kept = match[0].trim().slice(0, MAX_PASSAGE);
    const start = match.index + (match[0].length - match[0].trimStart().length);
    if (kept.length > 2) passages.push({ text: kept, start, end: start + kept.length });
    if (passages.length === MAX_PASSAGES) break;
  }
  return passages;
}

const wordsOf = (text: string): string[] =>
  [...new Set(nameKey(text).split(' '))].filter((word) => word.length > 2);

/** Passages by the words that stand in them; common words are left out. */
function indexOf(passages: readonly Passage[]): Map<string, number[]> {
  const index = new Map<string, number[]>();
  passages.forEach((passage, at) => {
    for (const word of wordsOf(passage.text)) {
      const list = index.get(word);
      if (list) list.push(at);
      else index.set(word, [at]);
    }
  });
  const most = Math.max(3, Math.min(MOST_COMMON, passages.length * COMMON));
  for (const [word, list] of index) if (list.length > most) index.delete(word);
  return index;
}

function shortlist(clause: string, index: ReadonlyMap<string, number[]>, count: number): number[] {
  const scores = new Map<number, number>();
  for (const word of wordsOf(clause)) {
    const list = index.get(word) ?? [];
    for (const at of list)
      scores.set(at, (scores.get(at) ?? 0) + Math.log(1 + count / list.length));
  }
  return [...scores]
    .sort((a, b) => b[1] - a[1])
    .slice(0, SHORTLIST)
    .map(([at]) => at);
}

const cosine = (one: Float32Array, other: Float32Array): number =>
  one.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);

/** The nearest passage of each clause, in order; null where no passage shares a telling word. */
export async function nearestPassages(
  clauses: readonly string[],
  text: string,
  ports: WorkPorts,
): Promise<{ passages: (Passage | null)[]; tier: 'rules' | 'static' }> {
  const passages = passagesOf(text);
  const index = indexOf(passages);
  const lists = clauses.map((clause) => shortlist(clause, index, passages.length));
  const embedded = ports.tiers.includes('static')
    ? await embed(clauses.slice(0, MAX_EMBEDDED), lists, passages, ports)
    : null;
  const nearest = clauses.map((clause, i) => {
    const [first, ...others] = lists[i] ?? [];
    const own = embedded?.get(clause);
    if (first === undefined) return null;
    if (!own || !embedded) return passages[first] ?? null;
    const closeness = (at: number) => {
      const vector = embedded.get(passages[at]?.text ?? '');
      return vector ? cosine(own, vector) : -1;
    };
    const best = others.reduce(
      (chosen, at) => (closeness(at) > closeness(chosen) ? at : chosen),
      first,
    );
    return passages[best] ?? null;
  });
  return { passages: nearest, tier: embedded ? 'static' : 'rules' };
}

/** Vectors by text; null where the static tier does not answer: the words alone then choose. */
async function embed(
  clauses: readonly string[],
  lists: readonly number[][],
  passages: readonly Passage[],
  ports: WorkPorts,
): Promise<Map<string, Float32Array> | null> {
  const texts = [
    ...new Set([
      ...clauses,
      ...clauses.flatMap((_, i) => lists[i] ?? []).map((at) => passages[at]?.text ?? ''),
    ]),
  ];
  if (texts.length === 0) return null;
  const result = await ports.embed('static', texts);
  return result.ok
    ? new Map(texts.map((text, i) => [text, result.value[i] as Float32Array]))
    : null;
}
