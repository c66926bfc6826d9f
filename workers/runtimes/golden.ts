/** The self-test after every load: the same token ids and nearly the same vectors as the recipe wrote down. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../src/core/failure.ts';
import type { WordPiece } from '../../src/core/wordpiece.ts';

const goldenSchema = v.object({
  requiredCosine: v.number(),
  dims: v.number(),
  texts: v.pipe(
    v.array(
      v.object({
        text: v.string(),
        /** The first token ids. */
        ids: v.array(v.number()),
        /** Number of all token ids. */
        tokens: v.number(),
        /** round(k · value / largest |value|) of every dim. */
        levels: v.array(v.number()),
      }),
    ),
    v.minLength(1),
  ),
});
export type Golden = v.InferOutput<typeof goldenSchema>;

export function parseGolden(bytes: Uint8Array): Result<Golden> {
  try {
    const parsed = v.safeParse(goldenSchema, JSON.parse(new TextDecoder().decode(bytes)));
    if (parsed.success) return ok(parsed.output);
  } catch {
    // Not JSON: reported below.
  }
  return fail('file_corrupt', 'golden.json does not hold golden vectors.');
}

/** The first golden text whose token ids differ, or null. */
export function tokenProblem(
  golden: Golden,
  wordPiece: WordPiece,
  maxTokens: number,
): string | null {
  for (const { text, ids, tokens } of golden.texts) {
    const mine = wordPiece.encode(text, maxTokens).ids;
    if (mine.length !== tokens || ids.some((id, index) => id !== mine[index])) return text;
  }
  return null;
}

/** Smallest cosine between `vectors` [texts × dims] and the golden ones; a row of zeros matches only zeros. */
export function smallestCosine(golden: Golden, vectors: Float32Array): number {
  const cosines = golden.texts.map(({ levels }, row) => {
    const mine = vectors.subarray(row * golden.dims, (row + 1) * golden.dims);
    let dot = 0;
    let mineSquared = 0;
    let goldenSquared = 0;
    for (const [index, level] of levels.entries()) {
      const value = mine[index] ?? NaN;
      dot += value * level;
      mineSquared += value * value;
      goldenSquared += level * level;
    }
    if (goldenSquared === 0) return mineSquared === 0 ? 1 : 0;
    return dot / Math.sqrt(mineSquared * goldenSquared);
  });
  const smallest = Math.min(...cosines);
  return Number.isNaN(smallest) ? -1 : smallest;
}
