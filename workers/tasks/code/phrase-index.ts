/** The index from a stem to the phrases that hold it: built from columns in some tens of milliseconds. */
import { KIND, type PhraseColumns } from './phrase-file.ts';
import { FILLERS } from './words.ts';

/** A phrase that training notes taught, with the notes that taught it. */
export interface LearnedPhrase {
  stems: readonly string[];
  /** Row of the code in the table. */
  code: number;
  asEvidence: number;
  together: number;
  notes: number;
}

/** Phrases as columns, so that a note is read against all of them in milliseconds. */
export interface PhraseIndex {
  size: number;
  stemIds: ReadonlyMap<string, number>;
  /** Of a stem: log of how rare it is among all phrases. */
  rarity: Float32Array;
  /** Phrases of stem s: postings[postingsFrom[s] .. postingsFrom[s + 1]]. */
  postings: Uint32Array;
  postingsFrom: Uint32Array;
  /** Stems of phrase p: stems[stemsFrom[p] .. stemsFrom[p + 1]]. */
  stems: Uint32Array;
  stemsFrom: Uint32Array;
  /** Sum of rarity of a phrase's stems. */
  weight: Float32Array;
  /** Number of its stems. */
  length: Uint8Array;
  code: Uint32Array;
  kind: Uint8Array;
  /** Zero for phrases that were not learned; see knowledge.ts. */
  asEvidence: Uint16Array;
  together: Uint16Array;
  notes: Uint16Array;
}

/** Share of its rarity that a word such as "unspecified" has in a description of the table. */
const FILLER_RARITY = 0.15;

/** Learned phrases behind those of the table. */
function joined(table: PhraseColumns, learned: readonly LearnedPhrase[]): PhraseColumns {
  const ids = new Map(table.vocabulary.map((stem, id) => [stem, id]));
  const stems: number[] = [];
  for (const phrase of learned) {
    for (const stem of phrase.stems) {
      const id = ids.get(stem) ?? ids.size;
      ids.set(stem, id);
      stems.push(id);
    }
  }
  const kind = new Uint8Array(table.kind.length + learned.length).fill(KIND.learned);
  kind.set(table.kind);
  const length = new Uint8Array(kind.length);
  length.set(table.length);
  const code = new Uint32Array(kind.length);
  code.set(table.code);
  learned.forEach((phrase, i) => {
    length[table.kind.length + i] = phrase.stems.length;
    code[table.kind.length + i] = phrase.code;
  });
  const all = new Uint32Array(table.stems.length + stems.length);
  all.set(table.stems);
  all.set(stems, table.stems.length);
  return { vocabulary: [...ids.keys()], length, kind, code, stems: all };
}

/** Where each list starts in a flat array, and the end of the last. */
function startsOf(lengths: ArrayLike<number>): Uint32Array {
  const from = new Uint32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) from[i + 1] = (from[i] ?? 0) + (lengths[i] ?? 0);
  return from;
}

function countsOf({ stems, vocabulary }: PhraseColumns): Uint32Array {
  const counts = new Uint32Array(vocabulary.length);
  for (const stem of stems) counts[stem] = (counts[stem] ?? 0) + 1;
  return counts;
}

function postingsOf(stems: Uint32Array, stemsFrom: Uint32Array, from: Uint32Array): Uint32Array {
  const next = from.slice();
  const postings = new Uint32Array(stems.length);
  for (let phrase = 0; phrase + 1 < stemsFrom.length; phrase++) {
    for (let i = stemsFrom[phrase] ?? 0; i < (stemsFrom[phrase + 1] ?? 0); i++) {
      const stem = stems[i] ?? 0;
      const at = next[stem] ?? 0;
      postings[at] = phrase;
      next[stem] = at + 1;
    }
  }
  return postings;
}

function weightsOf(stems: Uint32Array, stemsFrom: Uint32Array, rarity: Float32Array): Float32Array {
  const weight = new Float32Array(stemsFrom.length - 1);
  for (let phrase = 0; phrase < weight.length; phrase++) {
    for (let i = stemsFrom[phrase] ?? 0; i < (stemsFrom[phrase + 1] ?? 0); i++) {
      weight[phrase] = (weight[phrase] ?? 0) + (rarity[stems[i] ?? 0] ?? 0);
    }
  }
  return weight;
}

function learnedColumn(
  first: number,
  learned: readonly LearnedPhrase[],
  name: 'asEvidence' | 'together' | 'notes',
): Uint16Array {
  const column = new Uint16Array(first + learned.length);
  learned.forEach((phrase, i) => (column[first + i] = phrase[name]));
  return column;
}

export function indexOf(table: PhraseColumns, learned: readonly LearnedPhrase[]): PhraseIndex {
  const columns = joined(table, learned);
  const { vocabulary, stems, length, code, kind } = columns;
  const counts = countsOf(columns);
  const rarity = Float32Array.from(vocabulary, (stem, id) => {
    const plain = Math.log(1 + code.length / (1 + (counts[id] ?? 0)));
    return FILLERS.has(stem) ? FILLER_RARITY * plain : plain;
  });
  const stemsFrom = startsOf(length);
  const postingsFrom = startsOf(counts);
  const first = table.code.length;
  return {
    size: code.length,
    stemIds: new Map(vocabulary.map((stem, id) => [stem, id])),
    rarity,
    postings: postingsOf(stems, stemsFrom, postingsFrom),
    postingsFrom,
    stems,
    stemsFrom,
    weight: weightsOf(stems, stemsFrom, rarity),
    length,
    code,
    kind,
    asEvidence: learnedColumn(first, learned, 'asEvidence'),
    together: learnedColumn(first, learned, 'together'),
    notes: learnedColumn(first, learned, 'notes'),
  };
}
