/** The language of a text, by a small library (eld); null where the text is too short or too odd to tell. */
import type { ReadDocument } from '../../../src/core/document.ts';

/** Letters that the guess needs. A reference number or a name is no text in a language. */
const LEAST_LETTERS = 12;
const MOST_UNITS = 3000;

/** The beginning is enough; words with digits, addresses and links say nothing about the language. */
function sampleOf(text: string): string {
  return text
    .slice(0, 4 * MOST_UNITS)
    .split(/\s+/)
    .filter((word) => word.length < 40 && !/[\d@/\\_<>{}=]/.test(word))
    .join(' ')
    .slice(0, MOST_UNITS);
}

export async function languageOf(text: string): Promise<ReadDocument['language']> {
  const sample = sampleOf(text);
  if (sample.replace(/[^\p{L}]/gu, '').length < LEAST_LETTERS) return null;
  const { eld } = await import('eld/extrasmall');
  const found = eld.detect(sample);
  if (!found.language || !found.isReliable()) return null;
  const score = found.getScores()[found.language] ?? 0;
  return { code: found.language, score: Math.round(score * 1000) / 1000 };
}
