/** The language of a text, by a small library; null where the text is too short or too odd to tell. */
import type { ReadDocument } from '../../../src/core/document.ts';

/** Letters that the guess needs; see test/unit/documents-language.test.ts for what that costs and gains. */
const LEAST_LETTERS = 24;
const MOST_UNITS = 3000;
const LEAST_SCORE = 0.2;

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
  const { detectAll } = await import('tinyld/light');
  const [best] = detectAll(sample);
  if (best === undefined || best.accuracy < LEAST_SCORE) return null;
  return { code: best.lang, score: Math.round(best.accuracy * 1000) / 1000 };
}
