/** Accept, or pass on: one decision from calibrated confidence and the certificates of the tier. */
import type { Certificate, ReasonCode } from './answer.ts';
import type { TierPromise } from './specialist.ts';

export interface Verdict {
  accept: boolean;
  reason: ReasonCode;
  /** The promise that the answer was held against; null when the tier has none that is strict enough. */
  certificate: Certificate | null;
}

/** The boldest certificate that still promises at most `maxError`. */
export const certificateFor = (
  promise: Pick<TierPromise, 'certificates'>,
  maxError: number,
): Certificate | null =>
  promise.certificates
    .filter((c) => c.maxError <= maxError + 1e-9)
    .reduce<Certificate | null>(
      (best, c) => (!best || c.threshold < best.threshold ? c : best),
      null,
    );

/** Accepts when the confidence reaches the threshold of a certificate that promises at most `maxError`. */
export function gate(promise: TierPromise, confidence: number, maxError: number): Verdict {
  const certificate = certificateFor(promise, maxError);
  if (confidence < promise.calibration.outOfScopeBelow)
    return { accept: false, reason: 'out_of_scope', certificate };
  if (!certificate) return { accept: false, reason: 'no_certificate', certificate };
  const accept = confidence >= certificate.threshold;
  return { accept, reason: accept ? 'local_ok' : 'low_confidence', certificate };
}
