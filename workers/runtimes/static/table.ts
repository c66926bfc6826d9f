/** The static table: one 4-bit row per token, with the token's weight folded into the row's scale. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { readSafeTensors } from '../../../src/core/safetensors.ts';

/** A nibble n stands for (n − 8) · scale. */
const ZERO_NIBBLE = 8;

export interface StaticTable {
  dims: number;
  /** [tokens × dims], unpacked: 8-bit rows stay in the processor's cache where 32-bit ones would not. */
  levels: Int8Array;
  /** [tokens × groups]: one scale per `dims / groups` neighbouring dims. */
  scales: Float32Array;
  groups: number;
}

/** Tensors: `levels` U8 [tokens, dims / 2], even dim in the low nibble; `scales` F16 [tokens, groups]. */
export function readStaticTable(
  bytes: Uint8Array,
  dims: number,
  tokens: number,
): Result<StaticTable> {
  const file = readSafeTensors(bytes);
  if (!file.ok) return file;
  const packed = file.value.tensors.get('levels');
  const scales = file.value.tensors.get('scales');
  if (packed?.dtype !== 'U8' || scales?.dtype !== 'F16')
    return fail('file_corrupt', 'The static table lacks a tensor.');
  const groups = scales.shape[1] ?? 0;
  const fits =
    packed.shape.join() === `${tokens},${dims / 2}` &&
    scales.shape.join() === `${tokens},${groups}` &&
    dims % (2 * groups) === 0;
  if (!fits) return fail('file_corrupt', `The static table is not ${tokens} × ${dims}.`);
  const levels = new Int8Array(tokens * dims);
  for (let index = 0; index < packed.data.length; index++) {
    const byte = packed.data[index] as number;
    levels[2 * index] = (byte & 15) - ZERO_NIBBLE;
    levels[2 * index + 1] = (byte >> 4) - ZERO_NIBBLE;
  }
  return ok({ dims, levels, scales: scales.data, groups });
}

/**
 * Sum of the tokens' weighted rows, scaled to length 1. The mean differs from the sum by a factor only, which the
 * scaling removes. [CLS] and [SEP], first and last, are skipped; no token leaves zeros.
 */
export function embedTokens(
  { dims, levels, scales, groups }: StaticTable,
  ids: readonly number[],
  row: Float32Array,
): void {
  row.fill(0);
  const groupDims = dims / groups;
  for (let position = 1; position < ids.length - 1; position++) {
    const id = ids[position] as number;
    for (let group = 0; group < groups; group++) {
      const scale = scales[id * groups + group] as number;
      const first = group * groupDims;
      const source = id * dims + first;
      for (let dim = 0; dim < groupDims; dim++) {
        row[first + dim] = (row[first + dim] as number) + scale * (levels[source + dim] as number);
      }
    }
  }
  let squared = 0;
  for (const value of row) squared += value * value;
  if (squared === 0) return;
  const factor = 1 / Math.sqrt(squared);
  for (let dim = 0; dim < dims; dim++) row[dim] = (row[dim] as number) * factor;
}
