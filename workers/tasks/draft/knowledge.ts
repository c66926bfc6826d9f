/** Makes passages and vectors of files, and the index that a draft searches. */
import type { ReadDocument } from '../../../src/core/document.ts';
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import {
  MAX_PASSAGES,
  type KnowledgePassage,
  type KnowledgeVectors,
} from '../../../src/core/knowledge.ts';
import type { LocalTier } from '../../../src/core/route.ts';
import type { WorkPorts } from '../../../src/core/work.ts';
import { chunkDocument } from './chunk.ts';

type Embed = WorkPorts['embed'];
export interface EmbedOptions {
  /** Tiers to try, best first. */
  tiers: readonly LocalTier[];
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Texts handed over in one call: between calls there is progress, and a cancelled request ends. */
const BATCH = 32;

/** Passages of several files together. Fails with input_too_long. */
export function passagesOf(documents: readonly ReadDocument[]): Result<KnowledgePassage[]> {
  const passages = documents.flatMap(chunkDocument);
  return passages.length <= MAX_PASSAGES
    ? ok(passages)
    : fail(
        'input_too_long',
        `The files make ${passages.length} passages; a knowledge base holds at most ${MAX_PASSAGES}.`,
      );
}

/** What is embedded of a passage: its headings and its text. */
const told = ({ title, text }: KnowledgePassage): string => [...title, text].join('. ');

/** Vectors at the first tier that works; null where none does. Fails with cancelled and deadline alone. */
export async function embedPassages(
  passages: readonly KnowledgePassage[],
  embed: Embed,
  { tiers, onProgress }: EmbedOptions,
): Promise<Result<KnowledgeVectors | null>> {
  for (const tier of passages.length === 0 ? [] : tiers) {
    const vectors = await embedAt(tier, passages, embed, onProgress);
    if (vectors.ok) return vectors;
    if (['cancelled', 'deadline'].includes(vectors.failure.code)) return vectors;
  }
  return ok(null);
}

async function embedAt(
  tier: LocalTier,
  passages: readonly KnowledgePassage[],
  embed: Embed,
  onProgress: EmbedOptions['onProgress'],
): Promise<Result<KnowledgeVectors>> {
  let values: Float32Array<ArrayBuffer> | null = null;
  let dims = 0;
  for (let from = 0; from < passages.length; from += BATCH) {
    const rows = await embed(tier, passages.slice(from, from + BATCH).map(told));
    if (!rows.ok) return rows;
    dims ||= rows.value[0]?.length ?? 0;
    values ??= new Float32Array(passages.length * dims);
    for (const [i, row] of rows.value.entries()) values.set(row, (from + i) * dims);
    onProgress?.(Math.min(from + BATCH, passages.length), passages.length);
  }
  return ok({ tier, dims, values: values ?? new Float32Array(0) });
}
