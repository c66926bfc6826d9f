/** When a point counts as one that a person's summary has: what confidence is calibrated on and measured against. */
import { contentWords, wordsOf } from '../../workers/tasks/summarize/words.ts';

/** At least half of the point's content words stand in the reference. */
export function isInReference(text: string, reference: string): boolean {
  const there = new Set(wordsOf(reference));
  const own = contentWords(wordsOf(text));
  return own.length > 0 && own.filter((word) => there.has(word)).length >= own.length / 2;
}
