/** Which specialist a text belongs to, from the same embedding that the specialist will use. */
import type { LabelScore } from './answer.ts';
import { belongsTo, sigmoid } from './score.ts';
import type { LoadedSpecialist, RouterHead } from './specialist.ts';

/** The shared models that can route, cheapest first. */
export type LocalTier = 'static' | 'encoder';

export interface Route {
  /** Best first. */
  ranked: { specialist: LoadedSpecialist; belongs: number; score: number }[];
  /** For the answer: ids with the score as a share of one, best first; it ranks and is not a probability. */
  classifications: LabelScore[];
  verdict: 'specialist' | 'out_of_scope' | 'open_ended';
  /** Log-odds between the best and the next claim, specialist or open-ended. */
  lead: number;
  /** True when the lead over everything else is large enough to skip the next tier. */
  sure: boolean;
}

/** Dot product of an embedding with a row whose last number is the bias. */
const rowScore = (row: Float32Array, x: Float32Array): number => {
  let sum = row[x.length] ?? 0;
  for (let i = 0; i < x.length; i++) sum += (row[i] as number) * (x[i] as number);
  return sum;
};

/** log-odds of a probability, kept finite. */
const logit = (p: number): number => {
  const kept = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return Math.log(kept / (1 - kept));
};

/**
 * Ranks the specialists for one embedding by the log-odds that the text belongs to them plus the log-odds that their
 * best label is right: a specialist that knows what to do with a text is likelier to be meant. A text that none claims
 * is out of scope, or open-ended if it reads so.
 * `confidenceOf` asks a specialist for its calibrated confidence on this embedding.
 */
export function route(
  tier: LocalTier,
  x: Float32Array,
  specialists: readonly LoadedSpecialist[],
  router: RouterHead,
  confidenceOf: (specialist: LoadedSpecialist) => number,
): Route {
  const ranked = specialists
    .map((specialist) => {
      const belongs = belongsTo(specialist.heads[tier], x);
      return { specialist, belongs, score: belongs + logit(confidenceOf(specialist)) };
    })
    .sort((a, b) => b.score - a.score);
  const openEnded = rowScore(router.openEnded[tier], x);
  const best = ranked[0];
  const lead = (best?.score ?? -Infinity) - Math.max(ranked[1]?.score ?? -Infinity, openEnded);
  const claimed =
    best && best.belongs >= best.specialist.manifest.promises[tier].calibration.belongsFrom;
  const verdict =
    best && openEnded > Math.max(best.score, 0)
      ? 'open_ended'
      : claimed
        ? 'specialist'
        : 'out_of_scope';
  return {
    ranked,
    classifications: ranked.map((r) => ({
      label: r.specialist.manifest.id,
      score: sigmoid(r.score),
    })),
    verdict,
    lead,
    sure: verdict === 'specialist' && lead >= router.sureLead[tier],
  };
}
