/** Texts without speakers: what is close to the whole text and stands early. No training, so any language. */
import type { Candidate } from './candidates.ts';
import { bagOf } from './features.ts';

/** Log-odds-like scores: share of the text's frequent words, likeness to the whole, an early place, a fair length. */
export function centralScores(
  candidates: readonly Candidate[],
  likeDocument: readonly number[],
): number[] {
  const { documentFrequency } = bagOf(candidates);
  const raw = candidates.map(({ content }) => {
    const words = new Set(content);
    let sum = 0;
    for (const word of words) sum += Math.log(documentFrequency.get(word) ?? 1);
    return sum / Math.sqrt(Math.max(1, words.size));
  });
  const most = raw.reduce((a, b) => Math.max(a, b), 0) || 1;
  return candidates.map((c, i) => {
    const place = i / Math.max(1, candidates.length - 1);
    const length = Math.min(1, c.content.length / 6) - (c.words.length > 45 ? 0.5 : 0);
    const smalltalk = (c.cues.at(-1) ?? 0) > 0 && c.content.length < 6 ? 1 : 0;
    return (
      (raw[i] as number) / most + (likeDocument[i] ?? 0) + Math.exp(-6 * place) + length - smalltalk
    );
  });
}
