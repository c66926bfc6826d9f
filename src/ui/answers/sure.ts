/** How sure something is, in a word: the same steps everywhere, so that they can be learnt. */
export type Sureness = 'sure' | 'likely' | 'doubtful' | 'guess' | 'unmeasured';

export const SURENESS_WORDS: Record<Sureness, string> = {
  sure: 'Sure',
  likely: 'Likely',
  doubtful: 'Doubtful',
  guess: 'A guess',
  unmeasured: 'Not measured',
};

export function surenessOf(p: number): Sureness {
  if (p <= 0) return 'unmeasured';
  if (p >= 0.95) return 'sure';
  if (p >= 0.8) return 'likely';
  return p >= 0.5 ? 'doubtful' : 'guess';
}
