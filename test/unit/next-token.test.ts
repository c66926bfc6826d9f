/** The choice of a token: likeliest, masked, sampled; and its probability, which never depends on the temperature. */
import { describe, expect, test } from 'vitest';
import { seeded } from '../../src/core/random.ts';
import { chooseToken } from '../../workers/runtimes/next-token.ts';
import { repetitionOf } from '../../workers/runtimes/repetition.ts';

const logits = () => Float32Array.of(1, 3, 2, -40, 3);
const greedy = { temperature: 0, topP: 1, random: () => 0 };
const bits = (...ids: number[]) => Int32Array.of(ids.reduce((word, id) => word | (1 << id), 0));

const share = (id: number, ids: number[]) => {
  const all = logits();
  const sum = ids.reduce((total, one) => total + Math.exp(all[one] as number), 0);
  return Math.log(Math.exp(all[id] as number) / sum);
};

describe('greedy', () => {
  test('the likeliest, the first among equals, with its log-probability', () => {
    const chosen = chooseToken(logits(), null, greedy);
    expect(chosen).toMatchObject({ id: 1, forced: false });
    expect(chosen?.logprob).toBeCloseTo(share(1, [0, 1, 2, 3, 4]), 6);
  });

  test('a mask takes tokens away before the probabilities are formed', () => {
    const chosen = chooseToken(logits(), bits(0, 2), greedy);
    expect(chosen).toMatchObject({ id: 2, forced: false });
    expect(chosen?.logprob).toBeCloseTo(share(2, [0, 2]), 6);
  });

  test('a mask with one choice forces it', () => {
    expect(chooseToken(logits(), bits(3), greedy)).toEqual({ id: 3, logprob: 0, forced: true });
  });

  test('no choice, or logits that are not numbers', () => {
    expect(chooseToken(logits(), bits(), greedy)).toBeNull();
    expect(chooseToken(Float32Array.of(1, NaN), null, greedy)).toBeNull();
    expect(chooseToken(Float32Array.of(1, Infinity), null, greedy)).toBeNull();
  });

  test('a mask of several words', () => {
    const many = new Float32Array(70).map((_, id) => id);
    const mask = new Int32Array(3);
    mask[2] = 1 << 1;
    mask[0] = -1;
    expect(chooseToken(many, mask, greedy)).toMatchObject({ id: 65, forced: false });
  });
});

describe('sampled', () => {
  const counts = (temperature: number, topP: number) => {
    const random = seeded(7);
    const found = new Map<number, number>();
    for (let round = 0; round < 4000; round++) {
      const chosen = chooseToken(logits(), null, { temperature, topP, random });
      if (chosen) found.set(chosen.id, (found.get(chosen.id) ?? 0) + 1);
    }
    return found;
  };

  test('as often as the probabilities say', () => {
    const found = counts(1, 1);
    for (const id of [0, 1, 2, 4])
      expect((found.get(id) ?? 0) / 4000).toBeCloseTo(Math.exp(share(id, [0, 1, 2, 3, 4])), 1);
  });

  test('only inside the nucleus', () => {
    expect([...counts(1, 0.79).keys()].sort()).toEqual([1, 4]);
    expect([...counts(1, 0.3).keys()]).toEqual([1]);
    expect([...counts(5, 0.99).keys()].sort()).toEqual([0, 1, 2, 4]);
  });

  test('the probability is the one at temperature 1', () => {
    const chosen = chooseToken(logits(), null, { temperature: 3, topP: 1, random: () => 0.999 });
    expect(chosen?.logprob).toBeCloseTo(share(chosen?.id ?? -1, [0, 1, 2, 3, 4]), 6);
  });

  test('the same seed gives the same tokens', () => {
    expect(counts(2, 1)).toEqual(counts(2, 1));
  });
});

describe('repetition', () => {
  const logits = () => Float32Array.of(3, 2.9, -1, -0.9);
  test('what was chosen before becomes less likely, whatever its sign', () => {
    const repetition = repetitionOf(1.5);
    const choosing = { temperature: 0, topP: 1, random: () => 0, repetition };
    expect(chooseToken(logits(), null, choosing)?.id).toBe(0);
    expect(chooseToken(logits(), null, choosing)?.id).toBe(1);
    const changed = logits();
    repetition?.saw(2);
    repetition?.discourage(changed);
    [2, 2.9 / 1.5, -1.5, -0.9].forEach((value, id) => expect(changed[id]).toBeCloseTo(value, 5));
  });

  test('a penalty of 1 is none', () => expect(repetitionOf(1)).toBeNull());
});
