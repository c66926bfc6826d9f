/** The scorer behind the figures of summaries, against values of Google's rouge-score 0.1.2 (without its stemmer). */
import { describe, expect, it } from 'vitest';
import { rouge } from '../../models/transcripts/rouge.ts';

const KNOWN: [candidate: string, reference: string, r1: number, r2: number, rL: number][] = [
  ['the cat sat on the mat', 'the cat was on the mat', 0.833333, 0.6, 0.833333],
  [
    'The quick brown fox jumps over the lazy dog',
    'The quick brown dog jumps on the log.',
    0.705882,
    0.266667,
    0.588235,
  ],
  ['police kill the gunman', 'police killed the gunman', 0.75, 0.333333, 0.75],
  ['a b c d e f g', 'g f e d c b a', 1, 0, 0.142857],
  ['the the the the', 'the cat', 0.333333, 0, 0.333333],
  [
    'Refund of 12.50 EUR was agreed, paid in 3 days',
    'They agreed on a refund: 12.50 EUR within 3 days',
    0.636364,
    0.3,
    0.545455,
  ],
  ['one', 'two', 0, 0, 0],
];

describe('rouge', () => {
  it.each(KNOWN)('“%s” against “%s”', (candidate, reference, r1, r2, rL) => {
    const scored = rouge(candidate, reference);
    expect(scored.r1).toBeCloseTo(r1, 6);
    expect(scored.r2).toBeCloseTo(r2, 6);
    expect(scored.rL).toBeCloseTo(rL, 6);
  });
});
