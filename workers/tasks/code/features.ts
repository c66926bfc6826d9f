/** From the candidates of a note to one row of numbers each: what the trees judge. */
import { isNamed, shortList, type Candidate } from './candidates.ts';
import { PAST, UNCERTAIN } from './context.ts';
import { FEATURES } from './feature-names.ts';
import type { Match } from './match.ts';
import type { PhraseIndex } from './phrase-index.ts';
import { sideOfDescription, sidesAround } from './sides.ts';
import { categoryOf, type CodeTable } from './table.ts';
import type { Sentence } from './words.ts';

/** What the notes that people coded tell of a code before anything is read. */
export interface Priors {
  /** Training notes in which each row of the table was coded, and that have a code of its category. */
  codeNotes: ReadonlyMap<number, number>;
  categoryNotes: ReadonlyMap<string, number>;
}

interface Category {
  best: number;
  table: number;
  scores: number[];
}

function categoriesOf(list: readonly Candidate[], table: CodeTable): Map<string, Category> {
  const categories = new Map<string, Category>();
  for (const candidate of list) {
    const name = categoryOf(table.codes[candidate.row] ?? '');
    const known = categories.get(name) ?? { best: 0, table: 0, scores: [] };
    known.best = Math.max(known.best, 1 - candidate.misses);
    known.table = Math.max(known.table, candidate.tableScore);
    known.scores.push(strength(candidate));
    categories.set(name, known);
  }
  for (const { scores } of categories.values()) scores.sort((a, b) => b - a);
  return categories;
}

const strength = (c: Candidate): number => c.learnedScore + c.tableScore / 100;

function ranksOf(list: readonly Candidate[], score: (c: Candidate) => number): Map<number, number> {
  const order = [...list].sort((a, b) => score(b) - score(a) || a.row - b.row);
  return new Map(order.map((candidate, rank) => [candidate.row, rank]));
}

/** What a candidate is among the others of the note. */
function noteContext(
  list: readonly Candidate[],
  table: CodeTable,
  candidates: ReadonlyMap<number, Candidate>,
  sentences: number,
): (c: Candidate) => number[] {
  const categories = categoriesOf(list, table);
  const byTable = ranksOf(list, (c) => c.tableScore);
  const byLearned = ranksOf(list, (c) => c.learnedScore);
  return (c) => {
    const category = categoryOf(table.codes[c.row] ?? '');
    const group = categories.get(category);
    const header = candidates.get(table.rowOf.get(category) ?? -1);
    return [
      group?.best ?? 0,
      group?.scores.indexOf(strength(c)) ?? 0,
      group?.table ?? 0,
      byTable.get(c.row) ?? 0,
      byLearned.get(c.row) ?? 0,
      sentences,
      header?.descriptionCoverage ?? 0,
      ((c.learned ?? c.table)?.sentence ?? 0) / sentences,
    ];
  };
}

const flag = (match: Match | null, bit: number): number => (match && match.flags & bit ? 1 : 0);

function ofLearned(index: PhraseIndex, c: Candidate): number[] {
  const phrase = c.learned?.phrase ?? -1;
  return [
    c.learnedScore,
    index.notes[phrase] ?? 0,
    index.length[phrase] ?? 0,
    c.learned ? c.learned.hits / c.learned.longest : 0,
    c.dominant,
    1 - c.misses,
    1 - c.missesDominant,
    c.together,
    c.phrases,
    c.mentions,
    c.denied / Math.max(1, c.denied + c.mentions),
    c.partial,
    ...[UNCERTAIN, PAST].map((bit) => flag(c.learned ?? c.table, bit)),
  ];
}

function ofTable(index: PhraseIndex, c: Candidate): number[] {
  const match = c.table;
  return [
    c.tableScore,
    match?.coverage ?? 0,
    match?.found ?? 0,
    match ? (index.weight[match.phrase] ?? 0) - match.found : 0,
    match?.hits ?? 0,
    match ? match.hits / match.longest : 0,
    match ? (match.last - match.first + 1) / match.hits : 0,
    c.tableFull,
    c.termCoverage,
    c.descriptionCoverage,
    c.denied,
  ];
}

function ofCode(table: CodeTable, priors: Priors, row: number): number[] {
  const code = table.codes[row] ?? '';
  const description = table.descriptions[row] ?? '';
  return [
    priors.codeNotes.get(row) ?? 0,
    priors.categoryNotes.get(categoryOf(code)) ?? 0,
    table.billable[row] ?? 0,
    code.length,
    code.endsWith('9') ? 1 : 0,
    /unspecified/i.test(description) ? 1 : 0,
    code.charCodeAt(0),
  ];
}

/** 1 where the note names the side of the code, -1 where it names the other side alone, 0 where there is none to tell. */
function sideOf(c: Candidate, table: CodeTable, sentences: readonly Sentence[]): number {
  const side = sideOfDescription(table.descriptions[c.row] ?? '');
  if (side === null) return 0;
  const sides = [c.learned, c.table].flatMap((match) => {
    const sentence = sentences[match?.sentence ?? -1];
    return match && sentence ? [...sidesAround(sentence, match.first, match.last)] : [];
  });
  if (sides.includes(side)) return 1;
  return sides.length > 0 ? -1 : 0;
}

export interface NoteFeatures {
  list: Candidate[];
  /** Row-major: one row of FEATURES.length numbers per candidate. */
  rows: Float32Array;
  /** Codes of which the note holds a whole phrase, but only denied or said of the family. */
  leftOut: number;
}

export function featuresOf(
  { index, table, priors }: { index: PhraseIndex; table: CodeTable; priors: Priors },
  candidates: ReadonlyMap<number, Candidate>,
  sentences: readonly Sentence[],
): NoteFeatures {
  const list = shortList(candidates);
  const rows = new Float32Array(list.length * FEATURES.length);
  const ofNote = noteContext(list, table, candidates, sentences.length);
  list.forEach((c, i) => {
    const values = [
      ...ofLearned(index, c),
      ...ofTable(index, c),
      ...ofCode(table, priors, c.row),
      ...ofNote(c),
      sideOf(c, table, sentences),
    ];
    rows.set(values, i * FEATURES.length);
  });
  const leftOut = [...candidates.values()].filter((c) => !isNamed(c) && c.denied > 0).length;
  return { list, rows, leftOut };
}
