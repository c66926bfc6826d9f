/** What the coder knows of codes: phrases of the table and of training notes, and how often each code was given. */
import * as v from 'valibot';
import { columnsOf, KIND, type Phrase, type PhraseColumns } from './phrase-file.ts';
import { indexOf, type PhraseIndex } from './phrase-index.ts';
import type { Priors } from './features.ts';
import { categoryOf, isEncounter, type CodeTable } from './table.ts';
import { stemsOfText } from './words.ts';

const Count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535));

/** What the training notes taught: see learn.py of the recipe. */
export const LearnedSchema = v.object({
  phrases: v.array(
    v.object({
      stems: v.array(v.string()),
      code: v.string(),
      /** Training notes where it was the evidence of the code, where both stood in, and where it stood at all. */
      asEvidence: Count,
      together: Count,
      notes: Count,
    }),
  ),
  /** Training notes by code and by category. */
  codes: v.array(v.tuple([v.string(), Count])),
  categories: v.array(v.tuple([v.string(), Count])),
});
export type Learned = v.InferOutput<typeof LearnedSchema>;

/** Words of a description that name no finding of their own. */
const BRACKETS = /\[[^\]]{0,200}\]/g;

/** Descriptions and inclusion terms as phrases; for the recipe. */
export function phrasesOf(
  table: CodeTable,
  terms: readonly [code: string, term: string][],
): PhraseColumns {
  const phrases: Phrase[] = [];
  table.descriptions.forEach((description, code) => {
    if (isEncounter(description)) return;
    const stems = stemsOfText(description.replace(BRACKETS, ' '));
    if (stems.length > 0) phrases.push({ stems, code, kind: KIND.description });
  });
  for (const [code, term] of terms) {
    const row = table.rowOf.get(code);
    const stems = stemsOfText(term);
    if (row !== undefined && stems.length > 0) phrases.push({ stems, code: row, kind: KIND.term });
  }
  return columnsOf(phrases);
}

export function phraseIndexOf(
  table: CodeTable,
  phrases: PhraseColumns,
  learned: Learned,
): PhraseIndex {
  const ofNotes = learned.phrases.flatMap((phrase) => {
    const code = table.rowOf.get(phrase.code);
    return code === undefined ? [] : [{ ...phrase, code }];
  });
  return indexOf(phrases, ofNotes);
}

export function priorsOf(table: CodeTable, learned: Learned): Priors {
  return {
    codeNotes: new Map(learned.codes.map(([code, n]) => [table.rowOf.get(code) ?? -1, n])),
    categoryNotes: new Map(learned.categories.map(([name, n]) => [categoryOf(name), n])),
  };
}
