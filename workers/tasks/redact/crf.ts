/** A linear-chain conditional random field (Lafferty et al. 2001) over hashed features: scores, marginals, best path. */
import { fail, ok, type Result } from '../../../src/core/failure.ts';
import { FEATURES } from './features.ts';

/** `O`, then begin and inside of each kind of name. */
export const LABELS = [
  'O',
  'B-PER',
  'I-PER',
  'B-ORG',
  'I-ORG',
  'B-LOC',
  'I-LOC',
  'B-ADR',
  'I-ADR',
] as const;
export const K = LABELS.length;

export interface Crf {
  /** The table has 2 ** bits rows of K values. */
  bits: number;
  /** [2 ** bits × K]; a weight is level × scale. */
  levels: Int8Array;
  scale: number;
  /** [K × K]: from one label to the next. */
  transitions: Float32Array;
}

export interface CrfHeader {
  bits: number;
  scale: number;
  transitions: number[];
}

export function readCrf(header: CrfHeader, bytes: Uint8Array): Result<Crf> {
  const { bits, scale } = header;
  const levels = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  if (levels.length !== K * 2 ** bits || header.transitions.length !== K * K)
    return fail('file_corrupt', 'The tables of the tagger have other sizes than it says.');
  return ok({ bits, scale, levels, transitions: Float32Array.from(header.transitions) });
}

/** [words × K] scores of the labels by the features alone. */
export function scoresOf({ levels, scale }: Crf, features: Uint32Array): Float32Array {
  const words = features.length / FEATURES;
  const scores = new Float32Array(words * K);
  const sums = new Int32Array(K);
  for (let word = 0; word < words; word++) {
    sums.fill(0);
    for (let slot = word * FEATURES; slot < (word + 1) * FEATURES; slot++) {
      const row = (features[slot] as number) * K;
      for (let label = 0; label < K; label++)
        sums[label] = (sums[label] as number) + (levels[row + label] as number);
    }
    for (let label = 0; label < K; label++)
      scores[word * K + label] = scale * (sums[label] as number);
  }
  return scores;
}

/**
 * [words × K] P(label of the word | all words), by forward–backward with scaling. `pair`, where given, is filled with the
 * expected number of each transition, [K × K].
 */
export function marginalsOf(
  scores: Float32Array,
  transitions: Float32Array,
  pair: Float64Array | null = null,
): { marginals: Float32Array; logPartition: number } {
  const words = scores.length / K;
  const step = Float64Array.from(transitions, Math.exp);
  const emit = new Float64Array(words * K);
  let logPartition = 0;
  for (let word = 0; word < words; word++) {
    let most = -Infinity;
    for (let label = 0; label < K; label++)
      most = Math.max(most, scores[word * K + label] as number);
    logPartition += most;
    for (let label = 0; label < K; label++)
      emit[word * K + label] = Math.exp((scores[word * K + label] as number) - most);
  }
  const forward = new Float64Array(words * K);
  for (let word = 0; word < words; word++) {
    let total = 0;
    for (let label = 0; label < K; label++) {
      let sum = word === 0 ? 1 : 0;
      if (word > 0)
        for (let from = 0; from < K; from++)
          sum += (forward[(word - 1) * K + from] as number) * (step[from * K + label] as number);
      const value = sum * (emit[word * K + label] as number);
      forward[word * K + label] = value;
      total += value;
    }
    logPartition += Math.log(total);
    for (let label = 0; label < K; label++)
      forward[word * K + label] = (forward[word * K + label] as number) / total;
  }
  const marginals = new Float32Array(words * K);
  const backward = new Float64Array(K).fill(1);
  const ahead = new Float64Array(K);
  for (let word = words - 1; word >= 0; word--) {
    let total = 0;
    for (let label = 0; label < K; label++)
      total += (forward[word * K + label] as number) * (backward[label] as number);
    for (let label = 0; label < K; label++)
      marginals[word * K + label] =
        ((forward[word * K + label] as number) * (backward[label] as number)) / total;
    if (word === 0) break;
    for (let label = 0; label < K; label++)
      ahead[label] = (emit[word * K + label] as number) * (backward[label] as number);
    let norm = 0;
    for (let from = 0; from < K; from++) {
      let sum = 0;
      for (let label = 0; label < K; label++)
        sum += (step[from * K + label] as number) * (ahead[label] as number);
      backward[from] = sum;
      norm += sum * (forward[(word - 1) * K + from] as number);
    }
    if (pair)
      for (let from = 0; from < K; from++)
        for (let label = 0; label < K; label++)
          pair[from * K + label] =
            (pair[from * K + label] as number) +
            ((forward[(word - 1) * K + from] as number) *
              (step[from * K + label] as number) *
              (ahead[label] as number)) /
              norm;
    for (let from = 0; from < K; from++) backward[from] = (backward[from] as number) / norm;
  }
  return { marginals, logPartition };
}
