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

interface Chain {
  words: number;
  /** [K × K] exp of the transitions; [words × K] exp of the scores, each word's largest as 1. */
  step: Float64Array;
  emit: Float64Array;
  /** [words × K] P(label of the word | words so far). */
  forward: Float64Array;
  logPartition: number;
}

/** [words × K] exp of the scores, each word's largest as 1; and the sum of what was taken off. */
function emissions(scores: Float32Array): { emit: Float64Array; taken: number } {
  const emit = new Float64Array(scores.length);
  let taken = 0;
  for (let row = 0; row < scores.length; row += K) {
    let most = -Infinity;
    for (let label = 0; label < K; label++) most = Math.max(most, scores[row + label] as number);
    taken += most;
    for (let label = 0; label < K; label++)
      emit[row + label] = Math.exp((scores[row + label] as number) - most);
  }
  return { emit, taken };
}

function forwards(scores: Float32Array, transitions: Float32Array): Chain {
  const words = scores.length / K;
  const step = Float64Array.from(transitions, Math.exp);
  const { emit, taken } = emissions(scores);
  const forward = new Float64Array(words * K);
  let logPartition = taken;
  for (let row = 0; row < words * K; row += K) {
    let total = 0;
    for (let label = 0; label < K; label++) {
      let sum = row === 0 ? 1 : 0;
      if (row > 0)
        for (let from = 0; from < K; from++)
          sum += (forward[row - K + from] as number) * (step[from * K + label] as number);
      const value = sum * (emit[row + label] as number);
      forward[row + label] = value;
      total += value;
    }
    logPartition += Math.log(total);
    for (let label = 0; label < K; label++)
      forward[row + label] = (forward[row + label] as number) / total;
  }
  return { words, step, emit, forward, logPartition };
}

/** The backward message of the word before `row`, in place; adds the expected transitions to `pair`. */
function stepBack(
  chain: Chain,
  row: number,
  backward: Float64Array,
  pair: Float64Array | null,
): void {
  const { step, emit, forward } = chain;
  const ahead = backward.map((value, label) => (emit[row + label] as number) * value);
  let norm = 0;
  for (let from = 0; from < K; from++) {
    let sum = 0;
    for (let label = 0; label < K; label++)
      sum += (step[from * K + label] as number) * (ahead[label] as number);
    backward[from] = sum;
    norm += sum * (forward[row - K + from] as number);
  }
  if (pair)
    for (let at = 0; at < K * K; at++) {
      const from = forward[row - K + Math.floor(at / K)] as number;
      const gain = (from * (step[at] as number) * (ahead[at % K] as number)) / norm;
      pair[at] = (pair[at] as number) + gain;
    }
  for (let from = 0; from < K; from++) backward[from] = (backward[from] as number) / norm;
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
  const chain = forwards(scores, transitions);
  const { words, forward, logPartition } = chain;
  const marginals = new Float32Array(words * K);
  const backward = new Float64Array(K).fill(1);
  for (let row = (words - 1) * K; row >= 0; row -= K) {
    let total = 0;
    for (let label = 0; label < K; label++)
      total += (forward[row + label] as number) * (backward[label] as number);
    for (let label = 0; label < K; label++)
      marginals[row + label] =
        ((forward[row + label] as number) * (backward[label] as number)) / total;
    if (row > 0) stepBack(chain, row, backward, pair);
  }
  return { marginals, logPartition };
}
