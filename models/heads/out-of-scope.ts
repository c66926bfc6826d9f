/** Which texts belong to no label of a specialist. None of them was trained on. */
import { seeded, shuffled } from '../../src/core/random.ts';
import type { Corpora } from './corpora.ts';

/** A seeded sample, so that recipes and evaluation take the same texts. */
export const sample = <T>(rows: T[], most: number, seed: number): T[] =>
  [...shuffled(rows.length, seeded(seed)).subarray(0, most)].map((i) => rows[i] as T);

/** CLINC150's own out-of-scope texts, and held-out texts of unlike work. */
export function outOfScopeOf(id: string, { corpora, clincOutOfScope }: Corpora): string[] {
  const heldOut = (other: string, most: number): string[] =>
    sample(
      (corpora.find((c) => c.id === other)?.heldOut ?? []).map((row) => row.text),
      most,
      7,
    );
  if (id === 'assistant-requests') return clincOutOfScope;
  if (id === 'banking-tickets')
    return [...clincOutOfScope, ...heldOut('home-commands', 200), ...heldOut('email-intents', 100)];
  if (id === 'home-commands')
    return [
      ...heldOut('banking-tickets', 300),
      ...heldOut('email-intents', 100),
      ...heldOut('customer-service', 100),
    ];
  if (id === 'customer-service')
    return [...clincOutOfScope, ...heldOut('home-commands', 200), ...heldOut('email-intents', 100)];
  return [];
}
