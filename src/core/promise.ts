/** What a specialist can promise: calibration and certificates of both tiers, from held-out rows. */
import type { Certificate } from './answer.ts';
import { rowWeights } from './calibrate.ts';
import { calibrateTier } from './calibrate-tier.ts';
import { candidateThresholds, certify, type CertifyRow } from './certify.ts';
import { concat, splitRows, type EmbeddedRows } from './embedded-rows.ts';
import { judge, viewOf, type Judged } from './judge.ts';
import type { LinearHead } from './score.ts';
import type { TierPromise } from './specialist.ts';

/** Share of the held-out rows that fit the calibration; the rest certifies and measures. */
const CALIBRATION_SHARE = 0.4;
/** The static tier stops the cascade only where calibration rows show at most this error, so that it costs no accuracy. */
const STATIC_SETTLES_AT = 0.007;

export interface PromiseOptions {
  maxErrors: number[];
  confidence: number;
  outOfScopeShare: number;
}

/** Promises from trained heads and held-out rows. Also what `evaluate` repeats on halves to see whether promises hold. */
export function promise(
  heads: { static: LinearHead; encoder: LinearHead },
  heldOut: EmbeddedRows,
  outOfScope: EmbeddedRows,
  options: PromiseOptions,
  seed: number,
) {
  const dims = { static: heads.static.dims, encoder: heads.encoder.dims };
  const [insideA, insideB] = splitRows(heldOut, CALIBRATION_SHARE, dims, seed);
  const [outsideA, outsideB] = splitRows(outOfScope, CALIBRATION_SHARE, dims, seed + 1);
  const share = outOfScope.labels.length ? options.outOfScopeShare : 0;
  const a = concat(insideA, outsideA);
  const b = concat(insideB, outsideB);
  const views = (rows: EmbeddedRows) => ({
    static: viewOf(heads.static, rows.static),
    encoder: viewOf(heads.encoder, rows.encoder),
  });
  const [va, vb] = [views(a), views(b)];
  const calibration = {
    static: calibrateTier(va.static, null, a.labels, share),
    encoder: calibrateTier(va.encoder, va.static, a.labels, share),
  };
  const judgedA = {
    static: judge(va.static, null, a.labels, calibration.static),
    encoder: judge(va.encoder, va.static, a.labels, calibration.encoder),
  };
  const judgedB = {
    static: judge(vb.static, null, b.labels, calibration.static),
    encoder: judge(vb.encoder, vb.static, b.labels, calibration.encoder),
  };
  const settles = staticThreshold(judgedA.static, share);
  const cascade = (rows: { static: Judged[]; encoder: Judged[] }): CertifyRow[] =>
    rows.static.map((s, i) =>
      s.confidence >= settles ? { ...s, confidence: 1 } : (rows.encoder[i] as Judged),
    );
  const [cascadeA, cascadeB] = [cascade(judgedA), cascade(judgedB)];
  const certified = cascadeCertificates(cascadeA, cascadeB, { ...options, outOfScopeShare: share });
  const promises = {
    static: {
      calibration: calibration.static,
      ...staticPart(judgedB.static, settles, certified),
    },
    encoder: { calibration: calibration.encoder, ...certified },
  };
  return {
    promises,
    judged: judgedB.encoder,
    judgedStatic: judgedB.static,
    cascade: cascadeB,
    rows: b,
  };
}

/** The lowest static confidence from which calibration rows are almost never wrong; above 1 when there is none. */
function staticThreshold(rows: readonly Judged[], outOfScopeShare: number): number {
  const weights = rowWeights(rows, outOfScopeShare);
  const sorted = rows
    .map((row, i) => ({ ...row, weight: weights[i] as number }))
    .sort((a, b) => b.confidence - a.confidence);
  let accepted = 0;
  let wrong = 0;
  let threshold = 2;
  for (const row of sorted) {
    accepted += row.weight;
    wrong += row.right ? 0 : row.weight;
    if (wrong / accepted <= STATIC_SETTLES_AT) threshold = row.confidence;
  }
  return threshold;
}

type Certified = Pick<TierPromise, 'certificates' | 'noCertificateReason'>;

/** The static tier's part of each cascade certificate: the same promise, at its own threshold and coverage. */
function staticPart(rows: readonly Judged[], threshold: number, cascade: Certified): Certified {
  const inside = rows.filter((row) => row.inScope);
  const settled = inside.filter((row) => row.confidence >= threshold).length;
  if (settled === 0)
    return {
      certificates: [],
      noCertificateReason: 'The static tier is not sure enough to settle anything by itself.',
    };
  const coverage = settled / inside.length;
  const certificates = cascade.certificates.map((c): Certificate => ({
    ...c,
    threshold,
    coverage,
  }));
  return { certificates, noCertificateReason: cascade.noCertificateReason };
}

function cascadeCertificates(
  a: readonly CertifyRow[],
  b: readonly CertifyRow[],
  options: PromiseOptions,
): Certified {
  const results = options.maxErrors.map((maxError) =>
    certify(b, candidateThresholds(a, { ...options, maxError }), { ...options, maxError }),
  );
  const certificates = results.flatMap((result) =>
    result.certificate ? [result.certificate] : [],
  );
  return {
    certificates,
    noCertificateReason: results.findLast((result) => result.reason)?.reason ?? null,
  };
}
