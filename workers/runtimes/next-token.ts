/** Chooses the next token from the logits of a language model: every runtime that sees logits chooses alike. */
import type { Repetition } from './repetition.ts';

export interface Choosing {
  /** 0 takes the likeliest token; among equals the one with the smallest id. */
  temperature: number;
  /** Nucleus, 0..1: sampled among the likeliest tokens that together reach this probability. */
  topP: number;
  /** Uniform in [0, 1). */
  random: () => number;
  /** Hears of each chosen token; without it the logits stay as they are. */
  repetition?: Repetition | null;
}

export interface ChosenToken {
  id: number;
  /** ln of its probability at temperature 1 among the allowed tokens. */
  logprob: number;
  /** True where no other token was allowed. */
  forced: boolean;
}

/** e^-25 of the likeliest: 150,000 such tokens change a probability by 2e-6. */
const NEGLIGIBLE = 25;

/**
 * `allowed` has one bit per token, from the lowest bit of the first word; null allows all.
 * Null where nothing is allowed or the logits are not numbers.
 */
export function chooseToken(
  logits: Float32Array,
  allowed: Int32Array | null,
  choosing: Choosing,
): ChosenToken | null {
  choosing.repetition?.discourage(logits);
  const chosen = choose(logits, allowed, choosing);
  if (chosen) choosing.repetition?.saw(chosen.id);
  return chosen;
}

function choose(
  logits: Float32Array,
  allowed: Int32Array | null,
  choosing: Choosing,
): ChosenToken | null {
  if (allowed !== null) maskInPlace(logits, allowed);
  let best = -1;
  let highest = -Infinity;
  let open = 0;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] as number;
    if (logit === -Infinity) continue;
    if (logit !== logit) return null;
    open++;
    if (logit > highest) {
      highest = logit;
      best = id;
    }
  }
  if (best < 0 || highest === Infinity) return null;
  if (open === 1) return { id: best, logprob: 0, forced: allowed !== null };
  let sum = 0;
  for (let id = 0; id < logits.length; id++) {
    const below = (logits[id] as number) - highest;
    if (below > -NEGLIGIBLE) sum += Math.exp(below);
  }
  const id = choosing.temperature > 0 ? sample(logits, highest, choosing) : best;
  return { id, logprob: (logits[id] as number) - highest - Math.log(sum), forced: false };
}

function maskInPlace(logits: Float32Array, allowed: Int32Array): void {
  for (let word = 0, id = 0; id < logits.length; word++, id += 32) {
    const bits = allowed[word] ?? 0;
    if (bits === -1) continue;
    const end = Math.min(32, logits.length - id);
    for (let bit = 0; bit < end; bit++)
      if (((bits >>> bit) & 1) === 0) logits[id + bit] = -Infinity;
  }
}

/** Temperature first, then the nucleus among the changed probabilities. */
function sample(
  logits: Float32Array,
  highest: number,
  { temperature, topP, random }: Choosing,
): number {
  const weights = new Float64Array(logits.length);
  let total = 0;
  for (let id = 0; id < logits.length; id++) {
    const weight = Math.exp(((logits[id] as number) - highest) / temperature);
    weights[id] = weight;
    total += weight;
  }
  const { ids, sum } = nucleus(weights, total, topP);
  let left = random() * sum;
  for (const id of ids) {
    left -= weights[id] as number;
    if (left < 0) return id;
  }
  return ids.at(-1) as number;
}

/** The likeliest tokens that together reach `topP`, in order. Only those above a floor are sorted, as few as will do. */
function nucleus(
  weights: Float64Array,
  total: number,
  topP: number,
): { ids: number[]; sum: number } {
  const wanted = Math.min(1, topP) * total;
  for (let floor = 1e-3; ; floor *= 1e-3) {
    const least = floor < 1e-12 ? 0 : floor;
    const ids: number[] = [];
    for (let id = 0; id < weights.length; id++) if ((weights[id] as number) > least) ids.push(id);
    ids.sort((a, b) => (weights[b] as number) - (weights[a] as number) || a - b);
    let sum = 0;
    for (const [index, id] of ids.entries()) {
      sum += weights[id] as number;
      if (sum >= wanted) return { ids: ids.slice(0, index + 1), sum };
    }
    // Rounding may keep the sum of all below what is wanted.
    if (least === 0) return { ids, sum };
  }
}
