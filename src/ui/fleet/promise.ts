/** Words about what a specialist can promise and how well it was measured. */
import type { Evaluation, SpecialistCard } from '../../core/specialist.ts';
import { count, share, sureness } from '../figures.ts';

/** "92.4–94.1 %, n = 3,080". */
export const accuracyWords = (e: Evaluation): string =>
  `${share(e.ci95[0])} to ${share(e.ci95[1])}, n = ${count(e.n)}`;

export function shortPromise(card: SpecialistCard): string {
  const c = card.certificate;
  if (!c) return card.noCertificateReason ?? 'No certificate: none was asked for.';
  return `Wrong in at most ${share(c.maxError)} of what it accepts; accepts ${share(c.coverage)}; ${sureness(c.confidence)} sure`;
}
