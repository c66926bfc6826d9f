/** Makes tokens that were produced already less likely, so that a small model does not go round in circles. */

export interface Repetition {
  /** Changes the logits of the tokens seen so far, in place. */
  discourage(logits: Float32Array): void;
  saw(id: number): void;
}

/**
 * Keskar et al. 2019 (CTRL): a positive logit is divided by the penalty, a negative one multiplied. Over the tokens of
 * this answer, not of its prompt. Null where the penalty is 1, which changes nothing.
 */
export function repetitionOf(penalty = 1): Repetition | null {
  if (penalty === 1) return null;
  const seen = new Set<number>();
  return {
    discourage: (logits) => {
      for (const id of seen) {
        const logit = logits[id] as number;
        logits[id] = logit > 0 ? logit / penalty : logit * penalty;
      }
    },
    saw: (id) => void seen.add(id),
  };
}
