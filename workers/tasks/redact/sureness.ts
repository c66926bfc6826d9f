/** How sure it is that nothing of the text was missed: a logistic curve that was fitted on held-out rows. */
import type { Found } from './find.ts';
import { logOdds, sigmoid, type TaggerHeader } from './tagger.ts';

/** The likeliest name among the words that were left, and the length of the text. */
export const doubtFeatures = ({ leftover }: Pick<Found, 'leftover'>, units: number): number[] => [
  logOdds(leftover),
  Math.log1p(units),
];

/** Calibrated P(no character of personal data is left). */
export function sureness(
  found: Pick<Found, 'leftover'>,
  units: number,
  { whole }: TaggerHeader,
): number {
  return sigmoid(
    doubtFeatures(found, units).reduce(
      (sum, value, at) => sum + value * (whole.weights[at] ?? 0),
      whole.bias,
    ),
  );
}
