/** Which specialist a text belongs to, from the same embedding that the specialist will use. */
import type { LabelScore } from './answer.ts';
import { belongsTo, sigmoid } from './score.ts';
import type { LoadedSpecialist, RouterHead } from './specialist.ts';

/** The shared models that can route, cheapest first. */
export type LocalTier = 'static' | 'encoder';

export interface Route {
  /** Best first. */
  ranked: { specialist: LoadedSpecialist; logOdds: number }[];
  /** For the answer: ids with P(belongs), best first. */
  classifications: LabelScore[];
  verdict: 'specialist' | 'out_of_scope' | 'open_ended';
  /** True when the lead over everything else is large enough to skip the next tier. */
  sure: boolean;
}

/** Dot product of an embedding with a row whose last number is the bias. */
const rowScore = (row: Float32Array, x: Float32Array): number => {
  let sum = row[x.length] ?? 0;
  for (let i = 0; i < x.length; i++) sum += (row[i] as number) * (x[i] as number);
  return sum;
};

/** Ranks the specialists for one embedding. A text that none claims is out of scope, or open-ended if it reads so. */
export function route(
  tier: LocalTier,
  x: Float32Array,
  specialists: readonly LoadedSpecialist[],
  router: RouterHead,
): Route {
  const ranked = specialists
    .map((specialist) => ({ specialist, logOdds: belongsTo(specialist.heads[tier], x) }))
    .sort((a, b) => b.logOdds - a.logOdds);
  const openEnded = rowScore(router.openEnded[tier], x);
  const best = ranked[0];
  const lead = (best?.logOdds ?? -Infinity) - Math.max(ranked[1]?.logOdds ?? -Infinity, openEnded);
  const claimed =
    best && best.logOdds >= best.specialist.manifest.promises[tier].calibration.belongsFrom;
  const verdict =
    best && openEnded > Math.max(best.logOdds, 0)
      ? 'open_ended'
      : claimed
        ? 'specialist'
        : 'out_of_scope';
  return {
    ranked,
    classifications: ranked.map((r) => ({
      label: r.specialist.manifest.id,
      score: sigmoid(r.logOdds),
    })),
    verdict,
    sure: verdict === 'specialist' && lead >= router.sureLead[tier],
  };
}
